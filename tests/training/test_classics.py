"""The classical methods learn from digits, and what is done to images before them does its job."""

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkdigits.errors import MissingExtraError, UsageError
from inkdigits.training.classics import CLASSICS, train_classic
from inkdigits.training.preprocessing import (
    PREPROCESSINGS,
    blur,
    denoise,
    deskew,
    preprocess,
    slant,
)


@pytest.mark.parametrize("name", CLASSICS)
def test_a_classical_method_reads_most_digits_after_few_examples(few_digits, name):
    result = train_classic(
        name, few_digits.train.subset(np.arange(600)), few_digits.test, threads=1
    )
    assert result.train == 600
    assert result.test.count == len(few_digits.test)
    assert result.test.accuracy > 0.8
    assert result.seconds > 0
    if CLASSICS[name].has_probabilities:
        assert 0 < result.cost < 1
    else:
        assert result.cost is None


def test_the_same_seed_gives_the_same_trees(few_digits):
    few = few_digits.train.subset(np.arange(200))
    first, second = (
        train_classic("boosted-trees", few, few_digits.test, seed=5, threads=1) for _ in range(2)
    )
    assert first.cost == second.cost


def test_a_digit_that_was_never_shown_gets_no_probability(few_digits):
    few = few_digits.train.subset(np.flatnonzero(few_digits.train.labels != 4)[:300])
    result = train_classic("boosted-trees", few, few_digits.test, threads=1)
    assert result.test.confusion[:, 4].sum() == 0
    assert result.test.confusion.sum() == len(few_digits.test)


def test_the_result_names_what_was_done_to_the_images_before(few_digits):
    result = train_classic(
        "nearest-neighbours",
        few_digits.train.subset(np.arange(100)),
        few_digits.test,
        preprocessing="deskew",
        threads=1,
    )
    assert result.preprocessing == "deskew"


def test_an_unknown_method_or_preprocessing_is_refused(few_digits):
    with pytest.raises(UsageError, match="there is no method 'oracle'; choose nearest-neighbours"):
        train_classic("oracle", few_digits.train, few_digits.test)
    with pytest.raises(UsageError, match="there is no preprocessing 'sharpen'; choose none"):
        preprocess("sharpen", few_digits.train.images)


def test_without_scikit_learn_the_extra_is_named(few_digits, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'inkdigits\[classics\]'"):
        train_classic("boosted-trees", few_digits.train, few_digits.test)


@pytest.mark.parametrize("name", PREPROCESSINGS)
def test_images_keep_their_form_and_the_given_ones_are_left_alone(few_digits, name):
    images = few_digits.test.images
    before = images.copy()
    after = preprocess(name, images)
    assert (after.shape, after.dtype) == (images.shape, np.uint8)
    assert np.array_equal(images, before)
    assert preprocess(name, images[:0]).shape == (0, 28, 28)


@pytest.mark.parametrize("name", PREPROCESSINGS)
def test_no_digit_touches_its_neighbours(few_digits, name):
    images = few_digits.test.images[:20]
    together = preprocess(name, images)
    alone = np.concatenate([preprocess(name, image[None]) for image in images])
    assert np.array_equal(together, alone)


def test_deskewed_digits_stand_upright(few_digits):
    images = few_digits.test.images
    before, after = np.abs(slant(images)), np.abs(slant(deskew(images)))
    assert before.mean() > 0.15
    assert after.mean() < before.mean() / 10


def test_deskewing_moves_ink_sideways_only(few_digits):
    images = few_digits.test.images
    rows, moved = (part.sum(axis=2, dtype=np.float64) for part in (images, deskew(images)))
    # Slanted strokes may lose a little over the edge, and rounding changes a row by a few levels.
    assert np.abs(rows - moved).max() < 255
    assert np.abs(rows - moved).mean() < 5


@given(lean=st.floats(-0.6, 0.6), top=st.integers(3, 6), length=st.integers(14, 19))
@settings(max_examples=40, deadline=None)
def test_a_leaning_stroke_is_brought_upright(lean, top, length):
    image = np.zeros((28, 28), np.uint8)
    for row in range(top, top + length):
        column = round(13.5 - lean * (row - top - length / 2))
        image[row, column - 1 : column + 2] = 255
    assert abs(slant(deskew(image[None]))[0]) < 0.05


@pytest.mark.parametrize("image", [np.zeros((28, 28)), np.eye(28)[:1].repeat(28, 0) * 255])
def test_images_without_a_slant_are_left_as_they_are(image):
    images = image.astype(np.uint8)[None]
    assert np.array_equal(deskew(images), images)


def test_denoising_takes_lone_specks_away_and_keeps_strokes():
    image = np.zeros((28, 28), np.uint8)
    image[5:24, 12:16] = 255
    clean = image.copy()
    image[3, 3] = image[20, 24] = 255
    after = denoise(image[None])[0]
    assert after[3, 3] == after[20, 24] == 0
    assert np.array_equal(after[7:22], clean[7:22])


def test_blurring_makes_a_small_shift_matter_less(few_digits):
    images = few_digits.test.images
    shifted = np.roll(images, 1, axis=2)

    def distance(left, right):
        return np.linalg.norm(left.astype(float) - right) / np.linalg.norm(left.astype(float))

    assert distance(blur(images), blur(shifted)) < 0.8 * distance(images, shifted)
