"""Reads all digits of a picture: a page, a form, a board, a row of digits on a scrap of paper.

Ink is found on a copy of the picture that is no larger than the strokes need (`copying.py`); what
may be a digit is found in it (`candidates.py`), and what is one is chosen and set in rows and
groups (`acceptance.py`). Where a page reads badly, the other polarity and other turns are tried.
"""

from dataclasses import dataclass, replace

import numpy as np

from inkdigits.pictures.acceptance import SMALLEST, Attempt, accept
from inkdigits.pictures.candidates import Candidates, find_candidates
from inkdigits.pictures.copying import copy_with_ink
from inkdigits.pictures.ink import Ink, find_ink
from inkdigits.pictures.opening import Picture
from inkdigits.pictures.polarity import opposite
from inkdigits.pictures.reading import Box, Classify, PageOptions, PageReading, ReadDigit
from inkdigits.pictures.turning import better_turn, turn_back, turn_ink

_LONGEST_STRIP = 400  # times as long as wide: such a picture holds no writing
_SURE_POLARITY = 0.995  # so sure of the polarity, nothing is read the other way
_MUCH_BETTER = 0.5  # digits: another polarity must bring so much more
_DOUBTFUL = 0.9  # a drawing less sure than this may be a digit on its side
_MANY_DOUBTFUL = 0.15


@dataclass(frozen=True, eq=False)
class _Try:
    """An attempt at some ink, which was turned by so many quarters anticlockwise.

    `prior` are the log odds that the picture has this polarity, where it is not the likelier one.
    """

    ink: Ink
    candidates: Candidates
    attempt: Attempt
    quarters: int = 0
    prior: float = 0.0

    @property
    def is_poor(self) -> bool:
        """Whether another polarity or turn may read better."""
        return not self.attempt.digits or self.attempt.against > len(self.attempt.digits)


def read_page(
    picture: Picture, classify: Classify, options: PageOptions | None = None
) -> PageReading:
    """Read all digits of a picture.

    Args:
        picture: the opened picture.
        classify: from images uint8 [n, 28, 28] to probabilities float32 [n, 10] or [n, 11].
        options: what the user asks for and knows.
    """
    options = options or PageOptions()
    height, width = picture.pixels.shape[:2]
    if min(height, width) < SMALLEST or max(height, width) > _LONGEST_STRIP * min(height, width):
        return PageReading((), (), (), (), (width, height))
    copy, ink = copy_with_ink(picture)
    best = _try(ink, classify, options)
    if best.is_poor and ink.polarity_confidence < _SURE_POLARITY:
        prior = float(np.log(1 / ink.polarity_confidence - 1))
        other = _try(find_ink(copy, opposite(ink.polarity)), classify, options, prior=prior)
        if other.attempt.digits and other.attempt.weight > best.attempt.weight + _MUCH_BETTER:
            best = other
    best = _turned(best, classify, options)
    return _reading(best, copy, (width, height))


def _try(
    ink: Ink, classify: Classify, options: PageOptions, quarters: int = 0, prior: float = 0.0
) -> _Try:
    candidates = find_candidates(ink, classify, options.expect)
    return _Try(ink, candidates, accept(candidates, options, prior), quarters, prior)


def _turned(upright: _Try, classify: Classify, options: PageOptions) -> _Try:
    """The page read as it lies, or turned where that reads better."""
    drawings = upright.candidates.drawings
    doubtful = sum(drawing.confidence < _DOUBTFUL for drawing in drawings)
    if not upright.is_poor and doubtful < _MANY_DOUBTFUL * len(drawings):
        return upright
    quarters = better_turn(upright.candidates, classify)
    if not quarters:
        return upright
    turned = _try(turn_ink(upright.ink, quarters), classify, options, quarters, upright.prior)
    return turned if turned.attempt.weight > upright.attempt.weight else upright


def _reading(chosen: _Try, copy: Picture, size: tuple[int, int]) -> PageReading:
    attempt = chosen.attempt
    copy_size = (copy.pixels.shape[1], copy.pixels.shape[0])

    def placed(box: Box) -> Box:
        return _enlarged(turn_back(box, chosen.quarters, copy_size), copy_size, size)

    digits = []
    groups: list[tuple[str, ...]] = []
    for row_number, row in enumerate(attempt.layout.rows):
        texts = []
        for group_number, group in enumerate(row):
            texts.append("".join(str(attempt.digits[index].value) for index in group))
            for index in group:
                digit = attempt.digits[index]
                digits.append(
                    ReadDigit(
                        value=digit.value,
                        confidence=digit.confidence,
                        box=placed(digit.piece.box),
                        row=row_number,
                        group=group_number,
                        crop=digit.crop,
                    )
                )
        groups.append(tuple(texts))
    rejected = tuple(replace(r, box=placed(r.box)) for r in attempt.rejected)
    rows = tuple("".join(row) for row in groups)
    turned = (360 - 90 * chosen.quarters) % 360
    return PageReading(rows, tuple(groups), tuple(digits), rejected, size, turned)


def _enlarged(box: Box, copy_size: tuple[int, int], size: tuple[int, int]) -> Box:
    """A box on the copy as a box on the picture."""
    across, down = size[0] / copy_size[0], size[1] / copy_size[1]
    left, top = max(0, round(box[0] * across)), max(0, round(box[1] * down))
    right = min(size[0], round((box[0] + box[2]) * across))
    bottom = min(size[1], round((box[1] + box[3]) * down))
    return (left, top, max(1, right - left), max(1, bottom - top))
