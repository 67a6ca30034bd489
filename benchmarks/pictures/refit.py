"""Fits how the page reader weighs its signs, and says what that does for sources it has not seen.

    python -m benchmarks.pictures.refit FOLDER
    python -m benchmarks.pictures.refit FOLDER MORE_FOLDERS --model runs/mine/best.onnx

Prints CONSTANT and WEIGHTS for `src/inkdigits/pictures/confidence.py`. Folders are laid out as
`benchmarks/pictures/folder.py` says; further ones may hold other pictures without digits. Drawings
on pictures without digits count against, and so do those on pages that match no true digit; those
that match count for. Sources with many pictures have less say than their number. The figures are of
the first folder alone; "left out" has scored each picture by a fit that saw none of its source. Fit
anew whenever the network is another.
"""

import argparse
import difflib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from benchmarks.pictures.folder import Pictures, open_folder
from inkdigits.inference import Recognizer
from inkdigits.pictures import open_picture
from inkdigits.pictures.acceptance import reasons_against, signs_of
from inkdigits.pictures.candidates import Candidates, find_candidates
from inkdigits.pictures.confidence import CONSTANT, SIGNS, WEIGHTS
from inkdigits.pictures.copying import copy_with_ink
from inkdigits.pictures.rows import find_layout

REFUSED = (0.005, 0.01, 0.02, 0.05)
_RIDGE = 1.0  # what holds weights small, in pictures
_WEIGHT = 60.0  # of everything that counts for, and of everything that counts against
_LEAN = 0.95  # added to the constant: a digit that is refused spoils its row
_NEVER = -50.0  # the score of a picture in which nothing may be a digit


@dataclass(frozen=True, eq=False)
class Drawings:
    """What may be digits in a picture: signs [n, k], and whether each is one (nan: not known)."""

    kind: str  # "single", "page" or "other"
    source: str
    name: str
    is_measured: bool
    signs: np.ndarray
    is_digit: np.ndarray


def main() -> None:
    """Collect, fit, print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.pictures.refit", description=__doc__.splitlines()[0]
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--model", default="best", help="model file or bundled name (best)")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    recognizer = Recognizer.load(arguments.model, threads=1)
    classify = recognizer.classify_with_rejection if recognizer.rejects else recognizer.classify
    drawings: list[Drawings] = []
    for number, folder in enumerate(arguments.folders):
        found = collect(open_folder(folder), classify)
        drawings += [replace(d, is_measured=number == 0) for d in found]
    used = np.array([CONSTANT, *WEIGHTS])
    print("as it is:   ", figures(drawings, [score(d, used) for d in drawings]))
    print("left out:   ", figures(drawings, left_out_scores(drawings)))
    fitted = fit(drawings)
    print("fit to all: ", figures(drawings, [score(d, fitted) for d in drawings]))
    for name, weight in zip(("constant", *SIGNS), fitted, strict=True):
        print(f"  {name:10} {weight:6.2f}")
    print(f"CONSTANT = {fitted[0]:.2f}")
    print(f"WEIGHTS = ({', '.join(f'{weight:.2f}' for weight in fitted[1:])})")


def collect(pictures: Pictures, classify) -> Iterator[Drawings]:
    """All pictures' drawings with their signs; sets are no pictures."""
    for other in pictures.others:
        found, possible, signs = _look_at(other.path, classify)
        is_digit = np.zeros(len(signs))
        yield Drawings(
            "other", other.source, other.path.name, True, signs[possible], is_digit[possible]
        )
    for page in pictures.pages:
        found, possible, signs = _look_at(page.path, classify)
        is_digit = _matching(found, possible, "".join(page.rows))
        yield Drawings(
            "page", page.source, page.path.name, True, signs[possible], is_digit[possible]
        )
    for single in pictures.singles:
        found, possible, signs = _look_at(single.path, classify)
        is_digit = np.full(len(signs), np.nan)
        if possible.any():
            confidences = np.array([drawing.confidence for drawing in found.drawings]) * possible
            best = int(confidences.argmax())
            if found.drawings[best].value == single.label:
                is_digit[best] = 1
        yield Drawings(
            "single", single.source, single.path.name, True, signs[possible], is_digit[possible]
        )


def _look_at(path: Path, classify) -> tuple[Candidates, np.ndarray, np.ndarray]:
    _, ink = copy_with_ink(open_picture(path))
    found = find_candidates(ink, classify)
    possible = np.array([not reason for reason in reasons_against(found)], bool)
    return found, possible, signs_of(found, possible)


def _matching(found: Candidates, possible: np.ndarray, true: str) -> np.ndarray:
    """Which drawings, in reading order, are among the longest runs of the true digits."""
    indices = np.flatnonzero(possible).tolist()
    rows = find_layout([found.drawings[i].piece.box for i in indices]).rows
    order = [indices[i] for row in rows for group in row for i in group]
    read = "".join(str(found.drawings[i].value) for i in order)
    is_digit = np.zeros(len(possible))
    matcher = difflib.SequenceMatcher(None, read, true, autojunk=False)
    for start, _, length in matcher.get_matching_blocks():
        is_digit[order[start : start + length]] = 1
    return is_digit


def score(drawings: Drawings, weights: np.ndarray) -> float:
    """The log odds of the surest drawing."""
    if not len(drawings.signs):
        return _NEVER
    return float((weights[0] + drawings.signs @ weights[1:]).max())


def left_out_scores(drawings: list[Drawings]) -> list[float]:
    """Scores of pictures by fits that have not seen any picture of the same source."""
    fits = {
        source: fit([d for d in drawings if d.source != source])
        for source in sorted({d.source for d in drawings})
    }
    return [score(d, fits[d.source]) for d in drawings]


def fit(drawings: list[Drawings]) -> np.ndarray:
    """Constant and weights of a logistic regression with a small ridge, by Newton's method."""
    signs = np.concatenate([d.signs for d in drawings])
    truth = np.concatenate([d.is_digit for d in drawings])
    weight = np.concatenate(_shares(drawings))
    known = ~np.isnan(truth)
    signs, truth, weight = signs[known], truth[known], weight[known]
    for value in (0, 1):
        weight[truth == value] *= _WEIGHT / weight[truth == value].sum()
    mean, spread = signs.mean(axis=0), signs.std(axis=0) + 1e-9
    inputs = np.column_stack([np.ones(len(signs)), (signs - mean) / spread])
    ridge = np.full(inputs.shape[1], _RIDGE)
    ridge[0] = 1e-3
    weights = np.zeros(inputs.shape[1])
    for _ in range(60):
        likely = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ (weight * (truth - likely)) - ridge * weights
        bend = (inputs * (weight * likely * (1 - likely))[:, None]).T @ inputs + np.diag(ridge)
        step = np.linalg.solve(bend, slope)
        weights = weights + step * min(1, 2 / np.abs(step).max())
    plain = weights[1:] / spread
    return np.append(weights[0] - (mean * plain).sum() + _LEAN, plain)


def _shares(drawings: list[Drawings]) -> list[np.ndarray]:
    """What each drawing counts: less where there are many of its source, or of its picture."""
    of_source: dict[str, float] = {}
    for d in drawings:
        of_source[d.source] = of_source.get(d.source, 0) + float(np.nansum(d.is_digit))
    shares = []
    for d in drawings:
        against = max(1, int((d.is_digit == 0).sum()))
        of_measured = 1.0 if d.is_measured else 0.3
        share = np.where(d.is_digit == 1, 1 / max(of_source[d.source], 1) ** 0.5, against**-0.5)
        shares.append(of_measured * share)
    return shares


def figures(drawings: list[Drawings], scores: list[float]) -> str:
    """Non-digits read where so many digits are refused, and at the default confidence."""
    measured = [(d.kind, s) for d, s in zip(drawings, scores, strict=True) if d.is_measured]
    lone = np.sort([s for kind, s in measured if kind == "single"])
    others = np.array([s for kind, s in measured if kind == "other"])
    parts = [f"at 0.5: {(others >= 0).mean():.1%} read, {(lone < 0).mean():.1%} refused"]
    for refused in REFUSED:
        least = lone[min(int(refused * len(lone)), len(lone) - 1)]
        parts.append(f"{(others >= least).mean():.1%} at {refused:.1%} refused")
    return "; ".join(parts)


if __name__ == "__main__":
    main()
