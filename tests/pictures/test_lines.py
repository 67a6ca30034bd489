"""Lines of paper and forms are taken away, and the strokes that cross them stay whole."""

import numpy as np
import pytest

from inkdigits.pictures.ink import find_ink
from inkdigits.pictures.lines import remove_lines
from inkdigits.pictures.opening import open_picture


def _overlap(one, other):
    return (one & other).sum() / max(1, (one | other).sum())


def _both(compose, paper, **style):
    """The ink of a page and of the same page without lines."""
    with_lines = compose(seed=2, paper=paper, line_strength=0.9, noise=1.0, **style)
    without = compose(seed=2, paper="plain", noise=1.0, **style)
    return [find_ink(open_picture(page.pixels)) for page in (with_lines, without)]


@pytest.mark.parametrize("paper", ["ruled", "boxes", "table"])
def test_lines_go_and_digits_stay(compose, paper):
    lined, plain = _both(compose, paper)
    cleaned = remove_lines(lined.mask, lined.stroke_width)
    assert cleaned.lines
    assert _overlap(cleaned.mask, plain.mask) > 0.85
    assert _overlap(cleaned.mask, plain.mask) > _overlap(lined.mask, plain.mask)


def test_squared_paper_goes(compose):
    lined, plain = _both(compose, "squared")
    cleaned = remove_lines(lined.mask, lined.stroke_width)
    assert _overlap(cleaned.mask, plain.mask) > 0.75


def test_a_slanted_line_goes(compose):
    lined, plain = _both(compose, "ruled", slant=5.0)
    cleaned = remove_lines(lined.mask, lined.stroke_width)
    assert _overlap(cleaned.mask, plain.mask) > 0.8


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_page_without_lines_stays_as_it_is(compose, seed):
    ink = find_ink(open_picture(compose(seed=seed).pixels))
    cleaned = remove_lines(ink.mask, ink.stroke_width)
    assert cleaned.lines == ()
    assert np.array_equal(cleaned.mask, ink.mask)


def test_an_empty_mask_has_no_lines():
    cleaned = remove_lines(np.zeros((40, 60), bool), 3.0)
    assert not cleaned.mask.any()
    assert not cleaned.lines
