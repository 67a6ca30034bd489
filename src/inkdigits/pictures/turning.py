"""Pages that lie on their side or stand on their head: whether turning helps, and turning back."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from inkdigits.pictures.candidates import Candidates
from inkdigits.pictures.ink import Ink
from inkdigits.pictures.judging import ask
from inkdigits.pictures.normalise import normalise
from inkdigits.pictures.reading import Box, Classify

_FEWEST = 3  # pieces of ink: fewer say nothing about the page
_ENOUGH = 48  # so many are enough to ask about
_BETTER = 0.15  # the mean logarithm of the probability must rise by this much
_LIKELY = -0.5  # and reach this
_LEAST = 0.02  # a probability that counts as none


def better_turn(candidates: Candidates, classify: Classify) -> int:
    """By how many quarters, anticlockwise, the page should be turned; 0: as it lies.

    Only pieces of ink are turned, which costs little: not drawings, which were put together and cut
    for the page as it lies. 0, 1 and 8 look alike on their heads and 6 and 9 like each other; the
    others do not, so that logarithms of probabilities are compared, which heed the few that fail.
    """
    pieces = [p for p in candidates.pieces if max(p.box[2:]) >= 0.5 * candidates.usual]
    if len(pieces) < _FEWEST:
        return 0
    if len(pieces) > _ENOUGH:
        chosen = np.linspace(0, len(pieces) - 1, _ENOUGH).astype(int)
        pieces = [pieces[index] for index in chosen.tolist()]
    crops = np.stack([normalise(piece.strength) for piece in pieces])
    turned = [np.ascontiguousarray(np.rot90(crops, quarters, (1, 2))) for quarters in range(4)]
    best = ask(classify, np.concatenate(turned)).max(axis=1).reshape(4, len(crops))
    means = np.log(np.maximum(best, _LEAST)).mean(axis=1)
    quarters = int(means.argmax())
    if means[quarters] < _LIKELY or means[quarters] < means[0] + _BETTER:
        return 0
    return quarters


def turn_ink(ink: Ink, quarters: int) -> Ink:
    """The ink turned anticlockwise by so many quarters."""
    return replace(
        ink,
        strength=np.ascontiguousarray(np.rot90(ink.strength, quarters)),
        mask=np.ascontiguousarray(np.rot90(ink.mask, quarters)),
        depth=np.ascontiguousarray(np.rot90(ink.depth, quarters)),
    )


def turn_back(box: Box, quarters: int, size: Sequence[int]) -> Box:
    """A box on the turned page as a box on the page; `size` is the page's (width, height)."""
    width, height = size if quarters % 2 == 0 else (size[1], size[0])
    for _ in range(quarters % 4):
        # Turning clockwise: what was on the left comes to the top.
        x, y, box_width, box_height = box
        box = (height - y - box_height, x, box_height, box_width)
        width, height = height, width
    return box
