"""Model files for the tests, made by the real exporter from untrained networks."""

import pytest
import torch

from inkdigits.inference.model_file import ModelMetadata
from inkdigits.networks import build
from inkdigits.training.export import to_onnx, with_metadata

METADATA = ModelMetadata(
    network="cnn",
    parameters=33_620,
    recipe={"name": "chapter"},
    data={"name": "MNIST", "origin": "folder", "checksum": "0", "train": 1, "validation": 1},
    seed=3,
    best_pass=4,
    temperature=1.5,
    validation={"cost": 0.03, "accuracy": 0.99},
    test=None,
    versions={"inkdigits": "0"},
    date="2026-11-24",
)


@pytest.fixture(scope="session")
def network():
    torch.manual_seed(5)
    return build("cnn").eval()


@pytest.fixture(scope="session")
def model(network) -> bytes:
    """A model file of a network that has learned nothing."""
    return with_metadata(to_onnx(network, METADATA.temperature), METADATA)
