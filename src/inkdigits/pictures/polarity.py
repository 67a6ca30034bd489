"""Which phase of a picture is the ink: the dark one (pen on paper) or the light one (chalk).

Three signs, each positive for dark ink:
- thickness: ink is thinner than the ground it lies on (the mean size of each phase by granulometry,
  that is openings of growing size; Matheron, 1975);
- corners: the picture's corners show ground;
- detail: what stands out from the near surroundings (a small median) is ink. This one also holds
  where a white page lies on a dark desk; it needs a picture that is large beside its strokes.
They are weighed by logistic regression without intercept, fitted on MNIST training digits drawn
into pictures of both polarities: tight and loose, thin and thick, shaded, noisy, whole pages.
"""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

Polarity = Literal["dark_on_light", "light_on_dark"]
Grey = npt.NDArray[np.uint8]

# Weights of thickness, corners and detail.
_WEIGHTS = np.array([4.4, 2.0, 6.0])
_SIDE = 256
# Pictures smaller than this have too little ground for the third sign.
_LEAST_FOR_DETAIL = 100
# Corners are looked at so far inside, to pass over a border line.
_INSET = 0.04
# The median for the third sign has this part of the longer side.
_NEAR = 0.06


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
    """The signs thickness, corners and detail; each positive where the dark phase is the ink."""
    longer = max(grey.shape)
    if longer > _SIDE:
        size = [max(1, round(side * _SIDE / longer)) for side in grey.shape[::-1]]
        grey = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
    if longer > 64:
        grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), 0.8), np.uint8)
    low, high = int(grey.min()), int(grey.max())
    if high == low:
        return np.zeros(3)
    values = ((grey - np.float32(low)) / (high - low)).astype(np.float32)
    thickness = np.log(_thickness(values) / _thickness(1 - values)) / 2
    level, _ = cv2.threshold((values * 255).astype(np.uint8), 0, 255, cv2.THRESH_OTSU)
    inset = int(_INSET * min(grey.shape))
    first, last = inset, -1 - inset
    corners = values[[first, first, last, last], [first, last, first, last]] * 255 > level
    return np.array([thickness, 2 * corners.mean() - 1, _detail(grey)])


def _thickness(phase: npt.NDArray[np.float32]) -> float:
    """Mean size in pixels of the bright phase: how wide an opening takes it away."""
    whole = float(phase.sum())
    left, total, size = whole, 0.0, 1
    longest = max(phase.shape)
    while size < longest and left > 0.01 * whole:
        size = max(size + 1, round(size * 1.5))
        opened = cv2.morphologyEx(phase, cv2.MORPH_OPEN, np.ones((size, size), np.uint8))
        remains = float(np.asarray(opened).sum())
        total += (left - remains) * size
        left = remains
    return float((total + left * longest) / whole)


def _detail(grey: Grey) -> float:
    """Whether what stands out is darker (+1) or lighter (-1) than what is around it."""
    if max(grey.shape) < _LEAST_FOR_DETAIL:
        return 0.0
    near = 2 * round(_NEAR * max(grey.shape) / 2) + 1
    stands_out = grey.astype(np.float32) - np.asarray(cv2.medianBlur(grey, near), np.float32)
    darker = float((np.minimum(stands_out, 0) ** 2).sum())
    lighter = float((np.maximum(stands_out, 0) ** 2).sum())
    return (darker - lighter) / (darker + lighter + 1e-3)
