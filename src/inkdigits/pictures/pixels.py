"""From any pixel values to those that reading starts from: uint8, upright, without transparency.

Grey and colour keep their own shapes: uint8 [h, w] or [h, w, 3] (RGB). Deeper values (16-bit,
32-bit, float) are scaled by their range, so that a 12-bit scan in 16-bit containers is not left
black.
"""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from inkdigits.errors import PictureError

if TYPE_CHECKING:
    from PIL import Image

Pixels = npt.NDArray[np.uint8]

# EXIF's orientation (tag 0x0112) as what has to be done to set the picture upright: the names are
# those of Pillow's `Image.Transpose`.
_ORIENTATION = 0x0112
_UPRIGHT = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
_WITH_ALPHA = ("RGBA", "RGBa", "LA", "La", "PA")
_DEEP = ("I", "F", "I;16", "I;16B", "I;16L", "I;16N")

# A sheet (not bare ink) fills this part of its bounding box, and shows paper as well as ink.
_SHEET_FILL = 0.7
_SHEET_CONTRAST = 40


def pixels_of_image(image: "Image.Image") -> Pixels:
    """The pixels of an opened picture of any Pillow mode, upright by its EXIF orientation."""
    image = _upright(image)
    if image.mode in _WITH_ALPHA or "transparency" in image.info:
        return flatten(np.asarray(image.convert("RGBA")))
    if image.mode in _DEEP:
        return scale_to_bytes(np.asarray(image))
    if image.mode in ("1", "L"):
        return np.array(image.convert("L"))
    if image.mode == "LAB":
        return np.array(image.getchannel(0))
    return np.array(image.convert("RGB"))


def pixels_of_array(array: npt.NDArray[np.generic]) -> Pixels:
    """The pixels of an array: [h, w], or [h, w, channels] with grey, grey+alpha, RGB or RGBA.

    Values: uint8 0 to 255, bool, deeper integers, or floats in [0, 1], [-1, 1] or [0, 255].

    Raises:
        PictureError: the array has another shape or type, or no pixel.
    """
    form = f"{array.dtype} {list(array.shape)}"
    if array.dtype.kind not in "buif":
        raise PictureError(f"an array of {form} is no picture; give numbers, such as uint8")
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (1, 2, 3, 4)):
        raise PictureError(
            f"an array of {form} is no picture; give [height, width] or [height, width, 1 to 4]"
        )
    if array.size == 0:
        raise PictureError(f"an array of {form} has no pixels")
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    pixels = scale_to_bytes(array)
    if pixels.ndim == 3 and pixels.shape[2] == 2:
        pixels = pixels[:, :, [0, 0, 0, 1]]
    return flatten(pixels) if pixels.ndim == 3 and pixels.shape[2] == 4 else pixels


def scale_to_bytes(array: npt.NDArray[np.generic]) -> Pixels:
    """Bring values of any number type to uint8 by their range."""
    if array.dtype == np.uint8:
        return np.array(array, np.uint8)
    if array.dtype == np.bool_:
        return array.astype(np.uint8) * np.uint8(255)
    values = array.astype(np.float32)
    finite = np.isfinite(values)
    if not finite.all():
        values = np.where(finite, values, np.median(values[finite]) if finite.any() else 0)
    low, high = _range(values, is_integer=array.dtype.kind in "ui")
    scaled: Pixels = np.clip((values - low) * np.float32(255 / (high - low)) + 0.5, 0, 255).astype(
        np.uint8
    )
    return scaled


def _range(values: npt.NDArray[np.float32], is_integer: bool) -> tuple[float, float]:
    """The range that the values were meant to have: the least usual one that holds them all."""
    low, high = float(values.min()), float(values.max())
    if low >= 0:
        deeper = [2.0**bits - 1 for bits in (10, 12, 14, 16)]
        tops = [255.0, *deeper] if is_integer else [1.0, 255.0]
        for top in tops:
            if high <= top * 1.0001:
                return 0.0, top
    elif not is_integer and low >= -1.0001 and high <= 1.0001:
        return -1.0, 1.0
    return (low, high) if high > low else (low - 1, low + 1)


def flatten(pixels: Pixels) -> Pixels:
    """Lay a picture with transparency (uint8 [h, w, 4]) on the ground that makes its ink visible.

    White ink gets a black ground and black ink a white one. Where the opaque part is a sheet that
    shows both paper and ink, the ground goes on with the paper's own brightness.
    """
    colour, alpha = pixels[:, :, :3], pixels[:, :, 3]
    if int(alpha.min()) == 255:
        return np.ascontiguousarray(colour)
    ground = _ground(colour, alpha)
    weight = alpha[:, :, None].astype(np.uint16)
    mixed = colour * weight + np.uint16(ground) * (255 - weight)
    flat: Pixels = ((mixed + 127) // 255).astype(np.uint8)
    return flat


def _ground(colour: Pixels, alpha: Pixels) -> int:
    opaque = alpha > 127
    if not opaque.any():
        opaque = alpha > 0
        if not opaque.any():
            return 255
    brightness = colour[opaque].astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    low, middle, high = np.percentile(brightness, [5, 50, 95])
    rows, columns = np.flatnonzero(opaque.any(1)), np.flatnonzero(opaque.any(0))
    box = (rows[-1] - rows[0] + 1) * (columns[-1] - columns[0] + 1)
    if opaque.sum() >= _SHEET_FILL * box and high - low >= _SHEET_CONTRAST:
        return round(float(middle))
    return 255 if float(brightness.mean()) < 128 else 0


def _upright(image: "Image.Image") -> "Image.Image":
    try:
        orientation = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # damaged EXIF says nothing about the picture itself
        return image
    operation = _UPRIGHT.get(orientation) if isinstance(orientation, int) else None
    if operation is None:
        return image
    from PIL import Image

    return image.transpose(Image.Transpose[operation])
