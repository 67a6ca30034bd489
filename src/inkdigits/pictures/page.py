"""Reads all digits of a picture: a page, a form, a board, a row of digits on a scrap of paper.

Ink is found on a copy of the picture that is no larger than the strokes need; lines of the paper
are taken away; the remaining pieces become digits (`grouping.py`), are judged (`judging.py`), set
in rows and groups (`rows.py`), and checked against the company they stand in. What is no digit is
rejected with its reason.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from inkdigits.pictures.grouping import Found, find_digits
from inkdigits.pictures.ink import Ink, find_ink
from inkdigits.pictures.judging import judge
from inkdigits.pictures.lines import remove_lines
from inkdigits.pictures.opening import Picture
from inkdigits.pictures.pieces import Piece, faintly_connected, find_pieces, usual_height
from inkdigits.pictures.polarity import opposite
from inkdigits.pictures.reading import (
    Box,
    Classify,
    Crop,
    PageOptions,
    PageReading,
    ReadDigit,
    Rejected,
)
from inkdigits.pictures.rows import find_layout
from inkdigits.pictures.shape import is_possible, surrounds

# The copy on which ink is sought first has at most this many pixels, and strokes on it must be at
# least so wide; else a larger copy is taken.
_FIRST_PIXELS = 1_300_000
_LEAST_STROKE = 2.2
_SMALLEST = 7  # pixels: a digit is at least this tall
_LONGEST_STRIP = 400  # times as long as wide: such a picture holds no writing


@dataclass(frozen=True, eq=False)
class _Candidate:
    """A judged drawing, in pixels of the copy that was read."""

    piece: Piece
    crop: Crop
    value: int
    confidence: float
    family: int = -1


@dataclass(frozen=True, eq=False)
class _Attempt:
    """One reading of a copy: what is accepted, what is rejected, how sure it is as a whole."""

    accepted: list[_Candidate]
    rejected: list[Rejected]

    @property
    def weight(self) -> float:
        """How much speaks for this reading: sure digits for it, rejected drawings against it."""
        sure = sum(candidate.confidence for candidate in self.accepted)
        against = sum(1 for r in self.rejected if r.reason in ("not a digit", "low confidence"))
        return sure - 0.25 * min(against, 3 * len(self.accepted) + 4)


def read_page(
    picture: Picture, classify: Classify, options: PageOptions | None = None
) -> PageReading:
    """Read all digits of a picture.

    Args:
        picture: the opened picture.
        classify: from images uint8 [n, 28, 28] to probabilities float32 [n, 10] or [n, 11].
        options: what the user asks for and knows.
    """
    options = options or PageOptions()
    height, width = picture.pixels.shape[:2]
    if min(height, width) < _SMALLEST or max(height, width) > _LONGEST_STRIP * min(height, width):
        return PageReading((), (), (), (), (width, height))
    copy, scale, ink = _copy_with_ink(picture)
    attempt = _read(ink, classify, options)
    if _is_poor(attempt):
        second = _read(find_ink(copy, opposite(ink.polarity)), classify, options)
        if second.weight > attempt.weight + 0.5:
            attempt = second
    return _reading(attempt, scale, (width, height), options)


def _is_poor(attempt: _Attempt) -> bool:
    against = sum(1 for r in attempt.rejected if r.reason in ("not a digit", "low confidence"))
    return not attempt.accepted or against > 2 * len(attempt.accepted)


def _copy_with_ink(picture: Picture) -> tuple[Picture, float, Ink]:
    """A copy that is large enough for its strokes, its scale, and its ink."""
    height, width = picture.pixels.shape[:2]
    scale = min(1.0, float(np.sqrt(_FIRST_PIXELS / (height * width))))
    copy = _reduced(picture, scale)
    ink = find_ink(copy)
    if scale < 1 and 0 < ink.stroke_width < _LEAST_STROKE:
        scale = min(1.0, scale * 1.25 * _LEAST_STROKE / ink.stroke_width)
        copy = _reduced(picture, scale)
        ink = find_ink(copy, ink.polarity)
    return copy, scale, ink


def _reduced(picture: Picture, scale: float) -> Picture:
    if scale >= 1:
        return picture
    height, width = picture.pixels.shape[:2]
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    pixels = np.asarray(cv2.resize(picture.pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    return replace(picture, pixels=pixels)


def _read(ink: Ink, classify: Classify, options: PageOptions) -> _Attempt:
    without = remove_lines(ink.mask, ink.stroke_width)
    rejected = [Rejected(box, "line") for box in without.lines]
    pieces = find_pieces(without.mask, ink.strength, max(4.0, 0.4 * ink.stroke_width**2))
    usual = usual_height(pieces, ink.stroke_width)
    kept, refused = _sift(pieces, usual, ink)
    rejected += refused
    connected = faintly_connected(kept, ink.strength, ink.mask & ~without.mask)
    found = find_digits(kept, classify, ink.stroke_width, usual, connected, options.expect)
    candidates = _judged(found, classify)
    unused = _unused(kept, candidates)
    rejected += [Rejected(p.box, _left_out_reason(p, usual)) for p in unused]
    accepted, more = _accept(candidates, unused, options)
    return _Attempt(accepted, rejected + more)


def _sift(pieces: list[Piece], usual: float, ink: Ink) -> tuple[list[Piece], list[Rejected]]:
    """Pieces that may be digits or parts of them, and what can be neither."""
    kept, refused = [], []
    page_height, page_width = ink.mask.shape
    for piece in pieces:
        x, y, width, height = piece.box
        edges = (x == 0) + (y == 0) + (x + width == page_width) + (y + height == page_height)
        is_huge = max(width, height) > 3 * usual or min(width, height) > 1.6 * usual
        if max(width, height) < max(0.12 * usual, 3):
            if max(width, height) >= max(2, 0.5 * ink.stroke_width):
                refused.append(Rejected(piece.box, "too small"))
        elif edges >= 3 or (edges and is_huge):
            refused.append(Rejected(piece.box, "touches the border"))
        else:
            kept.append(piece)
    return kept, refused


def _judged(found: list[Found], classify: Classify) -> list[_Candidate]:
    crops = np.array([f.crop for f in found], np.uint8).reshape(-1, 28, 28)
    judgement = judge(classify, crops)
    return [
        _Candidate(f.piece, f.crop, int(value), float(confidence), f.family)
        for f, value, confidence in zip(found, judgement.values, judgement.confidence, strict=True)
    ]


def _unused(pieces: list[Piece], candidates: list[_Candidate]) -> list[Piece]:
    """Pieces none of whose ink is in a drawing that was judged."""
    unused = []
    for piece in pieces:
        x, y, _, _ = piece.box
        column = x + int(np.flatnonzero(piece.mask[0])[0])
        if not any(_holds(c.piece, column, y) for c in candidates):
            unused.append(piece)
    return unused


def _holds(piece: Piece, x: int, y: int) -> bool:
    left, top, width, height = piece.box
    inside = left <= x < left + width and top <= y < top + height
    return inside and bool(piece.mask[y - top, x - left])


def _left_out_reason(piece: Piece, usual: float) -> str:
    return "too small" if piece.box[3] < 0.35 * usual else "not a digit"


def _accept(
    candidates: list[_Candidate], unused: list[Piece], options: PageOptions
) -> tuple[list[_Candidate], list[Rejected]]:
    if options.expect is not None:
        return candidates, []
    reasons = [_reason_against(c, unused, options.min_confidence) for c in candidates]
    # What is cut is all digits, or none of it is.
    broken = {
        c.family for c, reason in zip(candidates, reasons, strict=True) if reason and c.family >= 0
    }
    accepted, rejected = [], []
    for candidate, reason in zip(candidates, reasons, strict=True):
        if not reason and candidate.family in broken:
            reason = "not a digit"
        if reason:
            rejected.append(Rejected(candidate.piece.box, reason, candidate.confidence))
        else:
            accepted.append(candidate)
    return accepted, rejected


def _reason_against(candidate: _Candidate, unused: list[Piece], min_confidence: float) -> str:
    """Why a candidate is no digit; empty where it may be one."""
    if candidate.piece.box[3] < _SMALLEST:
        return "too small"
    if candidate.confidence < 0.2 or not is_possible(candidate.piece, candidate.value):
        return "not a digit"
    if any(surrounds(candidate.piece, other) for other in unused):
        return "not a digit"
    return "low confidence" if candidate.confidence < min_confidence else ""


def _reading(
    attempt: _Attempt, scale: float, size: tuple[int, int], options: PageOptions
) -> PageReading:
    layout = find_layout([c.piece.box for c in attempt.accepted], options.expect_rows)
    digits = []
    groups: list[tuple[str, ...]] = []
    for row_number, row in enumerate(layout.rows):
        texts = []
        for group_number, group in enumerate(row):
            texts.append("".join(str(attempt.accepted[i].value) for i in group))
            for index in group:
                candidate = attempt.accepted[index]
                box = _in_picture(candidate.piece.box, scale, size)
                digits.append(
                    ReadDigit(
                        value=candidate.value,
                        confidence=candidate.confidence,
                        box=box,
                        row=row_number,
                        group=group_number,
                        crop=candidate.crop,
                    )
                )
        groups.append(tuple(texts))
    rejected = tuple(replace(r, box=_in_picture(r.box, scale, size)) for r in attempt.rejected)
    rows = tuple("".join(row) for row in groups)
    return PageReading(rows, tuple(groups), tuple(digits), rejected, size)


def _in_picture(box: Box, scale: float, size: tuple[int, int]) -> Box:
    left, top = max(0, round(box[0] / scale)), max(0, round(box[1] / scale))
    right = min(size[0], round((box[0] + box[2]) / scale))
    bottom = min(size[1], round((box[1] + box[3]) / scale))
    return (left, top, max(1, right - left), max(1, bottom - top))
