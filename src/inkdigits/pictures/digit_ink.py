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
# What lies along the picture's edge counts only this much against what is free.
_ALONG_EDGE = 0.03
# So does a narrow part from one edge to another, in parts of its size squared.
_CROSSING, _NARROW = 0.2, 0.15
# Frames are sought among so many of the largest parts.
_MOST_FRAMES = 20
# A frame lies within this part of its shorter side of its own bounding box.
_FRAME_RIM = 0.12
# A picture smaller than this is a crop of a digit: what lies along its edge is the digit itself.
_LEAST_WITH_EDGES = 48
# From here on a part is free enough to be a stroke of a digit that is.
_FREE = 0.5
# Another part that has this much of the trunk's weight may be the digit instead.
_RIVAL = 0.1
_MOST_TRUNKS = 3


@dataclass(frozen=True, eq=False)
class DigitInk:
    """The ink of the digit.

    Attributes:
        strength: float32 [h, w] in [0, 1], cropped to the digit, other ink set to 0.
        weight: how much of it there is beside the likeliest in the picture, which has 1.
        box: left, top, width, height in the picture that the ink was found in.
    """

    strength: npt.NDArray[np.float32]
    weight: float
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


def choose_digit(ink: Ink, mask: Mask | None = None) -> list[DigitInk]:
    """What may be the digit's ink, the likeliest first; empty where the picture has no ink.

    Args:
        ink: the picture's ink.
        mask: the part of its mask to look at, such as that without ruled lines; all by default.
    """
    parts, labels = _parts(ink.mask if mask is None else mask)
    if not parts:
        return []
    if len(parts) == 1:
        return [_cut(ink, labels, parts, 1.0)]
    largest = sorted(parts, key=lambda p: -p.size)[:_MOST_FRAMES]
    frames = {p.label for p in largest if _is_frame(p, largest, labels)}
    candidates = [p for p in parts if p.label not in frames] or parts
    freedom = _freedom(parts, labels)
    weights = {p.label: p.area * freedom[p.label] for p in candidates}
    trunks = sorted(candidates, key=lambda p: -weights[p.label])
    best = weights[trunks[0].label]
    found: list[DigitInk] = []
    used: set[int] = set()
    for trunk in trunks[:_MOST_TRUNKS]:
        if trunk.label in used or weights[trunk.label] < _RIVAL * best:
            continue
        chosen = [trunk, *_broken_strokes(trunk, candidates, ink.stroke_width, freedom)]
        used |= {p.label for p in chosen}
        found.append(_cut(ink, labels, chosen, weights[trunk.label] / best))
    return found


def _parts(mask: Mask) -> tuple[list[_Part], npt.NDArray[np.int32]]:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.view(np.uint8), connectivity=8)
    parts = [
        _Part(label, int(x), int(y), int(x + w), int(y + h), int(area))
        for label, (x, y, w, h, area) in enumerate(stats[:count].tolist())
        if label > 0
    ]
    return parts, np.asarray(labels, np.int32)


def _freedom(parts: list[_Part], labels: npt.NDArray[np.int32]) -> dict[int, float]:
    """1 for a part that is free of the picture's edge, little for one that lies along it.

    A narrow part from one edge to another is the edge of a page or a finger, and free of neither.
    """
    count = int(labels.max()) + 1
    sides = (labels[0], labels[-1], labels[:, 0], labels[:, -1])
    if min(labels.shape) < _LEAST_WITH_EDGES:
        return dict.fromkeys((part.label for part in parts), 1.0)
    on_edge = np.array([np.bincount(side, minlength=count) for side in sides])
    freedom = {}
    for part in parts:
        touching = on_edge[:, part.label]
        free = 1 - 2 * float(touching.sum()) / part.size
        crosses = np.count_nonzero(touching) > 1 and part.area < _NARROW * part.size**2
        freedom[part.label] = max(_ALONG_EDGE, min(free, _CROSSING if crosses else 1.0))
    return freedom


def _is_frame(part: _Part, parts: list[_Part], labels: npt.NDArray[np.int32]) -> bool:
    """A part that runs along its own box on all sides and encloses another one: a box, a cell."""
    width, height = part.right - part.left, part.bottom - part.top
    inner = [
        p
        for p in parts
        if p.left > part.left
        and p.top > part.top
        and p.right < part.right
        and p.bottom < part.bottom
    ]
    if not any(p.size > 0.25 * min(width, height) for p in inner):
        return False
    own = labels[part.top : part.bottom, part.left : part.right] == part.label
    rim = max(1, round(_FRAME_RIM * min(width, height)))
    around = own.sum() - own[rim:-rim, rim:-rim].sum()
    reach = min(
        own[:rim].any(0).mean(),
        own[-rim:].any(0).mean(),
        own[:, :rim].any(1).mean(),
        own[:, -rim:].any(1).mean(),
    )
    return bool(around > 0.7 * part.area and reach > 0.7)


def _broken_strokes(
    trunk: _Part, parts: list[_Part], stroke: float, freedom: dict[int, float]
) -> list[_Part]:
    """The parts that belong to the trunk, found outwards from it."""
    chosen = [trunk]
    others = sorted((p for p in parts if p.label != trunk.label), key=lambda p: -p.area)
    left = others[:_MOST_STROKES]
    while True:
        near = [p for p in left if _belongs(p, chosen, trunk, stroke, freedom)]
        if not near:
            return chosen[1:]
        chosen += near
        left = [p for p in left if p not in near]


def _belongs(
    part: _Part, chosen: list[_Part], trunk: _Part, stroke: float, freedom: dict[int, float]
) -> bool:
    if part.area < max(_SPECK * trunk.area, 0.3 * stroke**2):
        return False
    if freedom[part.label] < _FREE <= freedom[trunk.label]:
        return False
    return any(_gap(part, other) <= _GAP * trunk.size for other in chosen)


def _gap(part: _Part, other: _Part) -> float:
    """The distance between the boxes of two parts."""
    across = max(part.left - other.right, other.left - part.right, 0)
    down = max(part.top - other.bottom, other.top - part.bottom, 0)
    return float(np.hypot(across, down))


def _cut(ink: Ink, labels: npt.NDArray[np.int32], chosen: list[_Part], weight: float) -> DigitInk:
    left, top = min(p.left for p in chosen), min(p.top for p in chosen)
    right, bottom = max(p.right for p in chosen), max(p.bottom for p in chosen)
    # The pale rims of strokes lie outside the mask: keep one stroke's width around it.
    rim = max(1, round(ink.stroke_width / 2))
    height, width = ink.mask.shape
    rows = slice(max(0, top - rim), min(height, bottom + rim))
    columns = slice(max(0, left - rim), min(width, right + rim))
    near = labels[rows, columns]
    if len(chosen) == 1:
        own = (near == chosen[0].label).view(np.uint8)
    else:
        is_chosen = np.zeros(int(near.max()) + 1, np.uint8)
        is_chosen[[p.label for p in chosen]] = 1
        own = is_chosen[near]
    reach = cv2.dilate(own, np.ones((2 * rim + 1, 2 * rim + 1), np.uint8))
    other = ink.mask[rows, columns] & (own == 0)
    strength = np.where((reach > 0) & ~other, ink.strength[rows, columns], np.float32(0))
    return DigitInk(strength, weight, (left, top, right - left, bottom - top))
