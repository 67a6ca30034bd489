"""From pieces of ink to digits: which pieces belong together, and which hold several digits.

Every piece is shown to the network alone first. What it takes for a digit with certainty stays as
it is. Around the others hypotheses are made: with near pieces (broken strokes), and cut into
slices (touching digits). The network judges them all in one batch, and the best set of hypotheses
that share no ink is chosen (`partition.py`). A hypothesis scores the logarithm of its probability,
weighed by its ink, less a price for cuts through ink and for gaps that it bridges; so a digit is
neither favoured nor harmed for being made of many pieces.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from inkdigits.pictures.judging import ask
from inkdigits.pictures.normalise import normalise
from inkdigits.pictures.partition import MOST_ATOMS, Choice, best_choices, choose
from inkdigits.pictures.pieces import Piece, bounds, box_gap, gap_between, join
from inkdigits.pictures.reading import Classify, Crop
from inkdigits.pictures.splitting import split

_SURE = 0.9  # a lone piece this probable is a digit and needs no other hypotheses
_LEFT_OUT = float(np.log(0.12))  # the score of ink that is no digit, per unit of ink
_SLICE_LEFT_OUT = 3 * _LEFT_OUT  # and of a slice: what is cut is all digits, or none of it is
_MOST_SLICES = 7
_NEAR = 0.3  # of the height: pieces nearer than this may belong together
_CUT_PRICE = 0.35  # per stroke width that a cut crosses
_SMALL_PRICE = 1.0  # for taking a small piece for a digit
_MOST_CONNECTED = 8
_GAP_PRICE = 2.5  # per height that a gap bridges
# Many pieces of which fewer than this part look like digits are noise or a texture: nothing is
# joined or cut there, which would take long and only find more that happens to look like a digit.
_MANY = 300
_WRITING = 0.25


@dataclass(frozen=True, eq=False)
class Found:
    """A drawing that may be a digit: its ink, the network's crop, the best probability."""

    piece: Piece
    crop: Crop
    probability: float


@dataclass(frozen=True, eq=False)
class _Hypothesis:
    atoms: frozenset[int]
    piece: Piece
    price: float


@dataclass(eq=False)
class _Proposals:
    """Atoms are pieces or slices of pieces; hypotheses are about sets of atoms.

    The first hypotheses are the pieces alone, in order; `slices` are the atoms cut from pieces.
    """

    pieces: int = 0
    atoms: list[Piece] = field(default_factory=list)
    slices: set[int] = field(default_factory=set)
    hypotheses: list[_Hypothesis] = field(default_factory=list)


def find_digits(
    pieces: Sequence[Piece],
    classify: Classify,
    stroke_width: float,
    usual: float,
    connected: Sequence[tuple[int, ...]] = (),
    expect: int | None = None,
) -> list[Found]:
    """The best reading of the pieces as digits and rest: every drawing that is not left out.

    Args:
        pieces: the ink.
        classify: the network.
        stroke_width: of the writing, in pixels.
        usual: the height of the writing, in pixels.
        connected: sets of pieces that hang together by paler ink, so that joining costs nothing.
        expect: how many digits there are, where that is known.
    """
    crops = make_crops(pieces)
    lone = ask(classify, crops).max(axis=1) if len(pieces) else np.zeros(0)
    is_texture = len(pieces) > _MANY and float((lone >= _SURE).mean()) < _WRITING
    uncertain = np.ones(len(pieces)) if is_texture else lone
    proposals = _propose(pieces, uncertain, stroke_width, usual, () if is_texture else connected)
    known = len(pieces)
    more = make_crops([h.piece for h in proposals.hypotheses[known:]])
    probabilities = np.concatenate([lone, ask(classify, more).max(axis=1, initial=0)])
    crops = np.concatenate([crops, more])
    clusters = _clusters(proposals)
    solved = [_solve(cluster, proposals, probabilities) for cluster in clusters]
    choices = choose([choices for choices, _ in solved], expect)
    found = []
    for choice, (_, indices) in zip(choices, solved, strict=True):
        for number in choice.chosen:
            index = indices[number]
            piece = proposals.hypotheses[index].piece
            found.append(Found(piece, crops[index], float(probabilities[index])))
    return found


def make_crops(pieces: Sequence[Piece]) -> Crop:
    """What the network sees of each piece, uint8 [n, 28, 28]."""
    if not pieces:
        return np.zeros((0, 28, 28), np.uint8)
    return np.stack([normalise(piece.strength) for piece in pieces])


def _propose(
    pieces: Sequence[Piece],
    lone: npt.NDArray[np.floating],
    stroke_width: float,
    usual: float,
    connected: Sequence[tuple[int, ...]],
) -> _Proposals:
    proposals = _Proposals(len(pieces))
    atoms_of: list[list[int]] = []
    later: list[_Hypothesis] = []
    boxes = np.array([piece.box for piece in pieces], float).reshape(-1, 4)
    for index, (piece, probability) in enumerate(zip(pieces, lone, strict=True)):
        slices, costs = _cuts(piece, float(probability), stroke_width, usual)
        first = len(proposals.atoms)
        proposals.atoms += slices
        own = list(range(first, first + len(slices)))
        atoms_of.append(own)
        if len(own) > 1:
            proposals.slices.update(own)
        price = _price_alone(boxes, index, usual)
        proposals.hypotheses.append(_Hypothesis(frozenset(own), piece, price))
        later += _runs(slices, costs, first)
    by_pale_ink = {group for group in connected if len(group) <= _MOST_CONNECTED}
    for group in sorted(by_pale_ink.union(_near_groups(pieces, lone, usual))):
        joined = join([pieces[i] for i in group])
        height = max(joined.box[3], 0.6 * joined.box[2])
        price = 0.0
        if not any(set(group) <= set(pale) for pale in by_pale_ink):
            price = _GAP_PRICE * _bridged([pieces[i] for i in group]) / height
        atoms = frozenset(atom for i in group for atom in atoms_of[i])
        later.append(_Hypothesis(atoms, joined, price))
    proposals.hypotheses += later
    return proposals


def _price_alone(boxes: npt.NDArray[np.float64], index: int, usual: float) -> float:
    """What it costs to take a piece for a whole digit: more where it is small among larger ones."""
    height = max(boxes[index, 3], 0.6 * boxes[index, 2])
    price = _SMALL_PRICE if height < 0.4 * usual else 0.0
    if any(boxes[other, 3] > 2.2 * height for other in _box_neighbours(boxes, index, usual)):
        price += 2 * _SMALL_PRICE
    return price


def _cuts(
    piece: Piece, probability: float, stroke_width: float, usual: float
) -> tuple[list[Piece], list[float]]:
    """Slices of a piece that may be several digits; the piece itself where it is plainly one."""
    _, _, width, height = piece.box
    is_wide = width > 1.25 * height
    if (probability >= _SURE and not is_wide) or width < 0.45 * height or width < 6:
        return [piece], []
    if height < 0.45 * usual or height < 8:
        return [piece], []
    most = min(_MOST_SLICES - 1, 2 + round(2.2 * width / height))
    return split(piece, stroke_width, most)


def _runs(slices: Sequence[Piece], costs: Sequence[float], first: int) -> list[_Hypothesis]:
    """All runs of neighbouring slices but the whole."""
    hypotheses = []
    for start in range(len(slices)):
        for end in range(start + 1, len(slices) + 1):
            if end - start == len(slices) or end - start > 4:
                continue
            part = join(slices[start:end])
            if part.box[3] < 0.4 * max(s.box[3] for s in slices):
                continue
            cut = (costs[start - 1] if start else 0.0) + (costs[end - 1] if end < len(slices) else 0.0)
            atoms = frozenset(range(first + start, first + end))
            hypotheses.append(_Hypothesis(atoms, part, 0.1 + _CUT_PRICE * cut / 2))
    return hypotheses


def _near_groups(
    pieces: Sequence[Piece], lone: npt.NDArray[np.floating], usual: float
) -> list[tuple[int, ...]]:
    """Pairs and triples of near pieces, one of which at least is no plain digit by itself."""
    if len(pieces) < 2:
        return []
    boxes = np.array([piece.box for piece in pieces], float)
    groups: set[tuple[int, ...]] = set()
    neighbours: dict[int, list[int]] = {}
    for index in np.flatnonzero(lone < _SURE):
        near = []
        for other in _box_neighbours(boxes, int(index), usual):
            size = max(pieces[index].box[3], pieces[other].box[3], 1)
            union = bounds([pieces[index].box, pieces[other].box])
            tall = max(size, 0.8 * usual)
            if union[3] > 2.0 * tall or union[2] > 1.8 * tall:
                continue
            if box_gap(pieces[index].box, pieces[other].box) <= _NEAR * tall:
                near.append(other)
        neighbours[int(index)] = sorted(near, key=lambda o: -pieces[o].area)[:4]
    for index, near in neighbours.items():
        for position, other in enumerate(near):
            groups.add(tuple(sorted((index, other))))
            groups.update(tuple(sorted((index, other, third))) for third in near[position + 1 :])
            groups.update(
                tuple(sorted((index, other, third)))
                for third in neighbours.get(other, [])
                if third != index
            )
    return sorted(groups)


def _box_neighbours(boxes: npt.NDArray[np.float64], index: int, usual: float) -> list[int]:
    x, y, width, height = boxes[index]
    reach = _NEAR * np.maximum(np.maximum(boxes[:, 3], height), 0.8 * usual)
    across = np.maximum(x - boxes[:, 0] - boxes[:, 2], boxes[:, 0] - x - width)
    down = np.maximum(y - boxes[:, 1] - boxes[:, 3], boxes[:, 1] - y - height)
    near = (across <= reach) & (down <= reach)
    near[index] = False
    return [int(i) for i in np.flatnonzero(near)]


def _bridged(pieces: Sequence[Piece]) -> float:
    """The gaps that joining these pieces bridges: from each to the nearest of those before it."""
    ordered = sorted(pieces, key=lambda piece: -piece.area)
    return sum(
        min(gap_between(piece, other) for other in ordered[:number])
        for number, piece in enumerate(ordered)
        if number
    )


def _clusters(proposals: _Proposals) -> list[list[int]]:
    """Hypotheses in sets that share no atoms with one another."""
    parent = list(range(len(proposals.atoms)))

    def root(atom: int) -> int:
        while parent[atom] != atom:
            parent[atom] = parent[parent[atom]]
            atom = parent[atom]
        return atom

    for hypothesis in proposals.hypotheses:
        first, *others = hypothesis.atoms
        for other in others:
            parent[root(other)] = root(first)
    clusters: dict[int, list[int]] = {}
    for index, hypothesis in enumerate(proposals.hypotheses):
        clusters.setdefault(root(next(iter(hypothesis.atoms))), []).append(index)
    return list(clusters.values())


def _solve(
    cluster: list[int], proposals: _Proposals, probabilities: npt.NDArray[np.floating]
) -> tuple[dict[int, Choice], list[int]]:
    atoms = sorted({atom for index in cluster for atom in proposals.hypotheses[index].atoms})
    areas = np.array([proposals.atoms[atom].area for atom in atoms], float)
    weights = areas / areas.max()
    scores = {}
    for index in cluster:
        hypothesis = proposals.hypotheses[index]
        ink = sum(weights[atoms.index(atom)] for atom in hypothesis.atoms)
        logarithm = float(np.log(max(float(probabilities[index]), 1e-4)))
        scores[index] = ink * (logarithm - hypothesis.price)
    if len(atoms) > MOST_ATOMS:
        return _solve_greedily(cluster, proposals, scores, atoms, weights)
    bits = {atom: 1 << number for number, atom in enumerate(atoms)}
    hypotheses = [
        (sum(bits[atom] for atom in proposals.hypotheses[index].atoms), scores[index], 1)
        for index in cluster
    ]
    prices = [_LEFT_OUT * float(w) for w in weights]
    for index in cluster:
        own = proposals.hypotheses[index].atoms
        if index < proposals.pieces and len(own) > 1:
            ink = sum(prices[atoms.index(atom)] for atom in own)
            hypotheses.append((sum(bits[atom] for atom in own), ink, 0))
    for number, atom in enumerate(atoms):
        if atom in proposals.slices:
            prices[number] = _SLICE_LEFT_OUT * float(weights[number])
    return best_choices(prices, hypotheses), cluster


def _solve_greedily(
    cluster: list[int],
    proposals: _Proposals,
    scores: dict[int, float],
    atoms: list[int],
    weights: npt.NDArray[np.float64],
) -> tuple[dict[int, Choice], list[int]]:
    """Where too many pieces hang together: the best hypothesis first, then the best of the rest."""
    weight_of = dict(zip(atoms, weights, strict=True))

    def gain(index: int) -> float:
        ink = sum(weight_of[atom] for atom in proposals.hypotheses[index].atoms)
        return scores[index] - _LEFT_OUT * float(ink)

    free, chosen = set(atoms), []
    total = _LEFT_OUT * float(weights.sum())
    choices = {0: Choice(total, ())}
    for index in sorted(cluster, key=gain, reverse=True):
        if gain(index) > 0 and proposals.hypotheses[index].atoms <= free:
            free -= proposals.hypotheses[index].atoms
            chosen.append(cluster.index(index))
            total += gain(index)
            choices[len(chosen)] = Choice(total, tuple(chosen))
    return choices, cluster
