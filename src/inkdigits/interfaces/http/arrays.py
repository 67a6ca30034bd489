"""Classifies arrays of digits in batches: what waits for the same model runs as one.

Images are float32 [n, 1, 28, 28] in [-1, 1] (ink +1), as a model file takes them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inkdigits.inference import Recognizer

Floats = npt.NDArray[np.float32]

# Images of one job. A large request is cut into such parts, so that small ones get between them.
LARGEST_JOB = 256


@dataclass(frozen=True, eq=False)
class ArrayJob:
    """Images float32 [n, 1, 28, 28] in [-1, 1], and with which model."""

    images: Floats
    recognizer: Recognizer


@dataclass(frozen=True, eq=False)
class Classified:
    """What a model says of n images.

    Attributes:
        probabilities: float32 [n, 10]; each row sums to 1.
        not_a_digit: float32 [n], the probability that there is none; None: the model can't tell.
    """

    probabilities: Floats
    not_a_digit: Floats | None


def scaled(images: npt.NDArray[np.uint8]) -> Floats:
    """Images uint8 [n, 28, 28], ink 255 on 0, as a model takes them."""
    return images[:, None] * np.float32(1 / 127.5) - np.float32(1)


def classify_arrays(jobs: Sequence[ArrayJob]) -> list[Classified | Exception]:
    """What each job's model says of its images."""
    results: list[Classified | Exception] = [Classified(np.empty((0, 10), np.float32), None)] * len(
        jobs
    )
    by_model: dict[int, list[int]] = {}
    for index, job in enumerate(jobs):
        by_model.setdefault(id(job.recognizer), []).append(index)
    for indices in by_model.values():
        together = [jobs[index].images for index in indices]
        images = together[0] if len(together) == 1 else np.concatenate(together)
        outputs = Classified(*jobs[indices[0]].recognizer.outputs(images))
        start = 0
        for index in indices:
            stop = start + len(jobs[index].images)
            results[index] = _part(outputs, start, stop)
            start = stop
    return results


def joined(parts: Sequence[Classified]) -> Classified:
    """The parts of one request as one."""
    if len(parts) == 1:
        return parts[0]
    none = [part.not_a_digit for part in parts if part.not_a_digit is not None]
    return Classified(
        np.concatenate([part.probabilities for part in parts]),
        np.concatenate(none) if none else None,
    )


def _part(outputs: Classified, start: int, stop: int) -> Classified:
    none = outputs.not_a_digit
    return Classified(outputs.probabilities[start:stop], None if none is None else none[start:stop])
