"""The score for what is not a digit, from the network's eleventh logit to the recogniser."""

from dataclasses import replace

import numpy as np
import onnxruntime
import pytest
import torch

from inkdigits.errors import ModelFileError
from inkdigits.inference import Recognizer
from inkdigits.networks import build
from inkdigits.training.export import to_onnx, with_metadata
from tests.inference.conftest import METADATA

IMAGES = np.random.default_rng(2).integers(0, 256, (300, 28, 28), np.uint8)
TEMPERATURE = 1.5


@pytest.fixture(scope="module")
def eleven():
    torch.manual_seed(3)
    return build("residual-network").eval()


@pytest.fixture(scope="module")
def path(eleven, tmp_path_factory):
    file = tmp_path_factory.mktemp("models") / "eleven.onnx"
    metadata = replace(METADATA, network="residual-network")
    file.write_bytes(with_metadata(to_onnx(eleven, TEMPERATURE), metadata))
    return file


@pytest.fixture(scope="module")
def logits(eleven):
    with torch.no_grad():
        return eleven(torch.from_numpy(IMAGES)[:, None].float() / 127.5 - 1) / TEMPERATURE


def test_plain_onnx_runtime_gives_both_outputs_as_torch_computes_them(path, logits):
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    assert [given.name for given in session.get_outputs()] == ["probabilities", "not_a_digit"]
    pixels = IMAGES[:, None].astype(np.float32) / 127.5 - 1
    probabilities, none = session.run(None, {"img": pixels})
    assert (probabilities.shape, none.shape) == ((300, 10), (300,))
    np.testing.assert_allclose(probabilities, torch.softmax(logits[:, :10], 1), atol=1e-5)
    np.testing.assert_allclose(none, torch.softmax(logits, 1)[:, 10], atol=1e-5)


def test_ten_digits_and_none_are_eleven_probabilities(path, logits):
    recognizer = Recognizer.load(path)
    assert recognizer.rejects
    given = recognizer.classify_with_rejection(IMAGES)
    assert given.dtype == np.float32
    np.testing.assert_allclose(given, torch.softmax(logits, 1), atol=1e-5)
    np.testing.assert_allclose(
        recognizer.classify(IMAGES), given[:, :10] / given[:, :10].sum(1, keepdims=True), atol=1e-5
    )


def test_one_image_and_no_image_are_classified_with_rejection(path):
    recognizer = Recognizer.load(path)
    assert recognizer.classify_with_rejection(IMAGES[0]).shape == (1, 11)
    assert recognizer.classify_with_rejection(IMAGES[:0]).shape == (0, 11)


def test_a_model_without_the_score_never_says_that_there_is_no_digit(model, tmp_path):
    file = tmp_path / "ten.onnx"
    file.write_bytes(model)
    recognizer = Recognizer.load(file)
    assert not recognizer.rejects
    given = recognizer.classify_with_rejection(IMAGES)
    assert given.shape == (300, 11)
    assert not given[:, 10].any()
    np.testing.assert_array_equal(given[:, :10], recognizer.classify(IMAGES))


def test_a_second_output_of_another_name_is_refused(path, tmp_path):
    other = tmp_path / "other.onnx"
    other.write_bytes(path.read_bytes().replace(b"not_a_digit", b"not_a_digi2"))
    with pytest.raises(ModelFileError, match="perhaps not_a_digit float32"):
        Recognizer.load(other)
