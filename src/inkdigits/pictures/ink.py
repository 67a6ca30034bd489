"""Finds the ink in a picture: how much of each pixel is pen, whatever the paper and the light.

Steps, all on arrays of the picture's size or on a reduced copy of it:
1. One channel: grey, or the colour axis from paper to ink (`colour.py`).
2. Polarity: which of the two phases, dark or light, is the drawn one (`polarity.py`).
3. Paper: what would be seen without the ink, with its light and shadow (`paper.py`).
4. Strength: contrast to the paper, divided by the contrast that full ink has near there.
5. Mask: strength over one half, so that an edge lies where a person would draw it.

The closing as estimate of the paper is the black top-hat transform (Serra, Image Analysis and
Mathematical Morphology, 1982); half of the local maximum as threshold follows Bernsen (1986).
"""

from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.pictures.colour import ink_weights, project
from inkdigits.pictures.opening import Picture
from inkdigits.pictures.paper import find_paper
from inkdigits.pictures.percentiles import median, percentile
from inkdigits.pictures.polarity import Polarity, guess_polarity

Bytes = npt.NDArray[np.uint8]

# The copy on which paper and polarity are found has at most this many pixels on its longer side.
_REDUCED = 512
# Paper darker than this is not divided by: its noise would look like ink. In grey levels.
_DARKEST_PAPER = 64
# Ink must differ from paper by this part of the brightness range, and by this many noise sigmas.
_LEAST_CONTRAST = 0.06
_LEAST_SIGMAS = 6.0
# What is paler than this part of the picture's full ink is dirt, the other side, or a pale line.
PALEST = 0.25
# Noise over this part of full ink is smoothed before anything else.
_NOISY = 0.08


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
        polarity_confidence: how sure the polarity is, 0.5 to 1; 1 where it was given.
        depth: uint8 [h, w], how much darker than the paper (or lighter) each pixel is, in parts of
            255: unlike the strength not beside the ink near there, but the same all over.
    """

    strength: npt.NDArray[np.float32]
    mask: npt.NDArray[np.bool_]
    polarity: Polarity
    stroke_width: float
    contrast: float = 1.0
    noise: float = 0.0
    polarity_confidence: float = 1.0
    depth: Bytes = field(default_factory=lambda: np.zeros((0, 0), np.uint8))


@dataclass(frozen=True, eq=False)
class Contrast:
    """How much darker than the paper (or lighter) a picture's pixels are, whatever the pen.

    Attributes:
        depth: uint8 [h, w], in parts of 255.
        noise: the standard deviation of the paper, in the same parts.
        polarity: which phase is the ink.
        polarity_confidence: how sure that is, 0.5 to 1; 1 where it was given.
    """

    depth: Bytes
    noise: float
    polarity: Polarity
    polarity_confidence: float


def find_ink(picture: Picture, polarity: Polarity | None = None, palest: float = PALEST) -> Ink:
    """Find the ink of a picture.

    Args:
        picture: the opened picture.
        polarity: which phase is the ink, where that is known.
        palest: what is paler than this part of the picture's full ink is none. Up to 0.5, which
            holds where all was written with one pen.
    """
    return ink_of(find_contrast(picture, polarity), palest)


def find_contrast(picture: Picture, polarity: Polarity | None = None) -> Contrast:
    """What `find_ink` does before it asks how pale ink may be; arguments as there."""
    small = _reduced(picture.pixels)
    weights = ink_weights(small)
    small = project(small, weights)
    confidence = 1.0
    if polarity is None:
        guess = guess_polarity(small)
        polarity, confidence = guess.polarity, guess.confidence
    channel = project(picture.pixels, weights)
    if polarity == "light_on_dark":
        channel, small = 255 - channel, 255 - small
    # From here on ink is dark.
    depth, noise = _contrast(channel, find_paper(small))
    return Contrast(depth, noise, polarity, confidence)


def ink_of(contrast: Contrast, palest: float = PALEST) -> Ink:
    """The ink by its contrast; `palest` as `find_ink` takes it."""
    depth, noise = contrast.depth, contrast.noise
    full, has_ink = _full_ink(depth, noise, palest)
    strength = np.zeros(depth.shape, np.uint8)
    usual = 0.0
    if has_ink:
        strength = _bytes(cv2.divide(depth, full, scale=255))
        usual = median(full[:: max(1, len(full) // 64)]) / 255
    mask = strength > 127
    return Ink(
        strength=strength.astype(np.float32) * np.float32(1 / 255),
        mask=mask,
        polarity=contrast.polarity,
        stroke_width=stroke_width(mask),
        contrast=usual,
        noise=noise / 255,
        polarity_confidence=contrast.polarity_confidence,
        depth=depth,
    )


def stroke_width(mask: npt.NDArray[np.bool_]) -> float:
    """The mean width of the strokes in a mask, in pixels: twice the area over the outline's length.

    The outline is counted in pixel edges; over all directions a line has 4/pi edges a pixel length.
    """
    area = int(np.count_nonzero(mask))
    if area == 0:
        return 0.0
    edges = np.count_nonzero(mask[1:] != mask[:-1]) + np.count_nonzero(mask[:, 1:] != mask[:, :-1])
    edges += sum(map(np.count_nonzero, (mask[0], mask[-1], mask[:, 0], mask[:, -1])))
    return 2 * area / (edges * np.pi / 4)


def _reduced(pixels: Bytes) -> Bytes:
    longer = max(pixels.shape[:2])
    if longer <= _REDUCED:
        return pixels
    step = max(1, longer // (4 * _REDUCED))  # a large picture need not be averaged over all pixels
    size = [max(1, round(length * _REDUCED / longer)) for length in pixels.shape[1::-1]]
    sparse = np.ascontiguousarray(pixels[::step, ::step])
    return _bytes(cv2.resize(sparse, size, interpolation=cv2.INTER_AREA))


def _bytes(array: object) -> Bytes:
    return np.asarray(array, np.uint8)


def _square(size: float) -> Bytes:
    side = max(3, 2 * round(size / 2) + 1)
    return np.ones((side, side), np.uint8)


def _contrast(channel: Bytes, paper: Bytes) -> tuple[Bytes, float]:
    """How much darker than the paper each pixel is, in parts of 255, and the paper's noise in them.

    Noise that is strong beside the ink is smoothed away first.
    """
    height, width = channel.shape
    if paper.shape != channel.shape:
        paper = _bytes(cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR))
    contrast = _beyond_usual(channel, paper)
    noise = _noise(contrast)
    if noise > _NOISY * max(float(_sample(contrast).max()), 1):
        sigma = 1.0 if min(height, width) > 48 else 0.6
        contrast = _beyond_usual(_bytes(cv2.GaussianBlur(channel, (0, 0), sigma)), paper)
        noise = _noise(contrast)
    return contrast, noise


def darkness(channel: Bytes, paper: Bytes) -> Bytes:
    """How much darker than the paper each pixel is, in parts of what the paper gives, times 255."""
    lack = cv2.subtract(paper, channel)
    # NumPy where a number is involved: OpenCV takes an array of 4 x 1 for such a number itself.
    return _bytes(cv2.divide(lack, np.maximum(paper, np.uint8(_DARKEST_PAPER)), scale=255))


def _beyond_usual(channel: Bytes, paper: Bytes) -> Bytes:
    depth = darkness(channel, paper)
    # The closing takes the brightest of the paper, so that usual paper lies a little below it.
    usual = np.uint8(round(percentile(_sample(depth), 30)))
    return np.maximum(depth, usual) - usual if usual else depth


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


def _full_ink(contrast: Bytes, noise: float, palest: float) -> tuple[Bytes, bool]:
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
    floor = min(max(2 * palest * full, least), 255)
    near = _bytes(cv2.dilate(most, _square(max(most.shape) / 16)))
    near = _bytes(cv2.blur(np.maximum(near, np.uint8(round(floor))), (5, 5)))
    return _bytes(cv2.resize(near, (width, height), interpolation=cv2.INTER_LINEAR)), True
