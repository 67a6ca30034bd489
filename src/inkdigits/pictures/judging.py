"""How likely a drawing is a digit, and which: the network's word, and whether it holds its word.

Besides the probabilities of the crop itself, those of slightly changed copies count: turned a
little both ways, thinner, thicker. A digit stays what it is; what merely happens to look like a
digit to the network changes (cf. test-time augmentation for the detection of unknown inputs, Bahat
and Shakhnarovich 2020).
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.pictures.reading import Classify, Crop, Probabilities

_ANGLES = (-9.0, 9.0)


@dataclass(frozen=True, eq=False)
class Judgement:
    """For n crops: values [n], and the probability of each, of the crop and of changed copies.

    Attributes:
        values: the digits, by the crop and its copies together.
        plain: the probability of that digit for the crop itself, [n] in [0, 1].
        changed: the same for its changed copies, on average.
    """

    values: npt.NDArray[np.intp]
    plain: npt.NDArray[np.float64]
    changed: npt.NDArray[np.float64]


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


def judge(classify: Classify, crops: Crop) -> Judgement:
    """The judgement of crops, uint8 [n, 28, 28], from themselves and their changed copies."""
    if not len(crops):
        return Judgement(np.zeros(0, np.intp), np.zeros(0), np.zeros(0))
    copies = [crops, *_changed(crops)]
    every = ask(classify, np.concatenate(copies))
    parts = every.reshape(len(copies), len(crops), 10)
    plain, changed = parts[0], parts[1:].mean(axis=0)
    values = (plain * changed).argmax(axis=1)
    each = np.arange(len(crops))
    return Judgement(values, plain[each, values].astype(float), changed[each, values].astype(float))


def _changed(crops: Crop) -> list[Crop]:
    size = crops.shape[-1]
    copies = []
    for angle in _ANGLES:
        turn = cv2.getRotationMatrix2D(((size - 1) / 2, (size - 1) / 2), angle, 1.0)
        turned = [cv2.warpAffine(crop, turn, (size, size)) for crop in crops]
        copies.append(np.array(turned, np.uint8).reshape(crops.shape))
    soft = np.array([cv2.GaussianBlur(crop, (0, 0), 0.9) for crop in crops], np.float32)
    soft = soft.reshape(crops.shape)
    thinner = np.clip((soft - 110) * 2.2, 0, 255).astype(np.uint8)
    thicker = np.clip((soft - 25) * 2.2, 0, 255).astype(np.uint8)
    faded = thinner.reshape(len(crops), -1).max(axis=1, initial=0) < 128
    thinner[faded] = crops[faded]
    return [*copies, thinner, thicker]
