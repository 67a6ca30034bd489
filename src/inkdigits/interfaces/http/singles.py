"""Reads pictures of one digit in batches: each is prepared, all are classified at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inkdigits.inference import Recognizer
from inkdigits.interfaces.http.opened import open_page
from inkdigits.pictures import SingleReading
from inkdigits.pictures.single import PreparedSingle, Preprocess, prepare_single

_NOT_YET = RuntimeError("the network has not seen it yet")


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


@dataclass(frozen=True, eq=False)
class _Prepared:
    """A picture that waits for the network: which job's, its name, and what is to be classified."""

    place: int
    name: str
    single: PreparedSingle


def read_singles(jobs: Sequence[SingleJob]) -> list[ReadSingle | Exception]:
    """The reading of each picture, or why there is none."""
    results: list[ReadSingle | Exception] = []
    by_model: dict[int, list[_Prepared]] = {}
    for place, job in enumerate(jobs):
        try:
            picture = open_page(job.content, job.max_pixels, job.page)
            single = prepare_single(picture, job.preprocess)
        except Exception as error:  # one bad picture must not spoil the batch
            results.append(error)
            continue
        results.append(_NOT_YET)
        waiting = by_model.setdefault(id(job.recognizer), [])
        waiting.append(_Prepared(place, picture.name, single))
    for waiting in by_model.values():
        recognizer = jobs[waiting[0].place].recognizer
        probabilities = recognizer.classify(np.concatenate([w.single.crops for w in waiting]))
        start = 0
        for prepared in waiting:
            stop = start + len(prepared.single.crops)
            reading = prepared.single.reading(probabilities[start:stop])
            results[prepared.place] = ReadSingle(prepared.name, reading)
            start = stop
    return results
