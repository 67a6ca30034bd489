"""The paper of a picture: what would be seen if there were no ink, with its light and shadow.

Ink is dark here. A morphological closing fills what is narrower than its side and darker than its
surroundings, and keeps what is wider: shadows, the desk beside the page. It must be wider than the
strokes and not much wider, or else it lifts the paper where the light falls off. So the strokes'
width is measured first: closings of growing side are tried, and the first one counts that fills
nearly all of the dark side of the picture's strong edges.
"""

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.pictures.percentiles import percentile

Bytes = npt.NDArray[np.uint8]

# The widest closing has this part of the picture's longer side.
_WIDEST = 0.4
# The closing has this many times the side that fills a usual stroke, for crossings and blots.
_BESIDE_STROKE = 2.5
# A closing fills a stroke when it lifts it to this part of what the widest closing does.
_FILLED = 0.7
# So many of the strong edges must be of filled strokes: thin lines may stand beside thick ink.
_MOST_EDGES = 0.85
# Width is measured on a copy with at most this many pixels on its longer side.
_SIDE = 256


def find_paper(channel: Bytes) -> Bytes:
    """The paper, uint8 [h, w], of a channel in which the ink is dark."""
    longer = max(channel.shape)
    smooth = channel
    if longer > 64:
        smooth = np.asarray(cv2.GaussianBlur(channel, (0, 0), 0.7), np.uint8)
    scale = min(1.0, _SIDE / longer)
    size = min(_BESIDE_STROKE * _filling_side(_copy(smooth, scale)) / scale + 2, _WIDEST * longer)
    paper = cv2.morphologyEx(smooth, cv2.MORPH_CLOSE, _square(size))
    return np.asarray(cv2.GaussianBlur(paper, (0, 0), max(1.0, size / 4)), np.uint8)


def _filling_side(channel: Bytes) -> float:
    """The side of the closing that fills the usual stroke, in pixels."""
    step = cv2.subtract(np.asarray(cv2.dilate(channel, _square(3)), np.uint8), channel)
    strong = step >= max(2.0, 0.5 * percentile(step, 99.5))
    widest = _WIDEST * float(max(channel.shape))
    if not strong.any():
        return widest
    dark_side = channel[strong]
    sides = [3.0]
    while sides[-1] < widest:
        sides.append(max(sides[-1] + 2, sides[-1] * 1.4))
    enough = _FILLED * (_closed(channel, sides[-1])[strong] - dark_side).astype(np.float64)
    for side in sides[:-1]:
        filled = np.count_nonzero(_closed(channel, side)[strong] - dark_side >= enough)
        if filled / len(dark_side) >= _MOST_EDGES:
            return side
    return sides[-1]


def _closed(channel: Bytes, side: float) -> Bytes:
    return np.asarray(cv2.morphologyEx(channel, cv2.MORPH_CLOSE, _square(side)), np.uint8)


def _square(side: float) -> Bytes:
    odd = max(3, 2 * round(side / 2) + 1)
    return np.ones((odd, odd), np.uint8)


def _copy(channel: Bytes, scale: float) -> Bytes:
    if scale == 1:
        return channel
    size = [max(1, round(side * scale)) for side in channel.shape[::-1]]
    return np.asarray(cv2.resize(channel, size, interpolation=cv2.INTER_AREA), np.uint8)
