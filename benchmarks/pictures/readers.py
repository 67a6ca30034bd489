"""The readers that are scored, all behind the same two calls.

`single(pixels)` gives the digit or None and a confidence from 0 to 1; `page(pixels)` gives rows and
the confidence of each digit, or None where the reader can't read pages. Pixels are uint8 [h, w] or
[h, w, 3], as a person sees the picture; peers get the very same ones. Peers that are not installed
raise `Missing` with what to install.
"""

import io
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image

SingleAnswer = tuple[int | None, float]
PageAnswer = tuple[list[str], list[float]]


class Missing(Exception):
    """The reader is not installed."""


@dataclass(frozen=True)
class Reader:
    """A reader's name and version, and its two calls."""

    name: str
    single: Callable[[np.ndarray], SingleAnswer]
    page: Callable[[np.ndarray, float | None], PageAnswer] | None


def open_reader(name: str, model: str) -> Reader:
    """The reader of this name; `model` is for those that use one of our networks."""
    return READERS[name](model)


def _inkdigits(model: str) -> Reader:
    from inkdigits.inference import Recognizer
    from inkdigits.pictures import PageOptions

    recognizer = Recognizer.load(model, threads=1)

    def single(pixels: np.ndarray) -> SingleAnswer:
        reading = recognizer.read(pixels, single=True)
        return reading.value, reading.confidence

    def page(pixels: np.ndarray, least: float | None = None) -> PageAnswer:
        options = PageOptions() if least is None else PageOptions(min_confidence=least)
        reading = recognizer.read(pixels, options=options)
        return list(reading.rows), [digit.confidence for digit in reading.digits]

    return Reader(f"inkdigits with {recognizer.metadata.network}", single, page)


def _chapter(model: str) -> Reader:
    """The chapter's way: grey, resized to 28x28, no search for ink, no polarity."""
    from inkdigits.inference import Recognizer

    recognizer = Recognizer.load(model, threads=1)

    def single(pixels: np.ndarray) -> SingleAnswer:
        reading = recognizer.read(pixels, single=True, preprocess="resize")
        return reading.value, reading.confidence

    return Reader(f"the chapter's resize with {recognizer.metadata.network}", single, None)


def _tesseract(model: str) -> Reader:
    program = shutil.which("tesseract")
    if program is None:
        raise Missing("tesseract is not installed; install Tesseract 5 with its English data")
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    version = (said.stdout or said.stderr).splitlines()[0]

    def words(pixels: np.ndarray, mode: int) -> list[tuple[tuple[str, ...], str, float]]:
        content = io.BytesIO()
        Image.fromarray(pixels).save(content, "PNG")
        wishes = ["--psm", str(mode), "-c", "tessedit_char_whitelist=0123456789", "tsv"]
        command = [program, "stdin", "stdout", *wishes]
        done = subprocess.run(command, input=content.getvalue(), capture_output=True, check=False)
        found = []
        for line in done.stdout.decode("utf-8", "replace").splitlines()[1:]:
            cells = line.split("\t")
            if len(cells) == 12 and (text := _digits(cells[11])):
                found.append((tuple(cells[1:5]), text, max(0.0, float(cells[10]) / 100)))
        return found

    def single(pixels: np.ndarray) -> SingleAnswer:
        found = words(pixels, 10)
        return (int(found[0][1][0]), found[0][2]) if found else (None, 0.0)

    def page(pixels: np.ndarray, least: float | None = None) -> PageAnswer:
        rows: dict[tuple[str, ...], str] = {}
        confidences: list[float] = []
        for line, text, confidence in words(pixels, 6):
            if confidence >= (least or 0):
                rows[line] = rows.get(line, "") + text
                confidences += [confidence] * len(text)
        return list(rows.values()), confidences

    return Reader(version, single, page)


def _rapidocr(model: str) -> Reader:
    try:
        from rapidocr_onnxruntime import RapidOCR
    except ImportError as error:
        raise Missing("RapidOCR is not installed: pip install rapidocr-onnxruntime") from error
    engine = RapidOCR()

    def lines(pixels: np.ndarray) -> list[tuple[float, float, float, str, float]]:
        colour = pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2)
        found, _ = engine(np.ascontiguousarray(colour[..., ::-1]))
        answer = []
        for corners, text, score in found or ():
            ys, xs = [p[1] for p in corners], [p[0] for p in corners]
            if digits := _digits(text):
                middle, height = (min(ys) + max(ys)) / 2, max(ys) - min(ys)
                answer.append((middle, height, min(xs), digits, float(score)))
        return sorted(answer)

    def single(pixels: np.ndarray) -> SingleAnswer:
        found = lines(pixels)
        if found:
            return int(found[0][3][0]), found[0][4]
        # Its detector misses lone digits; its recogniser alone is then given the picture.
        colour = pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2)
        read, _ = engine(np.ascontiguousarray(colour[..., ::-1]), use_det=False, use_cls=False)
        digits = _digits(read[0][0]) if read else ""
        return (int(digits[0]), float(read[0][1])) if digits else (None, 0.0)

    def page(pixels: np.ndarray, least: float | None = None) -> PageAnswer:
        rows: list[list[tuple[float, float, float, str, float]]] = []
        for line in lines(pixels):
            if line[4] < (least or 0):
                continue
            if rows and line[0] - rows[-1][0][0] < 0.5 * rows[-1][0][1]:
                rows[-1].append(line)
            else:
                rows.append([line])
        texts = ["".join(p[3] for p in sorted(row, key=lambda p: p[2])) for row in rows]
        return texts, [p[4] for row in rows for p in row for _ in p[3]]

    return Reader("RapidOCR", single, page)


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


READERS: dict[str, Callable[[str], Reader]] = {
    "inkdigits": _inkdigits,
    "chapter": _chapter,
    "tesseract": _tesseract,
    "rapidocr": _rapidocr,
}
