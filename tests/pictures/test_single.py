"""A lone digit is found and read among all that a picture of it may have besides."""

import time

import cv2
import numpy as np
import pytest
from tests.pictures.drawn import alike, enlarged, ink_box, on_ground

from inkdigits.errors import UsageError
from inkdigits.pictures import Picture, open_picture, read_single

SIZE = (480, 640)
PLACE = (90, 150)
GROUNDS = {
    "dark on light": ((25, 25, 35), (245, 243, 238)),
    "light on dark": ((240, 240, 240), (30, 30, 30)),
    "coloured paper": ((40, 40, 140), (245, 220, 120)),
    "pale pencil": ((185, 185, 190), (236, 234, 230)),
}


def read(pixels, classify, **options):
    return read_single(Picture(pixels), classify, **options)


def assert_read(reading, value, image, ink=None, least=0.6):
    """It is this digit, its box lies around the ink, and the network saw nearly the original.

    One that comes out a pixel aside is still 0.65 like it; ink of something else besides is not.
    """
    assert reading.value == value
    assert reading.reason == ""
    assert alike(reading.crop, image) > least
    if ink is not None:
        found, expected = np.array(reading.box), np.array(ink_box(ink, PLACE))
        assert np.abs(found - expected).max() <= 12, (reading.box, tuple(expected))


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("value", [0, 1, 4, 5, 7])
def test_a_digit_on_any_ground_is_read(ten_digits, classify, ground, value):
    ink = enlarged(ten_digits[value])
    pixels = on_ground(ink, *GROUNDS[ground], SIZE, PLACE)
    assert_read(read(pixels, classify), value, ten_digits[value], ink)


@pytest.mark.parametrize("value", [1, 2, 5, 8])
def test_a_photo_with_a_shadow_is_read(ten_digits, classify, value):
    ink = enlarged(ten_digits[value])
    shade = np.ones(SIZE, np.float32)
    cv2.circle(shade, (430, 430), 240, 0.5, -1)
    shade = cv2.GaussianBlur(shade, (0, 0), 30)
    lit = on_ground(ink, (30, 30, 60), (235, 232, 225), SIZE, PLACE) * shade[:, :, None]
    assert_read(read(lit.astype(np.uint8), classify), value, ten_digits[value], ink)


@pytest.mark.parametrize("value", [0, 2, 4, 7])
def test_a_box_round_the_digit_is_not_read_with_it(ten_digits, classify, value):
    ink = enlarged(ten_digits[value])
    pixels = on_ground(ink, (20, 20, 90), (250, 250, 250), SIZE, PLACE)
    cv2.rectangle(pixels, (60, 30), (580, 440), (60, 60, 60), 4)
    assert_read(read(pixels, classify), value, ten_digits[value], ink)


@pytest.mark.parametrize("value", [1, 3, 6, 9])
def test_specks_on_the_paper_are_not_read_with_it(ten_digits, classify, value):
    ink = enlarged(ten_digits[value])
    pixels = on_ground(ink, (20, 20, 30), (250, 250, 250), SIZE, PLACE)
    noise = np.random.default_rng(value)
    for x, y in noise.integers((0, 0), (640, 480), (40, 2)).tolist():
        cv2.circle(pixels, (x, y), 2, (40, 40, 40), -1)
    assert_read(read(pixels, classify), value, ten_digits[value], ink)


@pytest.mark.parametrize("invert", [False, True])
@pytest.mark.parametrize("value", [0, 2, 6, 8])
def test_light_that_falls_off_to_a_third_is_no_ink(ten_digits, classify, value, invert):
    ink = enlarged(ten_digits[value])
    pixels = on_ground(ink, (30, 30, 60), (235, 232, 225), SIZE, PLACE)
    pixels = 255 - pixels if invert else pixels
    lit = pixels * np.linspace(1, 0.33, 640)[None, :, None]
    assert_read(read(lit.astype(np.uint8), classify), value, ten_digits[value], ink)


@pytest.mark.parametrize("value", [1, 4, 7, 9])
def test_ruled_lines_through_the_digit_are_not_read_with_it(ten_digits, classify, value):
    ink = enlarged(ten_digits[value])
    paper = on_ground(ink * 0, (0, 0, 0), (250, 250, 250), SIZE, PLACE)
    paper[30::70] = paper[31::70] = (150, 170, 220)
    written = on_ground(ink, (20, 20, 30), (250, 250, 250), SIZE, PLACE)
    assert_read(read(np.minimum(paper, written), classify), value, ten_digits[value], ink)


@pytest.mark.parametrize("value", [2, 5, 7])
def test_a_long_bar_of_the_digit_is_no_ruled_line(ten_digits, classify, value):
    ink = cv2.resize(enlarged(ten_digits[value]), None, fx=1.8, fy=0.7)
    reading = read(on_ground(ink, (20, 20, 30), (250, 250, 250), SIZE, (120, 60)), classify)
    assert np.abs(np.array(reading.box) - ink_box(ink, (120, 60))).max() <= 12


@pytest.mark.parametrize("value", [1, 3, 5])
def test_the_edge_of_the_page_and_a_finger_are_not_read_with_it(ten_digits, classify, value):
    ink = enlarged(ten_digits[value])
    pixels = on_ground(ink, (20, 20, 30), (235, 235, 230), SIZE, PLACE)
    pixels[:, :40] = 60
    cv2.circle(pixels, (640, 480), 100, (150, 110, 95), -1)
    assert_read(read(pixels, classify), value, ten_digits[value], ink)


@pytest.mark.parametrize("value", [0, 6, 9])
def test_a_black_border_does_not_turn_ink_into_paper(ten_digits, classify, value):
    ink = enlarged(ten_digits[value])
    pixels = on_ground(ink, (20, 20, 30), (235, 235, 230), SIZE, PLACE)
    cv2.rectangle(pixels, (0, 0), (639, 479), (20, 20, 20), 16)
    assert_read(read(pixels, classify), value, ten_digits[value], ink)


def test_red_on_green_of_the_same_brightness_is_read(ten_digits, classify):
    ink = enlarged(ten_digits[3])
    pixels = on_ground(ink, (190, 60, 60), (52, 132, 52), SIZE, PLACE)
    assert_read(read(pixels, classify), 3, ten_digits[3], ink)


@pytest.mark.parametrize("shade", [0, 255])
def test_ink_on_a_transparent_ground_is_read(ten_digits, classify, shade):
    ink = enlarged(ten_digits[6])
    pixels = np.full((*ink.shape, 4), shade, np.uint8)
    pixels[:, :, 3] = np.rint(255 * ink)
    assert_read(read_single(open_picture(pixels), classify), 6, ten_digits[6])


@pytest.mark.parametrize("value", range(10))
@pytest.mark.parametrize("invert", [False, True])
def test_an_image_of_28_pixels_is_read(ten_digits, classify, value, invert):
    image = ten_digits[value]
    assert_read(read(255 - image if invert else image, classify), value, image)


def test_a_large_photo_has_its_box_in_its_own_pixels(ten_digits, classify):
    ink = enlarged(ten_digits[4], 1400)
    pixels = on_ground(ink, (30, 30, 30), (220, 220, 215), (1800, 2400), (200, 700))
    reading = read(pixels, classify)
    assert reading.value == 4
    assert reading.size == (2400, 1800)
    assert np.abs(np.array(reading.box) - ink_box(ink, (200, 700))).max() <= 40


def test_a_reading_is_plain_json(ten_digits, classify):
    ink = enlarged(ten_digits[3])
    reading = read(on_ground(ink, (0, 0, 0), (255, 255, 255), SIZE, PLACE), classify)
    result = reading.as_dict()
    (digit,) = result.pop("digits")
    assert result == {"rows": ["3"], "groups": [["3"]], "rejected": [], "size": [640, 480]}
    assert set(digit) == {"value", "confidence", "box", "row", "group", "probabilities"}
    assert (digit["value"], digit["row"], digit["group"]) == (3, 0, 0)
    assert digit["box"] == list(reading.box)
    assert digit["probabilities"][3] == digit["confidence"] == round(reading.confidence, 4)
    assert sum(digit["probabilities"]) == pytest.approx(1, abs=0.001)


def test_a_blank_picture_says_that_no_ink_was_found(classify):
    reading = read(np.full((30, 50, 3), 230, np.uint8), classify)
    assert (reading.value, reading.confidence, reading.box) == (None, 0, None)
    assert reading.as_dict() == {
        "rows": [],
        "groups": [],
        "digits": [],
        "rejected": [{"box": [0, 0, 50, 30], "reason": "no ink found"}],
        "size": [50, 30],
    }


def test_the_plain_way_sees_the_whole_picture(ten_digits, classify):
    image = ten_digits[8]
    large = np.kron(image, np.ones((10, 10), np.uint8))
    reading = read(large, classify, preprocess="resize")
    assert np.array_equal(reading.crop, image)
    assert reading.box == (0, 0, 280, 280)
    assert reading.value == 8


def test_another_preprocess_is_refused(classify):
    with pytest.raises(UsageError, match="choose normalise, resize"):
        read(np.zeros((28, 28), np.uint8), classify, preprocess="magic")


def test_a_picture_of_nothing_but_noise_takes_no_minutes(classify):
    noise = np.random.default_rng(3).integers(0, 256, (600, 800, 3), np.uint8)
    start = time.process_time()
    read(noise, classify)
    assert time.process_time() - start < 10


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (1, 5000), (5000, 1), (3, 4000), (7, 9000)])
@pytest.mark.parametrize("value", [0, 255, None])
def test_a_picture_of_any_shape_is_read_or_not_but_never_an_error(classify, size, value):
    noise = np.random.default_rng(5).integers(0, 256, (*size, 3), np.uint8)
    pixels = noise if value is None else np.full_like(noise, value)
    reading = read(pixels, classify)
    assert reading.size == size[::-1]
    assert (reading.value is None) == bool(reading.reason)
