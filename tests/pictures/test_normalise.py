"""A digit's ink comes into the form that MNIST has, whatever its size and its stroke."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.pictures.drawn import alike, enlarged

from inkdigits.pictures import normalise
from inkdigits.pictures.normalise import resize


@pytest.mark.parametrize("side", [28, 280, 1000])
def test_digits_blown_up_come_back_to_nearly_themselves(few_digits, side):
    originals = few_digits.train.images[:60]
    likeness = [alike(normalise(enlarged(image, side)), image) for image in originals]
    # Some come back one pixel aside: their mass lies between two pixels.
    assert np.median(likeness) > 0.95
    assert np.mean(likeness) > 0.92


def longest(crop):
    ink = crop > 64
    return max(ink.any(0).sum(), ink.any(1).sum())


@pytest.mark.parametrize("value", range(10))
def test_the_longer_side_is_20_and_the_mass_lies_at_14_and_14(ten_digits, value):
    crop = normalise(enlarged(ten_digits[value]))
    assert crop.dtype == np.uint8
    assert crop.shape == (28, 28)
    assert crop.max() == 255
    assert 19 <= longest(crop) <= 20
    rows, columns = np.mgrid[:28, :28]
    weight = crop.astype(float)
    # A shift by whole pixels comes within half of one.
    assert abs((rows * weight).sum() / weight.sum() - 14) <= 0.51
    assert abs((columns * weight).sum() / weight.sum() - 14) <= 0.51


def line(width, height=400):
    ink = np.zeros((height + 40, 300), np.float32)
    middle = 150
    cv2.line(ink, (middle, 20), (middle, 20 + height), 1.0, width)
    return ink


@pytest.mark.parametrize(("width", "least", "most"), [(1, 1.4, 2.6), (150, 2.5, 6.0)])
def test_strokes_that_mnist_does_not_have_get_the_nearest_that_it_has(width, least, most):
    crop = normalise(line(width))
    across = crop[10:18].astype(float).sum(1).mean() / 255
    assert least < across < most


def test_the_aspect_is_kept():
    crop = normalise(np.ones((100, 60), np.float32))
    ink = crop > 127
    assert ink.any(1).sum() == pytest.approx(20, abs=3)
    assert ink.any(0).sum() / ink.any(1).sum() == pytest.approx(0.6, abs=0.15)


def test_no_ink_is_an_empty_image():
    assert not normalise(np.zeros((50, 40), np.float32)).any()


@given(
    st.integers(1, 60),
    st.integers(1, 60),
    st.integers(0, 2**32 - 1),
    st.floats(0.01, 1),
)
def test_any_ink_at_all_gives_an_image_of_28(height, width, seed, density):
    noise = np.random.default_rng(seed)
    ink = noise.random((height, width)) * (noise.random((height, width)) < density)
    crop = normalise(ink.astype(np.float32))
    assert crop.shape == (28, 28)
    assert crop.dtype == np.uint8
    assert crop.max() in (0, 255)
    assert crop.any() == bool((ink > 0.25).any())


def test_the_plain_way_squeezes_the_whole_picture():
    grey = np.zeros((280, 560), np.uint8)
    grey[:, 280:] = 200
    small = resize(grey)
    assert (small[:, :14] == 0).all()
    assert (small[:, 14:] == 200).all()
