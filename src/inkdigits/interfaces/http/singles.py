"""Reads pictures of one digit in batches: each in its own steps, all classified at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inkdigits.inference import Recognizer
from inkdigits.interfaces.http.opened import open_page
from inkdigits.pictures.normalise import Crop
from inkdigits.pictures.single import (
    Preprocess,
    SingleReading,
    Steps,
    next_step,
    single_in_steps,
)

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


@dataclass(eq=False)
class _Open:
    """A picture that waits for the network: which job's, its name, its steps, the crops to see."""

    place: int
    name: str
    steps: Steps
    crops: Crop


def read_singles(jobs: Sequence[SingleJob]) -> list[ReadSingle | Exception]:
    """The reading of each picture, or why there is none."""
    results: list[ReadSingle | Exception] = [_NOT_YET] * len(jobs)
    by_model: dict[int, list[_Open]] = {}
    for place, job in enumerate(jobs):
        try:
            picture = open_page(job.content, job.max_pixels, job.page)
            steps = single_in_steps(picture, job.preprocess)
            step = next_step(steps)
        except Exception as error:  # one bad picture must not spoil the batch
            results[place] = error
            continue
        if isinstance(step, SingleReading):
            results[place] = ReadSingle(picture.name, step)
        else:
            waiting = by_model.setdefault(id(job.recognizer), [])
            waiting.append(_Open(place, picture.name, steps, step))
    for waiting in by_model.values():
        recognizer = jobs[waiting[0].place].recognizer
        while waiting:
            waiting = _all_steps(waiting, recognizer, results)
    return results


def _all_steps(
    waiting: list[_Open], recognizer: Recognizer, results: list[ReadSingle | Exception]
) -> list[_Open]:
    """A step of each picture with what the network says; those that are open still."""
    probabilities = recognizer.classify(np.concatenate([one.crops for one in waiting]))
    still = []
    start = 0
    for one in waiting:
        stop = start + len(one.crops)
        try:
            step = next_step(one.steps, probabilities[start:stop])
        except Exception as error:  # as above
            results[one.place] = error
            continue
        finally:
            start = stop
        if isinstance(step, SingleReading):
            results[one.place] = ReadSingle(one.name, step)
        else:
            one.crops = step
            still.append(one)
    return still
