"""Pages that lie on their side or stand on their head: whether turning helps, and turning back.

Not reliable yet: pages on their side have been left as they lie.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from inkdigits.pictures.candidates import Candidates
from inkdigits.pictures.ink import Ink
from inkdigits.pictures.judging import ask
from inkdigits.pictures.normalise import normalise
from inkdigits.pictures.reading import Box, Classify

_FEWEST = 3  # drawings: fewer say nothing about the page
_MOST = 120  # so many are enough to ask about
_BETTER = 0.2  # the mean probability must rise by this much
_LIKELY = 0.6  # and reach this


def better_turn(candidates: Candidates, classify: Classify) -> int:
    """By how many quarters, anticlockwise, the page should be turned; 0: as it lies.

    Only the drawings are turned, which costs little; 0, 1, 6, 8 and 9 look alike or like each other
    on their heads, so that the evidence must be strong.
    """
    pieces = [drawing.piece for drawing in candidates.drawings] + candidates.unused
    pieces = [piece for piece in pieces if max(piece.box[2:]) >= 0.5 * candidates.usual]
    if len(pieces) < _FEWEST:
        return 0
    if len(pieces) > _MOST:
        pieces = sorted(pieces, key=lambda piece: -piece.area)[:_MOST]
    crops = np.stack([normalise(piece.strength) for piece in pieces])
    turned = [np.ascontiguousarray(np.rot90(crops, quarters, (1, 2))) for quarters in range(4)]
    best = ask(classify, np.concatenate(turned)).max(axis=1).reshape(4, len(crops))
    means = best.mean(axis=1)
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
