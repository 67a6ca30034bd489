"""The models that come with inkdigits."""

import pytest

from inkdigits.inference import Recognizer, bundled_names
from inkdigits.inference.bundled import ALIASES, bundled_model
from inkdigits.inference.recognizer import read_model

CHAPTER = {"softmax-regression": 0.9234, "mlp": 0.9766, "cnn": 0.9920}
BEYOND = {"narrow-network": 0.99, "residual-network": 0.99}


def test_the_three_classifiers_of_the_chapter_are_bundled():
    assert set(CHAPTER) <= set(bundled_names())


@pytest.mark.parametrize("alias", ALIASES)
def test_an_alias_leads_to_a_bundled_model(alias):
    assert Recognizer.load(alias).metadata == Recognizer.load(ALIASES[alias]).metadata
    network = ALIASES[alias].removesuffix("-int8")
    assert Recognizer.load(alias.replace("-", "_")).metadata.network == network


@pytest.mark.parametrize("name", CHAPTER | BEYOND)
def test_a_bundled_model_was_trained_on_mnist_by_the_default_recipe(name):
    metadata = Recognizer.load(name).metadata
    assert metadata.recipe["name"] == "default"
    assert metadata.data["train"] + metadata.data["validation"] == 60_000
    assert metadata.test is not None
    assert metadata.test["looks"] == 1


@pytest.mark.parametrize("name", CHAPTER | BEYOND)
def test_a_bundled_model_reaches_what_it_says_and_what_the_chapter_did(name, whole_mnist):
    recognizer = Recognizer.load(name)
    evaluation = recognizer.evaluate(whole_mnist.test)
    assert evaluation.accuracy == pytest.approx(recognizer.metadata.test["accuracy"], abs=1e-4)
    assert evaluation.accuracy >= (CHAPTER | BEYOND)[name]


def test_the_tiny_network_has_at_most_ten_thousand_parameters_and_a_file_in_int8(few_digits):
    tiny, smaller = Recognizer.load("tiny"), Recognizer.load("tiny-int8")
    assert tiny.metadata.parameters <= 10_000
    assert smaller.metadata.recipe["weights"] == "int8"
    assert len(read_model("tiny-int8")) < 0.7 * len(read_model("tiny"))
    images = few_digits.test.images
    same = tiny.classify(images).argmax(1) == smaller.classify(images).argmax(1)
    assert same.mean() > 0.99


def test_all_bundled_models_together_are_small():
    assert sum(len(read_model(name)) for name in bundled_names()) < 5_000_000


@pytest.mark.parametrize("name", ["../models/cnn", "cnn/../mlp", "", ".", "/etc/passwd"])
def test_a_name_does_not_lead_out_of_the_folder(name):
    assert bundled_model(name) is None
