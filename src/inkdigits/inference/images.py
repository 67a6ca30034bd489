"""Images as callers give them, and as a model takes them."""

import numpy as np
import numpy.typing as npt

from inkdigits.errors import InputError


def as_pixels(images: npt.ArrayLike) -> npt.NDArray[np.uint8]:
    """One image or several as uint8 [n, 28, 28]."""
    pixels = np.asarray(images)
    if pixels.ndim == 2:
        pixels = pixels[None]
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[1:] != (28, 28):
        raise InputError(
            "images must be uint8 [n, 28, 28] with ink 255 on background 0, "
            f"not {pixels.dtype} {list(pixels.shape)}"
        )
    return pixels


def scaled_for_model(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """As a model takes them: float32 [n, 1, 28, 28] in [-1, 1]."""
    # In place: a product of bytes and floats would be converted in small pieces.
    scaled = pixels[:, None].astype(np.float32)
    scaled *= np.float32(1 / 127.5)
    scaled -= np.float32(1)
    return scaled
