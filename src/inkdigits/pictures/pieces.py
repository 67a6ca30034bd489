"""Pieces of ink: the connected parts of an ink mask, each with its own soft-edged strength.

A piece is the atom of reading: a digit, a part of a broken digit, or several digits that touch.
`join` puts pieces together into the drawing that a network is asked about.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.pictures.reading import Box

Strength = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

_LINE = 12.0  # times as long as thick: a straight piece that is more so may be of a line
_GOES_ON = 1.15  # times as long as its dark part: what is so by paler ink may be a paler stroke
_CROSS = np.ones((3, 3), np.uint8)


@dataclass(frozen=True, eq=False)
class Piece:
    """Ink that hangs together.

    Attributes:
        box: the bounds of its mask in the picture.
        mask: bool [h, w] over the box.
        strength: float32 [h + 2, w + 2] in [0, 1]: the box and one pixel around it, so that soft
            edges are whole; ink of other pieces is not in it.
        area: number of pixels in the mask.
        depth: how far its ink is from the paper, in parts of 255 (the mean over its pixels).
    """

    box: Box
    mask: Mask
    strength: Strength
    area: int
    depth: float = 255.0


@dataclass(frozen=True, eq=False)
class Connected:
    """Pieces, by index, that are one by paler ink, and the drawing that they are with it."""

    pieces: tuple[int, ...]
    drawing: Piece


def find_pieces(
    mask: Mask,
    strength: Strength,
    least_area: float = 4,
    depth: npt.NDArray[np.uint8] | None = None,
) -> list[Piece]:
    """All connected parts of the mask with at least so many pixels; 8 neighbours connect."""
    _, labels, statistics, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    padded = np.pad(strength, 1)
    padded_labels = np.pad(labels, 1)
    pieces = []
    wanted = np.flatnonzero(statistics[1:, cv2.CC_STAT_AREA] >= least_area) + 1
    for label in wanted:
        x, y, width, height, area = (int(v) for v in statistics[label])
        around = padded_labels[y : y + height + 2, x : x + width + 2]
        own = around == label
        reach = cv2.dilate(own.astype(np.uint8), _CROSS).astype(bool) & (own | (around == 0))
        soft = np.where(reach, padded[y : y + height + 2, x : x + width + 2], np.float32(0))
        ink = own[1:-1, 1:-1]
        deep = 255.0
        if depth is not None:
            deep = float(depth[y : y + height, x : x + width][ink].mean())
        pieces.append(Piece((x, y, width, height), ink, soft, area, deep))
    return pieces


def join(pieces: Sequence[Piece]) -> Piece:
    """Several pieces as one."""
    if len(pieces) == 1:
        return pieces[0]
    box = bounds([piece.box for piece in pieces])
    mask = np.zeros((box[3], box[2]), bool)
    strength = np.zeros((box[3] + 2, box[2] + 2), np.float32)
    for piece in pieces:
        x, y, width, height = piece.box
        left, top = x - box[0], y - box[1]
        mask[top : top + height, left : left + width] |= piece.mask
        region = strength[top : top + height + 2, left : left + width + 2]
        np.maximum(region, piece.strength, out=region)
    area = sum(piece.area for piece in pieces)
    depth = sum(piece.area * piece.depth for piece in pieces) / area
    return Piece(box, mask, strength, area, depth)


def bounds(boxes: Sequence[Box]) -> Box:
    """The smallest box around all of these."""
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right = max(box[0] + box[2] for box in boxes)
    bottom = max(box[1] + box[3] for box in boxes)
    return (left, top, right - left, bottom - top)


def gap_between(one: Piece, other: Piece) -> float:
    """The shortest way from ink to ink, in pixels; 0 where they touch."""
    box = bounds([one.box, other.box])
    empty = np.ones((box[3], box[2]), np.uint8)
    _region(empty, box, one)[one.mask] = 0
    distance = cv2.distanceTransform(empty, cv2.DIST_L2, 3)
    return max(0.0, float(_region(distance, box, other)[other.mask].min()) - 1)


def _region(canvas: npt.NDArray[np.generic], box: Box, piece: Piece) -> npt.NDArray[np.generic]:
    left, top = piece.box[0] - box[0], piece.box[1] - box[1]
    return canvas[top : top + piece.box[3], left : left + piece.box[2]]


def box_gap(one: Box, other: Box) -> float:
    """The distance between two boxes in pixels; 0 where they meet or overlap."""
    across = max(one[0] - other[0] - other[2], other[0] - one[0] - one[2], 0)
    down = max(one[1] - other[1] - other[3], other[1] - one[1] - one[3], 0)
    return float(np.hypot(across, down))


def faintly_connected(
    pieces: Sequence[Piece], strength: Strength, removed: Mask, level: float = 0.25
) -> list[Connected]:
    """Which pieces hang together, or go on, by paler ink than the mask's.

    Args:
        pieces: the ink.
        strength: float32 [h, w] of the picture.
        removed: ink that is none of the pieces', such as lines.
        level: of the strength from which on ink counts here.
    """
    pale = ((strength > level) & ~removed).astype(np.uint8)
    _, labels, statistics, _ = cv2.connectedComponentsWithStats(pale)
    groups: dict[int, list[int]] = {}
    for index, piece in enumerate(pieces):
        x, y, _, _ = piece.box
        column = int(np.flatnonzero(piece.mask[0])[0])
        groups.setdefault(int(labels[y, x + column]), []).append(index)
    groups.pop(0, None)
    found = []
    for label, group in groups.items():
        x, y, width, height, area = (int(v) for v in statistics[label])
        dark = bounds([pieces[i].box for i in group])
        # What goes on beyond its dark part by more than a soft edge has.
        longer = max(width, height) > _GOES_ON * max(dark[2:]) + 2
        if len(group) == 1 and not longer:
            continue
        own = labels[y : y + height, x : x + width] == label
        soft = np.pad(np.where(own, strength[y : y + height, x : x + width], np.float32(0)), 1)
        drawing = Piece((x, y, width, height), own, soft.astype(np.float32), area)
        found.append(Connected(tuple(group), drawing))
    return found


def usual_height(pieces: Sequence[Piece], stroke_width: float) -> float:
    """The height that most ink has: the median over pieces that may be digits, by height."""
    likely = [
        piece
        for piece in pieces
        if max(piece.box[2:]) >= 2.5 * stroke_width and piece.area >= 2 * stroke_width**2
    ]
    # Thin straight strokes may be rests of lines, of any length.
    bent = [piece for piece in likely if piece.area * _LINE > max(piece.box[2:]) ** 2]
    heights = np.array([piece.box[3] for piece in bent or likely], float)
    if not len(heights):
        return 0.0
    heights.sort()
    weight = np.cumsum(heights)
    return float(heights[np.searchsorted(weight, weight[-1] / 2)])
