"""Pages of handwritten digits made by code: the truth about each is known, so it can be scored.

`make_page(images, labels, style, seed)` sets digit images (uint8 [n, 28, 28], ink 255 on 0, such as
MNIST's) in rows and groups on paper with the troubles that real paper has: ruled and squared lines,
form boxes, tables, shadows, slant, touching neighbours, faint pens, letters and dots among the
digits, a thumb, noise and blur. Nothing is copied from any picture.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from tests.pictures.clutter import draw_letter

PAPERS = ("plain", "ruled", "squared", "boxes", "table")


@dataclass(frozen=True)
class PageStyle:
    """What is on the page and what is wrong with it; lengths in pixels, angles in degrees."""

    width: int = 1200
    height: int = 900
    digit_height: int = 60
    rows: int = 4
    groups: int = 1
    digits_per_group: int = 6
    gap: float = 0.45  # between neighbours, of the digit height
    size_spread: float = 0.1
    thickness: float = 0.0  # added to the strokes, of the digit height
    slant: float = 0.0
    quarter_turns: int = 0
    paper: str = "plain"
    line_strength: float = 0.45
    pen: tuple[int, int, int] = (40, 40, 90)
    background: tuple[int, int, int] = (226, 224, 216)
    shadow: float = 0.0
    noise: float = 2.0
    blur: float = 0.6
    touching: float = 0.0  # share of neighbours that are pushed together
    clutter: float = 0.0  # share of places that hold a letter instead of a digit
    dots: int = 0
    thumb: bool = False
    light_on_dark: bool = False


@dataclass(frozen=True)
class SyntheticPage:
    """A page and the truth: rows and groups in reading order, boxes (x, y, width, height)."""

    pixels: np.ndarray
    groups: tuple[tuple[str, ...], ...]
    boxes: tuple[tuple[int, int, int, int], ...]
    clutter_boxes: tuple[tuple[int, int, int, int], ...]

    @property
    def rows(self):
        return tuple("".join(row) for row in self.groups)


def random_style(rng: np.random.Generator, **fixed) -> PageStyle:
    """A style drawn at random: each trouble on a part of the pages, so most have one or two."""
    digit_height = int(rng.choice([28, 40, 60, 90, 130]))
    rows = int(rng.integers(1, 7))
    groups = int(rng.choice([1, 1, 1, 2, 3]))
    per_group = int(rng.integers(2, 9 if groups == 1 else 5))
    gap = float(rng.uniform(0.2, 0.8))
    slots = groups * per_group
    width = int(digit_height * (1.2 * slots * (0.62 + gap) + 2.6 * groups + 3))
    height = int(digit_height * (rows * 2.1 + 3))
    style = PageStyle(
        width=max(200, width),
        height=max(160, height),
        digit_height=digit_height,
        rows=rows,
        groups=groups,
        digits_per_group=per_group,
        gap=gap,
        size_spread=float(rng.uniform(0.0, 0.2)),
        thickness=float(rng.choice([-0.02, 0.0, 0.0, 0.03])),
        slant=float(rng.uniform(-12, 12)) if rng.random() < 0.35 else 0.0,
        paper=str(rng.choice(PAPERS)) if rng.random() < 0.5 else "plain",
        line_strength=float(rng.uniform(0.2, 0.9)),
        pen=tuple(
            int(v)
            for v in ((20, 20, 25), (30, 40, 120), (90, 90, 95), (150, 30, 40))[rng.integers(4)]
        ),
        background=tuple(
            int(v) for v in ((250, 250, 250), (226, 224, 216), (205, 215, 235))[rng.integers(3)]
        ),
        shadow=float(rng.uniform(0.2, 0.6)) if rng.random() < 0.3 else 0.0,
        noise=float(rng.uniform(0, 6)),
        blur=float(rng.uniform(0.3, 1.2)),
        touching=0.3 if rng.random() < 0.2 else 0.0,
        clutter=0.15 if rng.random() < 0.2 else 0.0,
        dots=int(rng.integers(1, 12)) if rng.random() < 0.3 else 0,
        thumb=bool(rng.random() < 0.1),
        light_on_dark=bool(rng.random() < 0.15),
    )
    return replace(style, **fixed)


def make_page(images, labels, style: PageStyle, seed: int = 0) -> SyntheticPage:
    """Compose one page; the same arguments give the same page."""
    rng = np.random.default_rng(seed)
    ink = np.zeros((style.height, style.width), np.float32)
    boxes, clutter_boxes, truth = [], [], []
    size = style.digit_height
    pitch = int(size * 1.9)
    top = (style.height - pitch * style.rows) // 2
    cells = []
    for row in range(style.rows):
        y = top + row * pitch + pitch // 2
        x = int(size * rng.uniform(1.0, 1.8))
        row_groups = []
        for _ in range(style.groups):
            group = ""
            previous_was_digit = False
            for _ in range(style.digits_per_group):
                is_letter = rng.random() < style.clutter
                if is_letter:
                    stroke = draw_letter(rng, size)
                else:
                    index = int(rng.integers(len(images)))
                    scale = 1 + rng.uniform(-style.size_spread, style.size_spread)
                    stroke = enlarge(images[index], round(size * scale), style.thickness)
                if x + stroke.shape[1] > style.width - size // 3:
                    break
                if previous_was_digit and not is_letter and rng.random() < style.touching:
                    x = push_together(ink, stroke, x, y, round(style.gap * size))
                box = paste(ink, stroke, x, y + int(rng.uniform(-0.08, 0.08) * size))
                (clutter_boxes if is_letter else boxes).append(box)
                if not is_letter:
                    group += str(int(labels[index]))
                previous_was_digit = not is_letter
                cells.append((x, y, stroke.shape[1]))
                x += stroke.shape[1] + round(style.gap * size * rng.uniform(0.8, 1.2))
            if group:
                row_groups.append(group)
            x += round(size * (1.4 + 1.5 * style.gap))
        if row_groups:
            truth.append(tuple(row_groups))
    for _ in range(style.dots):
        place = (int(rng.integers(style.width)), int(rng.integers(style.height)))
        if ink[max(0, place[1] - 9) : place[1] + 9, max(0, place[0] - 9) : place[0] + 9].max() == 0:
            cv2.circle(ink, place, max(1, size // 30), 1.0, -1, cv2.LINE_AA)
    lines = draw_paper(style, cells, top, pitch)
    pixels, boxes, clutter_boxes = photograph(style, ink, lines, boxes, clutter_boxes, rng)
    return SyntheticPage(pixels, tuple(truth), tuple(boxes), tuple(clutter_boxes))


def enlarge(image, height: int, thickness: float):
    """A 28x28 digit as strokes of the given height, float32 in [0, 1], cropped to its ink."""
    rows, columns = np.flatnonzero(image.max(1) > 90), np.flatnonzero(image.max(0) > 90)
    crop = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float32) / 255
    crop = np.pad(crop, 2)
    factor = height / (len(rows))
    large = cv2.resize(crop, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    large = cv2.GaussianBlur(large, (0, 0), max(0.3, factor * 0.45))
    softness = max(0.04, 0.5 / factor)
    level = 0.45 - thickness * 5
    alpha = np.clip((large - level) / softness + 0.5, 0, 1).astype(np.float32)
    rows, columns = np.flatnonzero(alpha.max(1) > 0.3), np.flatnonzero(alpha.max(0) > 0.3)
    return alpha[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def push_together(ink, stroke, x: int, y: int, gap: int) -> int:
    """The largest x, going left from `x`, at which the stroke just touches what is there."""
    top = y - stroke.shape[0] // 2
    solid = stroke > 0.5
    for left in range(x, max(0, x - 2 * gap - 4), -1):
        region = ink[top : top + stroke.shape[0], left : left + stroke.shape[1]]
        if (solid & (region > 0.5)).sum() > 2:
            return left
    return x


def paste(ink, stroke, x: int, y: int):
    height, width = stroke.shape
    top = min(max(0, y - height // 2), ink.shape[0] - height)
    region = ink[top : top + height, x : x + width]
    np.maximum(region, stroke, out=region)
    return (x, top, width, height)


def draw_paper(style: PageStyle, cells, top: int, pitch: int):
    """The printed lines, float32 in [0, 1]."""
    lines = np.zeros((style.height, style.width), np.float32)
    width = max(1, style.digit_height // 30)
    if style.paper == "ruled":
        for row in range(-1, style.rows + 2):
            y = top + row * pitch + pitch // 2 + int(style.digit_height * 0.52)
            cv2.line(lines, (0, y), (style.width, y), 1.0, width)
    elif style.paper == "squared":
        step = max(10, style.digit_height // 2)
        for x in range(0, style.width, step):
            cv2.line(lines, (x, 0), (x, style.height), 1.0, width)
        for y in range(0, style.height, step):
            cv2.line(lines, (0, y), (style.width, y), 1.0, width)
    elif style.paper == "boxes":
        half = int(style.digit_height * 0.72)
        for x, y, digit_width in cells:
            centre = x + digit_width // 2
            reach = max(int(style.digit_height * (0.3 + style.gap / 2)), digit_width // 2 + 3)
            corner = (centre - reach, y - half)
            cv2.rectangle(lines, corner, (centre + reach, y + half), 1.0, width)
    elif style.paper == "table":
        rows = [top + row * pitch for row in range(style.rows + 1)]
        for y in rows:
            cv2.line(lines, (width, y), (style.width - 1 - width, y), 1.0, width)
        for x in np.linspace(width, style.width - 1 - width, style.groups + 1).astype(int):
            cv2.line(lines, (x, rows[0]), (x, rows[-1]), 1.0, width)
    return lines


def photograph(style: PageStyle, ink, lines, boxes, clutter_boxes, rng):
    """Lay pen and lines on paper, slant it, light it, blur it, turn it."""
    height, width = ink.shape
    grain = cv2.GaussianBlur(rng.normal(0, 1, ink.shape).astype(np.float32), (0, 0), 2) * 4
    paper = np.array(style.background, np.float32) + grain[..., None]
    pen, printed = np.array(style.pen, np.float32), np.array((90, 120, 170), np.float32)
    alpha = lines[..., None] * style.line_strength
    pixels = paper * (1 - alpha) + printed * alpha
    alpha = (ink * 0.92)[..., None]
    pixels = pixels * (1 - alpha) + pen * alpha
    if style.slant:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), style.slant, 1.0)
        corner = np.abs(turn[:, :2]) @ (width, height)
        turn[:, 2] += (corner - (width, height)) / 2
        new_size = (int(corner[0]), int(corner[1]))
        pixels = cv2.warpAffine(
            pixels, turn, new_size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        boxes = [turn_box(box, turn) for box in boxes]
        clutter_boxes = [turn_box(box, turn) for box in clutter_boxes]
    height, width = pixels.shape[:2]
    if style.shadow:
        direction = rng.uniform(0, 2 * np.pi)
        ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
        along = (np.cos(direction) * xs + np.sin(direction) * ys) / max(height, width)
        edge = 1 / (1 + np.exp(-(along - np.median(along)) * rng.uniform(4, 25)))
        pixels = pixels * (1 - style.shadow * edge[..., None])
    if style.thumb:
        axes = (int(width * 0.12), int(height * 0.16))
        cv2.ellipse(pixels, (width, height // 2), axes, 0, 0, 360, (170, 120, 100), -1, cv2.LINE_AA)
    pixels = cv2.GaussianBlur(pixels, (0, 0), style.blur)
    pixels = pixels + rng.normal(0, style.noise, pixels.shape)
    if style.light_on_dark:
        pixels = 255 - pixels
    pixels = np.clip(pixels, 0, 255).astype(np.uint8)
    for _ in range(style.quarter_turns):
        height = pixels.shape[0]
        boxes = [(height - y - h, x, h, w) for x, y, w, h in boxes]
        clutter_boxes = [(height - y - h, x, h, w) for x, y, w, h in clutter_boxes]
        pixels = np.rot90(pixels, -1).copy()
    return pixels, boxes, clutter_boxes


def turn_box(box, turn):
    x, y, width, height = box
    corners = np.array([(x, y), (x + width, y), (x, y + height), (x + width, y + height)], float)
    corners = corners @ turn[:, :2].T + turn[:, 2]
    low, high = corners.min(0), corners.max(0)
    return (int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1]))
