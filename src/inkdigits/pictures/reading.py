"""What reading a page gives, and what the reader may ask for.

Boxes are (x, y, width, height) in whole pixels of the picture as a person sees it. Rows and groups
are numbered from 0 in reading order; a group is a run of digits that a wide gap ends.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from inkdigits.errors import UsageError

Box = tuple[int, int, int, int]
Crop = npt.NDArray[np.uint8]
Probabilities = npt.NDArray[np.float32]
# Images uint8 [n, 28, 28], ink 255 on 0, to probabilities float32 [n, 10], or [n, 11] where the
# last column means "not a digit".
Classify = Callable[[Crop], Probabilities]


@dataclass(frozen=True)
class PageOptions:
    """What the user asks for and knows.

    Attributes:
        min_confidence: digits below it are rejected, 0 to 1.
        expect: how many digits there are in the picture, where that is known.
        expect_rows: how many rows there are, where that is known.
    """

    min_confidence: float = 0.5
    expect: int | None = None
    expect_rows: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.min_confidence <= 1:
            raise UsageError(
                f"the least confidence must lie between 0 and 1, not {self.min_confidence}"
            )
        for name, number in (("digits", self.expect), ("rows", self.expect_rows)):
            if number is not None and number < 1:
                raise UsageError(f"the expected number of {name} must be 1 or more, not {number}")


@dataclass(frozen=True, eq=False)
class ReadDigit:
    """A digit that was read; `crop` is what the network saw, uint8 [28, 28], ink 255 on 0."""

    value: int
    confidence: float
    box: Box
    row: int
    group: int
    crop: Crop


@dataclass(frozen=True)
class Rejected:
    """Ink that is not read as a digit, and why in a few words.

    The reasons: "too small", "not a digit", "line", "low confidence", "touches the border",
    "not expected".
    """

    box: Box
    reason: str
    confidence: float = 0.0


@dataclass(frozen=True, eq=False)
class PageReading:
    """All that was read on a picture; `digits` are in reading order, `size` is (width, height).

    `turned` says how many degrees clockwise the picture has to be turned to stand upright: 0, 90,
    180 or 270. Boxes are those of the picture as it is, rows those of the turned one.
    """

    rows: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    digits: tuple[ReadDigit, ...]
    rejected: tuple[Rejected, ...]
    size: tuple[int, int]
    turned: int = 0

    def as_dict(self) -> dict[str, Any]:
        """The reading as plain values, ready for JSON; confidences to 4 decimals.

        `turned` is there only where the page does not stand upright.
        """
        return {
            "rows": list(self.rows),
            "groups": [list(row) for row in self.groups],
            "digits": [
                {
                    "value": digit.value,
                    "confidence": round(digit.confidence, 4),
                    "box": list(digit.box),
                    "row": digit.row,
                    "group": digit.group,
                }
                for digit in self.digits
            ],
            "rejected": [{"box": list(r.box), "reason": r.reason} for r in self.rejected],
            "size": list(self.size),
        } | ({"turned": self.turned} if self.turned else {})
