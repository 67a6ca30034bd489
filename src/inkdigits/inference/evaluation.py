"""How good a classifier is: everything that is said of it, from probabilities and true labels.

`evaluate_probabilities(probabilities, labels)` makes an `Evaluation`, and
`evaluate(recognizer, digits)` does so for a model file that is loaded. Only numpy is used, so that
a model file can be measured without training code.
"""

from dataclasses import dataclass
from math import sqrt
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from inkdigits.data.digits import Digits, Images
from inkdigits.errors import InputError

# The standard normal's 97.5 % point: 95 % of it lies within so many standard deviations.
_DEVIATIONS = 1.959963984540054

# A probability that float32 has rounded to 0 would make the cost infinite; this is the smallest
# one that is not rounded, and -log of it is 87.3, the most that one image can cost.
_SMALLEST = float(np.finfo(np.float32).tiny)


@dataclass(frozen=True)
class Mistake:
    """One image that was read wrong.

    Attributes:
        index: which image, in the order of the data.
        label: the true digit.
        read: the digit that it was taken for.
        confidence: the probability that was given to `read`.
        label_probability: the probability that was given to the true digit.
    """

    index: int
    label: int
    read: int
    confidence: float
    label_probability: float


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What a classifier did on labelled images.

    Attributes:
        count: how many images.
        errors: how many of them were read wrong.
        interval: low and high end of the 95 % Wilson interval of the accuracy, fractions.
        cost: mean cross-entropy, in nats.
        confusion: int64 [10, 10]; rows are true digits, columns are what they were read as.
        calibration_error: expected calibration error, 0 to 1 (see `calibration_error`).
        mistakes: every error, the most confident first.
    """

    count: int
    errors: int
    interval: tuple[float, float]
    cost: float
    confusion: npt.NDArray[np.int64]
    calibration_error: float
    mistakes: tuple[Mistake, ...]

    @property
    def accuracy(self) -> float:
        """The fraction that was read right."""
        return (self.count - self.errors) / self.count

    def as_dict(self) -> dict[str, Any]:
        """The figures as plain values, for JSON; the single mistakes are left out."""
        return {
            "count": self.count,
            "errors": self.errors,
            "accuracy": self.accuracy,
            "interval": list(self.interval),
            "cost": self.cost,
            "calibration_error": self.calibration_error,
            "confusion": self.confusion.tolist(),
        }


class Classifier(Protocol):
    """What can be evaluated: a `Recognizer`, or anything else that classifies images."""

    def classify(self, images: Images) -> npt.NDArray[np.float32]:
        """Images uint8 [n, 28, 28] to probabilities float32 [n, 10]."""


def evaluate(classifier: Classifier, digits: Digits) -> Evaluation:
    """Measure a classifier on labelled digits."""
    return evaluate_probabilities(classifier.classify(digits.images), digits.labels)


def evaluate_probabilities(
    probabilities: npt.NDArray[np.floating[Any]], labels: npt.NDArray[np.integer[Any]]
) -> Evaluation:
    """Measure probabilities, [n, 10] with rows that sum to 1, against true labels, [n].

    Raises:
        InputError: there is nothing to measure, or these are not probabilities and labels.
    """
    _check(probabilities, labels)
    probabilities = np.asarray(probabilities, dtype=np.float64)
    labels = np.asarray(labels, dtype=np.int64)
    every = np.arange(len(labels))
    read = probabilities.argmax(axis=1)
    confidence = probabilities[every, read]
    of_label = probabilities[every, labels]

    wrong = np.flatnonzero(read != labels)
    wrong = wrong[np.argsort(-confidence[wrong], kind="stable")]
    mistakes = tuple(
        Mistake(int(i), int(labels[i]), int(read[i]), float(confidence[i]), float(of_label[i]))
        for i in wrong
    )
    return Evaluation(
        count=len(labels),
        errors=len(wrong),
        interval=wilson_interval(len(labels) - len(wrong), len(labels)),
        cost=float(-np.log(np.maximum(of_label, _SMALLEST)).mean()),
        confusion=np.bincount(labels * 10 + read, minlength=100).reshape(10, 10).astype(np.int64),
        calibration_error=calibration_error(confidence, read == labels),
        mistakes=mistakes,
    )


def wilson_interval(successes: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a proportion, as fractions (Wilson 1927, JASA 22, 209-212).

    Unlike the textbook's p +- 1.96 s it stays in [0, 1] and is right near 100 %, where digit
    recognisers live.
    """
    if not 0 <= successes <= count or count == 0:
        raise InputError(
            f"{successes} of {count} is not a proportion; give 0 to count of count > 0"
        )
    proportion = successes / count
    squared = _DEVIATIONS**2
    centre = (proportion + squared / (2 * count)) / (1 + squared / count)
    half = (
        _DEVIATIONS
        * sqrt(proportion * (1 - proportion) / count + squared / (4 * count**2))
        / (1 + squared / count)
    )
    # At 0 and at all of count one end is exact; rounding must not push it past.
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == count else min(1.0, centre + half)
    return low, high


def calibration_error(
    confidence: npt.NDArray[np.floating[Any]], right: npt.NDArray[np.bool_], bins: int = 15
) -> float:
    """Expected calibration error: how far confidence and accuracy lie apart, 0 to 1.

    Images are put into bins of equal width by their confidence; the distances between a bin's
    mean confidence and its accuracy are averaged, weighted by the images in the bin
    (Guo et al. 2017, "On Calibration of Modern Neural Networks", section 2, 15 bins).
    """
    # Right-closed bins, as in the paper: 1.0 belongs to the last bin.
    bin_of = np.clip(np.ceil(confidence * bins).astype(np.int64) - 1, 0, bins - 1)
    surplus = np.bincount(bin_of, weights=confidence - right, minlength=bins)
    return float(np.abs(surplus).sum() / len(confidence))


def _check(
    probabilities: npt.NDArray[np.floating[Any]], labels: npt.NDArray[np.integer[Any]]
) -> None:
    if probabilities.ndim != 2 or probabilities.shape[1] != 10:
        raise InputError(f"probabilities must be [n, 10], not {list(probabilities.shape)}")
    if labels.shape != probabilities.shape[:1]:
        raise InputError(
            f"labels must be [{len(probabilities)}], one for each row of probabilities, "
            f"not {list(labels.shape)}"
        )
    if not len(labels):
        raise InputError("there are no images to measure; give at least one")
    if not np.issubdtype(labels.dtype, np.integer) or labels.min() < 0 or labels.max() > 9:
        raise InputError("labels must be whole numbers from 0 to 9")
    if not np.isfinite(probabilities).all() or probabilities.min() < 0:
        raise InputError("probabilities must be numbers from 0 to 1; give the softmax of logits")
    if np.abs(probabilities.sum(axis=1, dtype=np.float64) - 1).max() > 1e-3:
        raise InputError("each row of probabilities must sum to 1; give the softmax of logits")
