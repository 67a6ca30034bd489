"""The service that tests share, and pictures to send to it."""

import io

import numpy as np
import pytest
from PIL import Image
from served import running


@pytest.fixture(scope="session")
def service(tmp_path_factory):
    """A service of one worker that all tests share; they leave it as it was."""
    with running(tmp_path_factory.mktemp("service"), "--workers", "1") as service:
        yield service


def png(array) -> bytes:
    content = io.BytesIO()
    Image.fromarray(array).save(content, "PNG")
    return content.getvalue()


@pytest.fixture(scope="session")
def ten(few_digits):
    """One digit of each kind, uint8 [10, 28, 28], ink 255 on 0."""
    digits = few_digits.train
    return np.stack([digits.images[np.flatnonzero(digits.labels == v)[2]] for v in range(10)])


@pytest.fixture(scope="session")
def seven(ten) -> bytes:
    """A PNG of 28x28 pixels, dark on light."""
    return png(255 - ten[7])


@pytest.fixture(scope="session")
def row(ten) -> bytes:
    """A PNG with the digits 2 7 and, after a gap, 3 7."""
    digits = np.hstack([ten[2], ten[7], np.zeros((28, 60), np.uint8), ten[3], ten[7]])
    return png(255 - np.kron(np.pad(digits, 20), np.ones((2, 2), np.uint8)))
