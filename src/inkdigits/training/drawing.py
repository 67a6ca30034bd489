"""A drawing of lines, circles and words, as SVG and as PNG.

Just what a learning curve needs: a library for plotting takes most of a second to load and draw,
as long as it takes to train the smallest network. Positions are in pixels from the top left.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

_SCALE = 1.5  # pixels of a PNG file for one of the drawing, for sharp screens
_FINER = 2  # the PNG is drawn so many times as large and made smaller, which smooths its edges
_FONTS = "DejaVu Sans, Verdana, sans-serif"

Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True)
class Line:
    """Through points; its colour is #rrggbb."""

    points: tuple[Point, ...]
    colour: str
    width: float


@dataclass(frozen=True)
class Circle:
    """Filled, or a ring where it has a width."""

    centre: Point
    radius: float
    colour: str
    width: float = 0.0


@dataclass(frozen=True)
class Words:
    """Text at its baseline; `upwards` turns it by a quarter, on white it hides what is below."""

    at: Point
    text: str
    colour: str
    size: float = 12.0
    anchor: Anchor = "start"
    upwards: bool = False
    on_white: bool = False


Shape = Line | Circle | Words


@dataclass(frozen=True)
class Drawing:
    """Shapes on white, the later ones above."""

    width: int
    height: int
    shapes: tuple[Shape, ...]


def to_svg(drawing: Drawing) -> bytes:
    """As a file of its own."""
    size = f'width="{drawing.width}" height="{drawing.height}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{_FONTS}" '
        f'viewBox="0 0 {drawing.width} {drawing.height}">',
        f'<rect {size} fill="#ffffff"/>',
        *map(_element, drawing.shapes),
        "</svg>\n",
    ]
    return "\n".join(lines).encode()


def to_png(drawing: Drawing) -> bytes:
    """As a file, with a font that Pillow brings."""
    from PIL import Image, ImageDraw

    scale = _SCALE * _FINER
    size = (round(drawing.width * scale), round(drawing.height * scale))
    image = Image.new("RGB", size, "#ffffff")
    pen = ImageDraw.Draw(image)
    for shape in drawing.shapes:
        match shape:
            case Line():
                _draw_line(pen, shape, scale)
            case Circle():
                _draw_circle(pen, shape, scale)
            case Words():
                _draw_words(image, pen, shape, scale)
    buffer = io.BytesIO()
    image.reduce(_FINER).save(buffer, "PNG")
    return buffer.getvalue()


def _element(shape: Shape) -> str:
    match shape:
        case Line():
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in shape.points)
            return (
                f'<polyline points="{points}" fill="none" stroke="{shape.colour}" '
                f'stroke-width="{shape.width:g}" stroke-linejoin="round"/>'
            )
        case Circle():
            paint = (
                f'fill="none" stroke="{shape.colour}" stroke-width="{shape.width:g}"'
                if shape.width
                else f'fill="{shape.colour}"'
            )
            x, y = shape.centre
            return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{shape.radius:g}" {paint}/>'
        case Words():
            x, y = shape.at
            turn = f' transform="rotate(-90 {x:.1f} {y:.1f})"' if shape.upwards else ""
            halo = (
                ' stroke="#ffffff" stroke-width="4" stroke-linejoin="round" paint-order="stroke"'
                if shape.on_white
                else ""
            )
            return (
                f'<text x="{x:.1f}" y="{y:.1f}" font-size="{shape.size:g}" fill="{shape.colour}" '
                f'text-anchor="{shape.anchor}"{turn}{halo}>{escape(shape.text)}</text>'
            )


def _draw_line(pen: "ImageDraw", line: Line, scale: float) -> None:
    points = [(x * scale, y * scale) for x, y in line.points]
    width = max(1, round(line.width * scale))
    if len(points) > 1:
        pen.line(points, fill=line.colour, width=width, joint="curve" if width > 2 else None)


def _draw_circle(pen: "ImageDraw", circle: Circle, scale: float) -> None:
    x, y = circle.centre
    radius = circle.radius + circle.width / 2
    box = [(c + sign * radius) * scale for sign in (-1, 1) for c in (x, y)]
    if circle.width:
        pen.ellipse(box, outline=circle.colour, width=round(circle.width * scale))
    else:
        pen.ellipse(box, fill=circle.colour)


def _draw_words(image: object, pen: "ImageDraw", words: Words, scale: float) -> None:
    from PIL import Image

    assert isinstance(image, Image.Image)
    font = _font(words.size * scale)
    x, y = words.at[0] * scale, words.at[1] * scale
    anchor = {"start": "ls", "middle": "ms", "end": "rs"}[words.anchor]
    halo = round(2 * scale) if words.on_white else 0
    if not words.upwards:
        pen.text(
            (x, y), words.text, words.colour, font, anchor, stroke_width=halo, stroke_fill="#ffffff"
        )
        return
    left, top, right, bottom = font.getbbox(words.text, anchor=anchor)
    label = Image.new("L", (round(right - left) + 2, round(bottom - top) + 2), 0)
    from PIL.ImageDraw import Draw

    Draw(label).text((-left + 1, -top + 1), words.text, 255, font, anchor)
    # A quarter turn to the left takes right to up, and down to right.
    turned = label.rotate(90, expand=True)
    image.paste(words.colour, (round(x + top - 1), round(y - right - 1)), turned)


@cache
def _font(size: float) -> "FreeTypeFont | ImageFont":
    from PIL import ImageFont

    return ImageFont.load_default(size)


def ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers from low to high, at most so many: multiples of 1, 2 or 5 times ten."""
    if not high > low:
        return [low]
    exponent = -12
    steps: Sequence[float] = (1, 2, 5)
    while True:
        for step in steps:
            width = step * 10.0**exponent
            first, last = -int(-low // width), int(high // width)
            if last - first + 1 <= most:
                return [round(number * width, 12) for number in range(first, last + 1)]
        exponent += 1
