"""Reads a picture that holds exactly one digit.

Of all ink, `digit_ink.py` says which may belong to the digit; `normalise.py` brings it into MNIST's
form; the network that is given names it. Where the picture leaves something open (which phase is
the ink, whether a long stroke is a ruled line, which of two drawings is meant), each possibility
is read, and the one is taken that is likeliest by the picture and the network together.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.errors import UsageError
from inkdigits.pictures.normalise import Crop, resize
from inkdigits.pictures.opening import Picture
from inkdigits.pictures.possibilities import Box, looks

Probabilities = npt.NDArray[np.float32]
# Images uint8 [n, 28, 28] to probabilities float32 [n, 10].
Classify = Callable[[Crop], Probabilities]
Preprocess = Literal["normalise", "resize"]

# A lone digit needs no more pixels than this on the picture's longer side.
_LONGEST = 1600
_THINNEST = 100  # a strip whose sides differ by more holds no digit
# A first look that is so sure is not followed by a closer one.
_SURE = 0.97


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


Steps: TypeAlias = Generator[Crop, Probabilities, SingleReading]


def read_single(
    picture: Picture, classify: Classify, preprocess: Preprocess = "normalise"
) -> SingleReading:
    """Read a picture that holds one digit.

    Args:
        picture: the opened picture.
        classify: from images uint8 [n, 28, 28] to probabilities float32 [n, 10].
        preprocess: "normalise", or "resize" for the chapter's way (no search for ink, no polarity).
    """
    steps = single_in_steps(picture, preprocess)
    step = next_step(steps)
    while not isinstance(step, SingleReading):
        step = next_step(steps, classify(step))
    return step


def single_in_steps(picture: Picture, preprocess: Preprocess = "normalise") -> Steps:
    """What `read_single` does, for a caller who classifies several pictures at once.

    Each step gives the crops that are to be classified, uint8 [n, 28, 28], n at least 1, and gets
    their probabilities, float32 [n, 10]; the reading is returned. `next_step` takes a step.
    """
    size = (picture.width, picture.height)
    if preprocess == "resize":
        crop = resize(_grey(picture))
        probabilities = yield crop[None]
        return _reading(probabilities[0], (0, 0, *size), crop, size)
    if preprocess != "normalise":
        raise UsageError(f"there is no preprocess '{preprocess}'; choose normalise, resize")
    longer, shorter = max(size), min(size)
    if longer > _THINNEST * shorter:
        return _nothing(size, "the picture is too narrow for a digit")
    scale = min(1.0, _LONGEST / longer)
    reading = _nothing(size, "no ink found")
    seen: dict[bytes, Probabilities] = {}
    for possible in looks(_scaled(picture, scale)):
        new = {p.crop.tobytes(): p.crop for p in possible}
        new = {key: crop for key, crop in new.items() if key not in seen}
        if new:
            probabilities = yield np.stack(list(new.values()))
            seen.update(zip(new, probabilities, strict=True))
        best, most = None, 0.0
        for p in possible:
            likely = p.weight * float(seen[p.crop.tobytes()].max())
            if likely > most:
                best, most = p, likely
        if best is not None:
            box = _in_picture(best.box, scale, size)
            reading = _reading(seen[best.crop.tobytes()], box, best.crop, size)
            if reading.confidence >= _SURE:
                break
    return reading


def next_step(steps: Steps, probabilities: Probabilities | None = None) -> Crop | SingleReading:
    """The crops to classify next, given the probabilities of the last ones; or the reading."""
    try:
        return next(steps) if probabilities is None else steps.send(probabilities)
    except StopIteration as done:
        reading: SingleReading = done.value
        return reading


def _reading(
    probabilities: Probabilities, box: Box, crop: Crop, size: tuple[int, int]
) -> SingleReading:
    value = int(probabilities.argmax())
    return SingleReading(value, float(probabilities[value]), probabilities, box, crop, size)


def _nothing(size: tuple[int, int], reason: str) -> SingleReading:
    blank = np.zeros((28, 28), np.uint8)
    return SingleReading(None, 0.0, np.zeros(10, np.float32), None, blank, size, reason)


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
