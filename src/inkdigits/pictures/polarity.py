"""Which phase of a picture is the ink: the dark one (pen on paper) or the light one (chalk, screens).

Three signs, all in [-1, 1] or near, positive for dark ink: ink is thinner than the ground it lies on
(mean size of each phase by granulometry: openings and closings of growing size, Matheron 1975), ink
covers less, and ink covers less of the picture's border.
"""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

Polarity = Literal["dark_on_light", "light_on_dark"]
Grey = npt.NDArray[np.uint8]

_SIDE = 256
_WEIGHTS = np.float64([1.5, 2.0, 2.0])


@dataclass(frozen=True)
class PolarityGuess:
    """The polarity and how sure it is, 0.5 (no idea) to 1."""

    polarity: Polarity
    confidence: float


def guess_polarity(grey: Grey) -> PolarityGuess:
    """Guess the polarity of a grey picture, uint8 [h, w]."""
    score = float(polarity_signs(grey) @ _WEIGHTS)
    dark = 1 / (1 + np.exp(-score))
    if dark >= 0.5:
        return PolarityGuess("dark_on_light", float(dark))
    return PolarityGuess("light_on_dark", float(1 - dark))


def polarity_signs(grey: Grey) -> npt.NDArray[np.float64]:
    """The three signs: thickness, area, border; each positive where the dark phase is the ink."""
    longer = max(grey.shape)
    if longer > _SIDE:
        size = [max(1, round(side * _SIDE / longer)) for side in grey.shape[::-1]]
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    low, high = np.percentile(grey, [1, 99])
    if high - low < 1:
        return np.zeros(3)
    values = np.clip((grey - low) / (high - low), 0, 1).astype(np.float32)
    thickness = np.log(_thickness(1 - values) / _thickness(values)) / 2
    level, _ = cv2.threshold((values * 255).astype(np.uint8), 0, 255, cv2.THRESH_OTSU)
    light = values * 255 > level
    ring = max(1, round(min(light.shape) * 0.04))
    border = np.ones_like(light)
    border[ring:-ring, ring:-ring] = False
    return np.array([thickness, 2 * light.mean() - 1, 2 * light[border].mean() - 1])


def _thickness(phase: npt.NDArray[np.float32]) -> float:
    """Mean size in pixels of the bright phase: how wide an opening takes it away."""
    whole = float(phase.sum())
    left, total, size = whole, 0.0, 1
    longest = max(phase.shape)
    while size < longest and left > 0.01 * whole:
        size = max(size + 1, round(size * 1.5))
        opened = cv2.morphologyEx(phase, cv2.MORPH_OPEN, np.ones((size, size), np.uint8))
        remains = float(opened.sum())
        total += (left - remains) * size
        left = remains
    return (total + left * longest) / whole
