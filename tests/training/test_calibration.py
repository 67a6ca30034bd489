"""Temperature scaling."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdigits.training.calibration import temperature


def cost(logits, labels, divisor):
    scaled = logits / divisor
    scaled -= scaled.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(scaled).sum(axis=1))
    return float((log_sum - scaled[np.arange(len(labels)), labels]).mean())


def drawn(true_temperature, seed=0, count=20_000):
    """Labels that are drawn from softmax(logits / true_temperature)."""
    generator = np.random.default_rng(seed)
    logits = generator.normal(0, 3, (count, 10)).astype(np.float32)
    noise = generator.gumbel(size=logits.shape)
    return logits, (logits / true_temperature + noise).argmax(axis=1).astype(np.uint8)


@pytest.mark.parametrize("true", [0.4, 1.0, 2.5])
def test_the_temperature_that_made_the_labels_is_found(true):
    assert temperature(*drawn(true)) == pytest.approx(true, rel=0.05)


@given(st.integers(0, 1000), st.floats(0.1, 10))
def test_no_other_temperature_costs_less(seed, true):
    logits, labels = drawn(true, seed, 200)
    best = cost(logits, labels, temperature(logits, labels))
    for other in np.geomspace(0.06, 19, 25):
        assert best <= cost(logits, labels, other) + 1e-6


def test_perfect_and_hopeless_logits_stay_within_bounds():
    labels = np.arange(10, dtype=np.uint8)
    sure = np.eye(10, dtype=np.float32) * 50
    assert 0.05 <= temperature(sure, labels) <= 1
    assert temperature(-sure, labels) == pytest.approx(20)
    assert temperature(np.zeros((10, 10), np.float32), labels) == 1


def test_nothing_to_learn_from_gives_one():
    assert temperature(np.empty((0, 10), np.float32), np.empty(0, np.uint8)) == 1.0
