"""What the ink says for and against a drawing being a digit, whatever the network says of its crop.

Pen strokes have edges that are crisp beside their width and stand alone on clean paper that they
differ from clearly. Shadows, cloth, grass and the grain of paper have none of this for sure. Each
sign is a number of size about 1 that grows with the doubt; `confidence.py` weighs them.
"""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.pictures.ink import Ink
from inkdigits.pictures.pieces import Mask, Piece

Floats = npt.NDArray[np.float64]

# softness: the width of edges beside the width of strokes; noise: of the paper, beside the contrast
# of the ink; dirt: what around it is neither ink nor clean paper; strangers: ink around it that is
# of no likely digit.
SIGNS_OF_INK = ("softness", "noise", "dirt", "strangers")

_AROUND = 0.25  # of its size: so far beyond its box is looked for dirt and strangers
_LIKELY = 0.5  # so sure by itself, a drawing is no stranger to others
_LEAST_GROUND = 0.05  # of the box: where less paper is seen around, it counts as dirty
_DIRTY = 0.25  # of full ink
_PALEST = 0.02  # of the brightness range


def signs_of_ink(pieces: Sequence[Piece], confidences: Floats, ink: Ink) -> Floats:
    """The signs of drawings, float64 [n, 4], in the order of `SIGNS_OF_INK`.

    Args:
        pieces: the drawings.
        confidences: of each by itself, 0 to 1.
        ink: of the picture.
    """
    if not pieces:
        return np.zeros((0, len(SIGNS_OF_INK)))
    boxes = np.array([piece.box for piece in pieces])
    depth = np.maximum(np.array([piece.depth for piece in pieces]) / 255, _PALEST)
    softness = np.array([_softness(piece) for piece in pieces])
    noise = np.log1p(10 * ink.noise / depth)
    dirt, strangers = _surroundings(pieces, boxes, confidences, ink)
    return np.column_stack([softness, noise, dirt, strangers])


def _softness(piece: Piece) -> float:
    mask = np.pad(piece.mask, 1)
    outline = np.count_nonzero(mask[1:] != mask[:-1])
    outline += np.count_nonzero(mask[:, 1:] != mask[:, :-1])
    width = 2 * piece.area / (outline * np.pi / 4)
    edges = 4 * float((piece.strength * (1 - piece.strength)).sum()) / outline
    return min(edges / width, 2.0)


def _surroundings(
    pieces: Sequence[Piece], boxes: npt.NDArray[np.intp], confidences: Floats, ink: Ink
) -> tuple[Floats, Floats]:
    """Dirt and strangers in and around each box."""
    areas = np.array([piece.area for piece in pieces], float)
    reach = max(1, round(ink.stroke_width))
    square = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    ground = np.asarray(cv2.dilate(ink.mask.astype(np.uint8), square) == 0, bool)
    bounds = _widened(boxes, ink.mask.shape)
    clean = _sums(ground, bounds)
    dirt = _sums(ink.strength * ground, bounds) / np.maximum(clean, 1)
    dirt = np.where(clean < _LEAST_GROUND * boxes[:, 2] * boxes[:, 3], _DIRTY, dirt)
    likely = confidences >= _LIKELY
    left = ink.mask.copy()
    for index in np.flatnonzero(likely).tolist():
        x, y, width, height = pieces[index].box
        left[y : y + height, x : x + width] &= ~pieces[index].mask
    others = np.maximum(_sums(left, bounds) - np.where(likely, 0, areas), 0)
    return dirt / _DIRTY, np.log1p(others / areas)


def _widened(boxes: npt.NDArray[np.intp], shape: tuple[int, ...]) -> npt.NDArray[np.intp]:
    """Left, top, right and bottom of the boxes with something around them."""
    margin = np.maximum(1, (_AROUND * boxes[:, 2:].max(axis=1)).astype(int))
    left, top = (np.maximum(0, boxes[:, side] - margin) for side in (0, 1))
    right = np.minimum(shape[1], boxes[:, 0] + boxes[:, 2] + margin)
    bottom = np.minimum(shape[0], boxes[:, 1] + boxes[:, 3] + margin)
    return np.column_stack([left, top, right, bottom])


def _sums(values: Mask | npt.NDArray[np.float32], bounds: npt.NDArray[np.intp]) -> Floats:
    """The sum of the values in each of the rectangles."""
    whole = np.asarray(cv2.integral(np.asarray(values, np.float32)), float)
    left, top, right, bottom = bounds.T
    return np.asarray(
        whole[bottom, right] + whole[top, left] - whole[top, right] - whole[bottom, left]
    )
