"""Orders digits as a person reads them: rows from top to bottom, groups in them, left to right.

The slope of the writing is found first, for the whole page: the angle at which neighbours lie most
exactly beside each other. Then digits are taken from left to right and each joins the row that it
overlaps most in height, so that rows may bend, drift, and lie closer than their digits are tall.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inkdigits.pictures.reading import Box

Floats = npt.NDArray[np.float64]

_STEEPEST = 18.0  # degrees
_NEIGHBOURS = 10
_LEAST_OVERLAP = 0.45
# A gap is wide when it is this many times the usual gap and this part of the digits' height.
_WIDE_TO_USUAL = 1.9
_WIDE_TO_HEIGHT = 0.8
_WIDE_ALONE = 2.5


@dataclass(frozen=True)
class Layout:
    """Rows of groups of indices into the boxes, in reading order; the slope in degrees.

    A positive slope goes down to the right.
    """

    rows: tuple[tuple[tuple[int, ...], ...], ...]
    slope: float


def find_layout(boxes: Sequence[Box], expect_rows: int | None = None) -> Layout:
    """Rows and groups of these boxes."""
    if not boxes:
        return Layout((), 0.0)
    array = np.array(boxes, float)
    centres = array[:, :2] + array[:, 2:] / 2
    heights = np.maximum(array[:, 3], 0.5 * float(np.median(array[:, 3])))
    slope = find_slope(centres, heights)
    level = _levelled(centres, slope)
    rows = _trace(level, heights)
    if expect_rows is not None and len(rows) != expect_rows:
        rows = _by_gaps(level[:, 1], expect_rows)
    rows.sort(key=lambda row: float(level[row, 1].mean()))
    ordered = [sorted(row, key=lambda i: float(level[i, 0])) for row in rows]
    return Layout(_grouped(ordered, level, array), slope)


def find_slope(centres: Floats, heights: Floats) -> float:
    """The slope of the writing in degrees, 0 where too little speaks for another."""
    count = len(centres)
    if count < 3:
        return 0.0
    across = centres[None, :, 0] - centres[:, None, 0]
    down = centres[None, :, 1] - centres[:, None, 1]
    height = np.minimum(heights[None, :], heights[:, None])
    # Pairs one of which lies to the right of the other, not too far, and not too steep.
    beside = (across > 0.4 * height) & (np.abs(down) < 0.45 * across + 0.3 * height)
    distance = np.where(beside, np.hypot(across, 2 * down), np.inf)
    nearest = np.argsort(distance, axis=1)[:, :_NEIGHBOURS]
    first = np.repeat(np.arange(count), nearest.shape[1])
    second = nearest.ravel()
    valid = np.isfinite(distance[first, second]) & (
        distance[first, second] < 9 * height[first, second]
    )
    first, second = first[valid], second[valid]
    if len(first) < 2:
        return 0.0
    pair_across, pair_down = across[first, second], down[first, second]
    tolerance = 0.22 * height[first, second]
    angles = np.arange(-_STEEPEST, _STEEPEST + 0.5, 1.0)
    slopes = np.tan(np.radians(angles))[:, None]
    off = (pair_down[None] - slopes * pair_across[None]) / tolerance[None]
    evidence = np.exp(-np.minimum(off**2, 50)).sum(axis=1)
    evidence = evidence * (1 - 0.006 * np.abs(angles))
    best = float(angles[int(np.argmax(evidence))])
    # Refine: the weighted mean slope of the pairs that agree with the best angle.
    off = (pair_down - np.tan(np.radians(best)) * pair_across) / tolerance
    agree = np.abs(off) < 1.2
    if not agree.any():
        return best
    fitted = (pair_down * pair_across)[agree].sum() / (pair_across**2)[agree].sum()
    return float(np.degrees(np.arctan(fitted)))


def _levelled(centres: Floats, slope: float) -> Floats:
    angle = np.radians(slope)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return np.asarray(centres @ turn.T, float)


def _trace(level: Floats, heights: Floats) -> list[list[int]]:
    rows: list[list[int]] = []
    ends: list[tuple[float, float]] = []  # for each row the mean y and height of its last three
    ys, tall = level[:, 1].tolist(), heights.tolist()
    for index in np.argsort(level[:, 0], kind="stable").tolist():
        y, height = ys[index], tall[index]
        best, best_overlap = -1, _LEAST_OVERLAP
        for number, (row_y, row_height) in enumerate(ends):
            # Centres that lie close say the same for digits of unlike heights.
            away = abs(y - row_y)
            overlap = min((height + row_height) / 2 - away, height, row_height)
            overlap = overlap / min(height, row_height) - 0.3 * away / max(height, row_height)
            if overlap > best_overlap:
                best, best_overlap = number, overlap
        if best < 0:
            best = len(rows)
            rows.append([])
            ends.append((y, height))
        rows[best].append(index)
        last = rows[best][-3:]
        ends[best] = (sum(ys[i] for i in last) / len(last), sum(tall[i] for i in last) / len(last))
    return rows


def _by_gaps(ys: Floats, count: int) -> list[list[int]]:
    """So many rows, parted where the heights of centres lie farthest apart."""
    order = np.argsort(ys)
    count = min(count, len(ys))
    steps = np.diff(ys[order])
    cuts = np.sort(np.argsort(steps)[::-1][: count - 1]) + 1
    return [[int(i) for i in part] for part in np.split(order, cuts)]


def _grouped(
    rows: list[list[int]], level: Floats, boxes: Floats
) -> tuple[tuple[tuple[int, ...], ...], ...]:
    every = []
    for row in rows:
        height = float(np.median(boxes[row, 3]))
        left = level[row, 0] - boxes[row, 2] / 2
        right = level[row, 0] + boxes[row, 2] / 2
        every.append(np.maximum(left[1:] - right[:-1], 0) / max(height, 1.0))
    all_gaps = np.concatenate(every) if every else np.zeros(0)
    page_usual = float(np.median(all_gaps)) if len(all_gaps) else 0.0
    grouped = []
    for row, gaps in zip(rows, every, strict=True):
        usual = float(np.median(gaps)) if len(gaps) >= 4 else page_usual
        usual = min(usual, max(page_usual, 0.15))
        if len(all_gaps) < 3:
            wide = gaps > _WIDE_ALONE
        else:
            wide = gaps > max(_WIDE_TO_HEIGHT, _WIDE_TO_USUAL * usual + 0.15)
        cuts = np.flatnonzero(wide) + 1
        grouped.append(tuple(tuple(int(i) for i in g) for g in np.split(np.array(row), cuts)))
    return tuple(grouped)
