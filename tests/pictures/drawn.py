"""Pictures of one digit, drawn by code from an image uint8 [28, 28] with ink 255 on 0."""

import cv2
import numpy as np


def enlarged(image, side=280):
    """Its ink float32 [side, side] in [0, 1], with smooth edges as a pen leaves them."""
    large = cv2.resize(image, (side, side), interpolation=cv2.INTER_CUBIC)
    return np.clip(large.astype(np.float32) / 255, 0, 1)


def on_ground(ink, ink_colour, ground, size=(480, 640), place=(90, 150)):
    """The ink on a ground, uint8 [h, w, 3]; place is its top and left."""
    scene = np.empty((*size, 3), np.float32)
    scene[:] = ground
    top, left = place
    region = scene[top : top + ink.shape[0], left : left + ink.shape[1]]
    region += ink[:, :, None] * (np.float32(ink_colour) - region)
    return np.clip(np.rint(scene), 0, 255).astype(np.uint8)


def ink_box(ink, place=(90, 150)):
    """Left, top, width, height of the ink that is set there."""
    rows, columns = np.flatnonzero((ink > 0.5).any(1)), np.flatnonzero((ink > 0.5).any(0))
    return (
        int(place[1] + columns[0]),
        int(place[0] + rows[0]),
        int(columns[-1] - columns[0] + 1),
        int(rows[-1] - rows[0] + 1),
    )


def alike(first, second):
    """The correlation of two images: 1 for the same."""
    return float(np.corrcoef(first.ravel(), second.ravel())[0, 1])
