"""Which phase of a picture is the ink: the dark one (pen on paper) or the light one (chalk).

Three signs, each positive for dark ink:
- thickness: ink is thinner than the ground it lies on (the mean size of each phase by granulometry,
  that is openings of growing size; Matheron, 1975);
- minority: what differs from the median of a wide surrounding is ink, however the light falls;
- detail: what stands out from the median of a near surrounding is ink. This one also holds where a
  white page lies on a dark desk; it needs a picture that is large beside its strokes.
They are weighed by logistic regression without intercept, fitted on MNIST training digits drawn
into pictures of both polarities: tight and loose, thin and thick, shaded, noisy, whole pages.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

Polarity = Literal["dark_on_light", "light_on_dark"]
Grey = npt.NDArray[np.uint8]

# Weights of the three signs, in the order above.
_WEIGHTS = np.array([6.0, 2.4, 3.2])
_SIDE = 256
# The wide median has this part of the longer side, on a copy of so many pixels.
_WIDE, _WIDE_SIDE = 0.6, 96
# The near median, and the smallest picture that has ground enough for it.
_NEAR, _LEAST_FOR_NEAR = 0.06, 100


@dataclass(frozen=True)
class PolarityGuess:
    """The polarity and how sure it is, 0.5 (no idea) to 1."""

    polarity: Polarity
    confidence: float


def guess_polarity(grey: Grey) -> PolarityGuess:
    """Guess the polarity of a grey picture, uint8 [h, w]."""
    dark = float(1 / (1 + np.exp(-polarity_signs(grey) @ _WEIGHTS)))
    if dark >= 0.5:
        return PolarityGuess("dark_on_light", dark)
    return PolarityGuess("light_on_dark", 1 - dark)


def opposite(polarity: Polarity) -> Polarity:
    """The other polarity."""
    return "light_on_dark" if polarity == "dark_on_light" else "dark_on_light"


def polarity_signs(grey: Grey) -> npt.NDArray[np.float64]:
    """The three signs; each positive where the dark phase is the ink."""
    grey = _reduced(grey, _SIDE)
    if max(grey.shape) > 64:
        grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), 0.8), np.uint8)
    low, high = int(grey.min()), int(grey.max())
    if high == low:
        return np.zeros(3)
    thickness = np.log(_thickness(grey - np.uint8(low)) / _thickness(np.uint8(high) - grey)) / 2
    minority = _balance(_reduced(grey, _WIDE_SIDE), _WIDE)
    return np.array([thickness, minority, _detail(grey)])


def _reduced(grey: Grey, side: int) -> Grey:
    longer = max(grey.shape)
    if longer <= side:
        return grey
    size = [max(1, round(length * side / longer)) for length in grey.shape[::-1]]
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)


def _balance(grey: Grey, part: float) -> float:
    """Whether more is darker (+1) or lighter (-1) than the median around it, by energy."""
    side = max(3, 2 * round(part * max(grey.shape) / 2) + 1)
    median = cv2.medianBlur(grey, side)
    dark = cv2.norm(cv2.subtract(median, grey), cv2.NORM_L2SQR) / 255**2
    light = cv2.norm(cv2.subtract(grey, median), cv2.NORM_L2SQR) / 255**2
    return float((dark - light) / (dark + light + 1e-8))


def _thickness(phase: Grey) -> float:
    """Mean size in pixels of the bright phase: how wide an opening takes it away."""
    whole = int(cv2.sumElems(phase)[0])
    left, total, size = whole, 0, 1
    longest = max(phase.shape)
    while size < longest and left > 0.01 * whole:
        size = max(size + 1, round(size * 1.5))
        opened = cv2.morphologyEx(phase, cv2.MORPH_OPEN, _square(size))
        remains = int(cv2.sumElems(opened)[0])
        total += (left - remains) * size
        left = remains
    return float((total + left * longest) / whole)


@lru_cache(maxsize=32)
def _square(side: int) -> Grey:
    return np.ones((side, side), np.uint8)


def _detail(grey: Grey) -> float:
    if max(grey.shape) < _LEAST_FOR_NEAR:
        return 0.0
    return _balance(grey, _NEAR)
