"""What the company of a drawing says: among many drawings that are no digits, few are digits.

A network that takes one scribble in ten for a 1 is right nearly always on a page of digits, and
nearly always wrong on a photograph. The share of digits on the picture is estimated from what was
accepted and rejected there; with it, the confidence of each digit is corrected by Bayes' rule for
another prior (Saerens, Latinne and Decaestecker, Neural Computation 14(1), 2002). A stroke that
looks like a 1 is the commonest accident by far, so that 1 is corrected most.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

# How often ink that is no digit is taken for one certain digit, beside how often ink is that digit.
_ACCIDENTS = 0.1
_ACCIDENTS_AS_ONE = 0.8
_BELIEF = 2.0  # digits that every picture is believed to have, before it is looked at


def in_company(
    values: Sequence[int], confidences: Sequence[float], rejected: int
) -> npt.NDArray[np.float64]:
    """Confidences corrected for the share of digits on the picture.

    Args:
        values: of the digits that were accepted.
        confidences: of these, 0 to 1.
        rejected: how many drawings of the size of digits were rejected.
    """
    value, confidence = np.array(values, int), np.array(confidences, float)
    # Ones count half, since they may be the accident that is looked for.
    digits = _BELIEF + float(np.where(value == 1, 0.5, 1.0) @ confidence) if len(value) else _BELIEF
    share = digits / (digits + rejected)
    accidents = np.where(value == 1, _ACCIDENTS_AS_ONE, _ACCIDENTS)
    posterior = share / (share + (1 - share) * accidents)
    return np.asarray(confidence * posterior, float)
