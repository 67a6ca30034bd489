"""The picture of a reading: boxes where the digits are, crops below, whatever the size."""

import numpy as np
import pytest

from inkdigits.pictures.opening import open_picture
from inkdigits.pictures.page import read_page
from inkdigits.pictures.reading import PageReading, ReadDigit, Rejected
from inkdigits.pictures.show_page import draw_reading


def _reading(confidence, size=(900, 900), rejected=()):
    digit = ReadDigit(7, confidence, (300, 300, 100, 150), 0, 0, np.full((28, 28), 90, np.uint8))
    return PageReading(("7",), (("7",),), (digit,), tuple(rejected), size)


def _blank(size=(900, 900)):
    return open_picture(np.full((size[1], size[0]), 255, np.uint8))


def _count(image, colour):
    return int((np.asarray(image) == colour).all(2).sum())


@pytest.mark.parametrize(("confidence", "colour"), [(0.97, (0, 135, 60)), (0.6, (215, 110, 0))])
def test_sure_digits_are_green_and_doubtful_ones_orange(confidence, colour):
    image = draw_reading(_blank(), _reading(confidence))
    assert np.asarray(image)[299, 350].tolist() == list(colour)
    assert _count(image, colour) > 2 * (100 + 150) * 2 * 0.8


def test_rejected_regions_are_red():
    rejected = Rejected((600, 600, 120, 120), "not a digit", 0.1)
    image = draw_reading(_blank(), _reading(0.97, rejected=[rejected]))
    assert _count(image, (200, 30, 45)) > 300


def test_the_crops_stand_below_the_picture():
    image = draw_reading(_blank(), _reading(0.97))
    assert image.height > 900
    below = np.asarray(image)[900:]
    assert (below == 90).all(2).sum() == 56 * 56


def test_a_picture_without_digits_is_only_the_picture():
    reading = PageReading((), (), (), (), (900, 900))
    assert draw_reading(_blank(), reading).size == (900, 900)


@pytest.mark.parametrize("size", [(20, 15), (4000, 30), (30, 3000), (5000, 4000), (1, 1)])
def test_every_size_can_be_shown(size):
    reading = PageReading((), (), (), (Rejected((0, 0, 1, 1), "too small"),), size)
    image = draw_reading(_blank(size), reading)
    assert max(image.size) <= 2000


def test_a_page_is_shown_as_it_was_read(compose, nearest):
    picture = open_picture(compose(seed=1).pixels)
    reading = read_page(picture, nearest)
    image = draw_reading(picture, reading)
    green = (np.asarray(image)[:900] == (0, 135, 60)).all(2)
    for digit in reading.digits:
        x, y, width, height = digit.box
        assert green[y + height + 1, max(0, x) : x + width].mean() > 0.5 or digit.confidence < 0.9
