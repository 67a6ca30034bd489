"""Touching digits are cut where they touch; choices among cuts and joins are the best there are."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pictures.synthetic_pages import enlarge

from inkdigits.pictures.grouping import find_digits
from inkdigits.pictures.partition import best_choices, choose
from inkdigits.pictures.pieces import find_pieces
from inkdigits.pictures.splitting import split


def _drawing(images, *, overlap=0):
    """Digits beside one another, pushed together until they touch and by `overlap` pixels more."""
    strokes = [enlarge(image, 60, 0.0) for image in images]
    canvas = np.zeros((80, sum(s.shape[1] + 20 for s in strokes) + 20), np.float32)
    x = 10
    for stroke in strokes:
        top = 40 - stroke.shape[0] // 2
        place = canvas[top : top + stroke.shape[0]]
        left = x
        while left > 10 and x > 10:
            part = place[:, left : left + stroke.shape[1]]
            if ((part > 0.5) & (stroke > 0.5)).any():
                left -= overlap
                break
            left -= 1
        part = place[:, left : left + stroke.shape[1]]
        np.maximum(part, stroke, out=part)
        x = left + stroke.shape[1] + 8
    return canvas


def _pieces(canvas):
    return find_pieces(canvas > 0.5, canvas, 8)


def _values(found, nearest):
    found = sorted(found, key=lambda f: f.piece.box[0])
    return [int(nearest(f.crop[None])[0, :10].argmax()) for f in found]


def test_most_touching_pairs_are_read_as_two(page_digits, nearest):
    images, _ = page_digits
    pairs = [(3, 4), (5, 0), (2, 7), (1, 9), (6, 6), (7, 1), (4, 3), (9, 2)]
    right = 0
    for pair in pairs:
        pieces = _pieces(_drawing([images[6 * digit] for digit in pair], overlap=1))
        assert len(pieces) == 1
        found, _ = find_digits(pieces, nearest, 6.0, 60.0, (), expect=2)
        values = _values(found, nearest)
        right += len(values) == 2 and (values[0] == pair[0] or values[1] == pair[1])
    assert right >= 6


def test_slices_share_no_ink_and_leave_none_out(page_digits):
    images, _ = page_digits
    (piece,) = _pieces(_drawing([images[18], images[24]], overlap=1))
    slices, costs = split(piece, 6.0, 4)
    assert len(slices) == len(costs) + 1 >= 2
    assert sum(s.area for s in slices) == piece.area
    assert all(cost >= 0 for cost in costs)


def test_digits_that_stand_apart_are_left_as_they_are(page_digits, nearest):
    images, labels = page_digits
    chosen = list(range(0, 60, 6))
    pieces = [_pieces(_drawing([images[i]]))[0] for i in chosen]
    found = [find_digits([piece], nearest, 6.0, 60.0)[0][0] for piece in pieces]
    assert [_values([f], nearest)[0] for f in found] == list(labels[chosen])


def test_a_broken_stroke_is_joined(page_digits, nearest):
    images, _ = page_digits
    canvas = _drawing([images[0]])
    canvas[38:41] = 0  # a 0 broken into an upper and a lower half
    pieces = _pieces(canvas)
    assert len(pieces) >= 2
    found, _ = find_digits(pieces, nearest, 6.0, 60.0)
    assert _values(found, nearest) == [0]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 31), st.floats(-3, 3), st.sampled_from([0, 1, 1])), max_size=8
    ),
    st.lists(st.floats(-3, 0), min_size=5, max_size=5),
)
def test_the_best_choice_is_the_best_of_all(hypotheses, prices):
    found = best_choices(prices, hypotheses)
    best = {}
    for size in range(len(hypotheses) + 1):
        for chosen in itertools.combinations(range(len(hypotheses)), size):
            used = 0
            for index in chosen:
                if used & hypotheses[index][0]:
                    break
                used |= hypotheses[index][0]
            else:
                left = sum(p for atom, p in enumerate(prices) if not used >> atom & 1)
                score = left + sum(hypotheses[index][1] for index in chosen)
                digits = sum(hypotheses[index][2] for index in chosen)
                best[digits] = max(score, best.get(digits, -np.inf))
    assert {n: c.score for n, c in found.items()} == pytest.approx(best)


def test_the_expected_number_is_reached_over_all_clusters():
    cluster = best_choices([-1.0, -1.0], [(3, 0.0, 1), (1, -0.6, 1), (2, -0.6, 1)])
    for expect in range(5):
        assert sum(len(c.chosen) for c in choose([cluster, cluster], expect)) == expect
    assert sum(len(c.chosen) for c in choose([cluster, cluster], 9)) == 4
    assert sum(len(c.chosen) for c in choose([cluster, cluster], None)) == 2
