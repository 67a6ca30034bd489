"""What was done to images before classical methods: deskew, denoise, blur.

Every function maps images uint8 [n, 28, 28] (ink 255 on 0) to the same form. The methods are those
of LeCun, Bottou, Bengio & Haffner 1998, "Gradient-based learning applied to document recognition",
and of the table at yann.lecun.com/exdb/mnist: deskewing, noise removal, blurring.
"""

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.data.digits import Images
from inkdigits.errors import UsageError

_CHUNK = 4000


def preprocess(name: str, images: Images) -> Images:
    """Apply one of `PREPROCESSINGS` by its name.

    Raises:
        UsageError: there is no such preprocessing.
    """
    if name not in PREPROCESSINGS:
        raise UsageError(f"there is no preprocessing '{name}'; choose {', '.join(PREPROCESSINGS)}")
    method = PREPROCESSINGS[name]
    parts = [method(images[i : i + _CHUNK]) for i in range(0, len(images), _CHUNK)]
    return np.concatenate(parts) if parts else images


def slant(images: Images) -> npt.NDArray[np.float64]:
    """How far each digit leans: columns to the left per row down, float64 [n]; 0 is upright.

    It is the slope of the line through the ink, from second central moments: mu11 / mu02.
    """
    _, tilt, _ = _moments(images)
    return -tilt


def deskew(images: Images) -> Images:
    """Shear each digit until it stands upright; its centre of mass stays where it is."""
    centre, tilt, _ = _moments(images)
    rows = np.arange(images.shape[1])
    # Row y of the result is row y of the image, moved so that the line through the ink is upright;
    # between two pixels the value is interpolated.
    move = tilt[:, None] * (rows[None, :] - centre[:, None])
    position = np.arange(images.shape[2])[None, None, :] + move[:, :, None]
    left = np.floor(position).astype(np.intp)
    share = (position - left).astype(np.float32)
    padded = np.pad(images, ((0, 0), (0, 0), (1, 1))).astype(np.float32)
    last = padded.shape[2] - 1

    def pixels(columns: npt.NDArray[np.intp]) -> npt.NDArray[np.float32]:
        return np.take_along_axis(padded, np.clip(columns + 1, 0, last), axis=2)

    sheared = pixels(left) * (1 - share) + pixels(left + 1) * share
    return np.rint(sheared).astype(np.uint8)


def denoise(images: Images) -> Images:
    """Replace each pixel by the median of its 3x3 neighbourhood: lone specks go away."""
    return _as_one_picture(images, 1, lambda picture: cv2.medianBlur(picture, 3))


def blur(images: Images) -> Images:
    """Blur with a Gaussian of standard deviation 1 pixel: small shifts matter less."""
    return _as_one_picture(images, 2, lambda picture: cv2.GaussianBlur(picture, (5, 5), 1.0))


def none(images: Images) -> Images:
    """Leave the images as they are."""
    return images


PREPROCESSINGS: dict[str, Callable[[Images], Images]] = {
    "none": none,
    "deskew": deskew,
    "denoise": denoise,
    "blur": blur,
}


def _moments(
    images: Images,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Of each image the row of its centre of mass, its tilt mu11 / mu02, and its mass, [n] each."""
    ink = images.astype(np.float64) / 255
    rows = np.arange(images.shape[1], dtype=np.float64)
    columns = np.arange(images.shape[2], dtype=np.float64)
    mass = ink.sum(axis=(1, 2))
    safe = np.maximum(mass, 1e-9)  # an empty image has no slant
    by_row, by_column = ink.sum(axis=2), ink.sum(axis=1)
    row, column = by_row @ rows / safe, by_column @ columns / safe
    mixed = np.einsum("nyx,y,x->n", ink, rows, columns, optimize=True) / safe - row * column
    upright = by_row @ rows**2 / safe - row**2
    # A digit of a single row can't be sheared upright.
    tilt = np.where(upright > 1e-3, mixed / np.maximum(upright, 1e-3), 0.0)
    return row, tilt, mass


def _as_one_picture(images: Images, border: int, method: Callable[[Images], Images]) -> Images:
    """Run a filter over all images at once, stacked; a border keeps neighbours apart."""
    if not len(images):
        return images
    padded = np.pad(images, ((0, 0), (border, border), (border, border)), mode="edge")
    count, height, width = padded.shape
    filtered = method(padded.reshape(count * height, width)).reshape(count, height, width)
    return np.ascontiguousarray(filtered[:, border:-border, border:-border])
