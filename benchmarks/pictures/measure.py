"""Runs a reader over a folder: figures, and every mistake with its picture."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from benchmarks.pictures import scores
from benchmarks.pictures.folder import Pictures, open_set
from benchmarks.pictures.readers import Reader
from inkdigits.errors import InkdigitsError
from inkdigits.pictures import open_picture

CONFIDENCES = (0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99)
COVERAGES = (0.5, 0.8, 0.9, 0.95, 0.98, 1.0)

Answer = TypeVar("Answer")


@dataclass(frozen=True, eq=False)
class Mistake:
    """A picture that was misread: part of the folder, name, truth, answer, confidence, pixels."""

    part: str
    name: str
    true: str
    read: str
    confidence: float
    pixels: np.ndarray


@dataclass
class Result:
    """Figures ready for JSON, mistakes, and the milliseconds of each part's pictures."""

    figures: dict[str, Any] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)


def measure(
    reader: Reader, pictures: Pictures, most: int | None, on_part: Callable[[str], None]
) -> Result:
    """Score a reader; `most` images of each set, `on_part` hears what is done next."""
    result = Result({"reader": reader.name})
    if pictures.singles:
        on_part(f"{len(pictures.singles)} pictures of one digit")
        _measure_singles(reader, pictures, result)
    for path in pictures.sets:
        on_part(f"set {path.stem}")
        _measure_set(reader, path, most, result)
    if reader.page is None:
        result.figures["pages"] = None
        return result
    if pictures.pages:
        on_part(f"{len(pictures.pages)} pages")
        _measure_pages(reader, pictures, result)
    if pictures.others:
        on_part(f"{len(pictures.others)} pictures without digits, and lone digits read as pages")
        _measure_rejection(reader, pictures, result)
    return result


def _pixels(path: Path) -> np.ndarray:
    return open_picture(path).pixels


def _timed(call: Callable[[], Answer], milliseconds: list[float], otherwise: Answer) -> Answer:
    """The answer; a reader that fails on a picture has read nothing."""
    start = time.perf_counter()
    try:
        return call()
    except InkdigitsError:
        return otherwise
    finally:
        milliseconds.append(1000 * (time.perf_counter() - start))


def _measure_singles(reader: Reader, pictures: Pictures, result: Result) -> None:
    right, confidences, times = [], [], []
    for single in pictures.singles:
        pixels = _pixels(single.path)
        value, confidence = _timed(lambda p=pixels: reader.single(p), times, (None, 0.0))
        right.append(value == single.label)
        confidences.append(confidence)
        if value != single.label:
            name, read = f"{single.source}: {single.path.name}", _text(value)
            mistake = Mistake("single", name, str(single.label), read, confidence, pixels)
            result.mistakes.append(mistake)
    sources = [single.source for single in pictures.singles]
    result.figures["single"] = {
        "count": len(right),
        "pooled": scores.pooled(right),
        "source_mean": scores.source_mean(right, sources),
        "by_source": scores.by_source(right, sources),
        "risk_at_coverage": scores.risk_at_coverage(right, confidences, COVERAGES),
        "milliseconds": statistics.median(times),
    }


def _measure_set(reader: Reader, path: Path, most: int | None, result: Result) -> None:
    images, labels = open_set(path, most)
    right, times = [], []
    for number, (image, label) in enumerate(zip(images, labels, strict=True)):
        value, confidence = _timed(lambda p=image: reader.single(p), times, (None, 0.0))
        right.append(value == label)
        if value != label:
            mistake = Mistake(path.stem, str(number), str(label), _text(value), confidence, image)
            result.mistakes.append(mistake)
    result.figures.setdefault("sets", {})[path.stem] = {
        "count": len(right),
        "accuracy": scores.pooled(right),
        "milliseconds": statistics.median(times),
    }


def _measure_pages(reader: Reader, pictures: Pictures, result: Result) -> None:
    exact = rows = errors = digits = 0
    times: list[float] = []
    for page in pictures.pages:
        pixels = _pixels(page.path)
        read, confidences = _timed(lambda p=pixels: reader.page(p, None), times, ([], []))
        exact += scores.rows_exact(page.rows, read)
        rows += len(page.rows)
        wrong = scores.edit_distance("".join(page.rows), "".join(read))
        errors += wrong
        digits += len("".join(page.rows))
        if list(page.rows) != read:
            true, least = " | ".join(page.rows), min(confidences, default=0.0)
            name = f"{page.path.name}, {wrong} digits wrong"
            result.mistakes.append(Mistake("multi", name, true, " | ".join(read), least, pixels))
    result.figures["pages"] = {
        "count": len(pictures.pages),
        "rows": rows,
        "rows_exact": exact / rows,
        "digits": digits,
        "digit_error_rate": errors / digits,
        "milliseconds": statistics.median(times),
        "slowest_milliseconds": max(times),
    }


def _measure_rejection(reader: Reader, pictures: Pictures, result: Result) -> None:
    """At each confidence: non-digits that are read, and lone digits that are not."""
    times: list[float] = []
    surest = []
    for other in pictures.others:
        pixels = _pixels(other.path)
        read, confidences = _timed(lambda p=pixels: reader.page(p, 0.0), times, ([], []))
        surest.append(max(confidences, default=-1.0))
        if surest[-1] >= 0.5:
            text = " | ".join(read)
            result.mistakes.append(Mistake("other", other.path.name, "", text, surest[-1], pixels))
    lone = []
    for single in pictures.singles:
        pixels = _pixels(single.path)
        _, confidences = _timed(lambda p=pixels: reader.page(p, 0.0), times, ([], []))
        lone.append(max(confidences, default=-1.0))
    result.figures["rejection"] = {
        "others": len(surest),
        "digits": len(lone),
        "at_confidence": {
            str(least): {
                "others_read": sum(c >= least for c in surest) / len(surest),
                "digits_refused": sum(c < least for c in lone) / len(lone) if lone else None,
            }
            for least in CONFIDENCES
        },
    }


def _text(value: int | None) -> str:
    return "nothing" if value is None else str(value)
