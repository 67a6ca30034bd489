"""What the tests of pictures share: digits for pages, and classifiers without training."""

import numpy as np
import pytest
from tests.pictures.nearest import Nearest
from tests.pictures.synthetic_pages import PageStyle, make_page


@pytest.fixture(scope="session")
def page_digits(few_digits):
    """Images and labels of some 60 well-drawn digits, six of each kind."""
    # Well-drawn is what looks most like the mean of its kind.
    images, labels = few_digits.train.images, few_digits.train.labels
    chosen = []
    for digit in range(10):
        own = np.flatnonzero(labels == digit)
        flat = images[own].reshape(len(own), -1).astype(np.float32)
        flat /= np.linalg.norm(flat, axis=1, keepdims=True)
        mean = flat.mean(0)
        chosen.extend(own[np.argsort(-(flat @ mean))[:6]])
    return images[chosen], labels[chosen]


@pytest.fixture(scope="session")
def nearest(few_digits):
    """A classifier that needs no training."""
    return Nearest(few_digits.train.images, few_digits.train.labels)


@pytest.fixture(scope="session")
def compose(page_digits):
    """A function from a style's fields to a page composed of well-drawn digits."""

    def composed(seed=0, **style):
        return make_page(*page_digits, PageStyle(**style), seed)

    return composed


@pytest.fixture(scope="session")
def ten_digits(few_digits):
    """An image uint8 [28, 28] of each digit 0 to 9, in this order."""
    digits = few_digits.train
    return np.stack([digits.images[np.flatnonzero(digits.labels == v)[2]] for v in range(10)])


@pytest.fixture(scope="session")
def classify(ten_digits):
    """Probabilities float32 [n, 10] by the cosine between images and the ten digits."""
    models = _unit(ten_digits)

    def likeness(images):
        scores = 30 * _unit(images) @ models.T
        exponentials = np.exp(scores - scores.max(1, keepdims=True))
        return (exponentials / exponentials.sum(1, keepdims=True)).astype(np.float32)

    return likeness


def _unit(images):
    flat = images.reshape(len(images), -1).astype(np.float32)
    return flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6)
