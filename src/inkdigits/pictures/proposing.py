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

from inkdigits.pictures.neighbours import MOST_DASHES, Neighbours
from inkdigits.pictures.pieces import Connected, Piece, gap_between, join
from inkdigits.pictures.splitting import split

Floats = npt.NDArray[np.floating]

SURE = 0.9  # a lone piece this probable is a digit
_MOST_SLICES = 9
_LONGEST_RUN = 4
_SHORTEST = 0.5  # of the tallest slice: digits that touch are of about one size
_CUT_PRICE = 0.2  # for a cut through one stroke width of ink; grows with the square
_GAP_PRICE = 2.5  # for a gap as wide as the digit is high


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
    near = Neighbours(pieces, usual)
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
    known = [c for c in connected if len(c.pieces) <= MOST_DASHES]
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
