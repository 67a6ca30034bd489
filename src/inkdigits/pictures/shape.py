"""What a digit's shape can be, whatever the network says: strokes, not blobs, of a likely form.

The network sees a crop whose strokes have been brought to usual widths, so that a blob may look to
it like a 1. Here the ink itself is measured. The limits lie just beyond the extremes of 3,000
digits of MNIST's training set, enlarged to 60 pixels: stroke width over longer side reaches 0.28 in
99 % of each class (0.34 at most), the part of its box that is ink 0.71 for 0, 0.83 for 1, 0.67 for
the others; length squared over area of a 1 is 4.3 or more in 99.5 %.
"""

import cv2
import numpy as np

from inkdigits.pictures.ink import stroke_width
from inkdigits.pictures.pieces import Mask, Piece

_WIDEST_STROKE = 0.34
_WIDEST_ONE = 0.28
_WIDEST_SLANTED_ONE = 1.35  # width to height
_LEAST_LENGTH_OF_ONE = 3.7
_FULLEST = {0: 0.78, 1: 0.93}
_FULLEST_OTHERS = 0.72
_WIDEST_BOX = 2.1  # width to height
_INSIDE = 0.02  # other ink within a digit, in parts of the digit's ink
_INSIDE_LENGTH = 0.2  # and its length, in parts of the digit's


def is_possible(piece: Piece, value: int) -> bool:
    """Whether ink of this shape can be that digit."""
    _, _, width, height = piece.box
    longer = max(width, height)
    relative = stroke_width(piece.mask) / longer
    fill = piece.area / (width * height)
    if longer < 16:  # too coarse to measure
        return width <= _WIDEST_BOX * height
    if relative > (_WIDEST_ONE if value == 1 else _WIDEST_STROKE):
        return False
    if value == 1:
        return (
            width <= _WIDEST_SLANTED_ONE * height
            and (width**2 + height**2) / piece.area >= _LEAST_LENGTH_OF_ONE
        )
    return fill <= _FULLEST.get(value, _FULLEST_OTHERS) and width <= _WIDEST_BOX * height


def surrounds(piece: Piece, other: Piece) -> bool:
    """Whether the other ink lies in a hole of this one and is more than a dot."""
    if (
        max(other.box[2:]) < _INSIDE_LENGTH * max(piece.box[2:])
        or other.area < _INSIDE * piece.area
    ):
        return False
    x, y, width, height = piece.box
    left, top = other.box[0] - x, other.box[1] - y
    if left < 0 or top < 0 or left + other.box[2] > width or top + other.box[3] > height:
        return False
    holes = _holes(piece.mask)
    region = holes[top : top + other.box[3], left : left + other.box[2]]
    return bool((region & other.mask).sum() > 0.5 * other.area)


def _holes(mask: Mask) -> Mask:
    """The background that the ink closes in."""
    outside = np.pad(mask, 1).astype(np.uint8)
    cv2.floodFill(outside, None, (0, 0), 2)
    return np.asarray(outside[1:-1, 1:-1] == 0, bool)
