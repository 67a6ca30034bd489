"""From ink to drawings: what may be a digit on a page, and what surely is none.

Lines are taken away, the rest falls into pieces, pieces become drawings (`grouping.py`), and what
the ink says of each is measured (`evidence.py`).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inkdigits.pictures.evidence import signs_of_ink
from inkdigits.pictures.grouping import Found, find_digits
from inkdigits.pictures.ink import Ink
from inkdigits.pictures.lines import remove_lines
from inkdigits.pictures.pieces import Piece, faintly_connected, find_pieces, usual_height
from inkdigits.pictures.reading import Classify, Crop, Rejected

_PALE_LINE = 0.35  # of full ink
_SPECK = 0.4  # pieces smaller than this part of a stroke width squared are dirt
_LEAST_PIECE = 0.08  # of the writing's height
_HUGE = 3.0  # at the picture's edge: longer than so many heights of the writing


@dataclass(frozen=True, eq=False)
class Candidate:
    """A drawing that may be a digit, in pixels of the copy that was read.

    Attributes:
        piece: its ink.
        crop: what the network saw.
        value: the digit that it is, if it is one.
        confidence: the network's probability of that digit.
        signs: what the ink says, float64 [4], see `evidence.py`.
        family: the number of the piece that it is cut from, -1 where it is not cut.
    """

    piece: Piece
    crop: Crop
    value: int
    confidence: float
    signs: npt.NDArray[np.float64]
    family: int = -1


@dataclass(frozen=True, eq=False)
class Candidates:
    """All drawings of a page, the pieces they are made of, and those that are in none of them.

    `usual` is the height of the writing in pixels.
    """

    drawings: list[Candidate]
    pieces: list[Piece]
    unused: list[Piece]
    rejected: list[Rejected]
    usual: float


def find_candidates(ink: Ink, classify: Classify, expect: int | None = None) -> Candidates:
    """Find and judge all that may be a digit."""
    # Lines are often paler than strokes: they are sought where the mask does not reach.
    without = remove_lines(ink.strength > _PALE_LINE, ink.stroke_width)
    mask = without.mask & ink.mask
    rejected = [Rejected(box, "line") for box in without.lines]
    least = max(4.0, _SPECK * ink.stroke_width**2)
    pieces = find_pieces(mask, ink.strength, least, ink.depth)
    usual = usual_height(pieces, ink.stroke_width)
    kept, refused = _sift(pieces, usual, ink)
    connected = faintly_connected(kept, ink.strength, ink.mask & ~mask)
    found, pale = find_digits(kept, classify, ink.stroke_width, usual, connected, expect)
    drawings = _judged(found, ink)
    refused += [Rejected(piece.box, "line") for piece in pale]
    pale_ones = {id(piece) for piece in pale}
    dark = [piece for piece in kept if id(piece) not in pale_ones]
    unused = _unused(dark, drawings, ink.mask.shape)
    return Candidates(drawings, dark, unused, rejected + refused, usual)


def _sift(pieces: list[Piece], usual: float, ink: Ink) -> tuple[list[Piece], list[Rejected]]:
    """Pieces that may be digits or parts of them, and what can be neither."""
    kept, refused = [], []
    page_height, page_width = ink.mask.shape
    for piece in pieces:
        x, y, width, height = piece.box
        edges = (x == 0) + (y == 0) + (x + width == page_width) + (y + height == page_height)
        is_huge = max(width, height) > _HUGE * usual or min(width, height) > _HUGE / 2 * usual
        if max(width, height) < max(_LEAST_PIECE * usual, 3):
            if max(width, height) >= max(2, 0.5 * ink.stroke_width):
                refused.append(Rejected(piece.box, "too small"))
        elif edges >= 3 or (edges and is_huge):
            refused.append(Rejected(piece.box, "touches the border"))
        else:
            kept.append(piece)
    return kept, refused


def _judged(found: list[Found], ink: Ink) -> list[Candidate]:
    confidences = np.array([f.probability for f in found])
    signs = signs_of_ink([f.piece for f in found], confidences, ink)
    return [
        Candidate(f.piece, f.crop, f.value, f.probability, own, f.family)
        for f, own in zip(found, signs, strict=True)
    ]


def _unused(pieces: list[Piece], drawings: list[Candidate], shape: tuple[int, ...]) -> list[Piece]:
    """Pieces none of whose ink is in a drawing that was judged."""
    drawn = np.zeros(shape, bool)
    for drawing in drawings:
        x, y, width, height = drawing.piece.box
        drawn[y : y + height, x : x + width] |= drawing.piece.mask
    return [piece for piece in pieces if not drawn[_a_pixel(piece)]]


def _a_pixel(piece: Piece) -> tuple[int, int]:
    x, y, _, _ = piece.box
    return y, x + int(np.flatnonzero(piece.mask[0])[0])
