"""Cuts through a piece of ink that may be several digits which touch.

A cut is a path from the top to the bottom of the piece that moves at most one pixel aside per row
and crosses as little ink as possible; the cheapest paths through each place of the middle row
compete, and the best of each neighbourhood are kept. (Shortest-path cuts for touching characters:
Wang and Jean, Pattern Recognition 26(8), 1993; over-segmentation, with the network as judge: LeCun
et al. 1998, section VII.) `slices` are the parts between cuts, from left to right.
"""

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.pictures.pieces import Piece

_WORKING_HEIGHT = 40  # cuts are found on a copy of at most this height
_DEAREST = 4.5  # stroke widths of ink that a cut may cross at most
_SIDE_STEP = 0.03  # the cost of a step aside, in ink pixels: straight where it does not matter


def split(piece: Piece, stroke_width: float, most_cuts: int) -> tuple[list[Piece], list[float]]:
    """The slices of a piece and the cost of the cut after each but the last, in stroke widths."""
    scale = min(1.0, _WORKING_HEIGHT / piece.box[3])
    small = piece.mask.astype(np.float32)
    if scale < 1:
        size = (max(2, round(piece.box[2] * scale)), max(2, round(piece.box[3] * scale)))
        small = np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_AREA), np.float32)
    cuts, costs = _cheapest_cuts(small, max(1.0, stroke_width * scale), most_cuts)
    if not len(cuts):
        return [piece], []
    if scale < 1:
        at_rows = (np.arange(piece.box[3]) + 0.5) * scale - 0.5
        columns = [np.interp(at_rows, np.arange(len(cut)), cut) / scale for cut in cuts]
    else:
        columns = [cut.astype(float) for cut in cuts]
    return _slices(piece, columns, list(costs))


def _cheapest_cuts(
    ink: npt.NDArray[np.float32], stroke_width: float, most_cuts: int
) -> tuple[list[npt.NDArray[np.intp]], list[float]]:
    height, width = ink.shape
    down, came_from = _accumulate(ink)
    up, goes_to = _accumulate(ink[::-1])
    middle = height // 2
    total = down[middle] + up[height - 1 - middle] - ink[middle]
    margin = max(1, round(0.12 * height))
    total = total / stroke_width
    cuts: list[npt.NDArray[np.intp]] = []
    costs: list[float] = []
    open_places = np.ones(width, bool)
    open_places[:margin] = False
    open_places[width - margin :] = False
    while len(cuts) < most_cuts and open_places.any():
        place = int(np.argmin(np.where(open_places, total, np.inf)))
        if total[place] > _DEAREST:
            break
        # The flat bottom of a valley has many equal places; the middle one is meant.
        flat = place
        while flat + 1 < width and open_places[flat + 1] and total[flat + 1] <= total[place] + 0.02:
            flat += 1
        open_places[max(0, place - margin) : flat + margin + 1] = False
        place = (place + flat) // 2
        cut = np.empty(height, np.intp)
        cut[middle] = place
        for row in range(middle, 0, -1):
            cut[row - 1] = cut[row] + came_from[row, cut[row]]
        for row in range(middle, height - 1):
            cut[row + 1] = cut[row] + goes_to[height - 1 - row, cut[row]]
        cuts.append(cut)
        costs.append(float(total[place]))
    order = np.argsort([cut[middle] for cut in cuts])
    return [cuts[i] for i in order], [costs[i] for i in order]


def _accumulate(
    ink: npt.NDArray[np.float32],
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int8]]:
    """The cost of the cheapest path from the first row to each pixel, and its last step aside."""
    height, width = ink.shape
    cost = np.empty_like(ink)
    step = np.zeros(ink.shape, np.int8)
    cost[0] = ink[0]
    wide = np.full(width + 2, np.inf, np.float32)
    for row in range(1, height):
        wide[1:-1] = cost[row - 1]
        choices = np.stack([wide[1:-1], wide[:-2] + _SIDE_STEP, wide[2:] + _SIDE_STEP])
        best = choices.argmin(axis=0)
        step[row] = np.array([0, -1, 1], np.int8)[best]
        cost[row] = ink[row] + choices.min(axis=0)
    return cost, step


def _slices(
    piece: Piece, columns: list[npt.NDArray[np.float64]], costs: list[float]
) -> tuple[list[Piece], list[float]]:
    height, width = piece.mask.shape
    across = np.arange(-1, width + 1)
    rows = np.clip(np.arange(-1, height + 1), 0, height - 1)
    number = np.zeros((height + 2, width + 2), np.intp)
    for column in columns:
        number += across[None, :] >= column[rows][:, None]
    slices: list[Piece] = []
    kept_costs: list[float] = []
    for index in range(len(columns) + 1):
        here = number == index
        mask = piece.mask & here[1:-1, 1:-1]
        if not mask.any():
            continue
        ys, xs = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        top, bottom, left, right = int(ys[0]), int(ys[-1]) + 1, int(xs[0]), int(xs[-1]) + 1
        soft = np.where(here, piece.strength, np.float32(0))[top : bottom + 2, left : right + 2]
        box = (piece.box[0] + left, piece.box[1] + top, right - left, bottom - top)
        part = mask[top:bottom, left:right]
        if slices:
            kept_costs.append(costs[index - 1])
        slices.append(Piece(box, part, soft, int(np.count_nonzero(part)), piece.depth))
    return slices, kept_costs
