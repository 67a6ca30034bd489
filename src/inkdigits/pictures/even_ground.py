"""Ink on an even ground: a small picture whose paper has one level and no noise.

Digits drawn on a canvas, cut out of a screen, or taken from a data set are so. Where the whole rim
and at least half of all pixels have one level, and every other pixel differs from it to the same
side, that level is the paper and the other side the ink: nothing is left to guess, and the contrast
is that of `ink.py` with this paper, looked up instead of estimated.
"""

from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.pictures.ink import Contrast, darkness

Bytes = npt.NDArray[np.uint8]

# Larger pictures may have an even margin round a page of the other polarity.
_LARGEST = 64  # pixels of the longer side
_LEAST_GROUND = 0.5  # of all pixels


def even_contrast(pixels: Bytes) -> Contrast | None:
    """The contrast of a small picture, uint8 [h, w] or [h, w, 3]; None: its ground is not even."""
    if max(pixels.shape[:2]) > _LARGEST:
        return None
    grey = pixels if pixels.ndim == 2 else _one_channel(pixels)
    if grey is None:
        return None
    rim = np.concatenate((grey[0], grey[-1], grey[:, 0], grey[:, -1]))
    paper, lightest = int(rim[0]), int(rim.max())
    if lightest != paper or int(rim.min()) != paper:
        return None
    if np.count_nonzero(grey == rim[0]) < _LEAST_GROUND * grey.size:
        return None
    is_dark = int(grey.max()) == paper
    if not is_dark and int(grey.min()) != paper:
        return None
    depth = np.asarray(cv2.LUT(grey, _depths(paper, is_dark)), np.uint8)
    return Contrast(depth, 0.0, "dark_on_light" if is_dark else "light_on_dark", 1.0)


def _one_channel(pixels: Bytes) -> Bytes | None:
    """The grey of a picture in RGB that has no colour."""
    red, green, blue = cv2.split(pixels)
    is_grey = np.array_equal(red, green) and np.array_equal(red, blue)
    return np.asarray(red, np.uint8) if is_grey else None


@lru_cache(maxsize=512)
def _depths(paper: int, is_dark: bool) -> Bytes:
    """The contrast of each level to that paper, uint8 [256]."""
    levels = np.arange(256, dtype=np.uint8)[None]
    if not is_dark:
        levels, paper = 255 - levels, 255 - paper
    return darkness(levels, np.full_like(levels, paper))
