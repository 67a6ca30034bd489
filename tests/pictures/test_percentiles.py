"""Percentiles are NumPy's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdigits.pictures.percentiles import median, percentile


@given(st.lists(st.integers(0, 255), min_size=1, max_size=60), st.floats(0, 100))
def test_percentiles_of_grey_levels_are_numpys(values, share):
    array = np.array(values, np.uint8)
    assert percentile(array, share) == np.percentile(array, share)
    assert median(array) == np.median(array)


@pytest.mark.parametrize("share", [0, 30, 75, 99.5, 100])
def test_percentiles_of_an_image_of_numbers_are_numpys(share):
    values = np.random.default_rng(0).random((40, 50), np.float32)
    assert percentile(values, share) == pytest.approx(float(np.percentile(values, share)), abs=1e-6)
