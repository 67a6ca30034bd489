"""What may be the one digit of a picture, where the picture leaves something open.

Which phase is the ink, whether a long stroke is a ruled line, which of two drawings is meant, and
whether pale strokes belong to it: each possibility comes with how likely it is by the picture
alone. `single.py` lets the network have its say.

Most pictures leave nothing open, or only what does not change the digit. So there is a first look,
which sees the likeliest ways only, and a closer one, which sees all of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from inkdigits.pictures.digit_ink import DigitInk, choose_digit
from inkdigits.pictures.even_ground import even_contrast
from inkdigits.pictures.ink import PALEST, Contrast, Ink, find_contrast, ink_of
from inkdigits.pictures.lines import remove_lines
from inkdigits.pictures.mnist_form import mnist_crop
from inkdigits.pictures.normalise import Crop, normalise
from inkdigits.pictures.opening import Picture
from inkdigits.pictures.polarity import opposite

Box = tuple[int, int, int, int]  # left, top, width, height

# Polarity is taken as known when it is so sure.
_SURE_POLARITY = 0.99
# All ink of the digit is of one pen (it has half the strength of the fullest ink or more), or its
# pale strokes are ink too; with the probability of each. The first look takes the first.
_PENS = ((0.5, 0.5), (PALEST, 0.5))
# A line that leaves the digit on both sides by this part of its size is one of the paper with this
# probability; any other is a stroke with the same.
_BEYOND_DIGIT = 0.1
_LINE_IS_PAPER = 0.9
# A smaller picture is a crop of a digit: the first look does not search it for lines.
_LEAST_WITH_LINES = 48


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


def looks(picture: Picture) -> Iterator[list[Possibility]]:
    """What may be the digit: at a first look, then at a closer one; each is whole in itself.

    What comes out the same several ways is there once. An empty list: there is no ink.
    """
    even = even_contrast(picture.pixels)
    in_form = mnist_crop(even.depth) if even is not None else None
    if in_form is not None:
        yield [Possibility(*in_form, weight=1.0)]
        return
    first = even or find_contrast(picture)
    contrasts = [(first, first.polarity_confidence)]
    if first.polarity_confidence < _SURE_POLARITY:
        other = find_contrast(picture, opposite(first.polarity))
        contrasts.append((other, 1 - first.polarity_confidence))
    has_lines = min(picture.width, picture.height) >= _LEAST_WITH_LINES
    yield _together(contrasts, _PENS[:1], has_lines)
    yield _together(contrasts, _PENS, True)


def _together(
    contrasts: list[tuple[Contrast, float]], pens: tuple[tuple[float, float], ...], has_lines: bool
) -> list[Possibility]:
    """What may be the digit, with each of these contrasts and pens and the weights of both."""
    found: dict[bytes, Possibility] = {}
    for contrast, sure in contrasts:
        for palest, share in pens:
            for digit, weight in _possible_ink(ink_of(contrast, palest), has_lines):
                crop = normalise(digit.strength)
                weight *= sure * share
                same = found.get(crop.tobytes())
                weight += same.weight if same else 0.0
                found[crop.tobytes()] = Possibility(crop, digit.box, weight)
    return list(found.values())


def _possible_ink(ink: Ink, has_lines: bool) -> Iterator[tuple[DigitInk, float]]:
    share = 0.0
    if has_lines:
        without = remove_lines(ink.mask, ink.stroke_width)
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
