"""Shows a reading: the picture with boxes, values and confidences, and the crops the network saw.

Digits stand in green boxes with value and confidence; doubtful ones (below 0.9) in orange;
rejected regions in thin red boxes with their reason. Below the picture the 28x28 crops stand in
reading order, a row of the page to a line where it fits. Small pictures are enlarged and large ones
reduced, so that the labels can be read.
"""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from inkdigits.pictures.opening import Picture
from inkdigits.pictures.reading import PageReading, ReadDigit

_SURE, _DOUBTFUL, _REJECTED = (0, 135, 60), (215, 110, 0), (200, 30, 45)
_SMALLEST_SIDE, _LARGEST_SIDE = 800, 2000
_CROP, _MARGIN = 56, 8
_DOUBT = 0.9
_MOST_REJECTED = 150  # more boxes than this hide the picture


def draw_reading(picture: Picture, reading: PageReading) -> Image.Image:
    """The picture with everything that was read and rejected, RGB."""
    height, width = picture.pixels.shape[:2]
    longest = max(height, width)
    scale = min(max(1.0, _SMALLEST_SIDE / longest), _LARGEST_SIDE / longest)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    method = Image.Resampling.NEAREST if scale > 2 else Image.Resampling.BICUBIC
    image = Image.fromarray(picture.pixels).convert("RGB").resize(size, method)
    draw = ImageDraw.Draw(image)
    small = ImageFont.load_default(size=11)
    largest_first = sorted(reading.rejected, key=lambda r: -r.box[2] * r.box[3])
    for rejected in largest_first[:_MOST_REJECTED]:
        box = [v * scale for v in rejected.box]
        draw.rectangle(_corners(box, 1), outline=_REJECTED, width=1)
        if min(box[2:]) > 9 or max(box[2:]) > 40:
            _label(draw, (box[0], box[1] + box[3] + 1), rejected.reason, _REJECTED, small, size)
    for digit in reading.digits:
        box = [v * scale for v in digit.box]
        colour = _colour(digit)
        draw.rectangle(_corners(box, 2), outline=colour, width=2)
        font_size = float(np.clip(box[3] * 0.35, 13, 34))
        font = ImageFont.load_default(size=font_size)
        text = f"{digit.value} {digit.confidence:.2f}" if box[2] > 40 else str(digit.value)
        top = box[1] - font_size - 5
        place = (box[0] - 2, top if top > 0 else box[1] + box[3] + 2)
        _label(draw, place, text, colour, font, size)
    return _above_strip(image, _strip(reading.digits, max(image.width, 320)))


def _colour(digit: ReadDigit) -> tuple[int, int, int]:
    return _SURE if digit.confidence >= _DOUBT else _DOUBTFUL


def _corners(box: Sequence[float], grow: float) -> tuple[float, float, float, float]:
    return (box[0] - grow, box[1] - grow, box[0] + box[2] + grow, box[1] + box[3] + grow)


def _label(
    draw: ImageDraw.ImageDraw,
    place: tuple[float, float],
    text: str,
    colour: tuple[int, int, int],
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
    size: tuple[int, int],
) -> None:
    """Text on white, moved inside the picture where it would hang out."""
    left, top, right, bottom = draw.textbbox((0, 0), text, font=font)
    x = min(max(0.0, place[0]), max(0.0, size[0] - (right - left) - 4))
    y = min(max(0.0, place[1]), max(0.0, size[1] - (bottom - top) - 4))
    ground = (x, y, x + right - left + 3, y + bottom - top + 3)
    draw.rectangle(ground, fill=(255, 255, 255))
    draw.text((x + 1 - left, y + 1 - top), text, fill=colour, font=font)


def _strip(digits: Sequence[ReadDigit], width: int) -> Image.Image | None:
    """The crops twice their size with value and confidence; a new line for each row."""
    if not digits:
        return None
    across = max(1, (width - _MARGIN) // (_CROP + _MARGIN))
    places: list[tuple[int, int]] = []
    line, column = 0, 0
    for index, digit in enumerate(digits):
        if index and (column == across or digit.row != digits[index - 1].row):
            line, column = line + 1, 0
        places.append((line, column))
        column += 1
    pitch = _CROP + 16 + _MARGIN
    strip = Image.new("RGB", (width, (line + 1) * pitch + _MARGIN), (235, 235, 235))
    draw = ImageDraw.Draw(strip)
    font = ImageFont.load_default(size=13)
    for digit, (row, column) in zip(digits, places, strict=True):
        left, top = _MARGIN + column * (_CROP + _MARGIN), _MARGIN + row * pitch
        crop = Image.fromarray(digit.crop).resize((_CROP, _CROP), Image.Resampling.NEAREST)
        strip.paste(crop.convert("RGB"), (left, top))
        text = f"{digit.value} {digit.confidence:.2f}"
        draw.text((left + 2, top + _CROP + 1), text, fill=_colour(digit), font=font)
    return strip


def _above_strip(image: Image.Image, strip: Image.Image | None) -> Image.Image:
    if strip is None:
        return image
    sheet = Image.new("RGB", (max(image.width, strip.width), image.height + strip.height), "white")
    sheet.paste(image, (0, 0))
    sheet.paste(strip, (0, image.height))
    return sheet
