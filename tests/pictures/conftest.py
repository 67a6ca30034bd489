"""What the tests of pages share: digits to compose pages from, and a classifier that knows them."""

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
