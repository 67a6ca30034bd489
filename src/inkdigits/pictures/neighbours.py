"""Which pieces of ink lie near one another, and what follows from it: a stroke's parts, or digits.

Pieces are numbered as they are given. What may be one digit are pairs and triples around a piece
that is no sure digit by itself or has its continuation above or below, and chains with small gaps,
as a dashed or failing pen leaves them. Prices are in units of the logarithm of a probability.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from inkdigits.pictures.pieces import Piece, bounds, box_gap

_NEAR = 0.3  # of the height: pieces nearer than this may belong together
_DASH_GAP = 0.16  # of the height: gaps in a stroke that the pen left out
MOST_DASHES = 12
_PART = 0.75  # of the writing's height: pieces smaller than this may be parts of one digit
_SMALL_PRICE = 1.0  # for taking a small piece for a digit
_STACKED_PRICE = 0.8  # for taking a piece for a digit that has its continuation above or below


class Neighbours:
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
            if 1 < len(chain) <= MOST_DASHES and self._fits(chain)
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
