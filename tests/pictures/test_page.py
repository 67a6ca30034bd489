"""Pages composed from known digits are read exactly; what is no page is no error."""

import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from inkdigits.errors import UsageError
from inkdigits.pictures.opening import open_picture
from inkdigits.pictures.page import read_page
from inkdigits.pictures.reading import PageOptions


def _read(page, nearest, **options):
    return read_page(open_picture(page.pixels), nearest, PageOptions(**options))


def _digit_errors(page, reading):
    true, read = "".join(page.rows), "".join(reading.rows)
    before = np.arange(len(read) + 1)
    for number, value in enumerate(true, 1):
        after = [number]
        for place, other in enumerate(read, 1):
            after.append(
                min(before[place] + 1, after[-1] + 1, before[place - 1] + (value != other))
            )
        before = after
    return int(before[-1]), len(true)


def _shared(one, other):
    """Intersection over union of two boxes."""
    right, bottom = (min(one[i] + one[i + 2], other[i] + other[i + 2]) for i in (0, 1))
    left, top = max(one[0], other[0]), max(one[1], other[1])
    both = max(0, right - left) * max(0, bottom - top)
    return both / (one[2] * one[3] + other[2] * other[3] - both)


@pytest.mark.parametrize(
    "style",
    [
        {},
        {"digit_height": 28, "width": 700, "height": 420},
        {"digit_height": 130, "width": 1500, "height": 1200},
        {"light_on_dark": True},
        {"shadow": 0.5},
        {"slant": 8.0},
        {"paper": "ruled"},
        {"paper": "boxes"},
        {"paper": "table"},
        {"noise": 6.0, "blur": 1.0},
        {"pen": (150, 150, 155)},
    ],
    ids=lambda style: ",".join(f"{k}={v}" for k, v in style.items()) or "plain",
)
def test_a_page_is_read(compose, nearest, style):
    page = compose(seed=3, **style)
    reading = _read(page, nearest)
    errors, count = _digit_errors(page, reading)
    assert errors <= 0.05 * count, (page.rows, reading.rows)
    assert len(reading.rows) == len(page.rows)


def test_a_plain_page_is_read_without_a_mistake(compose, nearest):
    page = compose(seed=1)
    assert _read(page, nearest).rows == page.rows


def test_numbers_are_groups(compose, nearest):
    page = compose(seed=5, groups=3, digits_per_group=3, gap=0.3)
    assert _read(page, nearest).groups == page.groups


def test_boxes_lie_where_the_digits_are(compose, nearest):
    page = compose(seed=1)
    reading = _read(page, nearest)
    assert len(reading.digits) == len(page.boxes)
    for digit, true in zip(reading.digits, page.boxes, strict=True):
        assert _shared(digit.box, true) > 0.75, (digit.box, true)


def test_boxes_of_a_large_photo_are_in_its_own_pixels(compose, nearest):
    page = compose(seed=1)
    photo = Image.fromarray(page.pixels).resize((3600, 2700), Image.Resampling.BICUBIC)
    reading = read_page(open_picture(photo), nearest)
    assert reading.rows == page.rows
    assert reading.size == (3600, 2700)
    for digit, true in zip(reading.digits, page.boxes, strict=True):
        assert _shared(digit.box, [3 * side for side in true]) > 0.75


def test_grey_and_colour_read_the_same(compose, nearest):
    page = compose(seed=2)
    grey = np.asarray(Image.fromarray(page.pixels).convert("L"))
    assert read_page(open_picture(grey), nearest).rows == _read(page, nearest).rows == page.rows


def test_touching_digits_are_split(compose, nearest):
    page = compose(seed=4, touching=0.5, rows=3)
    reading = _read(page, nearest)
    errors, count = _digit_errors(page, reading)
    assert errors <= 0.25 * count, (page.rows, reading.rows)


def test_the_expected_number_of_digits_is_read(compose, nearest):
    page = compose(seed=6, rows=1, height=240, digits_per_group=5, width=700)
    reading = _read(page, nearest, expect=5)
    assert len(reading.digits) == 5
    assert len(_read(page, nearest, expect=3).digits) == 3


def test_the_expected_number_of_rows_is_kept(compose, nearest):
    page = compose(seed=7, rows=4, slant=10.0)
    assert len(_read(page, nearest, expect_rows=4).rows) == 4


def test_letters_are_rejected_and_the_digits_beside_them_read(compose, nearest):
    page = compose(seed=8, clutter=0.3)
    reading = _read(page, nearest)
    inside = 0
    for x, y, width, height in page.clutter_boxes:
        centre = (x + width / 2, y + height / 2)
        inside += any(
            d.box[0] <= centre[0] <= d.box[0] + d.box[2]
            and d.box[1] <= centre[1] <= d.box[1] + d.box[3]
            for d in reading.digits
        )
    assert page.clutter_boxes
    assert inside <= len(page.clutter_boxes) / 2
    assert reading.rejected


def test_a_higher_least_confidence_reads_no_more(compose, nearest):
    page = compose(seed=8, clutter=0.3)
    counts = [len(_read(page, nearest, min_confidence=c).digits) for c in (0.0, 0.3, 0.6, 0.99)]
    assert counts == sorted(counts, reverse=True)
    assert all(d.confidence >= 0.6 for d in _read(page, nearest, min_confidence=0.6).digits)


@pytest.mark.parametrize(
    "shape", [(1, 1), (1, 5000), (5000, 1), (8, 5000), (3, 7), (28, 28), (50, 60)]
)
@pytest.mark.parametrize("content", ["black", "white", "noise", "checks"])
@pytest.mark.parametrize("channels", [1, 3])
def test_no_picture_is_an_error(nearest, shape, content, channels):
    pixels = {
        "black": np.zeros(shape),
        "white": np.full(shape, 255),
        "noise": np.random.default_rng(0).integers(0, 256, shape),
        "checks": np.indices(shape).sum(0) % 2 * 255,
    }[content].astype(np.uint8)
    if channels == 3:
        pixels = np.repeat(pixels[..., None], 3, 2)
    for options in (PageOptions(), PageOptions(expect=3, expect_rows=2)):
        reading = read_page(open_picture(pixels), nearest, options)
        assert reading.size == shape[::-1]
        if content in ("black", "white"):
            assert reading.digits == ()


def test_blank_paper_with_grain_holds_no_digit(compose, nearest):
    page = compose(seed=9, rows=0, noise=4.0)
    assert _read(page, nearest).digits == ()


def test_the_dictionary_follows_the_contract(compose, nearest):
    page = compose(seed=5, groups=2, digits_per_group=3, clutter=0.2)
    reading = _read(page, nearest)
    plain = json.loads(json.dumps(reading.as_dict()))
    assert list(plain) == ["rows", "groups", "digits", "rejected", "size"]
    assert plain["rows"] == ["".join(groups) for groups in plain["groups"]]
    assert plain["size"] == [1200, 900]
    for digit in plain["digits"]:
        assert list(digit) == ["value", "confidence", "box", "row", "group"]
        x, y, width, height = digit["box"]
        assert 0 <= x < x + width <= 1200
        assert 0 <= y < y + height <= 900
    for row, text in enumerate(plain["rows"]):
        assert "".join(str(d["value"]) for d in plain["digits"] if d["row"] == row) == text
    for rejected in plain["rejected"]:
        assert set(rejected) == {"box", "reason"}
        assert rejected["reason"]


def test_the_crops_are_what_the_classifier_saw(compose, nearest):
    reading = _read(compose(seed=1), nearest)
    for digit in reading.digits:
        assert digit.crop.shape == (28, 28)
        assert digit.crop.dtype == np.uint8
        assert int(nearest(digit.crop[None])[0, :10].argmax()) == digit.value


def test_reading_again_gives_the_same(compose, nearest):
    page = compose(seed=10, clutter=0.2)
    assert _read(page, nearest).as_dict() == _read(page, nearest).as_dict()


@pytest.mark.parametrize("wrong", [{"min_confidence": 1.2}, {"expect": 0}, {"expect_rows": 0}])
def test_impossible_wishes_are_usage_errors(wrong):
    with pytest.raises(UsageError):
        replace(PageOptions(), **wrong)
