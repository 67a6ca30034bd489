"""Clutter: images that are no digit, in the shares and forms that they are said to have."""

import pytest
import torch

from inkdigits.data import clutter as kinds
from inkdigits.data.clutter import clutter
from inkdigits.data.signs import signs
from inkdigits.data.strokes import draw


@pytest.fixture(scope="module")
def digits(few_digits):
    images = torch.from_numpy(few_digits.train.images[:400])[:, None].float() / 127.5 - 1
    return images, torch.from_numpy(few_digits.train.labels[:400].astype("int64"))


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("count", [0, 1, 300])
def test_so_many_images_are_made_as_were_asked_for(digits, count):
    before = digits[0].clone()
    made = clutter(*digits, count, generator())
    assert made.shape == (count, 1, 28, 28)
    assert made.isfinite().all()
    assert (made.abs() <= 1).all()
    assert torch.equal(before, digits[0])


def test_a_single_digit_is_enough_to_make_them(digits):
    assert clutter(digits[0][:1], digits[1][:1], 50, generator()).isfinite().all()


def test_the_same_seed_gives_the_same_clutter_and_another_does_not(digits):
    first = clutter(*digits, 60, generator(1))
    assert torch.equal(clutter(*digits, 60, generator(1)), first)
    assert not torch.equal(clutter(*digits, 60, generator(2)), first)


def test_every_kind_comes_in_its_share(digits, monkeypatch):
    made = {}

    def counted(kind):
        def make(ink, labels, generator):
            made[kind] = len(ink)
            return kind(ink, labels, generator)

        return make

    shares = dict(kinds._SHARES)
    monkeypatch.setattr(kinds, "_SHARES", {counted(kind): share for kind, share in shares.items()})
    clutter(*digits, 4000, generator())
    assert made.keys() == shares.keys()
    for kind, share in shares.items():
        assert made[kind] / 4000 == pytest.approx(share / sum(shares.values()), abs=0.03)


def test_parts_are_only_cut_where_no_digit_is_left(digits, monkeypatch):
    seen = []

    def parts(ink, labels, generator):
        seen.append(labels)
        return kinds.parts(ink, labels, generator)

    monkeypatch.setattr(kinds, "_SHARES", {parts: 1.0})
    monkeypatch.setattr(kinds, "_SOURCES", {parts: kinds._SOURCES[kinds.parts]})
    clutter(*digits, 500, generator())
    assert 1 not in torch.cat(seen)  # half of a 1 is a 1


def test_a_part_is_half_of_a_digit_and_as_large_as_one():
    ring = torch.zeros(40, 1, 28, 28)
    ring[:, :, 4:24, 4:24] = 1
    ring[:, :, 7:21, 7:21] = 0
    part = kinds.parts(ring, torch.zeros(40, dtype=torch.int64), generator())
    columns = (part[:, 0] > 0.5).any(1).sum(1)
    rows = (part[:, 0] > 0.5).any(2).sum(1)
    assert ((columns - 20).abs() <= 1).logical_or((rows - 20).abs() <= 1).all()
    assert (torch.minimum(columns, rows) <= 12).all()


def test_neighbours_are_wider_than_one_digit(digits):
    ink = (digits[0][:200] + 1) / 2
    pairs = kinds.neighbours(ink, digits[1][:200], generator())
    wide = (pairs[:, 0] > 0.3).any(1).sum(1)
    high = (pairs[:, 0] > 0.3).any(2).sum(1)
    # Two rows, an eighth of them, are high instead; two 1s may leave the outer pixels blank.
    assert (torch.maximum(wide, high) >= 12).float().mean() > 0.95


def test_signs_have_ink_and_differ(digits):
    drawn = signs(200, generator())
    assert drawn.shape == (200, 28, 28)
    assert (drawn.flatten(1).sum(1) > 15).all()
    assert len(drawn.flatten(1).unique(dim=0)) == 200


def test_contours_are_areas_and_lines_no_two_alike(digits):
    fields = kinds.contours((digits[0] + 1) / 2, digits[1], generator())
    assert fields.shape == digits[0].shape
    assert fields.isfinite().all()
    assert 0.1 < fields.mean() < 0.7
    assert len(fields.flatten(1).unique(dim=0)) == len(fields)


def test_a_stroke_is_drawn_where_it_is_and_as_wide_as_asked():
    stroke = torch.tensor([[[[5.0, 14.0], [23.0, 14.0]], [[torch.nan] * 2] * 2]])
    drawn = draw(stroke, torch.tensor([4.0]))[0]
    assert drawn[12:16, 5:23].min() == 1
    assert drawn[:11].max() == drawn[17:].max() == 0
    assert not draw(stroke[:, 1:], torch.tensor([4.0])).any()
