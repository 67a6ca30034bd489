"""Other forms of a network give what its model file gives."""

from dataclasses import replace
from threading import Thread

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx import numpy_helper

from inkdigits.inference import Recognizer, swift
from inkdigits.inference.onnx_graph import read_graph
from inkdigits.inference.swift_cnn import (
    direct_form,
    filtering_form,
    transforms,
    weights_of,
)
from inkdigits.networks import build
from inkdigits.networks.minimal_filtering import transforms as exact_transforms
from inkdigits.training.export import to_onnx, with_metadata
from tests.inference.conftest import METADATA


def digits(count, seed=2):
    generator = np.random.default_rng(seed)
    images = generator.integers(0, 256, (count, 28, 28), np.uint8)
    return images * (generator.random(images.shape) < 0.2)


@pytest.fixture(scope="module")
def lively(network):
    """The network with batch normalisation that does something, and answers that differ."""
    torch.manual_seed(8)
    network = build("cnn").eval()
    layers = network.layers
    layers[3].running_mean.uniform_(-0.3, 0.3)
    layers[3].running_var.uniform_(0.2, 3)
    with torch.no_grad():
        layers[3].weight.uniform_(-2, 2)
        layers[3].bias.uniform_(-1, 1)
        layers[8].weight.mul_(20)
    return with_metadata(to_onnx(network, 1.3), METADATA)


def plain(content, images):
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    pixels = images[:, None].astype(np.float32) / np.float32(127.5) - 1
    return session.run(["probabilities"], {"img": pixels})[0]


def run(content, images):
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    return session.run(["probabilities"], {"img": images})[0]


@pytest.mark.parametrize("count", [1, 2, 13, 100])
def test_both_forms_give_what_the_layers_give(lively, count):
    images, weights = digits(count), weights_of(read_graph(lively))
    expected = plain(lively, images)
    assert expected.max() > 0.3
    np.testing.assert_allclose(run(filtering_form(weights), images), expected, atol=1e-5)
    for width in (1, 8, 16):
        found = run(direct_form(weights, width), images[:, None])
        np.testing.assert_allclose(found, expected, atol=1e-6)


def test_the_forms_are_files_that_the_library_accepts(lively):
    weights = weights_of(read_graph(lively))
    for content in (direct_form(weights, 8), filtering_form(weights)):
        onnx.checker.check_model(onnx.load_from_string(content), full_check=True)


def test_a_graph_is_read_as_the_library_reads_it(lively):
    graph, expected = read_graph(lively), onnx.load_from_string(lively).graph
    kinds = [node.op_type for node in expected.node if node.op_type != "Constant"]
    assert [node.kind for node in graph.nodes] == kinds
    for tensor in expected.initializer:
        np.testing.assert_array_equal(graph.constants[tensor.name], numpy_helper.to_array(tensor))


def test_the_transforms_are_those_that_training_has():
    for found, exact in zip(transforms(), exact_transforms(), strict=True):
        np.testing.assert_allclose(
            found, [[float(number) for number in row] for row in exact], atol=1e-14
        )


@pytest.mark.parametrize("options", [{"activation": "tanh"}, {"pooling": "average"}])
def test_a_network_of_other_layers_has_no_other_form(options):
    content = to_onnx(build("cnn", **options), 1.0)
    assert weights_of(read_graph(content)) is None


def test_a_recogniser_takes_them_when_it_has_read_enough(lively):
    recognizer, images = Recognizer(lively, "lively"), digits(600)
    expected = plain(lively, images)
    first = recognizer.classify(images[:300])
    again = recognizer.classify(images)
    np.testing.assert_allclose(first, expected[:300], atol=1e-6)
    assert (again[:300] != first).any()
    np.testing.assert_allclose(again, expected, atol=1e-5)
    np.testing.assert_allclose(recognizer.classify(images[7]), expected[7:8], atol=1e-6)
    assert recognizer.classify(images[:0]).shape == (0, 10)
    assert recognizer.classify_with_rejection(images[:0]).shape == (0, 11)
    np.testing.assert_array_equal(recognizer.classify_with_rejection(images)[:, :10], again)


def test_one_that_gave_something_else_would_not_be_taken(lively, monkeypatch):
    images = digits(600)
    expected = Recognizer(lively, "lively").classify(images[:100])
    other = replace(weights_of(read_graph(lively)), last_bias=np.arange(10.0))
    monkeypatch.setattr("inkdigits.inference.swift_cnn.weights_of", lambda _: other)
    recognizer = Recognizer(lively, "lively")
    recognizer.classify(images)
    np.testing.assert_array_equal(recognizer.classify(images[:100]), expected)


def test_threads_that_read_at_the_same_time_make_them_once(lively, monkeypatch):
    made = []
    whole = swift._made
    monkeypatch.setattr(swift, "_made", lambda *given: made.append(1) or whole(*given))
    recognizer, images = Recognizer(lively, "lively"), digits(600)
    threads = [Thread(target=recognizer.classify, args=(images,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [1]
