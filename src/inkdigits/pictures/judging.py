"""Asks a network about crops: ten digits, and where the network knows it, "not a digit"."""

import numpy as np

from inkdigits.pictures.reading import Classify, Crop, Probabilities


def ask(classify: Classify, crops: Crop) -> Probabilities:
    """Probabilities of the ten digits, float32 [n, 10]; "not a digit" is what lacks to 1."""
    if not len(crops):
        return np.zeros((0, 10), np.float32)
    probabilities = np.asarray(classify(crops), np.float32)
    if probabilities.ndim != 2 or probabilities.shape[1] not in (10, 11):
        raise ValueError(
            "classify must return [n, 10] or [n, 11] probabilities, "
            f"not {list(probabilities.shape)}"
        )
    return probabilities[:, :10]
