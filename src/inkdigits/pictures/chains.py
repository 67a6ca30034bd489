"""Finds straight thin lines in an ink mask, near horizontal: fragments first, then chains of them.

A fragment is a connected set of pixels whose vertical run of ink is short; it must be straight.
Strokes that cross a line, and gaps in it, part it into several fragments; those that continue one
another make a chain. Vertical lines are found as the horizontal ones of the transposed mask.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.pictures.pieces import Mask

Floats = npt.NDArray[np.float64]

STEEPEST = 0.36  # the slope of lines that are looked for, about 20 degrees
_MOST_FRAGMENTS = 2500
_LEAST_LENGTH = 6  # pixels


@dataclass(frozen=True, eq=False)
class Fragments:
    """Straight thin parts; `labels` int32 [h, w] numbers pixels, the others are [n], in pixels.

    `middle` and `centre` are the x and y of the middle, `thickness` counts pixels downward.
    """

    labels: npt.NDArray[np.int32]
    label: npt.NDArray[np.intp]
    left: Floats
    right: Floats
    middle: Floats
    centre: Floats
    slope: Floats
    thickness: Floats

    def at(self, x: Floats) -> Floats:
        """The y of each fragment's line at an x of its own."""
        return np.asarray(self.centre + self.slope * (x - self.middle), float)


@dataclass(frozen=True, eq=False)
class Chain:
    """A line: the indices of its fragments from left to right, and its extent in pixels.

    `covered` is the length of all fragments together, `longest` that of the longest part without
    a gap that matters.
    """

    fragments: npt.NDArray[np.intp]
    left: float
    right: float
    y_left: float
    y_right: float
    covered: float
    longest: float
    thickness: float

    @property
    def span(self) -> float:
        """The length from end to end."""
        return self.right - self.left

    @property
    def top(self) -> float:
        """The y of the higher end."""
        return min(self.y_left, self.y_right)

    @property
    def bottom(self) -> float:
        """The y of the lower end."""
        return max(self.y_left, self.y_right)

    def at(self, x: float) -> float:
        """The y of the line at x."""
        along = (x - self.left) / max(self.span, 1.0)
        return self.y_left + along * (self.y_right - self.y_left)


def find_fragments(mask: Mask, thickest: int) -> Fragments:
    """All straight parts that are at most so many pixels thick and clearly longer than thick."""
    ink = mask.astype(np.uint8)
    thick = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((thickest + 1, 1), np.uint8))
    thin = cv2.subtract(ink, np.asarray(thick, np.uint8))
    count, labels, statistics, _ = cv2.connectedComponentsWithStats(thin)
    width = statistics[:, cv2.CC_STAT_WIDTH].astype(float)
    area = statistics[:, cv2.CC_STAT_AREA].astype(float)
    thickness = area / width
    possible = (width >= _LEAST_LENGTH) & (width >= 3 * thickness)
    possible &= statistics[:, cv2.CC_STAT_HEIGHT] <= STEEPEST * width + thickest + 2
    possible[0] = False
    chosen = np.flatnonzero(possible)
    if len(chosen) > _MOST_FRAGMENTS:
        chosen = np.sort(chosen[np.argsort(-width[chosen])[:_MOST_FRAGMENTS]])
    if len(chosen) == 0:
        none = np.empty(0)
        lines = np.asarray(labels, np.int32)
        return Fragments(lines, chosen, none, none, none, none, none, none)
    number = np.full(count, -1)
    number[chosen] = np.arange(len(chosen))
    ys, xs = np.nonzero(possible[labels])
    own = number[labels[ys, xs]]
    inside = own >= 0
    ys, xs, own = ys[inside].astype(float), xs[inside].astype(float), own[inside]

    def mean(values: Floats) -> Floats:
        total = np.bincount(own, values, minlength=len(chosen))
        return np.asarray(total / area[chosen], float)

    middle, centre = mean(xs), mean(ys)
    spread = np.maximum(mean(xs * xs) - middle**2, 1e-6)
    shared = mean(xs * ys) - middle * centre
    slope = shared / spread
    off = np.sqrt(np.maximum(mean(ys * ys) - centre**2 - slope * shared, 0))
    straight = off <= 0.35 * thickness[chosen] + 0.5 + 0.012 * width[chosen]
    straight &= np.abs(slope) <= STEEPEST
    left = statistics[chosen, cv2.CC_STAT_LEFT].astype(float)
    return Fragments(
        labels=np.asarray(labels, np.int32),
        label=chosen[straight],
        left=left[straight],
        right=(left + width[chosen])[straight],
        middle=middle[straight],
        centre=centre[straight],
        slope=slope[straight],
        thickness=thickness[chosen][straight],
    )


def link(fragments: Fragments, thickest: int) -> list[Chain]:
    """Chains of fragments that continue one another, longest first."""
    count = len(fragments.label)
    if count == 0:
        return []
    length = fragments.right - fragments.left
    slope = _common_slope(fragments.slope, length)
    # A short fragment's own slope says little: lean on the page's.
    trust = np.minimum(length / (12 * fragments.thickness + 40), 1)
    steady = trust * fragments.slope + (1 - trust) * slope
    gap = fragments.left[None, :] - fragments.right[:, None]
    bridge = np.maximum(6 * thickest, 2.5 * np.maximum(length[None, :], length[:, None]))
    near = (gap > -3) & (gap < bridge)
    from_here = fragments.centre + steady * (fragments.right - fragments.middle)
    from_there = fragments.centre + steady * (fragments.left - fragments.middle)
    mean_slope = (steady[None, :] + steady[:, None]) / 2
    off = np.abs(from_there[None, :] - from_here[:, None] - mean_slope * gap)
    tolerance = 1 + 0.4 * fragments.thickness
    near &= off <= np.minimum(tolerance[None, :], tolerance[:, None]) + 0.012 * np.maximum(gap, 0)
    # Each fragment goes on in the nearest one only.
    reach = np.where(near, gap, np.inf)
    following = reach.argmin(axis=1)
    ends = ~np.isfinite(reach[np.arange(count), following])
    following[ends] = -1
    taken = np.full(count, -1)
    for index in np.argsort(reach.min(axis=1)):
        if following[index] >= 0:
            if taken[following[index]] >= 0:
                following[index] = -1
            else:
                taken[following[index]] = index
    chains = []
    for start in np.flatnonzero(taken < 0):
        members = [int(start)]
        while following[members[-1]] >= 0 and len(members) <= count:
            members.append(int(following[members[-1]]))
        chains.append(_chain(fragments, np.array(members), 1.5 * thickest))
    return sorted(chains, key=lambda chain: -chain.covered)


def _common_slope(slopes: Floats, lengths: Floats) -> float:
    order = np.argsort(slopes)
    weight = np.cumsum(lengths[order] ** 2)
    return float(slopes[order][np.searchsorted(weight, weight[-1] / 2)])


def _chain(fragments: Fragments, members: npt.NDArray[np.intp], small_gap: float) -> Chain:
    left, right = fragments.left[members], fragments.right[members]
    first, last = members[int(left.argmin())], members[int(right.argmax())]
    lengths = right - left
    return Chain(
        fragments=members,
        left=float(left.min()),
        right=float(right.max()),
        y_left=float(fragments.at(fragments.left)[first]),
        y_right=float(fragments.at(fragments.right)[last]),
        covered=float(lengths.sum()),
        longest=_longest(left, right, small_gap),
        thickness=float((fragments.thickness[members] * lengths).sum() / lengths.sum()),
    )


def _longest(left: Floats, right: Floats, small_gap: float) -> float:
    breaks = np.flatnonzero(left[1:] - right[:-1] > small_gap) + 1
    starts, ends = np.append(0, breaks), np.append(breaks, len(left)) - 1
    return float((right[ends] - left[starts]).max())


def draw_corridors(fragments: Fragments, chains: list[Chain], shape: tuple[int, ...]) -> Mask:
    """The pixels that lie in a line or between its fragments, a little wider than the line."""
    corridor = np.zeros(shape, np.uint8)
    y_left, y_right = fragments.at(fragments.left), fragments.at(fragments.right)
    for chain in chains:
        points = []
        for index in chain.fragments:
            points += [(fragments.left[index], y_left[index])]
            points += [(fragments.right[index], y_right[index])]
        path = np.array(points).round().astype(np.int32).reshape(-1, 1, 2)
        cv2.polylines(corridor, [path], False, 1, round(chain.thickness) + 4)
    return corridor.astype(bool)
