"""Which ink belongs to the digit, in a picture that holds one.

The ink falls into connected parts. Lines of the form (a frame, a ruled line) and what hangs on the
picture's edge (the page's edge, a neighbour's rest) are put aside; the greatest remaining part is
the digit's trunk, and parts near it that are no mere specks are its broken strokes.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.pictures.ink import Ink

Mask = npt.NDArray[np.bool_]

# A part smaller than this part of the trunk's area is a speck, unless it is as large as a stroke is
# wide in both directions.
_SPECK = 0.02
# A part belongs to the digit when its gap to the trunk is at most this part of the trunk's size.
_GAP = 0.3
# No digit breaks into more parts than this; a picture of noise has thousands.
_MOST_STROKES = 50
# What hangs on the picture's edge counts only this much against what is free.
_AT_EDGE = 0.25


@dataclass(frozen=True, eq=False)
class DigitInk:
    """The ink of the digit.

    Attributes:
        strength: float32 [h, w] in [0, 1], cropped to the digit, other ink set to 0.
        box: left, top, width, height in the picture that the ink was found in.
    """

    strength: npt.NDArray[np.float32]
    box: tuple[int, int, int, int]


@dataclass(frozen=True)
class _Part:
    label: int
    left: int
    top: int
    right: int  # one past the last column
    bottom: int
    area: int

    @property
    def size(self) -> int:
        return max(self.right - self.left, self.bottom - self.top)


def choose_digit(ink: Ink) -> DigitInk | None:
    """The digit's ink, or None where the picture has no ink."""
    parts, labels = _parts(ink.mask)
    if not parts:
        return None
    height, width = ink.mask.shape
    candidates = [p for p in parts if not _is_frame(p, parts, height, width)] or parts
    trunk = max(candidates, key=lambda p: p.area * _freedom(p, height, width))
    chosen = [trunk, *_broken_strokes(trunk, candidates, ink.stroke_width, height, width)]
    return _cut(ink, labels, chosen)


def _parts(mask: Mask) -> tuple[list[_Part], npt.NDArray[np.int32]]:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        mask.astype(np.uint8), connectivity=8
    )
    parts = [
        _Part(label, int(x), int(y), int(x + w), int(y + h), int(area))
        for label, (x, y, w, h, area) in enumerate(stats[:count].tolist())
        if label > 0
    ]
    return parts, np.asarray(labels, np.int32)


def _edges(part: _Part, height: int, width: int) -> int:
    """How many of the picture's four edges the part touches."""
    return (part.left == 0) + (part.top == 0) + (part.right == width) + (part.bottom == height)


def _freedom(part: _Part, height: int, width: int) -> float:
    return 1.0 if _edges(part, height, width) == 0 else _AT_EDGE


def _is_frame(part: _Part, parts: list[_Part], height: int, width: int) -> bool:
    """A hollow part that encloses another one and is thin for its size: a box, a cell."""
    box = (part.right - part.left) * (part.bottom - part.top)
    if part.size < 0.6 * max(height, width) or part.area > 0.25 * box:
        return False
    inner = [
        p
        for p in parts
        if p.label != part.label
        and p.left > part.left
        and p.top > part.top
        and p.right < part.right
        and p.bottom < part.bottom
    ]
    return any(p.size > 0.25 * min(part.right - part.left, part.bottom - part.top) for p in inner)


def _broken_strokes(
    trunk: _Part, parts: list[_Part], stroke: float, height: int, width: int
) -> list[_Part]:
    """The parts that belong to the trunk, found outwards from it."""
    chosen = [trunk]
    others = sorted((p for p in parts if p.label != trunk.label), key=lambda p: -p.area)
    left = others[:_MOST_STROKES]
    while True:
        near = [p for p in left if _belongs(p, chosen, trunk, stroke, height, width)]
        if not near:
            return chosen[1:]
        chosen += near
        left = [p for p in left if p not in near]


def _belongs(
    part: _Part, chosen: list[_Part], trunk: _Part, stroke: float, height: int, width: int
) -> bool:
    if part.area < max(_SPECK * trunk.area, 0.3 * stroke**2):
        return False
    if _edges(part, height, width) and not _edges(trunk, height, width):
        return False
    return any(_gap(part, other) <= _GAP * trunk.size for other in chosen)


def _gap(part: _Part, other: _Part) -> float:
    """The distance between the boxes of two parts."""
    across = max(part.left - other.right, other.left - part.right, 0)
    down = max(part.top - other.bottom, other.top - part.bottom, 0)
    return float(np.hypot(across, down))


def _cut(ink: Ink, labels: npt.NDArray[np.int32], chosen: list[_Part]) -> DigitInk:
    left, top = min(p.left for p in chosen), min(p.top for p in chosen)
    right, bottom = max(p.right for p in chosen), max(p.bottom for p in chosen)
    # The pale rims of strokes lie outside the mask: keep one stroke's width around it.
    rim = max(1, round(ink.stroke_width / 2))
    height, width = ink.mask.shape
    rows = slice(max(0, top - rim), min(height, bottom + rim))
    columns = slice(max(0, left - rim), min(width, right + rim))
    own = np.isin(labels[rows, columns], [p.label for p in chosen]).astype(np.uint8)
    reach = cv2.dilate(own, np.ones((2 * rim + 1, 2 * rim + 1), np.uint8))
    other = (labels[rows, columns] > 0) & (own == 0)
    strength = np.where((reach > 0) & ~other, ink.strength[rows, columns], np.float32(0))
    return DigitInk(strength.astype(np.float32), (left, top, right - left, bottom - top))
