"""The drawing of a single reading shows all that there is to see, whatever the picture's shape."""

import numpy as np
import pytest
from PIL import Image
from tests.pictures.drawn import enlarged, on_ground

from inkdigits.pictures import Picture, draw_single, read_single
from inkdigits.pictures.show import _BARS, _CAPTION, _CROP, _GAP, _HEADING, _MARGIN, _PICTURE

GREEN = (0, 135, 60)


def drawn(pixels, classify, name="seven.png"):
    picture = Picture(pixels, name)
    reading = read_single(picture, classify)
    image = draw_single(picture, reading)
    assert image.mode == "RGB"
    return reading, np.asarray(image)


def has_colour(part, colour):
    return int((part == colour).all(2).sum())


@pytest.fixture
def seven(ten_digits):
    return on_ground(enlarged(ten_digits[7]), (20, 20, 60), (240, 240, 235))


def test_what_the_network_saw_is_there_pixel_for_pixel(seven, classify):
    reading, image = drawn(seven, classify)
    large = np.asarray(Image.fromarray(reading.crop).resize((_CROP, _CROP), 0))
    top, left = _MARGIN + _HEADING + _CAPTION, _MARGIN + _PICTURE + _GAP
    shown = image[top : top + _CROP, left : left + _CROP]
    assert (shown == large[:, :, None]).all()


def test_the_digit_stands_in_a_frame_and_the_surest_bar_in_colour(seven, classify):
    reading, image = drawn(seven, classify)
    assert reading.confidence > 0.9
    assert has_colour(image[120:, : _MARGIN + _PICTURE], GREEN) > 500
    bars = image[120:, -_MARGIN - _BARS :]
    length = (bars == GREEN).all(2).sum(1).max()
    assert length == pytest.approx(reading.confidence * (_BARS - 88), abs=3)


def test_a_doubtful_reading_looks_different(seven):
    def doubtful(images):
        return np.full((len(images), 10), 0.1, np.float32)

    _, image = drawn(seven, doubtful)
    assert has_colour(image, GREEN) == 0


@pytest.mark.parametrize("shape", [(28, 28), (300, 400, 3), (300, 20), (20, 300, 3), (1, 1)])
def test_pictures_of_any_shape_fit_in(shape, classify):
    noise = np.random.default_rng(3).integers(0, 256, shape, np.uint8)
    _, image = drawn(noise, classify)
    assert image.shape[1] == drawn(np.zeros((50, 50), np.uint8), classify)[1].shape[1]
    assert image.shape[0] <= 600


def test_no_ink_is_said_and_not_drawn_as_a_digit(classify):
    _, blank = drawn(np.full((60, 80, 3), 225, np.uint8), classify)
    assert has_colour(blank, GREEN) == 0
    assert not (blank == 0).all(2).any()  # no black square that looks like an image


@pytest.mark.parametrize("name", ["", "x" * 500, "folder/with\nbreak.png", "七.png"])
def test_any_name_is_drawn_within_the_picture(seven, classify, name):
    _, image = drawn(seven, classify, name)
    paper = image[0, 0]
    assert (image[:, :10] == paper).all()
    assert (image[:, -10:] == paper).all()
