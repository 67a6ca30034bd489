"""A contact sheet: digits side by side in one picture, each with its label, to look data over."""

from typing import TYPE_CHECKING

import numpy as np

from inkdigits.data.digits import Digits, Images
from inkdigits.errors import DataError, UsageError

if TYPE_CHECKING:
    from PIL import Image

_SCALE = 2
_TILE = 28 * _SCALE
_GAP = 10
_CAPTION = 20  # below each tile
_MARGIN = 24
_HEADING = 34
_LARGEST = 10_000  # tiles; more than anybody can look over, and a picture of 60 megapixels

_PAPER = (247, 247, 245)
_FRAME = (222, 222, 217)
_INK = np.array((28, 32, 40), np.float32)
_TILE_PAPER = np.array((255, 255, 255), np.float32)
_LABEL = (29, 98, 196)
_TEXT = (60, 64, 72)


def contact_sheet(digits: Digits, rows: int = 10, columns: int = 10) -> "Image.Image":
    """Draw the first rows * columns digits, dark on light, in reading order, labels underneath.

    Where there are fewer digits the sheet ends with the last row that has one.

    Returns:
        An RGB picture, 66 pixels a column and 86 a row besides margins and heading.

    Raises:
        UsageError: rows or columns are below 1, or ask for more than 10,000 digits.
        DataError: there is no digit to draw.
    """
    # Imported late: everything else here gets by without pictures.
    from PIL import Image, ImageDraw, ImageFont

    if rows < 1 or columns < 1 or rows * columns > _LARGEST:
        raise UsageError(
            f"a contact sheet of {rows} rows and {columns} columns can't be drawn; "
            f"choose 1 or more of each, and {_LARGEST:,} digits at most"
        )
    count = min(len(digits), rows * columns)
    if count == 0:
        raise DataError(f"{digits.name} has no digits to draw a contact sheet of")
    rows = -(-count // columns)
    across, down = _TILE + _GAP, _TILE + _CAPTION + _GAP
    caption = ImageFont.load_default(15)
    heading = ImageFont.load_default(17)
    width = max(columns * across - _GAP, round(heading.getlength(digits.name)))
    height = _HEADING + rows * down - _GAP
    sheet = Image.new("RGB", (2 * _MARGIN + width, 2 * _MARGIN + height), _PAPER)
    draw = ImageDraw.Draw(sheet)
    draw.text((_MARGIN, _MARGIN), digits.name, _TEXT, heading, anchor="lt")
    for index in range(count):
        left = _MARGIN + index % columns * across
        top = _MARGIN + _HEADING + index // columns * down
        tile = Image.fromarray(_on_paper(digits.images[index]))
        sheet.paste(tile.resize((_TILE, _TILE), Image.Resampling.BICUBIC), (left, top))
        draw.rectangle((left - 1, top - 1, left + _TILE, top + _TILE), outline=_FRAME)
        middle = (left + _TILE / 2, top + _TILE + 4)
        draw.text(middle, str(digits.labels[index]), _LABEL, caption, anchor="mt")
    return sheet


def _on_paper(image: Images) -> Images:
    """Ink 255 on 0, uint8 [28, 28], as dark ink on white paper, uint8 [28, 28, 3]."""
    strength = image[..., None].astype(np.float32) / 255
    return np.rint(_TILE_PAPER + strength * (_INK - _TILE_PAPER)).astype(np.uint8)
