"""What stands on paper and is no digit, drawn by code: letters, signs, scribbles, blobs, rubble.

For measuring rejection and for training a network with an eleventh class "not a digit". Each
drawing is float32 [h, w] in [0, 1], ink 1, cropped to its ink. Letters that many people write like
a digit (O I l S Z b q g and the like) are left out: no reader can tell them from digits by shape.

A glyph is a list of strokes; a stroke is a list of points "xy", x to the right and y downward on a
grid of 0 to 8; "~" before it makes it a smooth curve through the points (Catmull and Rom 1974).
"""

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

Drawing = npt.NDArray[np.float32]

LETTERS = {
    "A": "08 40 88|25 65",
    "B": "10 18|~10 60 72 54 14|~14 64 76 58 18",
    "C": "~71 40 13 15 48 77",
    "D": "10 18|~10 50 74 58 18",
    "E": "70 10 18 78|14 64",
    "F": "70 10 18|14 64",
    "G": "~71 40 13 15 48 77 74 44",
    "H": "10 18|70 78|14 74",
    "J": "~60 66 48 17",
    "K": "10 18|70 14 78",
    "L": "10 18 78",
    "M": "08 10 44 70 88",
    "N": "18 10 78 70",
    "P": "18 10|~10 60 73 54 14",
    "Q": "~40 12 16 48 76 72 40|55 88",
    "R": "18 10|~10 60 72 54 14|44 78",
    "T": "00 80|40 48",
    "U": "~10 15 38 58 75 70",
    "V": "00 48 80",
    "W": "00 28 42 68 80",
    "X": "00 88|80 08",
    "Y": "00 44 80|44 48",
    "a": "~73 43 25 47 66 73|~73 77 88",
    "d": "~74 44 26 48 67 74|70 78",
    "e": "~25 75 73 43 15 36 48 77",
    "f": "~71 50 42 48|14 74",
    "h": "10 18|~15 43 64 68",
    "k": "10 18|63 15 68",
    "m": "13 18|~14 33 45 48|~44 63 75 78",
    "n": "13 18|~15 43 64 68",
    "p": "13 19|~13 53 65 57 17",
    "r": "23 28|~25 43 64",
    "t": "~40 46 58 77|13 73",
    "u": "~13 16 38 67 63|63 68",
    "v": "13 48 73",
    "w": "03 28 45 68 83",
    "x": "13 78|73 18",
    "y": "13 45|73 29",
    "alpha": "~82 56 28 06 23 43 67 88",
    "beta": "~09 13 30 62 54 24|~54 75 67 37 15",
    "gamma": "~02 31 44 47 29|80 46",
    "delta": "~61 30 41 65 48 25 43",
    "epsilon": "~72 41 23 44 14 16 48 77",
    "theta": "~40 12 16 48 76 72 40|~24 43 54",
    "kappa": "13 18|73 15 78",
    "lambda": "~10 30 68|44 08",
    "mu": "13 19|~13 16 37 66 63|63 78",
    "pi": "~03 13 83|33 28|63 68",
    "rho": "~19 15 33 64 57 26",
    "sigma": "83 43|~43 15 38 66 43",
    "phi": "~42 13 15 47 75 73 42|40 49",
    "psi": "~13 26 47 66 73|40 49",
    "omega": "~23 06 28 45 68 86 63",
}
SIGNS = {
    "plus": "40 48|04 84",
    "minus": "04 84",
    "equals": "03 83|05 85",
    "hash": "20 18|70 68|02 82|06 86",
    "at": "~64 43 35 56 63 66 85 72 40 03 16 48 88",
    "percent": "80 08|~11 20 31 22 11|~67 76 87 78 67",
    "ampersand": "~88 22 40 52 15 38 75",
    "question": "~12 40 71 43 45|47 48",
    "exclamation": "40 45|47 48",
    "arrow": "04 84|62 84 66",
    "star": "40 48|02 86|06 82",
    "tick": "05 38 80",
    "heart": "~42 20 02 48|~42 60 82 48",
    "triangle": "40 88 08 40",
    "square": "00 80 88 08 00",
    "brace": "~60 42 24 46 68",
    "bracket": "60 20 28 68",
    "integral": "~70 50 44 38 18",
    "root": "05 15 38 40 80",
    "times": "11 77|71 17",
    "colon": "42 43|46 47",
    "divide": "04 84|41 42|46 47",
    "dollar": "~71 30 12 44 76 58 17|40 49",
    "euro": "~71 40 13 15 48 77|03 53|05 55",
    "smile": "~40 02 06 48 86 82 40|33 34|53 54|~25 47 65",
}


def draw_letter(generator: np.random.Generator, height: int = 40) -> Drawing:
    """A Latin or Greek letter that is not like a digit, as a hand would write it."""
    return draw_glyph(LETTERS[str(generator.choice(sorted(LETTERS)))], generator, height)


def draw_sign(generator: np.random.Generator, height: int = 40) -> Drawing:
    """A sign: arithmetic, punctuation, arrows, hearts."""
    return draw_glyph(SIGNS[str(generator.choice(sorted(SIGNS)))], generator, height)


def draw_glyph(glyph: str, generator: np.random.Generator, height: int) -> Drawing:
    """A glyph with its points shaken, slanted, turned and stretched as hands do."""
    slant, turn = generator.normal(0, 0.18), generator.normal(0, 0.09)
    stretch, shake = np.exp(generator.normal(-0.1, 0.22)), generator.uniform(0.1, 0.45)
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    matrix = matrix @ np.array([[stretch, -slant], [0.0, 1.0]])
    strokes = []
    for stroke in glyph.split("|"):
        points = np.array([(int(p[0]), int(p[1])) for p in stroke.strip("~").split()], float)
        points += generator.normal(0, shake, points.shape)
        strokes.append((_smooth(points) if stroke[0] == "~" else points) @ matrix.T)
    return _draw_strokes(strokes, generator, height)


def draw_scribble(generator: np.random.Generator, height: int = 40) -> Drawing:
    """A scribble: a smooth walk with many turns, or crossed out to and fro."""
    count = int(generator.integers(5, 16))
    if generator.random() < 0.5:
        points = generator.uniform(0, 8, (count, 2))
    else:
        points = np.stack([np.arange(count) % 2 * 8.0, np.linspace(0, 8, count)], axis=1)
        points += generator.normal(0, 1.0, points.shape)
    return _draw_strokes([_smooth(points)], generator, height)


def draw_blob(generator: np.random.Generator, height: int = 40) -> Drawing:
    """A filled shape with a ragged edge: a stain, a shadow, a part of a photograph."""
    noise = generator.normal(0, 1, (height, height)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), float(height * generator.uniform(0.04, 0.25)))
    smooth = smooth / max(float(smooth.std()), 1e-6)
    rows, columns = np.mgrid[0:height, 0:height] / (height / 2) - 1
    fall = np.float32(1.6) * (rows**2 + columns**2).astype(np.float32)
    level = np.float32(generator.uniform(-0.6, 0.6))
    mask = (smooth - fall + 0.8 > level).astype(np.uint8)
    count, labels, statistics, _ = cv2.connectedComponentsWithStats(mask)
    if count < 2:
        return draw_scribble(generator, height)
    largest = 1 + int(np.argmax(statistics[1:, cv2.CC_STAT_AREA]))
    return _crop((labels == largest).astype(np.float32))


def draw_rubble(generator: np.random.Generator, height: int = 40) -> Drawing:
    """Several short pieces and specks: dirt, texture, the remains of lines."""
    strokes = []
    for _ in range(int(generator.integers(2, 9))):
        start = generator.uniform(0, 8, 2)
        step = generator.normal(0, 1.3, (int(generator.integers(1, 3)), 2))
        strokes.append(np.vstack([start, start + np.cumsum(step, axis=0)]))
    return _draw_strokes(strokes, generator, height)


DRAWERS: tuple[Callable[[np.random.Generator, int], Drawing], ...] = (
    draw_letter,
    draw_letter,
    draw_letter,
    draw_sign,
    draw_scribble,
    draw_blob,
    draw_rubble,
)


def draw_clutter(generator: np.random.Generator, height: int = 40) -> Drawing:
    """One thing that is no digit, of any of the kinds above."""
    return DRAWERS[int(generator.integers(len(DRAWERS)))](generator, height)


def _smooth(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    ends = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, 9)[:, None]
    pieces = []
    for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        quadratic, cubic = 2 * a - 5 * b + 4 * c - d, -a + 3 * b - 3 * c + d
        pieces.append(0.5 * (2 * b + (c - a) * t + quadratic * t**2 + cubic * t**3))
    return np.vstack(pieces)


def _draw_strokes(
    strokes: list[npt.NDArray[np.float64]], generator: np.random.Generator, height: int
) -> Drawing:
    every = np.vstack(strokes)
    low, high = every.min(axis=0), every.max(axis=0)
    scale = height / max(float((high - low).max()), 1e-6)
    width = max(1, round(height * float(generator.uniform(0.05, 0.17))))
    size = height + 4 * width + 4
    canvas = np.zeros((size, size), np.uint8)
    for stroke in strokes:
        line = ((stroke - low) * scale + 2 * width + 2) * 16  # 4 bits of fraction
        points = [line.round().astype(np.int32).reshape(-1, 1, 2)]
        cv2.polylines(canvas, points, False, 255, width, cv2.LINE_AA, 4)
    return _crop(canvas.astype(np.float32) / 255)


def _crop(drawing: Drawing) -> Drawing:
    rows = np.flatnonzero(drawing.max(axis=1) > 0.3)
    columns = np.flatnonzero(drawing.max(axis=0) > 0.3)
    if not len(rows):
        return np.ones((2, 2), np.float32)
    return drawing[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
