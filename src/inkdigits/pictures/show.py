"""Shows the reading of one digit: the picture, what the network saw, how sure it is of each digit.

Three panels beside each other: the picture with a frame around the digit's ink, the 28 x 28 pixels
that the network was given (enlarged, each pixel a square), and a bar for each of the ten
probabilities. Above them stands the answer. Where no ink was found the panels say so.
"""

from pathlib import PurePath

from PIL import Image, ImageDraw, ImageFont

from inkdigits.pictures.opening import Picture
from inkdigits.pictures.single import SingleReading

_MARGIN, _GAP = 28, 36
_HEADING = 68  # height of the answer
_CAPTION = 26  # height of the line above each panel
_PICTURE = 420  # the longest side of the picture
_ENLARGED = 11  # pixels a side for each pixel that the network saw
_CROP = 28 * _ENLARGED
_BARS = 300  # width of the bar chart with its numbers

_PAPER, _TEXT, _FAINT = (247, 247, 245), (40, 44, 52), (118, 122, 130)
_FRAME, _TRACK = (205, 205, 200), (228, 229, 226)
_SURE, _DOUBTFUL, _OTHER = (0, 135, 60), (215, 110, 0), (150, 168, 196)
_DOUBT = 0.9

_Colour = tuple[int, int, int]


def draw_single(picture: Picture, reading: SingleReading) -> Image.Image:
    """Draw the reading of a picture that holds one digit; an RGB picture.

    Args:
        picture: the picture as it was opened.
        reading: what was read in it.
    """
    view = _view(picture, reading)
    height = max(view.height, _CROP)
    width = 2 * _MARGIN + _PICTURE + _GAP + _CROP + _GAP + _BARS
    sheet = Image.new("RGB", (width, 2 * _MARGIN + _HEADING + _CAPTION + height), _PAPER)
    draw = ImageDraw.Draw(sheet)
    _draw_answer(draw, picture, reading, width)
    top = _MARGIN + _HEADING + _CAPTION
    left = _MARGIN
    size = f"{picture.width:,} x {picture.height:,} pixels"
    _caption(draw, (left, top), f"The picture, {size}")
    sheet.paste(view, (left + (_PICTURE - view.width) // 2, top + (height - view.height) // 2))
    left += _PICTURE + _GAP
    _caption(draw, (left, top), "What the network saw, 28 x 28")
    if reading.value is None:
        _draw_nothing(draw, (left, top), reading.reason)
    else:
        crop = Image.fromarray(reading.crop).resize((_CROP, _CROP), Image.Resampling.NEAREST)
        sheet.paste(crop.convert("RGB"), (left, top))
    left += _CROP + _GAP
    _caption(draw, (left, top), "Probability of each digit")
    _draw_bars(draw, (left, top), reading)
    return sheet


def _view(picture: Picture, reading: SingleReading) -> Image.Image:
    """The picture at a size that can be looked at, with a frame around the digit's ink."""
    scale = _PICTURE / max(picture.width, picture.height)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    method = Image.Resampling.NEAREST if scale > 2 else Image.Resampling.LANCZOS
    view = Image.fromarray(picture.pixels).convert("RGB").resize(size, method)
    draw = ImageDraw.Draw(view)
    draw.rectangle((0, 0, size[0] - 1, size[1] - 1), outline=_FRAME)
    if reading.box is not None and reading.box != (0, 0, *reading.size):
        left, top, width, height = (side * scale for side in reading.box)
        corners = (
            max(0, round(left) - 3),
            max(0, round(top) - 3),
            min(size[0] - 1, round(left + width) + 2),
            min(size[1] - 1, round(top + height) + 2),
        )
        draw.rectangle(corners, outline=_colour(reading), width=2)
    return view


def _draw_answer(
    draw: ImageDraw.ImageDraw, picture: Picture, reading: SingleReading, width: int
) -> None:
    """The digit and how sure it is, and on the right the picture's name."""
    middle = _MARGIN + _HEADING // 2 - 10
    if reading.value is None:
        says, left = reading.reason, _MARGIN
    else:
        digit = ImageFont.load_default(size=56)
        draw.text((_MARGIN, middle), str(reading.value), _colour(reading), digit, anchor="lm")
        says, left = f"{_percent(reading.confidence)} sure", _MARGIN + 52
    font = ImageFont.load_default(size=24)
    draw.text((left, middle), says, _TEXT, font, anchor="lm")
    free = width - _MARGIN - left - round(font.getlength(says)) - _GAP
    small = ImageFont.load_default(size=16)
    name = _shortened(" ".join(PurePath(picture.name).name.split()), small, free)
    draw.text((width - _MARGIN, middle), name, _FAINT, small, anchor="rm")


def _caption(draw: ImageDraw.ImageDraw, place: tuple[int, int], text: str) -> None:
    font = ImageFont.load_default(size=15)
    draw.text((place[0], place[1] - 8), text, _FAINT, font, anchor="ls")


def _draw_nothing(draw: ImageDraw.ImageDraw, place: tuple[int, int], reason: str) -> None:
    left, top = place
    draw.rectangle((left, top, left + _CROP - 1, top + _CROP - 1), _TRACK)
    middle = (left + _CROP // 2, top + _CROP // 2)
    draw.text(middle, reason, _FAINT, ImageFont.load_default(size=18), anchor="mm")


def _draw_bars(draw: ImageDraw.ImageDraw, place: tuple[int, int], reading: SingleReading) -> None:
    """Ten horizontal bars from 0 to 100 %, the answer's in colour, each with its number."""
    font = ImageFont.load_default(size=16)
    left, top = place
    start, end = left + 24, left + _BARS - 64
    for digit, probability in enumerate(reading.probabilities.tolist()):
        is_answer = digit == reading.value
        y = top + round((digit + 0.5) * _CROP / 10)
        colour = _TEXT if is_answer else _FAINT
        draw.text((left, y), str(digit), colour, font, anchor="lm")
        draw.rectangle((start, y - 9, end, y + 9), _TRACK)
        length = round((end - start) * probability)
        if length:
            draw.rectangle(
                (start, y - 9, start + length, y + 9), _colour(reading) if is_answer else _OTHER
            )
        if reading.value is not None:
            draw.text((left + _BARS, y), _percent(probability), colour, font, anchor="rm")


def _colour(reading: SingleReading) -> _Colour:
    return _SURE if reading.confidence >= _DOUBT else _DOUBTFUL


def _percent(probability: float) -> str:
    return f"{100 * probability:.1f} %"


def _shortened(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int) -> str:
    """The end of the text, as much of it as the width has room for."""
    if font.getlength(text) <= width:
        return text
    while text and font.getlength("..." + text) > width:
        text = text[1:]
    return "..." + text
