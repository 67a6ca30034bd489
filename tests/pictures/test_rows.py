"""Rows and groups: every box is in one place, in the order in which a person reads."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkdigits.pictures.rows import find_layout, find_slope

_BOX = st.tuples(st.integers(0, 900), st.integers(0, 900), st.integers(1, 80), st.integers(1, 80))


def _grid(rows, columns, *, height=40, pitch=70, step=50, slope=0.0):
    tan = np.tan(np.radians(slope))
    return [
        (100 + column * step, 400 + round(row * pitch + tan * column * step), 25, height)
        for row in range(rows)
        for column in range(columns)
    ]


def _texts(layout):
    return [[i for group in row for i in group] for row in layout.rows]


@settings(max_examples=60, deadline=None)
@given(st.lists(_BOX, max_size=30), st.none() | st.integers(1, 6))
def test_every_box_is_in_exactly_one_place(boxes, expect_rows):
    layout = find_layout(boxes, expect_rows)
    every = [i for row in layout.rows for group in row for i in group]
    assert sorted(every) == list(range(len(boxes)))
    assert all(group for row in layout.rows for group in row)


@settings(max_examples=40, deadline=None)
@given(st.lists(_BOX, min_size=6, max_size=20), st.integers(1, 6))
def test_the_expected_number_of_rows_is_given(boxes, rows):
    assert len(find_layout(boxes, rows).rows) == rows


@settings(max_examples=30, deadline=None)
@given(st.permutations(range(12)))
def test_the_order_of_the_boxes_does_not_matter(order):
    boxes = _grid(3, 4)
    layout = find_layout([boxes[i] for i in order])
    assert [[order[i] for i in row] for row in _texts(layout)] == [
        [0, 1, 2, 3],
        [4, 5, 6, 7],
        [8, 9, 10, 11],
    ]


@pytest.mark.parametrize("slope", [-15.0, -7.0, 0.0, 4.0, 15.0])
def test_slanted_rows_are_found(slope):
    layout = find_layout(_grid(3, 8, slope=slope))
    assert [len(row) for row in _texts(layout)] == [8, 8, 8]
    assert layout.slope == pytest.approx(slope, abs=1)


def test_rows_closer_than_digits_are_tall_are_kept_apart():
    assert [len(row) for row in _texts(find_layout(_grid(4, 6, height=40, pitch=42)))] == [6] * 4


def test_a_wide_gap_ends_a_group():
    boxes = [(x, 100, 25, 40) for x in (0, 35, 70, 190, 225, 260, 400, 435)]
    assert find_layout(boxes).rows == (((0, 1, 2), (3, 4, 5), (6, 7)),)


def test_even_gaps_end_no_group():
    assert len(find_layout([(x, 100, 25, 40) for x in range(0, 600, 60)]).rows[0]) == 1


def test_two_digits_have_no_slope():
    assert find_slope(np.array([[0.0, 0.0], [50.0, 40.0]]), np.array([40.0, 40.0])) == 0.0


def test_nothing_has_no_rows():
    assert find_layout([]).rows == ()
