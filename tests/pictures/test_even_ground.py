"""Small pictures on an even ground, and those in MNIST's form: nothing is guessed or changed."""

import numpy as np
import pytest

from inkdigits.pictures import Picture, find_ink, read_single
from inkdigits.pictures.even_ground import even_contrast
from inkdigits.pictures.ink import find_contrast
from inkdigits.pictures.mnist_form import mnist_crop
from inkdigits.pictures.single import SingleReading, next_step, single_in_steps


@pytest.mark.parametrize("value", range(10))
@pytest.mark.parametrize("paper", [255, 230, 120, 0, 25])
def test_it_is_what_the_search_for_ink_finds(ten_digits, value, paper):
    ink = ten_digits[value].astype(float) / 255
    pixels = np.round(paper + ink * (200 if paper < 50 else -110)).astype(np.uint8)
    quick, thorough = even_contrast(pixels), find_contrast(Picture(pixels))
    assert quick is not None
    assert quick.polarity == thorough.polarity
    assert np.array_equal(quick.depth, thorough.depth)


def test_a_picture_in_colours_that_are_grey_is_taken_as_grey(ten_digits):
    grey = 255 - ten_digits[4]
    quick = even_contrast(np.repeat(grey[..., None], 3, axis=2))
    assert quick is not None
    assert np.array_equal(quick.depth, even_contrast(grey).depth)


def test_other_grounds_are_left_to_the_search_for_ink(ten_digits):
    even = 255 - ten_digits[3]
    speck = even.copy()
    speck[0, 5] = 254
    both = even.copy()
    both[even == 255] = 200
    both[14, 14] = 255
    large = np.pad(even, 30, constant_values=255)
    coloured = np.dstack([even, even, np.full_like(even, 255)])
    full = np.zeros_like(even)
    full[[0, -1]] = full[:, [0, -1]] = 255
    for pixels in (speck, both, large, coloured, full):
        assert even_contrast(pixels) is None


@pytest.mark.parametrize("dark", [True, False])
def test_a_digit_in_mnists_form_is_read_as_it_is(few_digits, classify, dark):
    as_they_are = 0
    images = few_digits.train.images[:50]
    for image in images:
        reading = read_single(Picture(255 - image if dark else image), classify)
        stretched = np.uint8(image * np.float32(255 / image.max()) + 0.5)
        as_they_are += np.array_equal(reading.crop, stretched)
    assert as_they_are > 0.9 * len(images)


def test_a_digit_of_another_form_is_normalised(ten_digits):
    digit = ten_digits[2]
    assert mnist_crop(digit) is not None
    assert mnist_crop(np.roll(digit, 3, axis=1)) is None  # its mass lies aside
    assert mnist_crop(np.pad(digit, 1)) is None
    assert mnist_crop(digit // 8) is None  # hardly any ink
    shorter = digit.copy()
    shorter[np.flatnonzero(digit.any(1))[0]] = 0
    shorter[:, np.flatnonzero(digit.any(0))[0]] = 0
    assert mnist_crop(shorter) is None
    assert mnist_crop(np.zeros((28, 28), np.uint8)) is None


def test_a_sure_first_look_is_not_followed_by_a_closer_one(ten_digits):
    pixels = 255 - np.roll(ten_digits[5], 3, axis=1)
    sure, unsure = np.full((9, 10), 0.001, np.float32), np.full((9, 10), 0.1, np.float32)
    sure[:, 5] = 0.991
    steps = single_in_steps(Picture(pixels))
    first = next_step(steps)
    assert len(first) == 1
    reading = next_step(steps, sure[: len(first)])
    assert isinstance(reading, SingleReading)
    assert reading.value == 5

    steps = single_in_steps(Picture(pixels))
    again = next_step(steps)
    assert np.array_equal(again, first)
    closer = next_step(steps, unsure[: len(again)])
    assert not isinstance(closer, SingleReading)
    assert not any(np.array_equal(crop, first[0]) for crop in closer), "it was seen already"
    assert isinstance(next_step(steps, unsure[: len(closer)]), SingleReading)


def test_a_blank_small_picture_has_no_ink(classify):
    for level in (0, 128, 255):
        blank = Picture(np.full((28, 28), level, np.uint8))
        assert read_single(blank, classify).reason == "no ink found"
        assert not find_ink(blank).mask.any()
