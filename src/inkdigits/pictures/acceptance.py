"""Which drawings are read as digits, and why the others are not.

A digit must be likely by itself, of a possible shape (`shape.py`), free of other ink within, of the
size of its row, and stand in company of digits (`company.py`). Where the user says how many digits
there are, that many are read, and only their order is asked for.
"""

from dataclasses import dataclass, replace

import numpy as np

from inkdigits.pictures.candidates import Candidate, Candidates
from inkdigits.pictures.company import in_company
from inkdigits.pictures.pieces import Piece
from inkdigits.pictures.reading import PageOptions, Rejected
from inkdigits.pictures.rows import Layout, find_layout
from inkdigits.pictures.shape import is_possible, surrounds

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


def accept(candidates: Candidates, options: PageOptions) -> Attempt:
    """Choose among the candidates."""
    left_out = [Rejected(p.box, _left_out(p, candidates.usual)) for p in candidates.unused]
    rejected = candidates.rejected + left_out
    digits = candidates.drawings
    if options.expect is None:
        digits, refused = _likely(digits, candidates.unused)
        against = sum(
            r.reason != "too small" and r.box[3] >= 0.4 * candidates.usual
            for r in refused + left_out
        )
        digits, doubtful = _in_company(digits, against, options.min_confidence)
        digits, small = _of_row_size(digits)
        rejected = rejected + refused + doubtful + small
    layout = find_layout([digit.piece.box for digit in digits], options.expect_rows)
    return Attempt(digits, layout, rejected)


def _left_out(piece: Piece, usual: float) -> str:
    return "too small" if max(piece.box[2:]) < _SMALL_PIECE * usual else "not a digit"


def _likely(
    drawings: list[Candidate], unused: list[Piece]
) -> tuple[list[Candidate], list[Rejected]]:
    """Drawings that may be digits by themselves."""
    reasons = [_reason_against(drawing, unused) for drawing in drawings]
    # What is cut is all digits, or none of it is.
    pairs = list(zip(drawings, reasons, strict=True))
    broken = {drawing.family for drawing, reason in pairs if reason and drawing.family >= 0}
    likely, rejected = [], []
    for drawing, reason in pairs:
        if not reason and drawing.family in broken:
            reason = "not a digit"
        if reason:
            rejected.append(Rejected(drawing.piece.box, reason, drawing.confidence))
        else:
            likely.append(drawing)
    return likely, rejected


def _reason_against(drawing: Candidate, unused: list[Piece]) -> str:
    """Why a drawing is no digit; empty where it may be one."""
    if drawing.piece.box[3] < SMALLEST:
        return "too small"
    if drawing.confidence < _UNLIKELY or not is_possible(drawing.piece, drawing.value):
        return "not a digit"
    return "not a digit" if any(surrounds(drawing.piece, other) for other in unused) else ""


def _in_company(
    drawings: list[Candidate], against: int, min_confidence: float
) -> tuple[list[Candidate], list[Rejected]]:
    """Drawings with confidences that heed the rest of the page; the doubtful ones apart."""
    values = [drawing.value for drawing in drawings]
    confidences = in_company(values, [drawing.confidence for drawing in drawings], against)
    sure, doubtful = [], []
    for drawing, confidence in zip(drawings, confidences, strict=True):
        if confidence < min_confidence:
            doubtful.append(Rejected(drawing.piece.box, "low confidence", float(confidence)))
        else:
            sure.append(replace(drawing, confidence=float(confidence)))
    return sure, doubtful


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
