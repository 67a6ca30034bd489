"""The damage suite: the same damage on every call, done to copies, and to every image."""

import numpy as np
import pytest
from benchmarks.damage import DAMAGES, damaged, table


@pytest.mark.parametrize("kind", DAMAGES)
def test_damage_is_repeatable_and_leaves_its_input_alone(few_digits, kind):
    images = few_digits.test.images[:40]
    before = images.copy()
    first = damaged(images, kind)
    assert first.shape == images.shape
    assert first.dtype == np.uint8
    assert np.array_equal(first, damaged(images, kind))
    assert np.array_equal(images, before)
    assert (first != images).any((1, 2)).mean() > 0.7
    # Most of a digit is still there.
    assert np.corrcoef(first.ravel(), images.ravel())[0, 1] > 0.4


def test_models_stand_beside_each_other():
    models = {
        name: {"mean": 0.5, "accuracy": dict.fromkeys(("none", *DAMAGES), figure)}
        for name, figure in (("a", 0.5), ("b", 0.25))
    }
    lines = table(models).splitlines()
    assert lines[0] == "| damage | a | b |"
    assert lines[2] == "| none | 50.00% | 25.00% |"
    assert len(lines) == 2 + 1 + len(DAMAGES) + 1
