"""Forms of digits that MNIST's writers hardly used, as strokes.

Some hands write a 4 like a flash of lightning, whose stem starts at its bar; a 9 whose tail swings
back along the line like that of a g, or whose stem leans like that of a rho; a 1 with a loop like
an l; a 2 or 3 with flat strokes; a 7 with a serif. No deformation of MNIST's own digits gives
these, and a network that never saw them reads another digit, as the 4s and 9s of Semeion showed.
"""

from inkdigits.data.strokes import Shapes

# For each digit, which share of its images is drawn in one of these forms.
FORMS: dict[int, tuple[float, Shapes]] = {
    1: (
        0.03,
        Shapes(
            (
                "14 23 31 20 15 26 35",  # a loop, as of an l
                "03 30 16",
                "04 40 26",
            )
        ),
    ),
    2: (
        0.02,
        Shapes(
            (
                "00 40 06 46",  # as a Z with a bar, hardly a 2 without
                "01 10 30 41 06 05 26 46",
                "11 20 31 32 14 05 16 25 14 26 46",  # a loop at the lower left
            )
        ),
    ),
    3: (
        0.02,
        Shapes(("00 40 22 43 44 36 16 05", "01 00 40 22 33 44 35 26 05")),  # a flat top
    ),
    4: (
        0.10,
        Shapes(
            (
                "20 03 43|32 36",
                "30 04 44|42 36",
                "40 04 44|32 26",
                "30 13 04 43|42 25",
                "30 11 03 04 13 42|42 36",
                "40 20 03 14 43|43 36",
                "30 03 33 26",
                "30 04 33 42 36",
            )
        ),
    ),
    7: (
        0.02,
        Shapes(("02 00 40 26", "01 10 40 16|13 33", "02 00 40 23 16|03 43")),  # serif, bar
    ),
    9: (
        0.08,
        Shapes(
            (
                "41 20 11 13 23 42 41 44 35 26 06",  # the tail along the line
                "31 20 11 12 23 32 31 33 44 45 36 16 05",  # the tail round as of a 3
                "40 20 11 12 23 42 40 43 26 16 05 34",  # as of a g
                "21 11 12 23 32 31 21 33 44 35 06",
                "41 30 11 03 13 32 41 16",  # a leaning stem, as of a rho
                "40 20 01 03 23 42|40 46",  # open, a straight stem
                "40 11 12 22 41 34 35 16 05",
            )
        ),
    ),
}
