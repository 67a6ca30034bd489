"""What is said of a classifier follows from its probabilities and the true labels."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdigits.errors import InputError
from inkdigits.inference.evaluation import (
    calibration_error,
    evaluate_probabilities,
    wilson_interval,
)


def probabilities_for(read, confidence):
    """Rows that give `confidence` to the digit `read` and share the rest out equally."""
    rows = np.repeat(((1 - np.asarray(confidence)) / 9)[:, None], 10, axis=1)
    rows[np.arange(len(rows)), read] = confidence
    return rows.astype(np.float32)


@pytest.mark.parametrize(
    ("successes", "count", "low", "high"),
    [
        # Newcombe 1998, Statist. Med. 17, 857-872, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_has_the_published_values(successes, count, low, high):
    assert wilson_interval(successes, count) == pytest.approx((low, high), abs=5e-5)


def test_the_interval_of_a_perfect_classifier_ends_at_exactly_one():
    low, high = wilson_interval(10_000, 10_000)
    assert high == 1.0
    assert low == pytest.approx(0.999616, abs=1e-6)


@given(st.integers(1, 10**7).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_proportion_and_stays_between_zero_and_one(case):
    successes, count = case
    low, high = wilson_interval(successes, count)
    assert 0 <= low <= successes / count <= high <= 1
    mirrored = wilson_interval(count - successes, count)
    assert (1 - mirrored[1], 1 - mirrored[0]) == pytest.approx((low, high), abs=1e-9)


@pytest.mark.parametrize(("successes", "count"), [(0, 0), (5, 4), (-1, 4)])
def test_what_is_not_a_proportion_has_no_interval(successes, count):
    with pytest.raises(InputError, match="not a proportion"):
        wilson_interval(successes, count)


def test_counts_and_confusion_agree_with_counting_by_hand():
    labels = np.array([0, 1, 2, 3, 3, 9], np.uint8)
    read = np.array([0, 1, 7, 3, 8, 9])
    result = evaluate_probabilities(probabilities_for(read, [0.9] * 6), labels)
    assert (result.count, result.errors, result.accuracy) == (6, 2, pytest.approx(4 / 6))
    assert result.confusion.sum(axis=1).tolist() == [1, 1, 1, 2, 0, 0, 0, 0, 0, 1]
    assert result.confusion[2, 7] == 1
    assert result.confusion[3, 8] == 1
    assert result.confusion.trace() == 4


def test_the_cost_is_the_mean_cross_entropy():
    result = evaluate_probabilities(probabilities_for([4, 5], [0.5, 0.91]), np.array([4, 6]))
    assert result.cost == pytest.approx((-math.log(0.5) - math.log(0.01)) / 2, rel=1e-5)


def test_a_probability_of_zero_for_the_true_digit_costs_much_but_not_infinitely():
    result = evaluate_probabilities(probabilities_for([3], [1.0]), np.array([8]))
    assert result.cost == pytest.approx(87.336, abs=1e-3)


def test_mistakes_come_with_the_most_confident_first():
    labels = np.array([1, 1, 1, 1])
    result = evaluate_probabilities(probabilities_for([7, 1, 4, 2], [0.6, 0.9, 0.99, 0.7]), labels)
    assert [(m.index, m.label, m.read) for m in result.mistakes] == [
        (2, 1, 4),
        (3, 1, 2),
        (0, 1, 7),
    ]
    assert result.mistakes[0].confidence == pytest.approx(0.99)
    assert result.mistakes[0].label_probability == pytest.approx(0.01 / 9, rel=1e-4)


def test_confidence_that_equals_accuracy_in_each_bin_has_no_calibration_error():
    # Ten images at 80 % of which eight are right, and four at 50 % of which two are.
    confidence = np.array([0.8] * 10 + [0.5] * 4)
    right = np.array([True] * 8 + [False] * 2 + [True, False, True, False])
    assert calibration_error(confidence, right) == pytest.approx(0, abs=1e-12)


def test_calibration_error_is_the_weighted_distance_of_confidence_and_accuracy():
    # 3 of 4 images in one bin: confidence 0.99, accuracy 1/3; 1 of 4 in another: 0.4, right.
    confidence = np.array([0.99, 0.99, 0.99, 0.4])
    right = np.array([True, False, False, True])
    by_hand = 3 / 4 * (0.99 - 1 / 3) + 1 / 4 * (1 - 0.4)
    assert calibration_error(confidence, right) == pytest.approx(by_hand)


def test_the_figures_are_plain_json_values():
    result = evaluate_probabilities(probabilities_for([3, 3], [1.0, 0.5]), np.array([3, 8]))
    values = json.loads(json.dumps(result.as_dict()))
    assert values["errors"] == 1
    assert values["interval"] == list(wilson_interval(1, 2))
    assert np.array(values["confusion"]).shape == (10, 10)


@pytest.mark.parametrize(
    ("probabilities", "labels", "says"),
    [
        (np.ones((2, 9)) / 9, np.array([0, 1]), r"must be \[n, 10\], not \[2, 9\]"),
        (np.ones((2, 10)) / 10, np.array([0]), r"labels must be \[2\]"),
        (np.ones((0, 10)), np.array([], int), "no images"),
        (np.ones((1, 10)) / 10, np.array([10]), "whole numbers from 0 to 9"),
        (np.ones((1, 10)) / 10, np.array([0.5]), "whole numbers from 0 to 9"),
        (np.full((1, 10), np.nan), np.array([1]), "numbers from 0 to 1"),
        (np.eye(10)[:1] * 3 - 0.2, np.array([1]), "numbers from 0 to 1"),
        (np.eye(10)[:1] * 3, np.array([1]), "must sum to 1"),
    ],
)
def test_what_is_not_probabilities_and_labels_is_refused(probabilities, labels, says):
    with pytest.raises(InputError, match=says):
        evaluate_probabilities(probabilities, labels)
