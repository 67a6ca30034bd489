"""Tells whether a picture has MNIST's form already, as a digit that was taken from it has.

Such a picture is 28 x 28, its ink fits a box whose longer side is 20 pixels, and the ink's centre
of mass lies in the middle (LeCun et al., 1998). What `normalise.py` would make of it is no better
than what it is: its edges were smoothed from more pixels than are left.
"""

import numpy as np

from inkdigits.pictures.normalise import INNER, SIDE, Crop

# How far the centre of mass may lie from that of a digit in MNIST, in pixels; there it is within
# half a pixel.
_ASIDE = 1.0
# Full ink must have this contrast, or else it is the picture's dirt.
_LEAST_INK = 64

_PLACES = np.arange(SIDE, dtype=np.float32)


def mnist_crop(depth: Crop) -> tuple[Crop, tuple[int, int, int, int]] | None:
    """The digit with its darkest point at 255, and its box; None: the picture has another form.

    Args:
        depth: uint8 [h, w], how much each pixel differs from the paper, 0 for all of the paper.
    """
    if depth.shape != (SIDE, SIDE):
        return None
    down, across = depth.sum(1, dtype=np.float32), depth.sum(0, dtype=np.float32)
    mass = float(down.sum())
    most = int(depth.max())
    if most < _LEAST_INK:
        return None
    rows, columns = np.flatnonzero(down), np.flatnonzero(across)
    left, top = int(columns[0]), int(rows[0])
    width, height = int(columns[-1]) - left + 1, int(rows[-1]) - top + 1
    if max(width, height) != INNER:
        return None
    for along in (down, across):
        if abs(float(along @ _PLACES) / mass - SIDE / 2) > _ASIDE:
            return None
    crop = depth if most == 255 else np.asarray(depth * np.float32(255 / most) + 0.5, np.uint8)
    return crop, (left, top, width, height)
