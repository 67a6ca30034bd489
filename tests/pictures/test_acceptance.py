"""What speaks for a digit is heard: clean strokes, crisp edges, company; turned pages are read."""

import cv2
import numpy as np
import pytest

from inkdigits.pictures.company import signs_of_company
from inkdigits.pictures.confidence import SIGNS, WEIGHTS, log_odds, weigh
from inkdigits.pictures.evidence import SIGNS_OF_INK, signs_of_ink
from inkdigits.pictures.ink import find_ink
from inkdigits.pictures.opening import open_picture
from inkdigits.pictures.page import read_page
from inkdigits.pictures.pieces import find_pieces


def _signs(pixels):
    ink = find_ink(open_picture(pixels))
    pieces = find_pieces(ink.mask, ink.strength, 40, ink.depth)
    largest = max(pieces, key=lambda piece: piece.area)
    return dict(zip(SIGNS_OF_INK, signs_of_ink([largest], np.ones(1), ink)[0], strict=True))


def _ring(noise=0.0, blur=0.0):
    pixels = np.full((160, 160), 235, np.float32)
    cv2.circle(pixels, (80, 80), 40, 30, 9, cv2.LINE_AA)
    if blur:
        pixels = cv2.GaussianBlur(pixels, (0, 0), blur)
    pixels += np.random.default_rng(0).normal(0, 1, pixels.shape) * noise
    return np.clip(pixels, 0, 255).astype(np.uint8)


def test_a_clean_stroke_shows_no_sign_of_doubt():
    signs = _signs(_ring())
    assert signs["noise"] < 0.1
    assert signs["dirt"] < 0.05
    assert signs["strangers"] == 0


def test_noise_and_blur_are_signs_of_doubt():
    clean = _signs(_ring())
    assert _signs(_ring(noise=12))["noise"] > clean["noise"] + 0.2
    assert _signs(_ring(blur=4))["softness"] > clean["softness"] + 0.1


def test_other_ink_beside_a_drawing_is_a_stranger():
    pixels = _ring()
    cv2.line(pixels, (135, 60), (128, 100), 30, 6)
    assert _signs(pixels)["strangers"] > 0


def _share(confidences, families, strangers=0):
    confidences = np.array(confidences, float)
    count = len(confidences)
    signs = signs_of_company(
        confidences,
        is_one=np.zeros(count, bool),
        families=np.array(families),
        areas=np.ones(count),
        rests=[],
        usual=20.0,
        strangers=strangers,
    )
    return signs[0, 0]


def test_digits_vouch_for_one_another_and_other_things_against():
    alone = _share([0.9], [-1])
    assert alone == pytest.approx(0)
    assert _share([0.9, 1, 1, 1], [-1] * 4) > alone
    assert _share([0.9, 0, 0, 0], [-1] * 4) < alone
    assert _share([0.9], [-1], strangers=3) < alone


def test_what_is_cut_from_one_piece_does_not_vouch_for_itself():
    assert _share([1, 1], [4, 4]) == pytest.approx(_share([1], [4]))
    assert _share([1, 1], [4, 5]) > _share([1], [4])


def test_a_surer_network_is_a_surer_reading():
    assert len(WEIGHTS) == len(SIGNS)
    signs = np.zeros((3, len(SIGNS)))
    signs[:, 0] = log_odds(np.array([0.2, 0.9, 0.999]))
    assert (np.diff(weigh(signs)) > 0).all()
    assert (weigh(signs) < 1).all()


@pytest.mark.parametrize("quarters", [1, 3])
def test_a_page_on_its_side_is_read(compose, nearest, quarters):
    page = compose(seed=1, width=900, height=500, rows=3, quarter_turns=quarters)
    reading = read_page(open_picture(page.pixels), nearest)
    assert reading.turned == (360 - 90 * quarters) % 360
    assert reading.rows == page.rows
