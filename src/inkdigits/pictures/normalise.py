"""Brings one digit's ink into the form that MNIST has: uint8 [28, 28], ink 255 on 0.

As MNIST was made (LeCun et al., 1998): the aspect is kept, the longer side becomes 20 pixels with
grey levels from anti-aliasing, and the centre of mass comes to row and column 14, counted from 0
(measured over its training digits: 13.99 and 14.00, within half a pixel). What MNIST did not need:
strokes much thinner or thicker than any in MNIST are brought to the nearest width
that it has (measured there: 5 % below 1.6, median 2.5, 5 % above 3.9 pixels), and small pictures
are enlarged with smooth outlines first.
"""

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.pictures.ink import stroke_width

Strength = npt.NDArray[np.float32]
Crop = npt.NDArray[np.uint8]

SIDE = 28
INNER = 20
# Shapes are worked on at this many pixels to one of the result.
_FINE = 4
# Widths of strokes that are left as they are, in pixels of the result.
_THINNEST = 1.8
_THICKEST = 3.6
# Where the digit's box ends, and where its outline lies, in parts of full ink.
_BOX_LEVEL = 0.25
_OUTLINE_LEVEL = 0.5


def normalise(strength: Strength) -> Crop:
    """The digit as MNIST would have it.

    Args:
        strength: float32 [h, w] in [0, 1], the ink of this digit alone (other ink set to 0).

    Returns:
        uint8 [28, 28], ink 255 on 0; all 0 where there is no ink.
    """
    ink = _cropped(strength, _BOX_LEVEL)
    if ink is None:
        return np.zeros((SIDE, SIDE), np.uint8)
    fine = _mend_width(_fine_copy(ink))
    small = _resize(fine, INNER / max(fine.shape))
    return _centred(small)


def resize(grey: Crop) -> Crop:
    """The chapter's way, for comparison: the whole picture squeezed into 28 x 28, nothing else."""
    small: Crop = np.asarray(cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.uint8)
    return small


def _cropped(strength: Strength, level: float) -> Strength | None:
    inked = strength > level
    rows, columns = np.flatnonzero(inked.any(1)), np.flatnonzero(inked.any(0))
    if len(rows) == 0:
        return None
    return strength[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _fine_copy(ink: Strength) -> Strength:
    """The ink with its longer side at about 4 x 20 pixels, cropped to the outline."""
    target = _FINE * INNER
    factor = target / max(ink.shape)
    if factor < 1:
        # A hairline must not fade away when many pixels become one.
        block = int(np.ceil(1 / factor))
        if stroke_width(ink > _OUTLINE_LEVEL) * factor < 1.5:
            ink = np.asarray(cv2.dilate(ink, np.ones((block, block), np.uint8)), np.float32)
        return _resize(ink, factor)
    padded = np.asarray(_framed(ink, 1), np.float32)
    fine = _resize(padded, factor, cv2.INTER_CUBIC)
    cropped = _cropped(np.clip(fine, 0, 1), _BOX_LEVEL)
    return ink if cropped is None else cropped


def _framed(values: npt.NDArray[Any], margin: int) -> object:
    """With so many rows and columns of 0 around it; NumPy's own `pad` takes ten times as long."""
    return cv2.copyMakeBorder(values, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=0)


def _resize(ink: Strength, factor: float, method: int = cv2.INTER_AREA) -> Strength:
    size = [max(1, round(side * factor)) for side in ink.shape[::-1]]
    return np.asarray(cv2.resize(ink, size, interpolation=method), np.float32)


def _mend_width(fine: Strength) -> Strength:
    """Thicken hairlines and thin what is too thick, by moving the outline along its normal."""
    mask = fine > _OUTLINE_LEVEL
    width = stroke_width(mask) / _FINE
    if width == 0 or _THINNEST <= width <= _THICKEST:
        return fine
    outward = (np.clip(width, _THINNEST, _THICKEST) - width) / 2 * _FINE
    margin = max(1, int(np.ceil(outward)) + 1)
    padded = np.asarray(_framed(mask.astype(np.uint8), margin), np.uint8)
    inside = cv2.distanceTransform(padded, cv2.DIST_L2, 5)
    outside = cv2.distanceTransform(1 - padded, cv2.DIST_L2, 5)
    distance = np.where(padded > 0, inside - 0.5, 0.5 - outside)
    moved = np.clip(distance + outward + 0.5, 0, 1).astype(np.float32)
    cropped = _cropped(moved, _BOX_LEVEL)
    return fine if cropped is None else cropped


def _centred(small: Strength) -> Crop:
    """The digit with its centre of mass at row and column 14, its darkest point at 255."""
    height, width = small.shape
    mass = float(small.sum())
    row = float((small.sum(1) * np.arange(height)).sum()) / mass
    column = float((small.sum(0) * np.arange(width)).sum()) / mass
    top = min(max(round(SIDE / 2 - row), 0), SIDE - height)
    left = min(max(round(SIDE / 2 - column), 0), SIDE - width)
    crop = np.zeros((SIDE, SIDE), np.float32)
    crop[top : top + height, left : left + width] = small
    levels: Crop = np.clip(crop * (255 / crop.max()) + 0.5, 0, 255).astype(np.uint8)
    return levels
