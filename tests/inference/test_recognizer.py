"""Recognisers: model files are loaded, or refused with a reason."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import onnx
import pytest
import torch

from inkdigits.errors import InputError, ModelFileError
from inkdigits.inference import Recognizer
from inkdigits.training.export import to_onnx, with_metadata
from tests.inference.conftest import METADATA

IMAGES = np.random.default_rng(1).integers(0, 256, (700, 28, 28), np.uint8)


@pytest.fixture
def path(model, tmp_path):
    file = tmp_path / "model.onnx"
    file.write_bytes(model)
    return file


def test_a_model_file_gives_what_the_network_gives(path, network):
    pixels = torch.from_numpy(IMAGES)[:, None].float() / 127.5 - 1
    with torch.no_grad():
        expected = torch.softmax(network(pixels) / METADATA.temperature, 1).numpy()
    probabilities = Recognizer.load(path).classify(IMAGES)
    assert probabilities.dtype == np.float32
    np.testing.assert_allclose(probabilities, expected, atol=2e-6)


def test_one_image_needs_no_batch(path):
    recognizer = Recognizer.load(path)
    np.testing.assert_allclose(
        recognizer.classify(IMAGES[0]), recognizer.classify(IMAGES[:1]), atol=1e-6
    )
    assert recognizer.classify(IMAGES[:0]).shape == (0, 10)


def test_the_metadata_comes_back_as_it_was_written(path):
    assert Recognizer.load(path).metadata == METADATA


def test_two_recognisers_share_nothing(path, network, tmp_path):
    other_network = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(784, 10))
    other_path = tmp_path / "other.onnx"
    other_path.write_bytes(
        with_metadata(to_onnx(other_network, 1.0), replace(METADATA, network="other"))
    )
    first = Recognizer.load(path)
    before = first.classify(IMAGES[:5])
    second = Recognizer.load(other_path)
    assert not np.allclose(second.classify(IMAGES[:5]), before)
    del second
    other_path.unlink()
    path.unlink()
    np.testing.assert_array_equal(first.classify(IMAGES[:5]), before)


def test_loading_and_reading_needs_no_torch(path):
    program = (
        "import sys, numpy; from inkdigits import Recognizer; "
        f"Recognizer.load({str(path)!r}).classify(numpy.zeros((28, 28), 'uint8')); "
        "heavy = {'torch', 'onnx', 'matplotlib', 'scipy', 'pandas', 'sklearn'} & set(sys.modules); "
        "sys.exit(repr(heavy) if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((28, 28)),
        np.zeros((2, 1, 28, 28), np.uint8),
        np.zeros((2, 27, 28), np.uint8),
        np.zeros(784, np.uint8),
    ],
)
def test_images_of_another_form_are_refused(path, images):
    with pytest.raises(InputError, match=r"images must be uint8 \[n, 28, 28\]"):
        Recognizer.load(path).classify(images)


def test_a_missing_file_is_named_with_what_there_is(tmp_path):
    with pytest.raises(
        ModelFileError, match=r"there is no model file .*nowhere\.onnx; give a path"
    ):
        Recognizer.load(tmp_path / "nowhere.onnx")
    with pytest.raises(ModelFileError, match="there is no model file lenet; give a path or one of"):
        Recognizer.load("lenet")


def test_a_folder_is_no_model(tmp_path):
    with pytest.raises(ModelFileError, match=r"can't read .*: Is a directory"):
        Recognizer.load(tmp_path)


@pytest.mark.parametrize("share", [0, 0.01, 0.5, 0.9, 0.999])
def test_a_cut_file_is_refused(path, model, share):
    path.write_bytes(model[: int(len(model) * share)])
    with pytest.raises(ModelFileError, match="is cut, damaged or not an ONNX file"):
        Recognizer.load(path)


@pytest.mark.parametrize(
    "content", [b"", b"\0" * 100, b"\x89PNG\r\n", b"hello\n" * 50, b"\xff" * 99]
)
def test_other_files_are_refused(path, content):
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match="not an ONNX file"):
        Recognizer.load(path)


def test_an_onnx_file_of_somebody_else_is_refused(path, network):
    path.write_bytes(to_onnx(network, 1.0))
    with pytest.raises(ModelFileError, match="is not a model file of inkdigits; make one with"):
        Recognizer.load(path)


def test_a_file_of_a_later_format_is_refused(path, model):
    path.write_bytes(model.replace(b"inkdigits-1", b"inkdigits-9"))
    with pytest.raises(ModelFileError, match="has the format 'inkdigits-9' and this version reads"):
        Recognizer.load(path)


def test_damaged_metadata_is_refused(path, model):
    path.write_bytes(model.replace(b'"accuracy"', b'"accuracy\x01'))
    with pytest.raises(ModelFileError, match="its metadata is damaged"):
        Recognizer.load(path)


def test_a_model_of_another_shape_is_refused(path):
    wide = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(784, 12))
    path.write_bytes(with_metadata(to_onnx(wide, 1.0), METADATA))
    with pytest.raises(ModelFileError, match=r"maps .* to .*; a model file maps img"):
        Recognizer.load(path)


def test_weights_in_other_files_are_refused(path, model, tmp_path):
    proto = onnx.load_from_string(model)
    onnx.save(proto, path, save_as_external_data=True, location="weights.bin", size_threshold=0)
    assert (tmp_path / "weights.bin").exists()
    with pytest.raises(ModelFileError, match="keeps weights in other files, which is refused"):
        Recognizer.load(path)
