"""The networks: their shapes, parameter counts and options."""

import pytest
import torch

from inkdigits.errors import UsageError
from inkdigits.networks import build, find, names


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("softmax-regression", 7_850),
        ("mlp", 199_210),
        ("cnn", 33_620),
        ("narrow-network", 9_874),
        ("residual-network", 253_867),
    ],
)
def test_a_network_has_the_parameters_that_its_file_says(name, parameters):
    network = build(name)
    assert sum(p.numel() for p in network.parameters()) == parameters
    assert (
        f"{parameters:,} parameters"
        in __import__(find(name).network.__module__, fromlist=["_"]).__doc__
    )


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("count", [1, 7])
def test_images_become_logits_of_ten_digits_or_those_and_not_a_digit(name, count):
    logits = build(name).eval()(torch.zeros(count, 1, 28, 28))
    assert logits.shape == (count, 11 if name == "residual-network" else 10)


def test_pooling_before_a_rising_activation_gives_the_values_of_pooling_after_it():
    images = torch.randn(4, 1, 28, 28)
    for activation in (torch.relu, torch.tanh, torch.sigmoid):
        after = torch.max_pool2d(activation(images), 2)
        assert torch.equal(activation(torch.max_pool2d(images, 2)), after)


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
@pytest.mark.parametrize("pooling", ["max", "average"])
def test_activation_and_pooling_can_be_chosen(activation, pooling):
    kinds = {
        type(m).__name__.lower()
        for m in build("cnn", activation=activation, pooling=pooling).modules()
    }
    assert activation in kinds
    assert {"max": "maxpool2d", "average": "avgpool2d"}[pooling] in kinds


def test_the_python_names_of_the_chapter_are_networks_too():
    assert find("multilayer_perceptron").name == "mlp"
    assert find("convolutional-neural-network").name == "cnn"


@pytest.mark.parametrize(
    ("name", "options", "says"),
    [
        ("lenet", {}, "there is no network 'lenet'; the networks are cnn, mlp"),
        ("cnn", {"activation": "gelu"}, "choose relu, tanh, sigmoid"),
        ("cnn", {"pooling": "median"}, "choose max, average"),
        ("mlp", {"pooling": "max"}, "the network mlp has no option 'pooling'"),
        ("softmax", {"activation": "relu"}, "it has no options"),
    ],
)
def test_a_wrong_name_or_option_says_what_there_is(name, options, says):
    with pytest.raises(UsageError, match=says):
        build(name, **options)
