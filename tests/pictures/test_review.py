"""The folder for review: doubtful digits with crops, least sure first."""

import csv

import numpy as np
from PIL import Image

from inkdigits.pictures.opening import open_picture
from inkdigits.pictures.page import read_page
from inkdigits.pictures.review import write_review


def _table(folder):
    with (folder / "index.csv").open(newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_doubtful_digit_is_listed_least_sure_first(tmp_path, compose, nearest):
    pages = [open_picture(compose(seed=seed, rows=2).pixels) for seed in (1, 2)]
    readings = [(page, read_page(page, nearest)) for page in pages]
    count = write_review(tmp_path / "review", readings, below=1.01)
    rows = _table(tmp_path / "review")
    assert count == len(rows) == sum(len(reading.digits) for _, reading in readings) > 0
    confidences = [float(row["confidence"]) for row in rows]
    assert confidences == sorted(confidences)


def test_crops_and_surroundings_are_pictures(tmp_path, compose, nearest):
    page = open_picture(compose(seed=1, rows=1).pixels)
    reading = read_page(page, nearest)
    write_review(tmp_path, [(page, reading)], below=1.01)
    page_text = (tmp_path / "index.html").read_text()
    least = min(reading.digits, key=lambda digit: digit.confidence)
    first = _table(tmp_path)[0]
    with Image.open(tmp_path / first["crop"]) as image:
        assert np.array_equal(np.asarray(image), least.crop)
    assert [int(first[name]) for name in ("x", "y", "width", "height")] == list(least.box)
    for row in _table(tmp_path):
        view = row["crop"].replace("crop", "view")
        assert row["crop"] in page_text
        assert view in page_text
        with Image.open(tmp_path / view) as image:
            assert image.height == 120


def test_only_digits_below_the_limit_are_listed(tmp_path, compose, nearest):
    page = open_picture(compose(seed=1).pixels)
    reading = read_page(page, nearest)
    limit = float(np.median([digit.confidence for digit in reading.digits]))
    count = write_review(tmp_path, [(page, reading)], below=limit)
    assert count == sum(digit.confidence < limit for digit in reading.digits)


def test_a_review_of_nothing_says_so(tmp_path):
    assert write_review(tmp_path, []) == 0
    assert "0 digits" in (tmp_path / "index.html").read_text()
    assert _table(tmp_path) == []
