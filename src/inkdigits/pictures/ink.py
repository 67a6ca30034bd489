"""Finds the ink in a picture: how much of each pixel is pen, whatever the paper and the light.

Steps, all on arrays of the picture's size or on a reduced copy of it:
1. Polarity: which of the two phases, dark or light, is the drawn one (`polarity.py`).
2. Colour: the direction in RGB from paper to ink, so that a yellow pen counts as a black one.
3. Paper: a morphological closing wider than the strokes takes the ink away and keeps shadows,
   folds and the desk beside the page. The strokes' width is measured first, with a wide closing.
4. Strength: contrast to the paper, divided by the contrast that full ink has near there.
5. Mask: strength over one half, so that an edge lies where a person would draw it.

The closing as estimate of the paper is the black top-hat transform (Serra, Image Analysis and
Mathematical Morphology, 1982); half of the local maximum as threshold follows Bernsen (1986).
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.pictures.opening import Picture
from inkdigits.pictures.percentiles import median, percentile
from inkdigits.pictures.polarity import Polarity, guess_polarity

Bytes = npt.NDArray[np.uint8]

# The copy on which paper and polarity are found has at most this many pixels on its longer side.
_REDUCED = 512
# The first closing is this part of the picture's longer side, the second this many strokes wide.
_FIRST_CLOSING = 0.4
_STROKES_PER_CLOSING = 4.0
# Paper darker than this is not divided by: its noise would look like ink. In grey levels.
_DARKEST_PAPER = 64
# Ink must differ from paper by this part of the brightness range, and by this many noise sigmas.
_LEAST_CONTRAST = 0.06
_LEAST_SIGMAS = 6.0
# What is paler than this part of the picture's full ink is dirt, the other side, or a pale line.
_PALEST = 0.25
# Noise over this part of full ink is smoothed before anything else.
_NOISY = 0.08
# Colour is used where it has this many times the contrast of grey.
_COLOUR_GAIN = 1.3


@dataclass(frozen=True, eq=False)
class Ink:
    """Where the ink of a picture is; all arrays have the picture's height and width.

    Attributes:
        strength: float32 [h, w] in [0, 1]: 0 paper, 1 full ink, between them edges of strokes.
        mask: bool [h, w], the ink's pixels; nothing is set where the picture is blank.
        polarity: which phase is the ink.
        stroke_width: the usual width of a stroke in pixels; 0 where there is no ink.
        contrast: how much full ink differs from paper, in parts of the brightness range, 0 to 1.
        noise: the standard deviation of the paper, in the same parts.
    """

    strength: npt.NDArray[np.float32]
    mask: npt.NDArray[np.bool_]
    polarity: Polarity
    stroke_width: float
    contrast: float = 1.0
    noise: float = 0.0


def find_ink(picture: Picture, polarity: Polarity | None = None) -> Ink:
    """Find the ink of a picture; a polarity that is known can be given."""
    pixels = picture.pixels
    small = _reduced(pixels)
    if polarity is None:
        polarity = guess_polarity(_grey(small)).polarity
    inverted = polarity == "light_on_dark"
    weights = _ink_colour(255 - small if inverted else small)
    channel, small = _project(pixels, weights, inverted), _project(small, weights, inverted)
    # From here on ink is dark.
    paper = _paper(small)
    contrast, noise = _contrast(channel, paper)
    del channel
    full, has_ink = _full_ink(contrast, noise)
    if not has_ink:
        blank = np.zeros(contrast.shape, bool)
        return Ink(blank.astype(np.float32), blank, polarity, 0.0, 0.0, noise / 255)
    strength = cv2.divide(contrast, full, scale=255)
    mask = strength > 127
    return Ink(
        strength=strength.astype(np.float32) * np.float32(1 / 255),
        mask=mask,
        polarity=polarity,
        stroke_width=stroke_width(mask),
        contrast=median(full[:: max(1, len(full) // 64)]) / 255,
        noise=noise / 255,
    )


def stroke_width(mask: npt.NDArray[np.bool_]) -> float:
    """The mean width of the strokes in a mask, in pixels: twice the area over the outline's length.

    The outline is counted in pixel edges; over all directions a line has 4/pi edges a pixel length.
    """
    area = int(np.count_nonzero(mask))
    if area == 0:
        return 0.0
    edges = np.count_nonzero(mask[1:] != mask[:-1]) + np.count_nonzero(mask[:, 1:] != mask[:, :-1])
    edges += int(np.count_nonzero(mask[[0, -1]])) + int(np.count_nonzero(mask[:, [0, -1]]))
    return 2 * area / (edges * np.pi / 4)


def _reduced(pixels: Bytes, side: int = _REDUCED) -> Bytes:
    longer = max(pixels.shape[:2])
    if longer <= side:
        return pixels
    size = [max(1, round(length * side / longer)) for length in pixels.shape[1::-1]]
    return _bytes(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))


def _bytes(array: object) -> Bytes:
    return np.asarray(array, np.uint8)


def _grey(pixels: Bytes) -> Bytes:
    return pixels if pixels.ndim == 2 else _bytes(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY))


def _ink_colour(small: Bytes) -> npt.NDArray[np.float32] | None:
    """Weights of R, G, B that show the (dark) ink best; None: plain grey does as well."""
    if small.ndim == 2:
        return None
    kernel = _square(_FIRST_CLOSING * max(small.shape))
    paper = cv2.GaussianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel), (0, 0), 3)
    lack = paper.astype(np.float32) - small
    most = np.abs(lack).max(2)
    ink = most > max(0.5 * percentile(most, 99.5), 8)
    if not ink.any():
        return None
    direction = lack[ink].mean(0)
    grey = float(direction @ np.array([0.299, 0.587, 0.114], np.float32))
    size = float(np.abs(direction).sum())
    if size == 0:  # as much ink lacks a colour as has too much of it
        return None
    weights: npt.NDArray[np.float32] = direction / size
    if float(direction @ weights) < _COLOUR_GAIN * abs(grey):
        return None
    return weights


def _project(pixels: Bytes, weights: npt.NDArray[np.float32] | None, inverted: bool) -> Bytes:
    """One channel in which the ink is dark."""
    if weights is None:
        grey = _grey(pixels)
        return _bytes(cv2.bitwise_not(grey)) if inverted else grey
    if inverted:
        weights = -weights
    matrix = np.append(weights, -255 * weights[weights < 0].sum()).astype(np.float32)
    return _bytes(cv2.transform(pixels, matrix[None]))


def _square(size: float) -> Bytes:
    side = max(3, 2 * round(size / 2) + 1)
    return np.ones((side, side), np.uint8)


def _paper(small: Bytes) -> Bytes:
    """The picture without its ink: the paper, lit as it is; uint8 of the reduced copy's size."""
    longest = _FIRST_CLOSING * max(small.shape)
    smooth = _bytes(cv2.GaussianBlur(small, (0, 0), 0.7)) if max(small.shape) > 64 else small
    wide = _bytes(cv2.morphologyEx(smooth, cv2.MORPH_CLOSE, _square(longest)))
    lack = _bytes(cv2.subtract(wide, smooth))
    level, dark = cv2.threshold(lack, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    if level < _LEAST_CONTRAST * 255 or not dark.any():
        size = longest
    else:
        size = min(_STROKES_PER_CLOSING * _usual_width(_bytes(dark)) + 3, longest)
    paper = cv2.morphologyEx(smooth, cv2.MORPH_CLOSE, _square(size))
    return _bytes(cv2.GaussianBlur(paper, (0, 0), max(1.0, size / 4)))


def _usual_width(dark: Bytes) -> float:
    """The width of strokes, as the median over their middle lines, weighted by width."""
    padded = cv2.copyMakeBorder(dark, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    distance = np.asarray(cv2.distanceTransform(padded, cv2.DIST_L2, 5))
    ridge = distance[(distance > 0) & (distance >= cv2.dilate(distance, np.ones((3, 3), np.uint8)))]
    ridge.sort()
    weight = np.cumsum(ridge)
    return 2 * float(ridge[np.searchsorted(weight, weight[-1] / 2)])


def _contrast(channel: Bytes, paper: Bytes) -> tuple[Bytes, float]:
    """How much darker than the paper each pixel is, in parts of 255, and the paper's noise in them.

    Noise that is strong beside the ink is smoothed away first.
    """
    height, width = channel.shape
    if paper.shape != channel.shape:
        paper = _bytes(cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR))
    contrast = _darkness(channel, paper)
    noise = _noise(contrast)
    if noise > _NOISY * max(float(_sample(contrast).max()), 1):
        sigma = 1.0 if min(height, width) > 48 else 0.6
        contrast = _darkness(_bytes(cv2.GaussianBlur(channel, (0, 0), sigma)), paper)
        noise = _noise(contrast)
    return contrast, noise


def _darkness(channel: Bytes, paper: Bytes) -> Bytes:
    lack = cv2.subtract(paper, channel)
    # NumPy where a number is involved: OpenCV takes an array of 4 x 1 for such a number itself.
    darkness = _bytes(cv2.divide(lack, np.maximum(paper, np.uint8(_DARKEST_PAPER)), scale=255))
    # The closing takes the brightest of the paper, so that usual paper lies a little below it.
    usual = np.uint8(round(percentile(_sample(darkness), 30)))
    return np.maximum(darkness, usual) - usual if usual else darkness


def _sample(array: Bytes) -> Bytes:
    return array[:: max(1, len(array) // 256)]


def _noise(contrast: Bytes) -> float:
    rows = _sample(contrast).astype(np.int16)
    if rows.shape[1] < 2:
        return 0.0
    steps = np.abs(np.diff(rows, axis=1))
    usual = median(steps)
    if usual == 0:  # rounding hides noise below one grey level
        return float(steps.mean() / 2) if steps.mean() < 1 else 0.5
    return usual * 1.4826 / 2**0.5


def _full_ink(contrast: Bytes, noise: float) -> tuple[Bytes, bool]:
    """The contrast of full ink at each place, and whether there is any ink.

    It is the greatest contrast nearby, taken no lower than what dirt and noise can reach.
    """
    height, width = contrast.shape
    block = max(1, -(-max(height, width) // 256))
    most = contrast
    if block > 1:
        most = _bytes(cv2.dilate(contrast, np.ones((block, block), np.uint8)))
    most = np.ascontiguousarray(most[block // 2 :: block, block // 2 :: block])
    top = float(most.max())
    full = percentile(most[most >= top / 2], 75) if top else 0.0
    least = max(_LEAST_CONTRAST * 255, _LEAST_SIGMAS * noise)
    if full < least:
        return most, False
    floor = min(max(2 * _PALEST * full, least), 255)
    near = _bytes(cv2.dilate(most, _square(max(most.shape) / 16)))
    near = _bytes(cv2.blur(np.maximum(near, np.uint8(round(floor))), (5, 5)))
    return _bytes(cv2.resize(near, (width, height), interpolation=cv2.INTER_LINEAR)), True
