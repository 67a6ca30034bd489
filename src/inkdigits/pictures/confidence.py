"""How sure it is that a drawing is the digit it is read as: all signs weighed together.

Logistic regression over the network's word, what the ink says (`evidence.py`) and what its company
says (`company.py`). Fitted by `python -m benchmarks.pictures.refit FOLDER` on real pictures with
digits and without; the signs were chosen by what they do for sources of pictures that were left out
of the fit. Only drawings that may be digits by their shape are asked about.
"""

import numpy as np
import numpy.typing as npt

from inkdigits.pictures.company import SIGNS_OF_COMPANY
from inkdigits.pictures.evidence import SIGNS_OF_INK

Floats = npt.NDArray[np.float64]

# network: log odds of the digit; cut: of what is cut from a larger piece of ink, how few around it
# are digits.
SIGNS = ("network", "cut", *SIGNS_OF_INK, *SIGNS_OF_COMPANY)
CONSTANT = -1.22
WEIGHTS = (0.68, -6.0, -1.07, -2.45, -2.69, -2.53, 0.53, -1.45)

_LEAST, _MOST = 1e-4, 0.999  # beyond them a network's probability says no more


def log_odds(probabilities: npt.NDArray[np.floating]) -> Floats:
    """The logarithm of the odds of probabilities, within what these can be trusted to say."""
    within = np.clip(np.asarray(probabilities, float), _LEAST, _MOST)
    return np.asarray(np.log(within / (1 - within)), float)


def weigh(signs: Floats, prior: float = 0.0) -> Floats:
    """Confidences from 0 to 1 of drawings with these signs, float64 [n, len(SIGNS)].

    `prior` are log odds of what is known before, such as that the picture is not read the likeliest
    way.
    """
    odds = prior + CONSTANT + signs @ np.array(WEIGHTS)
    return np.asarray(1 / (1 + np.exp(-odds)), float)
