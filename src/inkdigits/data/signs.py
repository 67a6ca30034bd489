"""Letters and signs as pen strokes: what stands beside digits on real pages.

Corners are sharp or rounded, as in print or in handwriting; deformation afterwards bends them more.
Letters that some hand writes like a digit (b, B, D, g, I, l, O, o, q, S, s, y, z, Z and their like)
are left out.
"""

import torch

from inkdigits.data.strokes import Shapes, draw

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
    "06 01 10 30 31 22 13|22 33 44 35 14",  # beta
    "00 10 46|23 06",  # lambda
    "06 01|02 05 16 35 41|35 46",  # mu
    "11 03 05 16 25 23 25 36 45 43 31",  # omega
    "00 03 24 43 40|20 26",  # psi
    "13 03 05 16 36 45 44 32 13|20 26",  # phi
    "46 12 21 30 41 32 04 05 16 25 43",  # ampersand
    "33 22 13 15 25 34 32 34 45 43 31 10 02 05 16 36",  # at
    "22 11 02 13 22 31 42 33 22",  # infinity
    "02 13 04|02 42|42 33 44",  # an arrow
    "06 03 12 32 43 46|01 30",  # n with an accent
    "00 40|20 26|06 46",  # I with serifs
    "02 04 15 24 22 24 35 44 42",  # w, round
    "06 02 11 22 26|22 31 42 46",  # m, round
    "05 20 45 03 43 05",  # star in one stroke
    "02 20 42 24 02",  # lozenge
    "06 10 16 20 26 30 36 40 46",  # zigzag
    "10 05 45 10|22 24",  # triangle with a stroke
    "00 06|40 46|00 46",  # N
    "00 03 43 40|43 46|03 06",  # H, joined
)
_SHAPES = Shapes(_SIGNS)


def signs(count: int, generator: torch.Generator) -> torch.Tensor:
    """Signs, letters, and figures joined of strokes of two of them; float32 [count, 28, 28].

    Ink is 1 on 0; the strokes are 1.5 to 4 pixels wide.
    """
    pieces, others = _written(count, generator), _written(count, generator)
    # A quarter are no sign at all: some strokes of one with some of another.
    mixed = torch.rand(count, 1, generator=generator) < 0.25
    taken = mixed & (torch.rand(count, _SHAPES.strokes, generator=generator) < 0.5)
    taken = taken.repeat_interleave(pieces.shape[1] // _SHAPES.strokes, 1)
    pieces = torch.where(taken[..., None, None], others, pieces)
    return draw(pieces, 1.5 + 2.5 * torch.rand(count, generator=generator))


def _written(count: int, generator: torch.Generator) -> torch.Tensor:
    which = torch.randint(0, len(_SHAPES), (count,), generator=generator)
    return _SHAPES.write(which, 0.7, torch.rand(count, generator=generator), generator)
