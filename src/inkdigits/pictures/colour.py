"""One channel of a colour picture in which ink and paper differ most.

The direction in RGB along which small details vary most (their first principal axis) is that from
the paper to the ink, whatever the light does on a large scale: a yellow pen on white paper, or red
on green of the same brightness, counts as black on white does. Where plain grey shows nearly as
much, plain grey is taken: it has the least noise.
"""

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.pictures.percentiles import percentile

Bytes = npt.NDArray[np.uint8]
Weights = npt.NDArray[np.float32]

_GREY = np.array([0.299, 0.587, 0.114])
# The axis is used where it shows this many times the contrast of grey.
_GAIN = 1.3
# Details are what differs from a mean over this part of the longer side.
_DETAIL = 0.2
# Among them only the strongest count, in parts of the strongest: the ink, not the noise.
_STRONG = 0.5


def ink_weights(pixels: Bytes) -> Weights | None:
    """Weights of R, G, B (their absolute values sum to 1), or None for plain grey."""
    if pixels.ndim == 2:
        return None
    side = max(3, 2 * round(_DETAIL * max(pixels.shape[:2]) / 2) + 1)
    detail = pixels.astype(np.float32) - np.asarray(cv2.blur(pixels, (side, side)), np.float32)
    detail = detail.reshape(-1, 3)
    size = np.abs(detail).max(1)
    strongest = percentile(size, 99.5)
    if strongest < 4:
        return None
    detail = detail[size >= _STRONG * strongest]
    _, axes = np.linalg.eigh(detail.T @ detail)
    axis = axes[:, -1]
    if axis @ _GREY < 0:
        axis = -axis
    weights = axis / np.abs(axis).sum()
    along = float(np.sqrt(np.mean((detail @ weights) ** 2)))
    grey = float(np.sqrt(np.mean((detail @ _GREY) ** 2)))
    return weights.astype(np.float32) if along > _GAIN * grey else None


def project(pixels: Bytes, weights: Weights | None) -> Bytes:
    """The channel with these weights, uint8 [h, w]; of a grey picture, or without weights, grey."""
    if pixels.ndim == 2:
        return pixels
    if weights is None:
        return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    lowest = -255 * float(weights[weights < 0].sum())
    matrix = np.array([[*weights.tolist(), lowest]], np.float32)
    return np.asarray(cv2.transform(pixels, matrix), np.uint8)
