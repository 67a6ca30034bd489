"""A contact sheet shows every digit at its place, dark on light, with its label."""

import numpy as np
import pytest

from inkdigits.data import Digits, contact_sheet
from inkdigits.errors import DataError, UsageError


def full(count: int) -> Digits:
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 7:21, 7:21] = 255
    return Digits(images, (np.arange(count) % 10).astype(np.uint8), "squares")


def dark(sheet) -> np.ndarray:
    return np.asarray(sheet.convert("L")) < 60


def test_each_digit_is_drawn_at_its_place_in_an_even_grid():
    pixels = dark(contact_sheet(full(12), rows=3, columns=4))
    columns = np.flatnonzero(np.diff(pixels[90:].any(0).astype(int)) == 1)
    assert len(columns) == 4
    assert len(set(np.diff(columns))) == 1
    rows = np.flatnonzero(np.diff(pixels[:, columns[0] + 10].astype(int)) == 1)
    assert len(rows) == 3
    assert len(set(np.diff(rows))) == 1


def test_the_theme_is_light_and_labels_differ():
    sheet = contact_sheet(full(2), rows=1, columns=2)
    assert sheet.mode == "RGB"
    assert np.asarray(sheet).mean() > 200
    width = sheet.width // 2
    captions = np.asarray(sheet)[-48:-24]
    assert not np.array_equal(captions[:, 24:width], captions[:, width + 5 : 2 * width - 19])


def test_fewer_digits_make_a_smaller_sheet():
    assert contact_sheet(full(15)).size == contact_sheet(full(20)).size
    assert contact_sheet(full(10)).height < contact_sheet(full(11)).height


def test_a_long_name_is_not_cut():
    digits = full(1)
    named = Digits(digits.images, digits.labels, "a name that is longer than one column is wide")
    assert contact_sheet(named, 1, 1).width > contact_sheet(digits, 1, 1).width


def test_what_can_not_be_drawn_is_refused():
    with pytest.raises(DataError, match="no digits"):
        contact_sheet(full(0))
    for rows, columns in ((0, 5), (5, 0), (1000, 1000)):
        with pytest.raises(UsageError, match="can't be drawn"):
            contact_sheet(full(5), rows, columns)
