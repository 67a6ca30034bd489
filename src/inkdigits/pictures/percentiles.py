"""Percentiles of an array, as `numpy.percentile` gives them, for less.

NumPy's own loads its masked arrays on first use and sorts floating-point copies; that is a tenth
of the time in which a command reads one digit.
"""

from typing import Any

import numpy as np
import numpy.typing as npt


def percentile(values: npt.NDArray[Any], share: float) -> float:
    """The value below which a share of all values lies, interpolated between two neighbours.

    Args:
        values: numbers of any shape, at least one, none of them NaN.
        share: in percent, 0 to 100.
    """
    place = (values.size - 1) * (share / 100)
    below = int(place)
    above = min(below + 1, values.size - 1)
    parted = np.partition(values, (below, above), axis=None)
    low, high = float(parted[below]), float(parted[above])
    step = place - below
    # From the nearer end, as NumPy does, so that rounding is the same.
    return low + (high - low) * step if step < 0.5 else high - (high - low) * (1 - step)


def median(values: npt.NDArray[Any]) -> float:
    """The value in the middle, or the mean of the two that are there."""
    return percentile(values, 50)
