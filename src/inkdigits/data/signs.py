"""Letters and signs as pen strokes, drawn in batches: what stands beside digits on real pages.

Each sign is a few strokes, each of them points on a grid of 4 x 6 that are joined by straight
lines; deformation afterwards bends them into handwriting. Letters that some hand writes like a
digit (b, B, D, g, I, l, O, o, q, S, s, y, z, Z and their like) are left out.
"""

from itertools import pairwise

import torch

from inkdigits.data.deformation import SIDE

# A point is two figures: column 0 to 4 from the left, row 0 to 6 from the top.
_SIGNS = (
    "06 20 46|14 34",  # A
    "41 30 10 01 05 16 36 45",  # C
    "40 00 06 46|03 33",  # E
    "40 00 06|03 33",  # F
    "00 06|40 46|03 43",  # H
    "00 06|40 03 46",  # K
    "00 06 46",  # L
    "06 00 23 40 46",  # M
    "06 00 46 40",  # N
    "06 00 30 41 42 33 03",  # P
    "06 00 30 41 42 33 03|23 46",  # R
    "00 40|20 26",  # T
    "00 05 16 36 45 40",  # U
    "00 26 40",  # V
    "00 16 23 36 40",  # W
    "00 46|40 06",  # X
    "00 23 40|23 26",  # Y
    "42 13 04 05 16 36 44|42 45 46",  # a
    "43 32 12 03 05 16 36 45",  # c
    "03 43 42 31 11 02 05 16 36 45",  # e
    "41 30 20 21 26|03 33",  # f
    "00 06|03 12 32 43 46",  # h
    "00 06|42 04 46",  # k
    "02 06|02 13 22 26|22 33 42 46",  # m
    "02 06|03 12 32 43 46",  # n
    "02 06|03 12 32 42",  # r
    "20 25 36 46|02 42",  # t
    "02 05 16 36 45|42 46",  # u
    "02 16 23 36 42",  # w
    "02 46|42 06",  # x
    "42 13 04 05 16 26 44 32 12|42 34 45 46",  # alpha
    "00 24 26 15 24 40",  # gamma
    "02 42|12 16|32 36",  # pi
    "20 10 02 05 16 26 35 32 20|03 33",  # theta
    "46 06 23 00 40",  # Sigma
    "06 20 46 06",  # Delta, a triangle
    "03 43|21 25",  # plus
    "03 43",  # minus
    "02 42|04 44",  # equals
    "01 45|41 05",  # times
    "10 16|30 36|02 42|04 44",  # number sign
    "02 01 10 30 41 42 23 24|25 26",  # question mark
    "40 06|00 10 11 01 00|35 45 46 36 35",  # per cent
    "03 43 31|43 35",  # arrow
    "04 26 40",  # tick
    "40 13 46",  # less than
    "30 20 22 13 24 26 36",  # brace
    "30 20 26 36",  # bracket
    "00 40 46 06 00",  # box
    "00 40 46 06 00|03 43|20 26",  # box with a cross
    "26 03 01 10 21 30 41 43 26",  # heart
    "06 02 20 42 46 06|26 24",  # house
    "20 36 02 42 16 20",  # star
    "02 11 22 31 42|04 13 24 33 44",  # waves
)


def signs(count: int, generator: torch.Generator) -> torch.Tensor:
    """Signs, letters, and figures joined of strokes of several of them; float32 [count, 28, 28].

    Ink is 1 on 0; the strokes are 1.5 to 4 pixels wide.
    """
    which = torch.randint(0, len(_SIGNS), (count,), generator=generator)
    strokes = _STROKES[which].clone()
    # A quarter are no sign at all: some strokes of one with some of another.
    other = _STROKES[torch.randint(0, len(_SIGNS), (count,), generator=generator)]
    mixed = torch.rand(count, 1, generator=generator) < 0.25
    taken = mixed & (torch.rand(count, strokes.shape[1], generator=generator) < 0.5)
    strokes[taken] = other[taken]
    strokes = strokes * torch.tensor([5.0, 20 / 6]) + 4
    strokes += torch.randn(strokes.shape, generator=generator) * 0.4
    return draw(strokes, 1.5 + 2.5 * torch.rand(count, generator=generator))


def draw(strokes: torch.Tensor, widths: torch.Tensor) -> torch.Tensor:
    """Straight strokes as images, float32 [n, 28, 28], ink 1 on 0.

    Args:
        strokes: float32 [n, k, 2, 2]: both ends of each stroke, (x, y) in pixels; not a number
            where an image has fewer strokes.
        widths: float32 [n]: of all strokes of an image, in pixels.
    """
    pixels = torch.arange(SIDE, dtype=torch.float32) + 0.5
    place = torch.stack(torch.meshgrid(pixels, pixels, indexing="xy"), -1).view(1, 1, SIDE, SIDE, 2)
    start, end = strokes[:, :, 0, None, None], strokes[:, :, 1, None, None]
    along = end - start
    share = ((place - start) * along).sum(-1) / along.square().sum(-1).clamp(min=1e-6)
    distance = (place - start - share.clamp(0, 1)[..., None] * along).square().sum(-1).sqrt()
    nearest = distance.nan_to_num(nan=1e3).amin(1)
    return (widths.view(-1, 1, 1) / 2 + 0.5 - nearest).clamp(0, 1)


def _parse() -> torch.Tensor:
    """All signs as [signs, strokes, 2, 2], padded with what is not a number."""
    parsed = []
    for sign in _SIGNS:
        pieces: list[list[list[float]]] = []
        for stroke in sign.split("|"):
            points = [[float(point[0]), float(point[1])] for point in stroke.split()]
            pieces += [list(pair) for pair in pairwise(points)]
        parsed.append(torch.tensor(pieces))
    longest = max(len(pieces) for pieces in parsed)
    table = torch.full((len(parsed), longest, 2, 2), torch.nan)
    for number, pieces_of_sign in enumerate(parsed):
        table[number, : len(pieces_of_sign)] = pieces_of_sign
    return table


_STROKES = _parse()
