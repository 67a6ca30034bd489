"""From pieces of ink to digits: the best set of hypotheses that share no ink.

Every piece is shown to the network alone first, then all other hypotheses (`proposing.py`) in one
batch. A hypothesis scores the logarithm of its probability less its price, weighed by its ink; so a
digit is neither favoured nor harmed for being made of many pieces. Ink may be left out; but of what
is cut, all slices are digits, or none is (`partition.py` finds the best choice).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from inkdigits.pictures.judging import ask
from inkdigits.pictures.normalise import normalise
from inkdigits.pictures.partition import MOST_ATOMS, Choice, best_choices, choose
from inkdigits.pictures.pieces import Connected, Piece
from inkdigits.pictures.proposing import SURE, Proposals, propose
from inkdigits.pictures.reading import Classify, Crop, Probabilities

_LEFT_OUT = float(np.log(0.12))  # the score of ink that is no digit, per unit of ink
_ONE_CUT = 0.6  # the probability of a 1 that is cut off, which any stroke gives, counts so much
_SLICE_LEFT_OUT = 3 * _LEFT_OUT  # and of a slice
# Many pieces of which fewer than this part look like digits are noise or a texture: nothing is
# joined or cut there, which would take long and only find more that happens to look like a digit.
_MANY = 300
_WRITING = 0.25
# Ink is pale when it has less than this part of the depth of at least so many sure digits.
_PALE = 0.55
_LEAST_WRITTEN = 3


@dataclass(frozen=True, eq=False)
class Found:
    """A drawing that may be a digit: its ink, the network's crop, the likeliest digit.

    `probability` is that of this digit; `family` is the number of the piece that it is cut from, -1
    where it is not cut.
    """

    piece: Piece
    crop: Crop
    value: int
    probability: float
    family: int = -1


def find_digits(
    pieces: Sequence[Piece],
    classify: Classify,
    stroke_width: float,
    usual: float,
    connected: Sequence[Connected] = (),
    expect: int | None = None,
) -> tuple[list[Found], list[Piece]]:
    """The best reading of the pieces as digits and rest: every drawing that is not left out.

    Also given are the pieces that are much paler than the writing, which nothing is made of.

    Args:
        pieces: the ink.
        classify: the network.
        stroke_width: of the writing, in pixels.
        usual: the height of the writing, in pixels.
        connected: pieces that hang together by paler ink, so that joining them costs nothing.
        expect: how many digits there are, where that is known.
    """
    crops = make_crops(pieces)
    answers = ask(classify, crops)
    lone = answers.max(axis=1, initial=0)
    is_pale = _is_pale(pieces, answers)
    pale = [piece for piece, it_is in zip(pieces, is_pale, strict=True) if it_is]
    if pale:
        kept = np.flatnonzero(~is_pale).tolist()
        new = {int(old): number for number, old in enumerate(kept)}
        connected = [
            replace(c, pieces=tuple(new[i] for i in c.pieces))
            for c in connected
            if all(i in new for i in c.pieces)
        ]
        pieces, crops, lone = [pieces[i] for i in kept], crops[kept], lone[kept]
        answers = answers[kept]
    is_texture = len(pieces) > _MANY and float((lone >= SURE).mean()) < _WRITING
    uncertain = np.ones(len(pieces)) if is_texture else lone
    proposals = propose(pieces, uncertain, stroke_width, usual, () if is_texture else connected)
    known = len(pieces)
    more = make_crops([h.piece for h in proposals.hypotheses[known:]])
    answers = np.concatenate([answers, ask(classify, more)])
    values, probabilities = answers.argmax(axis=1), answers.max(axis=1, initial=0)
    is_cut = np.array([h.family >= 0 for h in proposals.hypotheses], bool)
    scored = np.where(is_cut & (values == 1), _ONE_CUT * probabilities, probabilities)
    crops = np.concatenate([crops, more])
    clusters = _clusters(proposals)
    solved = [_solve(cluster, proposals, scored) for cluster in clusters]
    choices = choose([choices for choices, _ in solved], expect)
    found = []
    for choice, (_, indices) in zip(choices, solved, strict=True):
        for number in choice.chosen:
            index = indices[number]
            hypothesis = proposals.hypotheses[index]
            probability = float(probabilities[index])
            value = int(values[index])
            found.append(
                Found(hypothesis.piece, crops[index], value, probability, hypothesis.family)
            )
    return found, pale


def _is_pale(pieces: Sequence[Piece], answers: Probabilities) -> npt.NDArray[np.bool_]:
    """Which pieces are much paler than the writing and no sure digits: lines, or the other side.

    The writing is what the network surely takes for digits other than 1, which a line may be.
    """
    if not len(pieces):
        return np.zeros(0, bool)
    depth = np.array([piece.depth for piece in pieces])
    sure = (answers.max(axis=1) >= SURE) & (answers.argmax(axis=1) != 1)
    if np.count_nonzero(sure) < _LEAST_WRITTEN:
        return np.zeros(len(pieces), bool)
    return np.asarray((depth < _PALE * np.median(depth[sure])) & ~sure, bool)


def make_crops(pieces: Sequence[Piece]) -> Crop:
    """What the network sees of each piece, uint8 [n, 28, 28]."""
    if not pieces:
        return np.zeros((0, 28, 28), np.uint8)
    return np.stack([normalise(piece.strength) for piece in pieces])


def _clusters(proposals: Proposals) -> list[list[int]]:
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
    cluster: list[int], proposals: Proposals, probabilities: npt.NDArray[np.floating]
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
    proposals: Proposals,
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
