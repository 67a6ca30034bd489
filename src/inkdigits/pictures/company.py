"""What the company of a drawing says: among many drawings that are no digits, few are digits.

A network that takes one scribble in ten for a 1 is right nearly always on a page of digits, and
nearly always wrong on a photograph or in a line of writing. So each drawing is seen beside the
others: how many of them are digits, how many are not, and how much ink nothing was made of. (That
the share of a class on hand must correct what a classifier says: Saerens, Latinne and Decaestecker,
Neural Computation 14(1), 2002.)
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from inkdigits.pictures.pieces import Piece

Floats = npt.NDArray[np.float64]

# share: the logarithm of digits beside other drawings, without the drawing itself; elsewhere: ink
# that no drawing uses beside the ink of those that may be digits, on a logarithmic scale.
SIGNS_OF_COMPANY = ("share", "elsewhere")

_OF_SIZE = 0.4  # of the writing's height: smaller rests say nothing
_ONE = 0.5  # what a 1 counts as a digit, since it may be an accident
_CUT = 0.5  # and what is cut from a larger piece
_LEAST_SHARE, _MOST_SHARE = -3.0, 2.0


def signs_of_company(
    confidences: Floats,
    is_one: npt.NDArray[np.bool_],
    families: npt.NDArray[np.intp],
    areas: Floats,
    rests: Sequence[Piece],
    usual: float,
    strangers: int,
) -> Floats:
    """The signs of drawings, float64 [n, 2], in the order of `SIGNS_OF_COMPANY`.

    Args:
        confidences: of the drawings by themselves; 0 where one can be no digit.
        is_one: which are read as 1.
        families: the number of the piece that each is cut from, -1 where it is not cut. What is cut
            vouches for others by half, and not for what is cut from the same piece.
        areas: of their ink, in pixels.
        rests: ink that no drawing uses.
        usual: the height of the writing, in pixels.
        strangers: how many large things there are besides, such as those on the picture's edge.
    """
    for_it = np.where(is_one, _ONE, 1.0) * np.where(families >= 0, _CUT, 1.0) * confidences
    own = np.where(families >= 0, families, -1 - np.arange(len(families)))
    of_family = (for_it * (own[:, None] == own)).sum(axis=1)
    against = 1 - confidences
    others = strangers + sum(max(piece.box[2:]) >= _OF_SIZE * usual for piece in rests)
    digits = 1 + for_it.sum() - of_family
    rejected = 1 + others + against.sum() - against
    share = np.clip(np.log(digits / rejected), _LEAST_SHARE, _MOST_SHARE)
    unused = sum(piece.area for piece in rests) + float(areas[confidences == 0].sum())
    elsewhere = np.log1p(unused / max(1.0, float((areas * confidences).sum())))
    return np.column_stack([share, np.full(len(share), elsewhere)])
