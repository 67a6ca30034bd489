"""Takes ruled lines, squared paper, form boxes and table rules out of an ink mask.

Strokes that cross a line stay whole: a pixel of a line is told from a pixel of a stroke by the
length of the run of ink across the line, short in a line and long where a stroke passes. A line
is straight, thin, and long beside the writing (`chains.py`); a frame is a line on all four sides
of other ink. What has no other ink beside it may be a digit, such as a 1, and stays.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.pictures.chains import Chain, Fragments, draw_corridors, find_fragments, link
from inkdigits.pictures.pieces import Mask
from inkdigits.pictures.reading import Box

_PAGE_SPAN = 0.3  # of the picture's side: a line may be this long or more
_LONG_TO_WRITING = 1.5  # the longest whole part of a line across, in heights of the writing
_UPRIGHT_TO_WRITING = 2.2  # and of an upright one, which must not be a 1
_LONG_TO_THICK = 15.0
_LINE = 12.0  # times as long as thick: what is more so is no measure of the writing
_GRID_LINES = 4  # so many in both directions make squared paper
_LEAST_INSIDE = 0.1  # ink that a frame must hold, in parts of the frame's own ink


@dataclass(frozen=True, eq=False)
class WithoutLines:
    """The mask without its lines, and the bounds of each line that was taken away."""

    mask: Mask
    lines: tuple[Box, ...]


@dataclass(frozen=True, eq=False)
class _Direction:
    """All chains of one direction; for the upright ones everything is transposed."""

    mask: Mask
    fragments: Fragments
    chains: list[Chain]

    def erased(self, chains: list[Chain]) -> Mask:
        """The pixels of these lines that belong to no stroke."""
        if not chains:
            return np.zeros(self.mask.shape, bool)
        thickness = np.zeros(int(self.fragments.labels.max()) + 1)
        for chain in chains:
            thickness[self.fragments.label[chain.fragments]] = chain.thickness
        limit = thickness[self.fragments.labels]
        runs = _runs_down(self.mask)
        return np.asarray((limit > 0) & (runs <= 1.5 * limit + 1), bool)


def remove_lines(mask: Mask, stroke_width: float) -> WithoutLines:
    """Remove the lines of paper and forms from a mask; the same mask where there are none."""
    if stroke_width <= 0 or min(mask.shape) < 24:
        return WithoutLines(mask, ())
    thickest = max(3, round(1.6 * stroke_width))
    flat, upright = _direction(mask, thickest), _direction(mask.T.copy(), thickest)
    chosen_flat, chosen_upright = _long_lines(mask, flat, upright, stroke_width)
    framed_flat, framed_upright = _frames(mask, flat, upright)
    chosen_flat = _distinct(chosen_flat + framed_flat)
    chosen_upright = _distinct(chosen_upright + framed_upright)
    if not chosen_flat and not chosen_upright:
        return WithoutLines(mask, ())
    cleaned = mask & ~flat.erased(chosen_flat) & ~upright.erased(chosen_upright).T
    corridor = draw_corridors(flat.fragments, chosen_flat, mask.shape)
    corridor |= draw_corridors(upright.fragments, chosen_upright, mask.shape[::-1]).T
    cleaned = _without_remains(cleaned, corridor)
    boxes = [_box(chain) for chain in chosen_flat]
    boxes += [(y, x, height, width) for x, y, width, height in map(_box, chosen_upright)]
    return WithoutLines(cleaned, tuple(boxes))


def _direction(mask: Mask, thickest: int) -> _Direction:
    fragments = find_fragments(mask, thickest)
    return _Direction(mask, fragments, link(fragments, thickest))


def _long_lines(
    mask: Mask, flat: _Direction, upright: _Direction, stroke_width: float
) -> tuple[list[Chain], list[Chain]]:
    """The lines that are long beside the picture and the writing."""
    height, width = mask.shape
    across = [c for c in flat.chains if _may_be_long(c, width)]
    down = [c for c in upright.chains if _may_be_long(c, height)]
    if not across and not down:
        return [], []
    whole_across = [c for c in across if c.covered >= 0.6 * c.span]
    whole_down = [c for c in down if c.covered >= 0.6 * c.span]
    rest = mask & ~flat.erased(whole_across) & ~upright.erased(whole_down).T
    writing = _writing_height(rest, stroke_width)
    if len(whole_across) >= _GRID_LINES and len(whole_down) >= _GRID_LINES:
        least = 1.5 * writing
        return (
            [c for c in whole_across if c.span > least],
            [c for c in whole_down if c.span > least],
        )
    if writing == 0:
        # Nothing else is there: upright lines alone may be ones; lines across are never digits.
        across = [c for c in whole_across if c.span >= 0.8 * width]
        return across, whole_down if len(across) >= 2 else []
    return (
        [c for c in across if c.longest > _LONG_TO_WRITING * writing],
        [c for c in down if c.longest > _UPRIGHT_TO_WRITING * writing],
    )


def _may_be_long(chain: Chain, side: int) -> bool:
    return (
        chain.span >= max(_PAGE_SPAN * side, _LONG_TO_THICK * chain.thickness)
        and chain.covered >= 0.25 * chain.span
    )


def _writing_height(mask: Mask, stroke_width: float) -> float:
    _, _, statistics, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    sizes, areas = statistics[1:, 2:4].astype(float), statistics[1:, cv2.CC_STAT_AREA]
    longer = sizes.max(axis=1, initial=0)
    wanted = (sizes.min(axis=1) >= 1.5 * stroke_width) & (areas >= 3 * stroke_width**2)
    bent = wanted & (areas * _LINE > longer**2)  # others may be rests of lines
    heights = np.sort(longer[bent if bent.any() else wanted])
    if not len(heights):
        return 0.0
    weight = np.cumsum(heights)
    return float(heights[np.searchsorted(weight, weight[-1] * 0.6)])


def _frames(mask: Mask, flat: _Direction, upright: _Direction) -> tuple[list[Chain], list[Chain]]:
    """The lines of boxes that are closed on four sides and hold other ink."""
    across = [c for c in flat.chains if _may_be_side(c)]
    down = sorted((c for c in upright.chains if _may_be_side(c)), key=lambda c: c.y_left)
    if len(across) < 2 or len(down) < 2 or len(across) * len(down) > 40_000:
        return [], []
    # For each upright line (transposed: left is its upper end) the lines across at its ends.
    upper = [_joined(across, side.y_left, side.left, side) for side in down]
    lower = [_joined(across, side.y_right, side.right, side) for side in down]
    found_across: list[Chain] = []
    found_down: list[Chain] = []
    for first, left in enumerate(down):
        for second in range(first + 1, len(down)):
            right = down[second]
            tops = [c for c in upper[first] & upper[second] if _alike(left, right, across[c])]
            feet = [c for c in lower[first] & lower[second] if _alike(left, right, across[c])]
            if not tops or not feet or set(tops) == set(feet):
                continue
            if _holds_ink(mask, left, right):
                found_down += [left, right]
                found_across += [across[c] for c in tops + feet]
                break
    return found_across, found_down


def _may_be_side(chain: Chain) -> bool:
    return chain.span >= max(12, 5 * chain.thickness) and chain.covered >= 0.4 * chain.span


def _joined(across: list[Chain], x: float, y: float, side: Chain) -> set[int]:
    """The lines across that pass the point, or end there."""
    near = max(4.0, 2 * side.thickness, 0.06 * side.span)
    return {
        number
        for number, line in enumerate(across)
        if line.left - near <= x <= line.right + near and abs(line.at(x) - y) <= near
    }


def _alike(left: Chain, right: Chain, line: Chain) -> bool:
    thickness = sorted([left.thickness, right.thickness, line.thickness])
    return thickness[2] <= 2 * thickness[0] + 1.5


def _holds_ink(mask: Mask, left: Chain, right: Chain) -> bool:
    """Whether something as tall as writing stands between two sides of a box."""
    edge = 2 * (left.thickness + 1)
    rows = slice(int(left.left + edge), int(left.right - edge) + 1)
    columns = slice(int(left.bottom + edge), int(right.top - edge) + 1)
    inside = mask[rows, columns]
    own = (left.span + right.span) * left.thickness
    if not inside.size or np.count_nonzero(inside) < _LEAST_INSIDE * own:
        return False
    ys = np.flatnonzero(inside.any(axis=1))
    return bool(ys[-1] - ys[0] > 0.3 * inside.shape[0])


def _without_remains(mask: Mask, corridor: Mask) -> Mask:
    """The mask without parts that lie wholly in the corridors of lines."""
    count, labels, statistics, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    outside = np.bincount(labels[~corridor & mask], minlength=count)
    keep = outside > 0.15 * statistics[:, cv2.CC_STAT_AREA]
    keep[0] = False
    return np.asarray(keep[labels], bool)


def _runs_down(mask: Mask) -> npt.NDArray[np.int32]:
    """For each pixel of the mask the length of the vertical run of ink that it lies in."""
    columns = np.pad(mask.T, ((0, 0), (0, 1)))
    flat = columns.ravel()
    changes = np.flatnonzero(np.diff(np.concatenate([[False], flat]).astype(np.int8)))
    lengths = changes[1::2] - changes[::2]
    runs = np.zeros(flat.shape, np.int32)
    runs[flat] = np.repeat(lengths, lengths)
    return np.asarray(runs.reshape(columns.shape)[:, :-1].T)


def _distinct(chains: list[Chain]) -> list[Chain]:
    return list({id(chain): chain for chain in chains}.values())


def _box(chain: Chain) -> Box:
    half = chain.thickness / 2
    top = max(0, int(chain.top - half))
    return (
        int(chain.left),
        top,
        max(1, round(chain.span)),
        max(1, round(chain.bottom + half + 1) - top),
    )
