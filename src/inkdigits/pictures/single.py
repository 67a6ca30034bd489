"""Reads a picture that holds exactly one digit.

Of all ink, `digit_ink.py` says which belongs to the digit; `normalise.py` brings it into MNIST's
form; the network that is given names it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.errors import UsageError
from inkdigits.pictures.digit_ink import choose_digit
from inkdigits.pictures.ink import Ink, find_ink
from inkdigits.pictures.normalise import Crop, normalise, resize
from inkdigits.pictures.opening import Picture

# Images uint8 [n, 28, 28] to probabilities float32 [n, 10].
Classify = Callable[[Crop], npt.NDArray[np.float32]]
Preprocess = Literal["normalise", "resize"]

# A lone digit needs no more pixels than this on the picture's longer side.
_LONGEST = 1600


@dataclass(frozen=True, eq=False)
class SingleReading:
    """What was read in a picture of one digit.

    Attributes:
        value: the digit, or None where none was read.
        confidence: the probability of that digit, 0 to 1.
        probabilities: float32 [10], of each digit.
        box: left, top, width, height in pixels of the picture as a person sees it; None: no ink.
        crop: uint8 [28, 28], what the network saw.
        reason: why nothing was read, such as "no ink found"; empty where a digit was.
    """

    value: int | None
    confidence: float
    probabilities: npt.NDArray[np.float32]
    box: tuple[int, int, int, int] | None
    crop: Crop
    reason: str = ""


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
        return _reading(classify, resize(_grey(picture)), (0, 0, picture.width, picture.height))
    if preprocess != "normalise":
        raise UsageError(f"there is no preprocess '{preprocess}'; choose normalise, resize")
    scale = min(1.0, _LONGEST / max(picture.height, picture.width))
    ink = find_ink(_scaled(picture, scale))
    return _read_ink(ink, classify, scale)


def _read_ink(ink: Ink, classify: Classify, scale: float) -> SingleReading:
    digit = choose_digit(ink)
    if digit is None:
        nothing = np.zeros((28, 28), np.uint8)
        return SingleReading(None, 0.0, np.zeros(10, np.float32), None, nothing, "no ink found")
    left, top, width, height = (round(side / scale) for side in digit.box)
    return _reading(classify, normalise(digit.strength), (left, top, width, height))


def _reading(classify: Classify, crop: Crop, box: tuple[int, int, int, int]) -> SingleReading:
    probabilities = classify(crop[None])[0]
    value = int(probabilities.argmax())
    return SingleReading(value, float(probabilities[value]), probabilities, box, crop)


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
