"""Recipes are data: there is one of each name for each network, and every field of it is valid."""

from dataclasses import asdict, replace

import pytest
import torch

from inkdigits.data.augmentation import AUGMENTATIONS
from inkdigits.errors import UsageError
from inkdigits.networks import names
from inkdigits.training.optimizers import OPTIMIZERS, make_optimizer
from inkdigits.training.recipes import GENERAL, RECIPES, Recipe, recipe_for

EVERY = [recipe for recipes in (*RECIPES.values(), GENERAL) for recipe in recipes.values()]


@pytest.mark.parametrize("network", names())
@pytest.mark.parametrize("name", ["chapter", "default", "fast"])
def test_every_network_has_a_recipe_of_every_name(network, name):
    assert recipe_for(network, name).name == name


@pytest.mark.parametrize("network", RECIPES)
def test_the_recipe_of_the_chapter_is_the_chapter_s(network):
    recipe = recipe_for(network, "chapter")
    assert (recipe.optimizer, recipe.learning_rate, recipe.schedule) == ("adam", 0.001, "constant")
    assert (recipe.batch_size, recipe.passes) == (64, 5)
    assert (recipe.augmentation, recipe.label_smoothing, recipe.weight_decay) == ("none", 0, 0)


def test_the_default_of_the_cnn_needs_no_more_passes_than_the_chapter():
    assert recipe_for("cnn", "default").passes <= recipe_for("cnn", "chapter").passes


@pytest.mark.parametrize("network", ["softmax-regression", "mlp", "cnn"])
def test_the_fast_recipe_has_the_fewest_passes_and_no_dear_augmentation(network):
    fast = recipe_for(network, "fast")
    assert fast.passes <= recipe_for(network, "default").passes
    assert fast.augmentation in ("none", "shift")


@pytest.mark.parametrize("recipe", EVERY, ids=lambda recipe: recipe.name)
def test_every_field_of_a_recipe_has_a_value_that_training_knows(recipe):
    assert recipe.optimizer in OPTIMIZERS
    assert recipe.schedule in ("constant", "one-cycle")
    assert recipe.augmentation in AUGMENTATIONS
    assert recipe.precision in ("float32", "bfloat16", "auto")
    assert 0 < recipe.learning_rate < 1
    assert 0 < recipe.warmup < 1
    assert recipe.batch_size >= 1
    assert recipe.passes >= 1
    assert 0 <= recipe.label_smoothing < 1
    assert 0 <= recipe.weight_decay < 1
    assert 0 <= recipe.averaging < 1
    assert 0 <= recipe.plain < 1


def test_an_alias_of_a_network_has_the_network_s_recipes():
    assert recipe_for("multilayer_perceptron", "default") is recipe_for("mlp", "default")
    assert recipe_for("softmax", "fast") is recipe_for("softmax-regression", "fast")


def test_a_network_of_your_own_gets_the_general_recipes():
    assert recipe_for("my_network.py:Wide", "default") is GENERAL["default"]


@pytest.mark.parametrize("network", ["cnn", "my_network.py:Wide"])
def test_a_wrong_recipe_says_which_there_are(network):
    with pytest.raises(UsageError, match=r"recipe 'quick' for .*; choose chapter, default, fast"):
        recipe_for(network, "quick")


@pytest.mark.parametrize("recipe", EVERY, ids=lambda recipe: recipe.name)
def test_a_recipe_survives_being_written_as_plain_values(recipe):
    assert Recipe(**recipe.as_dict()) == recipe
    assert recipe.as_dict() == asdict(recipe)


def layer():
    torch.manual_seed(0)
    network = torch.nn.Linear(3, 2)
    network.weight.grad = torch.ones(2, 3)
    network.bias.grad = torch.ones(2)
    return network


def test_adam_steps_as_kingma_and_ba_write_it():
    network = layer()
    before = network.weight.detach().clone()
    make_optimizer(network, Recipe("custom", learning_rate=0.01)).step()
    # In the first step both corrected moments are those of the gradient: 1 / sqrt(1).
    assert torch.allclose(before - network.weight, torch.full((2, 3), 0.01), atol=1e-7)


def test_weights_decay_and_biases_do_not():
    plain, decaying = layer(), layer()
    recipe = Recipe("custom", learning_rate=0.01)
    make_optimizer(plain, recipe).step()
    make_optimizer(decaying, replace(recipe, weight_decay=0.5)).step()
    start = layer().weight
    assert torch.allclose(decaying.weight, plain.weight - 0.01 * 0.5 * start, atol=1e-7)
    assert torch.equal(decaying.bias, plain.bias)


def test_sgd_has_nesterov_momentum():
    network = layer()
    before = network.weight.detach().clone()
    make_optimizer(network, Recipe("custom", optimizer="sgd", learning_rate=0.01)).step()
    assert torch.allclose(before - network.weight, torch.full((2, 3), 0.019), atol=1e-7)


def test_a_wrong_optimizer_says_which_there_are():
    with pytest.raises(UsageError, match="no optimizer 'adagrad'; choose adam, sgd"):
        make_optimizer(layer(), Recipe("custom", optimizer="adagrad"))


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("learning_rate", float("nan"), "must be a number above 0, not nan"),
        ("learning_rate", float("inf"), "must be a number above 0, not inf"),
        ("learning_rate", 0.0, "must be a number above 0"),
        ("batch_size", 0, "must be 1 or more"),
        ("passes", 0, "must be 1 or more"),
        ("plain", 1.5, "must be 0 to 1, not 1.5"),
        ("schedule", "linear", "there is no schedule 'linear'; choose constant, one-cycle"),
        ("precision", "int8", "there is no precision 'int8'; choose float32, bfloat16, auto"),
    ],
)
def test_a_recipe_that_makes_no_sense_is_refused(field, value, says):
    with pytest.raises(UsageError, match=says):
        replace(recipe_for("mlp", "default"), **{field: value})
