"""Reads pictures of one digit in batches: each is prepared, all are classified at once.

`read_single` is given a classifier that only notes what it would classify; the probabilities are
put into the readings once the network has seen all of them together.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from inkdigits.inference import Recognizer
from inkdigits.interfaces.http.opened import open_page
from inkdigits.pictures import SingleReading, read_single
from inkdigits.pictures.single import Preprocess

_UNKNOWN = np.full((1, 10), 0.1, np.float32)


@dataclass(frozen=True)
class SingleJob:
    """A picture to read.

    Attributes:
        content: the bytes of its file.
        recognizer: with which model.
        max_pixels: larger ones are refused.
        preprocess: how it is prepared.
        page: which page of the file, from 1.
    """

    content: bytes
    recognizer: Recognizer
    max_pixels: int
    preprocess: Preprocess = "normalise"
    page: int = 1


@dataclass(frozen=True, eq=False)
class ReadSingle:
    """A picture's name (`picture`, or `picture#page=2` of a file with several) and its reading."""

    name: str
    reading: SingleReading


def read_singles(jobs: Sequence[SingleJob]) -> list[ReadSingle | Exception]:
    """The reading of each picture, or why there is none."""
    results = [_prepared(job) for job in jobs]
    by_model: dict[int, list[int]] = {}
    for index, (job, result) in enumerate(zip(jobs, results, strict=True)):
        if isinstance(result, ReadSingle) and result.reading.box is not None:
            by_model.setdefault(id(job.recognizer), []).append(index)
    for indices in by_model.values():
        prepared = [result for i in indices if isinstance(result := results[i], ReadSingle)]
        crops = np.stack([single.reading.crop for single in prepared])
        probabilities = jobs[indices[0]].recognizer.classify(crops)
        for index, single, row in zip(indices, prepared, probabilities, strict=True):
            results[index] = ReadSingle(single.name, _classified(single.reading, row))
    return results


def _prepared(job: SingleJob) -> ReadSingle | Exception:
    try:
        picture = open_page(job.content, job.max_pixels, job.page)
        reading = read_single(picture, lambda crops: _UNKNOWN, job.preprocess)
        return ReadSingle(picture.name, reading)
    except Exception as error:  # one bad picture must not spoil the batch
        return error


def _classified(reading: SingleReading, probabilities: npt.NDArray[np.float32]) -> SingleReading:
    value = int(probabilities.argmax())
    return replace(
        reading, value=value, confidence=float(probabilities[value]), probabilities=probabilities
    )
