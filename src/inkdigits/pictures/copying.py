"""Chooses the copy of a picture on which digits are sought: strokes are about as wide as they need.

Reading needs strokes of some two to five pixels. On larger copies nothing more is seen, all costs
more, and the grain of a pencil falls apart into specks that the eye and a smaller copy see as one
stroke; on smaller ones thin strokes fade. So a copy of moderate size is looked at first, and from
there a larger one where strokes are thin, or smaller ones as long as strokes stay wide.
"""

from dataclasses import replace

import cv2
import numpy as np

from inkdigits.pictures.ink import Ink, find_ink
from inkdigits.pictures.opening import Picture

_FIRST_PIXELS = 1_000_000
_LEAST_STROKE = 2.2  # below it a larger copy is taken
_ENOUGH_STROKE = 2.8  # a smaller copy is taken as long as its strokes are at least so wide
_LEAST_SIDE = 120  # pixels of a copy's shorter side: below it nothing is gained
_SMALL, _LARGE = 6, 26  # pixels: ink of a height between them may be small writing


def copy_with_ink(picture: Picture) -> tuple[Picture, Ink]:
    """A copy that is large enough for its strokes, and its ink."""
    height, width = picture.pixels.shape[:2]
    scale = min(1.0, float(np.sqrt(_FIRST_PIXELS / (height * width))))
    copy = _reduced(picture, scale)
    ink = find_ink(copy)
    if scale < 1 and 0 < ink.stroke_width < _LEAST_STROKE:
        scale = min(1.0, scale * 1.25 * _LEAST_STROKE / ink.stroke_width)
        copy = _reduced(picture, scale)
        return copy, find_ink(copy, ink.polarity)
    while ink.stroke_width >= _LEAST_STROKE and min(copy.pixels.shape[:2]) >= 2 * _LEAST_SIDE:
        smaller = _reduced(copy, 0.5)
        its_ink = find_ink(smaller, ink.polarity)
        if its_ink.stroke_width < _ENOUGH_STROKE or _has_small_writing(its_ink):
            break
        copy, ink = smaller, replace(its_ink, polarity_confidence=ink.polarity_confidence)
    return copy, ink


def _reduced(picture: Picture, scale: float) -> Picture:
    if scale >= 1:
        return picture
    height, width = picture.pixels.shape[:2]
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    pixels = np.asarray(cv2.resize(picture.pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    return replace(picture, pixels=pixels)


def _has_small_writing(ink: Ink) -> bool:
    """Whether much of what is there is too small to be read well."""
    _, _, statistics, _ = cv2.connectedComponentsWithStats(ink.mask.astype(np.uint8))
    heights = statistics[1:, cv2.CC_STAT_HEIGHT]
    small = np.count_nonzero((heights >= _SMALL) & (heights < _LARGE))
    return bool(small > 0.5 * np.count_nonzero(heights >= _LARGE) + 2)
