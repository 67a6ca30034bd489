"""Ink is found whatever the paper, the pen and the light."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pictures.drawn import enlarged, on_ground

from inkdigits.pictures import Picture, find_ink
from inkdigits.pictures.ink import stroke_width

SIZE = (480, 640)
PENS = {
    "black on white": ((20, 20, 20), (250, 250, 250)),
    "blue on yellow": ((30, 40, 150), (240, 220, 110)),
    "red on grey": ((190, 30, 40), (190, 190, 190)),
    "yellow on white": ((250, 215, 0), (252, 252, 252)),
    "pale pencil": ((190, 190, 195), (238, 236, 230)),
    "chalk on a green board": ((225, 228, 220), (44, 74, 60)),
    "white on black": ((255, 255, 255), (0, 0, 0)),
    "yellow on dark blue": ((250, 220, 40), (20, 30, 90)),
}


def truth(ink, place=(90, 150)):
    whole = np.zeros(SIZE, bool)
    whole[place[0] : place[0] + ink.shape[0], place[1] : place[1] + ink.shape[1]] = ink > 0.5
    return whole


def overlap(found, expected):
    """Common pixels in parts of all (Jaccard)."""
    return (found & expected).sum() / max(1, (found | expected).sum())


@pytest.mark.parametrize("pen", PENS)
@pytest.mark.parametrize("value", [0, 3, 7])
def test_ink_is_found_with_any_pen_on_any_ground(ten_digits, pen, value):
    drawing = enlarged(ten_digits[value])
    colour, ground = PENS[pen]
    ink = find_ink(Picture(on_ground(drawing, colour, ground, SIZE)))
    is_light = sum(colour) > sum(ground)
    if pen != "yellow on white":  # its colour, not its brightness, sets it off
        assert ink.polarity == ("light_on_dark" if is_light else "dark_on_light")
    assert overlap(ink.mask, truth(drawing)) > 0.8
    assert ink.strength.dtype == np.float32
    assert ink.strength.min() >= 0
    assert ink.strength.max() <= 1
    assert ink.stroke_width == pytest.approx(stroke_width(truth(drawing)), rel=0.2)


def test_a_shadow_is_no_ink(ten_digits):
    drawing = enlarged(ten_digits[5])
    shade = np.ones(SIZE, np.float32)
    cv2.circle(shade, (420, 420), 230, 0.5, -1)
    shade = cv2.GaussianBlur(shade, (0, 0), 30)
    lit = on_ground(drawing, (30, 30, 60), (235, 232, 225), SIZE) * shade[:, :, None]
    ink = find_ink(Picture(lit.astype(np.uint8)))
    assert overlap(ink.mask, truth(drawing)) > 0.75


def test_noise_of_a_camera_is_no_ink(ten_digits):
    drawing = enlarged(ten_digits[2])
    noise = np.random.default_rng(0).normal(0, 8, (*SIZE, 3))
    pixels = on_ground(drawing, (40, 40, 40), (200, 200, 200), SIZE) + noise
    ink = find_ink(Picture(np.clip(pixels, 0, 255).astype(np.uint8)))
    assert overlap(ink.mask, truth(drawing)) > 0.75


@pytest.mark.parametrize("level", [0, 90, 255])
def test_a_blank_picture_has_no_ink(level):
    ink = find_ink(Picture(np.full((200, 300, 3), level, np.uint8)))
    assert not ink.mask.any()
    assert not ink.strength.any()
    assert ink.stroke_width == 0


def test_blank_paper_with_noise_has_no_ink():
    noise = np.random.default_rng(1).normal(220, 5, (300, 400))
    assert not find_ink(Picture(noise.astype(np.uint8))).mask.any()


def test_a_polarity_that_is_known_is_obeyed(ten_digits):
    pixels = on_ground(enlarged(ten_digits[1]), (0, 0, 0), (255, 255, 255), SIZE)
    assert find_ink(Picture(pixels), "light_on_dark").polarity == "light_on_dark"


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 40), st.integers(1, 40), st.booleans(), st.integers(0, 2**32 - 1))
def test_any_pixels_at_all_give_ink_of_the_same_size(height, width, has_colour, seed):
    shape = (height, width, 3) if has_colour else (height, width)
    pixels = np.random.default_rng(seed).integers(0, 256, shape, np.uint8)
    ink = find_ink(Picture(pixels))
    assert ink.mask.shape == ink.strength.shape == (height, width)
    assert np.isfinite(ink.strength).all()


def test_the_width_of_a_stroke_is_measured():
    for width in (2, 6, 15):
        mask = np.zeros((200, 400), np.uint8)
        mask[:, 100 : 100 + width] = 1
        # A straight line along the pixels has fewer edges than one of any direction: pi/4.
        assert stroke_width(mask > 0) == pytest.approx(width * 4 / np.pi, rel=0.1)
