"""Draws the example pictures of this folder: digits by pen, chalk and pencil, all made by code.

Each digit is a path of a few points, rounded to a smooth curve and drawn with a pen whose pressure
and direction change a little on the way; paper, board, shadow and noise are drawn too. Nothing is
taken from a data set, a font or a photograph. Same pictures on every run:

    python examples/make_pictures.py [FOLDER]
"""

import io
import sys
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

Layer = npt.NDArray[np.float32]

# Points that the pen passes, in a box of width and height 1; a list is a stroke without lifting.
STROKES: dict[int, list[list[tuple[float, float]]]] = {
    0: [[(0.55, 0.02), (0.2, 0.15), (0.08, 0.55), (0.3, 0.97), (0.7, 0.93), (0.9, 0.5),
         (0.75, 0.1), (0.48, 0.03)]],
    1: [[(0.3, 0.28), (0.45, 0.17), (0.58, 0.02)], [(0.58, 0.02), (0.54, 0.5), (0.5, 0.98)]],
    2: [[(0.12, 0.26), (0.3, 0.05), (0.65, 0.02), (0.84, 0.24), (0.66, 0.52), (0.35, 0.8),
         (0.1, 0.95)], [(0.1, 0.95), (0.5, 0.9), (0.92, 0.94)]],
    3: [[(0.16, 0.1), (0.5, 0.0), (0.8, 0.15), (0.7, 0.38), (0.4, 0.46)],
        [(0.4, 0.46), (0.78, 0.52), (0.86, 0.76), (0.58, 0.98), (0.14, 0.9)]],
    4: [[(0.4, 0.02), (0.28, 0.3), (0.1, 0.6)], [(0.1, 0.6), (0.5, 0.6), (0.94, 0.57)],
        [(0.7, 0.28), (0.66, 0.6), (0.62, 1.0)]],
    5: [[(0.82, 0.03), (0.5, 0.05), (0.26, 0.05)], [(0.26, 0.05), (0.22, 0.24), (0.19, 0.42)],
        [(0.19, 0.42), (0.55, 0.37), (0.84, 0.6), (0.7, 0.92), (0.34, 1.0), (0.1, 0.88)]],
    6: [[(0.72, 0.02), (0.36, 0.26), (0.16, 0.62), (0.26, 0.94), (0.62, 0.99), (0.82, 0.76),
         (0.62, 0.54), (0.3, 0.62), (0.18, 0.76)]],
    7: [[(0.08, 0.08), (0.5, 0.06), (0.88, 0.05)], [(0.88, 0.05), (0.62, 0.45), (0.42, 1.0)]],
    8: [[(0.74, 0.12), (0.48, 0.0), (0.22, 0.16), (0.42, 0.42), (0.76, 0.66), (0.68, 0.95),
         (0.34, 0.98), (0.18, 0.74), (0.5, 0.46), (0.76, 0.24), (0.7, 0.08)]],
    9: [[(0.8, 0.2), (0.5, 0.02), (0.2, 0.2), (0.32, 0.48), (0.64, 0.44), (0.82, 0.16)],
        [(0.82, 0.16), (0.76, 0.5), (0.66, 1.0)]],
}  # fmt: skip
PAGE = ["2718 281 828", "31 4159 2653", "60 221 4076", "1618 033 98"]


def main(folder: Path) -> None:
    """Draw everything into a folder."""
    (folder / "pages").mkdir(parents=True, exist_ok=True)
    save(seven_on_paper(), folder / "seven-on-paper.jpg")
    save(three_on_board(), folder / "three-in-chalk.jpg")
    save(five_in_pencil(), folder / "five-in-pale-pencil.png")
    save(two_on_transparent(), folder / "two-on-transparent.png")
    save(four_tiny(), folder / "four-tiny.png")
    save(six_turned(), folder / "six-on-its-side-by-exif.jpg", orientation=6)
    save(page(), folder / "pages/numbers.png")


def seven_on_paper() -> Image.Image:
    """A ball pen on white paper on a desk lamp's edge: a hand's shadow falls over it."""
    noise = np.random.default_rng(7)
    ink = written(7, (900, 1200), (430, 190, 300, 480), 15, noise)
    light = shadow((900, 1200), (760, 760), 420, 0.45) * slope((900, 1200), 1.0, 0.78)
    return photographed(paper((900, 1200), (226, 221, 208), noise), ink, (38, 44, 98), light, noise)


def three_on_board() -> Image.Image:
    """Chalk on a green board that was wiped: grainy strokes and pale smears."""
    noise = np.random.default_rng(3)
    size = (720, 960)
    grain = cv2.GaussianBlur(noise.random(size).astype(np.float32), (0, 0), 1.2)
    ink = written(3, size, (330, 130, 290, 430), 22, noise) * np.clip(
        1.1 - 9 * np.maximum(grain - 0.53, 0), 0.15, 1
    )
    smears = cv2.GaussianBlur(noise.random(size).astype(np.float32), (0, 0), 45, sigmaY=9)
    board = paper(size, (44, 74, 60), noise) + 900 * (smears - smears.mean())[:, :, None]
    return photographed(board, ink, (226, 228, 220), slope(size, 1.05, 0.85), noise)


def five_in_pencil() -> Image.Image:
    """A hard pencil, hardly pressed, on squared paper's blank margin, scanned."""
    noise = np.random.default_rng(5)
    size = (420, 360)
    grain = cv2.GaussianBlur(noise.random(size).astype(np.float32), (0, 0), 0.8)
    ink = written(5, size, (90, 70, 170, 270), 7, noise) * np.clip(0.5 + grain, 0, 1)
    return photographed(paper(size, (236, 234, 228), noise), ink, (168, 168, 172), 1, noise, 1.5)


def two_on_transparent() -> Image.Image:
    """White ink on nothing, as drawing programs export it."""
    ink = written(2, (300, 300), (70, 40, 160, 220), 18, np.random.default_rng(2))
    pixels = np.full((300, 300, 4), 255, np.uint8)
    pixels[:, :, 3] = np.rint(255 * ink)
    return Image.fromarray(pixels)


def four_tiny() -> Image.Image:
    """28 x 28 pixels, black on white."""
    ink = written(4, (280, 280), (70, 40, 140, 190), 24, np.random.default_rng(4))
    small = cv2.resize(ink, (28, 28), interpolation=cv2.INTER_AREA)
    return Image.fromarray(np.rint(255 * (1 - small)).astype(np.uint8))


def six_turned() -> Image.Image:
    """A felt pen on a yellow note; the camera was held upright and says so only in EXIF."""
    noise = np.random.default_rng(6)
    size = (800, 600)
    ink = written(6, size, (170, 150, 270, 480), 30, noise)
    note = paper(size, (240, 214, 92), noise)
    picture = photographed(note, ink, (30, 28, 34), slope(size, 0.9, 1.04), noise)
    return picture.transpose(Image.Transpose.ROTATE_90)


def page() -> Image.Image:
    """A ruled page with rows of numbers in groups."""
    noise = np.random.default_rng(1)
    size = (620, 900)
    sheet = paper(size, (240, 238, 230), noise)
    ink = np.zeros(size, np.float32)
    for row, text in enumerate(PAGE):
        line = 150 + 125 * row
        sheet[line + 12 : line + 14, 40:-40] = (176, 196, 220)
        left = 80.0
        for sign in text:
            height = noise.uniform(62, 74)
            if sign == " ":
                left += 62
                continue
            wide = height * (0.42 if sign == "1" else noise.uniform(0.56, 0.64))
            top = line - height + noise.uniform(-4, 4)
            box = (left, top, wide, height)
            ink = np.maximum(ink, written(int(sign), size, box, 5.5, noise))
            left += wide + noise.uniform(14, 22)
    picture = photographed(sheet, ink, (34, 36, 70), slope(size, 1.0, 0.82), noise, 0.0)
    return picture.quantize(64, dither=Image.Dither.NONE)


def written(
    digit: int,
    size: tuple[int, int],
    box: tuple[float, float, float, float],
    width: float,
    noise: np.random.Generator,
) -> Layer:
    """Ink of one digit, float32 [h, w] in [0, 1], drawn with a pen `width` pixels wide."""
    fine = 4  # drawn so many times larger, for smooth edges
    left, top = max(0, int(box[0] - width)), max(0, int(box[1] - width))
    across = min(size[1] - left, int(box[2] + 3 * width) + 2)
    down = min(size[0] - top, int(box[3] + 3 * width) + 2)
    patch = np.zeros((down * fine, across * fine), np.uint8)
    for stroke in STROKES[digit]:
        points = np.array(stroke) + noise.normal(0, 0.012, (len(stroke), 2))
        path = smooth(points) * box[2:4] + np.array(box[:2]) - (left, top)
        pressure = 1 + 0.22 * np.sin(noise.uniform(0, 6) + np.linspace(0, 4, len(path)))
        for (x, y), press in zip(path, pressure, strict=True):
            centre = (round(x * fine * 16), round(y * fine * 16))
            cv2.circle(patch, centre, round(width * press * fine * 8), 255, -1, cv2.LINE_AA, 4)
    small = cv2.resize(patch, (across, down), interpolation=cv2.INTER_AREA)
    layer = np.zeros(size, np.float32)
    layer[top : top + down, left : left + across] = small / np.float32(255)
    return layer


def smooth(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """A Catmull-Rom curve through the points, 60 steps from each to the next."""
    ends = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, 60)[:, None]
    parts = [
        0.5
        * (
            2 * b
            + (c - a) * t
            + (2 * a - 5 * b + 4 * c - d) * t**2
            + (3 * b - a - 3 * c + d) * t**3
        )
        for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False)
    ]
    return np.concatenate(parts)


def paper(size: tuple[int, int], colour: tuple[int, ...], noise: np.random.Generator) -> Layer:
    """Paper with a little unevenness, float32 [h, w, 3]."""
    clouds = cv2.GaussianBlur(noise.normal(0, 1, size).astype(np.float32), (0, 0), 25)
    return np.float32(colour) + 60 * clouds[:, :, None]


def shadow(size: tuple[int, int], centre: tuple[int, int], radius: int, depth: float) -> Layer:
    """The light that a soft round shadow leaves, float32 [h, w]."""
    light = np.zeros(size, np.float32)
    cv2.circle(light, centre, radius, 1.0, -1)
    return 1 - np.float32(depth) * cv2.GaussianBlur(light, (0, 0), 60)


def slope(size: tuple[int, int], start: float, end: float) -> Layer:
    """Light that changes from left to right, float32 [h, w]."""
    return np.repeat(np.linspace(start, end, size[1], dtype=np.float32)[None], size[0], 0)


def photographed(
    ground: Layer,
    ink: Layer,
    colour: tuple[int, int, int],
    light: Layer | float,
    noise: np.random.Generator,
    grain: float = 2.5,
) -> Image.Image:
    """Ink on a ground, in some light, slightly out of focus, with the camera's noise."""
    weight = ink[:, :, None]
    scene = ground * (1 - weight) + np.float32(colour) * weight
    scene = cv2.GaussianBlur(scene, (0, 0), 0.9)
    scene *= light if isinstance(light, float | int) else light[:, :, None]
    scene += noise.normal(0, 1, scene.shape).astype(np.float32) * np.float32(grain)
    return Image.fromarray(np.clip(np.rint(scene), 0, 255).astype(np.uint8))


def save(image: Image.Image, path: Path, orientation: int = 1) -> None:
    """Write as JPEG or PNG by the name's ending, with EXIF's orientation where it is not plain."""
    content = io.BytesIO()
    if path.suffix == ".jpg":
        exif = Image.Exif()
        if orientation != 1:
            exif[0x0112] = orientation
        image.save(content, "JPEG", quality=82, exif=exif)
    else:
        image.save(content, "PNG", optimize=True)
    path.write_bytes(content.getvalue())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
