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

from inkdigits.pictures.chains import STEEPEST, Chain, Fragments, draw_corridors, find_fragments, link
from inkdigits.pictures.pieces import Mask
from inkdigits.pictures.reading import Box

_PAGE_SPAN = 0.3  # of the picture's side: a line may be this long or more
_LONG_TO_WRITING = 2.2
_LONG_IN_GRID = 1.5
_SIDE = 0.75  # of a frame's side that a line must cover
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
    framed_flat, framed_upright = _frames(mask, flat, upright, thickest)
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
    long_flat = [c for c in flat.chains if _is_long(c, width)]
    long_upright = [c for c in upright.chains if _is_long(c, height)]
    if not long_flat and not long_upright:
        return [], []
    rest = mask & ~flat.erased(long_flat) & ~upright.erased(long_upright).T
    writing = _writing_height(rest, stroke_width)
    is_grid = len(long_flat) >= 2 and len(long_upright) >= 2
    if writing == 0:
        # Nothing else is there: upright lines alone may be ones; lines across are never digits.
        return long_flat, long_upright if is_grid else []
    limit = writing * (_LONG_IN_GRID if is_grid else _LONG_TO_WRITING)

    def longer(chains: list[Chain]) -> list[Chain]:
        return [chain for chain in chains if chain.span > limit and chain.covered > writing]

    def longer_or_alike(chains: list[Chain], others: list[Chain]) -> list[Chain]:
        """Also the shorter rest of lines, where the paper is ruled: as thin, as straight."""
        sure = longer(chains)
        if len(sure) < 2:
            return sure
        thickness = float(np.median([chain.thickness for chain in sure]))
        return sure + [
            chain
            for chain in others
            if chain not in sure
            and chain.thickness <= 1.3 * thickness + 0.5
            and chain.span > limit
            and chain.covered > 0.5 * chain.span
        ]

    return longer_or_alike(long_flat, flat.chains), longer_or_alike(long_upright, upright.chains)


def _is_long(chain: Chain, side: int) -> bool:
    return chain.span >= _PAGE_SPAN * side and chain.covered >= 0.3 * chain.span


def _writing_height(mask: Mask, stroke_width: float) -> float:
    _, _, statistics, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    sizes, areas = statistics[1:, 2:4].astype(float), statistics[1:, cv2.CC_STAT_AREA]
    wanted = (sizes.min(axis=1) >= 1.5 * stroke_width) & (areas >= 3 * stroke_width**2)
    heights = np.sort(sizes[wanted].max(axis=1))
    if not len(heights):
        return 0.0
    weight = np.cumsum(heights)
    return float(heights[np.searchsorted(weight, weight[-1] * 0.6)])


def _frames(
    mask: Mask, flat: _Direction, upright: _Direction, thickest: int
) -> tuple[list[Chain], list[Chain]]:
    """The lines of boxes that are closed on four sides and hold other ink."""
    if len(flat.chains) < 2 or len(upright.chains) < 2:
        return [], []
    _, labels, statistics, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    across = _by_part(flat, labels)
    down = _by_part(upright, labels.T)
    found_flat: list[Chain] = []
    found_upright: list[Chain] = []
    for part in set(across) & set(down):
        x, y, width, height, area = (int(v) for v in statistics[part])
        if min(width, height) < 6 * thickest / 1.6:
            continue
        long_across = [c for c in across[part] if c.covered >= _SIDE * width]
        long_down = [c for c in down[part] if c.covered >= _SIDE * height]
        if not _closes(long_across, y, height, width) or not _closes(long_down, x, width, height):
            continue
        region = (slice(y, y + height), slice(x, x + width))
        own = sum(c.covered * c.thickness for c in long_across + long_down)
        inside = int(np.count_nonzero(mask[region])) - own
        if inside >= _LEAST_INSIDE * own and inside >= 2 * thickest**2:
            found_flat += long_across
            found_upright += long_down
    return found_flat, found_upright


def _by_part(direction: _Direction, labels: npt.NDArray[np.int32]) -> dict[int, list[Chain]]:
    """The chains in each connected part of the ink."""
    found: dict[int, list[Chain]] = {}
    fragments = direction.fragments
    ys, xs = np.nonzero(fragments.labels)
    part_of = np.zeros(int(fragments.labels.max()) + 1, np.intp)
    part_of[fragments.labels[ys, xs]] = labels[ys, xs]
    for chain in direction.chains:
        for part in set(part_of[fragments.label[chain.fragments]].tolist()):
            found.setdefault(part, []).append(chain)
    return found


def _closes(chains: list[Chain], start: int, extent: int, length: int) -> bool:
    """Whether a line lies at either end of the extent, allowing for the page's slant."""
    if len(chains) < 2:
        return False
    reach = 0.12 * extent + STEEPEST / 2 * min(length, extent)
    return (
        min(c.top for c in chains) < start + reach
        and max(c.bottom for c in chains) > start + extent - reach
        and max(c.bottom for c in chains) - min(c.top for c in chains) > 0.7 * extent
    )


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
