"""Which drawings are read as digits, and why the others are not.

A digit must be of a possible shape (`shape.py`), free of other ink within, sure enough by all that
is known of it (`confidence.py`), and of the size of its row. Where the user says how many digits
there are, that many are read, and only their order is asked for.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from inkdigits.pictures.candidates import Candidate, Candidates
from inkdigits.pictures.company import signs_of_company
from inkdigits.pictures.confidence import SIGNS, log_odds, weigh
from inkdigits.pictures.pieces import Piece
from inkdigits.pictures.reading import PageOptions, Rejected
from inkdigits.pictures.rows import Layout, find_layout
from inkdigits.pictures.shape import is_possible, surrounds

Floats = npt.NDArray[np.float64]

SMALLEST = 7  # pixels: a digit is at least this tall
_UNLIKELY = 0.2  # below this confidence a drawing is not even doubtful
_SMALL_PIECE = 0.35  # of the writing's height: what is smaller is a dot, not a drawing
_SMALL_IN_ROW = 0.4  # of the row's height
_SMALL_ONE_IN_ROW = 0.5  # a 1 that is smaller is a comma or an apostrophe
_ROW = 3  # so many digits make a row whose height can be known


@dataclass(frozen=True, eq=False)
class Attempt:
    """One reading of a page: digits with their layout, and what is rejected."""

    digits: list[Candidate]
    layout: Layout
    rejected: list[Rejected]

    @property
    def against(self) -> int:
        """How many drawings of some size are no digits."""
        return sum(r.reason in ("not a digit", "low confidence") for r in self.rejected)

    @property
    def weight(self) -> float:
        """How much speaks for this reading: sure digits for it, rejected drawings against it."""
        sure = sum(digit.confidence for digit in self.digits)
        return sure - 0.25 * min(self.against, 3 * len(self.digits) + 4)


def accept(candidates: Candidates, options: PageOptions, prior: float = 0.0) -> Attempt:
    """Choose among the candidates; `prior`: log odds that the picture is to be read this way."""
    left_out = [Rejected(p.box, _left_out(p, candidates.usual)) for p in candidates.unused]
    rejected = candidates.rejected + left_out
    digits = candidates.drawings
    if options.expect is None:
        reasons = reasons_against(candidates)
        digits, refused = _sure(candidates, reasons, options.min_confidence, prior)
        digits, small = _of_row_size(digits)
        rejected = rejected + refused + small
    layout = find_layout([digit.piece.box for digit in digits], options.expect_rows)
    return Attempt(digits, layout, rejected)


def _left_out(piece: Piece, usual: float) -> str:
    return "too small" if max(piece.box[2:]) < _SMALL_PIECE * usual else "not a digit"


def reasons_against(candidates: Candidates) -> list[str]:
    """Why each drawing can be no digit whatever else is known; empty where it may be one."""
    drawings = candidates.drawings
    reasons = [_reason_against(drawing, candidates.unused) for drawing in drawings]
    # What is cut is all digits, or none of it is.
    pairs = list(zip(drawings, reasons, strict=True))
    broken = {drawing.family for drawing, reason in pairs if reason and drawing.family >= 0}
    return [reason or "not a digit" * (drawing.family in broken) for drawing, reason in pairs]


def _reason_against(drawing: Candidate, unused: list[Piece]) -> str:
    if drawing.piece.box[3] < SMALLEST:
        return "too small"
    if drawing.confidence < _UNLIKELY or not is_possible(drawing.piece, drawing.value):
        return "not a digit"
    return "not a digit" if any(surrounds(drawing.piece, other) for other in unused) else ""


def signs_of(candidates: Candidates, is_possible: npt.NDArray[np.bool_]) -> Floats:
    """The signs of all drawings, float64 [n, len(SIGNS)], which `confidence.py` weighs."""
    drawings = candidates.drawings
    if not drawings:
        return np.zeros((0, len(SIGNS)))
    is_cut = np.array([drawing.family >= 0 for drawing in drawings])
    company = signs_of_company(
        confidences=np.array([drawing.confidence for drawing in drawings]) * is_possible,
        is_one=np.array([drawing.value == 1 for drawing in drawings]),
        families=np.array([drawing.family for drawing in drawings]),
        areas=np.array([drawing.piece.area for drawing in drawings], float),
        rests=candidates.unused,
        usual=candidates.usual,
        strangers=sum(r.reason == "touches the border" for r in candidates.rejected),
    )
    network = log_odds(np.array([drawing.confidence for drawing in drawings]))
    # Where digits are, some touch; where few are, what looks like one after a cut is an accident.
    cut = is_cut / (1 + np.exp(company[:, 0]))
    ink = np.stack([drawing.signs for drawing in drawings])
    return np.column_stack([network, cut, ink, company])


def _sure(
    candidates: Candidates, reasons: list[str], min_confidence: float, prior: float
) -> tuple[list[Candidate], list[Rejected]]:
    """Drawings that are sure enough to be digits, with their confidence; the others apart."""
    possible = np.array([not reason for reason in reasons], bool)
    confidences = weigh(signs_of(candidates, possible), prior).tolist()
    sure, refused = [], []
    for drawing, confidence, reason in zip(candidates.drawings, confidences, reasons, strict=True):
        if reason or confidence < min_confidence:
            reason = reason or "low confidence"
            refused.append(Rejected(drawing.piece.box, reason, confidence))
        else:
            sure.append(replace(drawing, confidence=confidence))
    return sure, refused


def _of_row_size(drawings: list[Candidate]) -> tuple[list[Candidate], list[Rejected]]:
    """Drawings without those that are too small for the row they stand in."""
    boxes = [drawing.piece.box for drawing in drawings]
    small: set[int] = set()
    for row in find_layout(boxes).rows:
        members = [index for group in row for index in group]
        if len(members) < _ROW:
            continue
        usual = float(np.median([boxes[index][3] for index in members]))
        for index in members:
            is_one = drawings[index].value == 1
            least = (_SMALL_ONE_IN_ROW if is_one else _SMALL_IN_ROW) * usual
            if max(boxes[index][2:]) < least:
                small.add(index)
    kept = [drawing for index, drawing in enumerate(drawings) if index not in small]
    return kept, [Rejected(boxes[i], "too small", drawings[i].confidence) for i in sorted(small)]
