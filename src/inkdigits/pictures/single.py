"""Reads a picture that holds exactly one digit.

Of all ink, `digit_ink.py` says which may belong to the digit; `normalise.py` brings it into MNIST's
form; the network that is given names it. Where the picture leaves something open (which phase is
the ink, whether a long stroke is a ruled line, which of two drawings is meant), each possibility
is read, and the one is taken that is likeliest by the picture and the network together.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.errors import UsageError
from inkdigits.pictures.digit_ink import DigitInk, choose_digit
from inkdigits.pictures.ink import PALEST, Ink, find_ink
from inkdigits.pictures.lines import remove_lines
from inkdigits.pictures.normalise import SIDE, Crop, normalise, resize
from inkdigits.pictures.opening import Picture
from inkdigits.pictures.polarity import opposite

# Images uint8 [n, 28, 28] to probabilities float32 [n, 10].
Classify = Callable[[Crop], npt.NDArray[np.float32]]
Box = tuple[int, int, int, int]  # left, top, width, height
Preprocess = Literal["normalise", "resize"]

# A lone digit needs no more pixels than this on the picture's longer side.
_LONGEST = 1600
_THINNEST = 100  # a strip whose sides differ by more holds no digit
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
class SingleReading:
    """What was read in a picture of one digit.

    Attributes:
        value: the digit, or None where none was read.
        confidence: the probability of that digit, 0 to 1.
        probabilities: float32 [10], of each digit.
        box: left, top, width, height in pixels of the picture as a person sees it; None: no ink.
        crop: uint8 [28, 28], what the network saw.
        size: the picture's width and height in pixels.
        reason: why nothing was read, such as "no ink found"; empty where a digit was.
    """

    value: int | None
    confidence: float
    probabilities: npt.NDArray[np.float32]
    box: Box | None
    crop: Crop
    size: tuple[int, int]
    reason: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The reading as plain values, ready for JSON, in the form that a page has.

        Probabilities are to 4 decimals.
        """
        if self.value is None or self.box is None:
            nothing = {"box": [0, 0, *self.size], "reason": self.reason}
            return {
                "rows": [],
                "groups": [],
                "digits": [],
                "rejected": [nothing],
                "size": list(self.size),
            }
        digit = {
            "value": self.value,
            "confidence": round(self.confidence, 4),
            "box": list(self.box),
            "row": 0,
            "group": 0,
            "probabilities": [round(p, 4) for p in self.probabilities.tolist()],
        }
        text = str(self.value)
        return {
            "rows": [text],
            "groups": [[text]],
            "digits": [digit],
            "rejected": [],
            "size": list(self.size),
        }


def read_single(
    picture: Picture, classify: Classify, preprocess: Preprocess = "normalise"
) -> SingleReading:
    """Read a picture that holds one digit.

    Args:
        picture: the opened picture.
        classify: from images uint8 [n, 28, 28] to probabilities float32 [n, 10].
        preprocess: "normalise", or "resize" for the chapter's way (no search for ink, no polarity).
    """
    if preprocess == "resize":
        whole = (0, 0, *_size(picture))
        squeezed = resize(_grey(picture))
        return _reading(classify(squeezed[None])[0], squeezed, whole, _size(picture))
    if preprocess != "normalise":
        raise UsageError(f"there is no preprocess '{preprocess}'; choose normalise, resize")
    longer, shorter = max(_size(picture)), min(_size(picture))
    if longer > _THINNEST * shorter:
        return _nothing(_size(picture), "the picture is too narrow for a digit")
    scale = min(1.0, _LONGEST / longer)
    possible = _possibilities(_scaled(picture, scale))
    if not possible:
        return _nothing(_size(picture), "no ink found")
    crops = np.stack([possibility.crop for possibility in possible])
    probabilities = classify(crops)
    weights = np.array([possibility.weight for possibility in possible])
    best = int((probabilities.max(1) * weights).argmax())
    box = _in_picture(possible[best].box, scale, _size(picture))
    return _reading(probabilities[best], crops[best], box, _size(picture))


@dataclass(frozen=True, eq=False)
class _Possibility:
    """What may be the digit, and how likely it is by the picture alone."""

    crop: Crop
    box: Box
    weight: float


def _possibilities(picture: Picture) -> list[_Possibility]:
    """All that may be the digit; what comes out the same several ways is there once."""
    first = find_ink(picture)
    polarities = [(first.polarity, first.polarity_confidence)]
    if first.polarity_confidence < _SURE_POLARITY:
        polarities.append((opposite(first.polarity), 1 - first.polarity_confidence))
    found: dict[bytes, _Possibility] = {}
    for polarity, sure in polarities:
        for palest, share in _PENS:
            known = palest == PALEST and polarity == first.polarity
            ink = first if known else find_ink(picture, polarity, palest)
            for digit, weight in _possible_ink(ink):
                crop = normalise(digit.strength)
                weight *= sure * share
                same = found.get(crop.tobytes())
                weight += same.weight if same else 0.0
                found[crop.tobytes()] = _Possibility(crop, digit.box, weight)
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


def _size(picture: Picture) -> tuple[int, int]:
    return picture.width, picture.height


def _nothing(size: tuple[int, int], reason: str) -> SingleReading:
    blank = np.zeros((SIDE, SIDE), np.uint8)
    return SingleReading(None, 0.0, np.zeros(10, np.float32), None, blank, size, reason)


def _reading(
    probabilities: npt.NDArray[np.float32], crop: Crop, box: Box, size: tuple[int, int]
) -> SingleReading:
    value = int(probabilities.argmax())
    return SingleReading(value, float(probabilities[value]), probabilities, box, crop, size)


def _in_picture(box: Box, scale: float, size: tuple[int, int]) -> Box:
    """A box of the reduced copy in whole pixels of the picture, inside it."""
    left, top = round(box[0] / scale), round(box[1] / scale)
    right = min(size[0], round((box[0] + box[2]) / scale))
    bottom = min(size[1], round((box[1] + box[3]) / scale))
    return left, top, max(1, right - left), max(1, bottom - top)


def _scaled(picture: Picture, scale: float) -> Picture:
    if scale == 1:
        return picture
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    pixels = cv2.resize(picture.pixels, size, interpolation=cv2.INTER_AREA)
    return Picture(np.asarray(pixels, np.uint8), picture.name)


def _grey(picture: Picture) -> Crop:
    if picture.pixels.ndim == 2:
        return picture.pixels
    return np.asarray(cv2.cvtColor(picture.pixels, cv2.COLOR_RGB2GRAY), np.uint8)
