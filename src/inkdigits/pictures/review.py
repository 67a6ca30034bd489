"""A folder for reviewing doubtful digits: their crops, a table and a page that shows them all.

`index.csv` has a line for each digit below the given confidence: file of the crop, picture, value,
confidence, row, place in the row, box. `index.html` shows the crops with the surroundings in the
picture, least sure first; it needs no network and no script.
"""

import csv
import html
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from inkdigits.files import write_whole
from inkdigits.pictures.opening import Picture
from inkdigits.pictures.reading import PageReading, ReadDigit

_COLUMNS = ("crop", "picture", "value", "confidence", "row", "place", "x", "y", "width", "height")
_VIEW = 120  # pixels: the height of a digit's surroundings on the page


@dataclass(frozen=True)
class Doubt:
    """A doubtful digit: its picture's name, what was read, the number of its place in the row."""

    picture: str
    digit: ReadDigit
    place: int


def write_review(
    folder: Path, readings: Sequence[tuple[Picture, PageReading]], below: float = 0.9
) -> int:
    """Write the doubtful digits of these readings into a folder.

    Args:
        folder: made where it is missing; files in it with the same names are replaced.
        readings: the pictures with what was read on them.
        below: digits whose confidence is less than this are doubtful.

    Returns:
        How many there are.
    """
    doubts = []
    for number, (picture, reading) in enumerate(readings):
        places: dict[int, int] = {}
        for digit in reading.digits:
            place = places[digit.row] = places.get(digit.row, -1) + 1
            if digit.confidence < below:
                doubts.append((number, Doubt(picture.name, digit, place)))
    doubts.sort(key=lambda doubt: doubt[1].digit.confidence)
    folder.mkdir(parents=True, exist_ok=True)
    lines, figures = io.StringIO(), []
    table = csv.writer(lines, lineterminator="\n")
    table.writerow(_COLUMNS)
    for index, (number, doubt) in enumerate(doubts):
        digit = doubt.digit
        crop_name, view_name = f"{index:04d}-crop.png", f"{index:04d}-view.png"
        write_whole(folder / crop_name, _png(Image.fromarray(digit.crop)))
        write_whole(folder / view_name, _png(_surroundings(readings[number][0], digit)))
        confidence = f"{digit.confidence:.4f}"
        row = (crop_name, doubt.picture, digit.value, confidence, digit.row, doubt.place)
        table.writerow((*row, *digit.box))
        figures.append(_figure(doubt, crop_name, view_name))
    write_whole(folder / "index.csv", lines.getvalue().encode())
    write_whole(folder / "index.html", _page(figures, below).encode())
    return len(doubts)


def _png(image: Image.Image) -> bytes:
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()


def _surroundings(picture: Picture, digit: ReadDigit) -> Image.Image:
    x, y, width, height = digit.box
    margin = max(4, round(0.5 * max(width, height)))
    rows = slice(max(0, y - margin), y + height + margin)
    columns = slice(max(0, x - margin), x + width + margin)
    view = Image.fromarray(np.ascontiguousarray(picture.pixels[rows, columns]))
    scale = _VIEW / view.height
    return view.resize((max(1, round(view.width * scale)), _VIEW), Image.Resampling.BICUBIC)


def _figure(doubt: Doubt, crop_name: str, view_name: str) -> str:
    digit = doubt.digit
    where = f"{html.escape(doubt.picture)}, row {digit.row + 1}, place {doubt.place + 1}"
    return (
        f'<figure><img src="{view_name}" alt="in the picture">'
        f'<img class="crop" src="{crop_name}" alt="as the network saw it">'
        f"<figcaption><b>{digit.value}</b> {digit.confidence:.2f}<br>{where}</figcaption></figure>"
    )


def _page(figures: Sequence[str], below: float) -> str:
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Doubtful digits</title>
<style>
body {{ font: 15px/1.4 system-ui, sans-serif; margin: 24px; }}
main {{ display: flex; flex-wrap: wrap; gap: 16px; }}
figure {{ margin: 0; padding: 8px; border: 1px solid #ccc; max-width: 320px; }}
img {{ height: {_VIEW}px; vertical-align: top; margin-right: 4px; }}
.crop {{ image-rendering: pixelated; }}
b {{ font-size: 24px; }}
</style>
<h1>{len(figures)} digits below {below:g}, least sure first</h1>
<main>
{"".join(f"{figure}{chr(10)}" for figure in figures)}</main>
</html>
"""
