"""What may be the one digit of a picture, where the picture leaves something open.

Which phase is the ink, whether a long stroke is a ruled line, which of two drawings is meant, and
whether pale strokes belong to it: each possibility comes with how likely it is by the picture
alone. `single.py` lets the network have its say.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from inkdigits.pictures.digit_ink import DigitInk, choose_digit
from inkdigits.pictures.ink import PALEST, Ink, find_ink
from inkdigits.pictures.lines import remove_lines
from inkdigits.pictures.normalise import Crop, normalise
from inkdigits.pictures.opening import Picture
from inkdigits.pictures.polarity import opposite

Box = tuple[int, int, int, int]  # left, top, width, height

# Polarity is taken as known when it is so sure.
_SURE_POLARITY = 0.99
# All ink of the digit is of one pen (it has half the strength of the fullest ink or more), or its
# pale strokes are ink too; with the probability of each.
_PENS = ((0.5, 0.5), (PALEST, 0.5))
# A line that leaves the digit on both sides by this part of its size is one of the paper with this
# probability; any other is a stroke with the same.
_BEYOND_DIGIT = 0.1
_LINE_IS_PAPER = 0.9


@dataclass(frozen=True, eq=False)
class Possibility:
    """What may be the digit.

    Attributes:
        crop: uint8 [28, 28], in MNIST's form.
        box: left, top, width, height in pixels.
        weight: how likely it is by the picture alone; all of a picture add up to 1 or less.
    """

    crop: Crop
    box: Box
    weight: float


def possibilities(picture: Picture) -> list[Possibility]:
    """All that may be the digit; what comes out the same several ways is there once."""
    first = find_ink(picture)
    polarities = [(first.polarity, first.polarity_confidence)]
    if first.polarity_confidence < _SURE_POLARITY:
        polarities.append((opposite(first.polarity), 1 - first.polarity_confidence))
    found: dict[bytes, Possibility] = {}
    for polarity, sure in polarities:
        for palest, share in _PENS:
            known = palest == PALEST and polarity == first.polarity
            ink = first if known else find_ink(picture, polarity, palest)
            for digit, weight in _possible_ink(ink):
                crop = normalise(digit.strength)
                weight *= sure * share
                same = found.get(crop.tobytes())
                weight += same.weight if same else 0.0
                found[crop.tobytes()] = Possibility(crop, digit.box, weight)
    return list(found.values())


def _possible_ink(ink: Ink) -> Iterator[tuple[DigitInk, float]]:
    without = remove_lines(ink.mask, ink.stroke_width)
    share = 0.0
    if without.lines and without.mask.any():
        for digit in choose_digit(ink, without.mask):
            beside = any(_goes_beyond(line, digit.box) for line in without.lines)
            likely = _LINE_IS_PAPER if beside else 1 - _LINE_IS_PAPER
            share = max(share, likely)
            yield digit, digit.weight * likely
    for digit in choose_digit(ink):
        yield digit, digit.weight * (1 - share)


def _goes_beyond(line: Box, digit: Box) -> bool:
    """Whether a line leaves the digit on both sides: one of the paper, not a stroke of it."""
    along = 0 if line[2] >= line[3] else 1
    least = _BEYOND_DIGIT * max(digit[2:])
    before = digit[along] - line[along]
    behind = line[along] + line[along + 2] - digit[along] - digit[along + 2]
    return before > least and behind > least
