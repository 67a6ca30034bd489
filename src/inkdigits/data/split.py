"""A validation set is split off: stratified, so that each digit keeps its share, and repeatable."""

import numpy as np
import numpy.typing as npt

from inkdigits.data.digits import Digits
from inkdigits.errors import UsageError


def split_validation(digits: Digits, count: int, seed: int = 0) -> tuple[Digits, Digits]:
    """Split off `count` digits for validation; both parts keep the order of the whole.

    Each class gives its proportional share, rounded so that the shares add up to `count` (largest
    remainders). The same digits, count and seed give the same split with every NumPy version:
    the raw output of PCG64 decides, which NumPy promises never to change.

    Args:
        digits: what to split; it is not changed.
        count: the size of the validation set, 1 to len(digits) - 1.
        seed: which of the many splits, 0 or more.

    Returns:
        (training, validation).

    Raises:
        UsageError: the count or the seed is out of range.
    """
    if not 1 <= count < len(digits):
        raise UsageError(
            f"a validation set of {count:,} can't be split off {len(digits):,} digits; "
            f"choose 1 to {len(digits) - 1:,}"
        )
    if seed < 0:
        raise UsageError(f"the seed must be 0 or more, not {seed}")
    keys = np.random.PCG64(seed).random_raw(len(digits))
    chosen = np.zeros(len(digits), bool)
    for label, share in enumerate(_shares(np.bincount(digits.labels, minlength=10), count)):
        members = np.flatnonzero(digits.labels == label)
        chosen[members[np.argsort(keys[members], kind="stable")[:share]]] = True
    return (
        digits.subset(np.flatnonzero(~chosen), f"{digits.name} without validation"),
        digits.subset(np.flatnonzero(chosen), f"{digits.name} validation"),
    )


def default_validation(digits: Digits) -> int:
    """How many digits to hold out where nobody says: 5,000, or a tenth of a set below 50,000."""
    return 5_000 if len(digits) >= 50_000 else max(1, len(digits) // 10)


def _shares(sizes: npt.NDArray[np.intp], count: int) -> npt.NDArray[np.intp]:
    """Whole numbers that add up to count, each within 1 of its class's proportional share."""
    # In whole numbers, as rounding errors could otherwise decide between equal remainders.
    floors, remainders = np.divmod(sizes * count, sizes.sum())
    missing = count - int(floors.sum())
    floors[np.argsort(-remainders, kind="stable")[:missing]] += 1
    return floors
