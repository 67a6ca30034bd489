"""Proposes which ink may be a digit: pieces alone, near pieces together, slices of pieces.

Atoms are pieces, or slices of pieces that may hold several digits that touch. A hypothesis is a set
of atoms that may be one digit, with a price: what cuts through ink, gaps to bridge and smallness
speak against it, in units of the logarithm of a probability. Only around pieces that the network
does not take for digits by themselves are there other hypotheses, so a clean page has few.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from inkdigits.pictures.pieces import Connected, Piece, bounds, box_gap, gap_between, join
from inkdigits.pictures.splitting import split

Floats = npt.NDArray[np.floating]

SURE = 0.9  # a lone piece this probable is a digit
_MOST_SLICES = 9
_LONGEST_RUN = 4
_SHORTEST = 0.5  # of the tallest slice: digits that touch are of about one size
_NEAR = 0.3  # of the height: pieces nearer than this may belong together
_DASH_GAP = 0.16  # of the height: gaps in a stroke that the pen left out
_MOST_DASHES = 12
_PART = 0.75  # of the writing's height: pieces smaller than this may be parts of one digit
_CUT_PRICE = 0.2  # for a cut through one stroke width of ink; grows with the square
_GAP_PRICE = 2.5  # for a gap as wide as the digit is high
_SMALL_PRICE = 1.0  # for taking a small piece for a digit
_STACKED_PRICE = 0.8  # for taking a piece for a digit that has its continuation above or below


@dataclass(frozen=True, eq=False)
class Hypothesis:
    """Ink that may be one digit; `family` is the number of the piece that it is cut from, or -1."""

    atoms: frozenset[int]
    piece: Piece
    price: float
    family: int = -1


@dataclass(eq=False)
class Proposals:
    """All hypotheses; the first ones are the pieces alone, in order.

    `slices` are the atoms that are cut from pieces.
    """

    pieces: int = 0
    atoms: list[Piece] = field(default_factory=list)
    slices: set[int] = field(default_factory=set)
    hypotheses: list[Hypothesis] = field(default_factory=list)


def propose(
    pieces: Sequence[Piece],
    lone: Floats,
    stroke_width: float,
    usual: float,
    connected: Sequence[Connected],
) -> Proposals:
    """Hypotheses about pieces.

    Args:
        pieces: the ink.
        lone: for each piece the probability that it is a digit by itself.
        stroke_width: of the writing, in pixels.
        usual: the height of the writing, in pixels.
        connected: pieces that hang together by paler ink; joining them costs nothing.
    """
    proposals = Proposals(len(pieces))
    near = _Neighbours(pieces, usual)
    atoms_of: list[list[int]] = []
    later: list[Hypothesis] = []
    for index, (piece, probability) in enumerate(zip(pieces, lone, strict=True)):
        slices, costs = _cuts(piece, float(probability), stroke_width, usual)
        first = len(proposals.atoms)
        proposals.atoms += slices
        own = list(range(first, first + len(slices)))
        atoms_of.append(own)
        if len(own) > 1:
            proposals.slices.update(own)
            later += _runs(slices, costs, first, index)
        price = near.price_alone(index)
        proposals.hypotheses.append(Hypothesis(frozenset(own), piece, price))
    groups = near.groups(np.flatnonzero(lone < SURE))
    known = [c for c in connected if len(c.pieces) <= _MOST_DASHES]
    for pale in known:
        if len(pale.pieces) > 1 or lone[pale.pieces[0]] < SURE:
            atoms = frozenset(atom for i in pale.pieces for atom in atoms_of[i])
            later.append(Hypothesis(atoms, pale.drawing, 0.0))
    free = {c.pieces for c in known if len(c.pieces) > 1}
    for group in sorted(free | groups):
        members = [pieces[i] for i in group]
        joined = join(members)
        height = max(joined.box[3], 0.6 * joined.box[2])
        price = 0.0
        if not any(set(group) <= set(pale) for pale in free):
            price = _GAP_PRICE * _widest_gap(members) / height + 0.03 * len(group)
        atoms = frozenset(atom for i in group for atom in atoms_of[i])
        later.append(Hypothesis(atoms, joined, price))
    proposals.hypotheses += later
    return proposals


def _cuts(
    piece: Piece, probability: float, stroke_width: float, usual: float
) -> tuple[list[Piece], list[float]]:
    """Slices of a piece that may be several digits; the piece itself where it is plainly one."""
    _, _, width, height = piece.box
    is_wide = width > 1.25 * height
    if (probability >= SURE and not is_wide) or width < 0.45 * height or width < 6:
        return [piece], []
    if height < 0.45 * usual or height < 8:
        return [piece], []
    most = min(_MOST_SLICES - 1, 3 + round(2.2 * width / height))
    return split(piece, stroke_width, most)


def _runs(
    slices: Sequence[Piece], costs: Sequence[float], first: int, family: int
) -> list[Hypothesis]:
    """All runs of neighbouring slices but the whole."""
    hypotheses = []
    tallest = max(piece.box[3] for piece in slices)
    for start in range(len(slices)):
        for end in range(start + 1, min(len(slices), start + _LONGEST_RUN) + 1):
            if end - start == len(slices):
                continue
            part = join(slices[start:end])
            if part.box[3] < _SHORTEST * tallest:
                continue
            cuts = [costs[start - 1]] if start else []
            cuts += [costs[end - 1]] if end < len(slices) else []
            price = 0.1 + _CUT_PRICE * max(cut**2 for cut in cuts)
            atoms = frozenset(range(first + start, first + end))
            hypotheses.append(Hypothesis(atoms, part, price, family))
    return hypotheses


class _Neighbours:
    """Pieces that lie near one another, and what follows from it."""

    def __init__(self, pieces: Sequence[Piece], usual: float) -> None:
        self._pieces = pieces
        self._usual = usual
        self._boxes = np.array([piece.box for piece in pieces], float).reshape(-1, 4)

    def price_alone(self, index: int) -> float:
        """What it costs to take a piece for a whole digit."""
        _, _, width, height = self._boxes[index]
        size = max(height, 0.6 * width)
        price = _SMALL_PRICE if size < 0.4 * self._usual else 0.0
        others = self._around(index, _NEAR)
        if any(self._boxes[other, 3] > 2.2 * size for other in others):
            price += 2 * _SMALL_PRICE
        if any(self._is_stacked(index, other) for other in others):
            price += _STACKED_PRICE
        return price

    def groups(self, unsure: npt.NDArray[np.intp]) -> set[tuple[int, ...]]:
        """Sets of pieces that may be one digit, each with a piece that is unsure, or stacked."""
        groups: set[tuple[int, ...]] = set()
        if len(self._pieces) < 2:
            return groups
        stacked = [
            index
            for index in range(len(self._pieces))
            if any(self._is_stacked(index, other) for other in self._around(index, _NEAR))
        ]
        neighbours: dict[int, list[int]] = {}
        for index in {*unsure.tolist(), *stacked}:
            near = [other for other in self._around(index, _NEAR) if self._may_join(index, other)]
            neighbours[index] = sorted(near, key=lambda o: -self._pieces[o].area)[:4]
        for index, near in neighbours.items():
            for position, other in enumerate(near):
                groups.add(_ordered(index, other))
                groups.update(_ordered(index, other, third) for third in near[position + 1 :])
                groups.update(
                    _ordered(index, other, third)
                    for third in neighbours.get(other, [])
                    if third != index
                )
        size = self._boxes[:, 2:].max(axis=1)
        small = set(np.flatnonzero(size < _PART * self._usual).tolist())
        dashed = self._dashed(set(neighbours), _DASH_GAP) | self._dashed(small, _NEAR)
        return groups | dashed

    def _dashed(self, loose: set[int], reach: float) -> set[tuple[int, ...]]:
        """Chains of pieces with small gaps, as a dashed or failing pen leaves them."""
        parent = {index: index for index in loose}

        def root(index: int) -> int:
            while parent[index] != index:
                index = parent[index]
            return index

        for index in loose:
            for other in self._around(index, reach):
                if other in parent:
                    parent[root(index)] = root(other)
        chains: dict[int, list[int]] = {}
        for index in loose:
            chains.setdefault(root(index), []).append(index)
        return {
            _ordered(*chain)
            for chain in chains.values()
            if 1 < len(chain) <= _MOST_DASHES and self._fits(chain)
        }

    def _around(self, index: int, reach: float) -> list[int]:
        x, y, width, height = self._boxes[index]
        size = np.maximum(np.maximum(self._boxes[:, 3], height), 0.8 * self._usual)
        boxes = self._boxes
        across = np.maximum(x - boxes[:, 0] - boxes[:, 2], boxes[:, 0] - x - width)
        down = np.maximum(y - boxes[:, 1] - boxes[:, 3], boxes[:, 1] - y - height)
        near = np.hypot(np.maximum(across, 0), np.maximum(down, 0)) <= reach * size
        near[index] = False
        return [int(i) for i in np.flatnonzero(near)]

    def _may_join(self, one: int, other: int) -> bool:
        tall = max(self._boxes[one, 3], self._boxes[other, 3], 0.8 * self._usual)
        gap = box_gap(self._pieces[one].box, self._pieces[other].box)
        return gap <= _NEAR * tall and self._fits([one, other])

    def _fits(self, members: Sequence[int]) -> bool:
        """Whether these pieces together are no larger than a digit here may be."""
        tall = max(0.8 * self._usual, *(float(self._boxes[i, 3]) for i in members))
        union = bounds([self._pieces[i].box for i in members])
        return union[3] <= 2.0 * tall and union[2] <= 1.8 * tall

    def _is_stacked(self, one: int, other: int) -> bool:
        """Whether the pieces stand above each other and together are no taller than a digit."""
        a, b = self._boxes[one], self._boxes[other]
        shared = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
        overlap = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
        total = max(a[1] + a[3], b[1] + b[3]) - min(a[1], b[1])
        return bool(
            shared > 0.4 * min(a[2], b[2])
            and overlap < 0.2 * min(a[3], b[3])
            and total <= 1.3 * self._usual
        )


def _ordered(*indices: int) -> tuple[int, ...]:
    return tuple(sorted(indices))


def _widest_gap(pieces: Sequence[Piece]) -> float:
    """The widest gap that joining these pieces bridges, each to the nearest before it."""
    joined, left = [pieces[0]], list(pieces[1:])
    widest = 0.0
    while left:
        gap, number = min(
            (min(gap_between(piece, other) for other in joined), number)
            for number, piece in enumerate(left)
        )
        widest = max(widest, gap)
        joined.append(left.pop(number))
    return widest
