"""Reading many pictures: one after the other, or in several processes side by side.

Either way what was read comes in the order of the pictures, and one that can't be read takes the
place of its reading. Python lets one thread at a time work on the small arrays of a small picture,
so that only processes make use of several processors.
"""

import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from inkdigits.errors import InkdigitsError, InputError

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext

    from inkdigits.inference import Recognizer
    from inkdigits.pictures import PageOptions, PageReading, Picture, SingleReading
    from inkdigits.pictures.single import Preprocess

# From so many pictures on it pays to start processes, and so many go to one at a time.
_MANY = {"single": 100, "page": 4}
_AT_ONCE = {"single": 20, "page": 1}


@dataclass(frozen=True)
class Job:
    """How pictures are read: the model and what was asked for."""

    model: str
    single: bool
    preprocess: "Preprocess"
    options: "PageOptions"
    max_pixels: int


@dataclass(frozen=True, eq=False)
class Outcome:
    """What came of one page: `error`, or what was read as plain values in `result`.

    `picture` and `reading` are there only where the page was read in this process.
    """

    name: str
    error: str | None = None
    result: dict[str, Any] | None = None
    picture: "Picture | None" = None
    reading: "SingleReading | PageReading | None" = None


def read_here(job: Job, sources: Sequence[str], recognizer: "Recognizer") -> Iterator[Outcome]:
    """Read pictures one after the other."""
    for source in sources:
        try:
            yield from _read_pages(job, source, recognizer)
        except InputError as error:
            yield Outcome(source, error=str(error))


def read_side_by_side(job: Job, sources: Sequence[str], workers: int) -> Iterator[Outcome]:
    """Read pictures in so many processes.

    Raises:
        InkdigitsError: a process was killed.
    """
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    size = _AT_ONCE[_kind(job)]
    parts = [sources[at : at + size] for at in range(0, len(sources), size)]
    pool = ProcessPoolExecutor(
        min(workers, len(parts)), mp_context=_context(), initializer=_begin, initargs=(job,)
    )
    try:
        for outcomes in pool.map(_read_part, parts):
            yield from outcomes
    except BrokenProcessPool as error:
        raise InkdigitsError(
            "a process that read pictures was killed, perhaps for want of memory; "
            "try again with --workers 1"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def are_many(job: Job, sources: Sequence[str]) -> bool:
    """Whether starting processes for these pictures pays."""
    return len(sources) >= _MANY[_kind(job)] and "-" not in sources


def _read_pages(job: Job, source: str, recognizer: "Recognizer") -> Iterator[Outcome]:
    from inkdigits.pictures import each_page

    for picture in each_page(source, job.max_pixels):
        reading = _read(job, picture, recognizer)
        yield Outcome(picture.name, result=reading.as_dict(), picture=picture, reading=reading)


def _read(job: Job, picture: "Picture", recognizer: "Recognizer") -> "SingleReading | PageReading":
    if job.single:
        return recognizer.read(picture, single=True, preprocess=job.preprocess)
    return recognizer.read(picture, options=job.options)


def _kind(job: Job) -> str:
    return "single" if job.single else "page"


def _context() -> "BaseContext":
    """Copies of this process where that is safe: no thread runs in it yet."""
    import multiprocessing
    import threading

    alone = threading.active_count() == 1 and "torch" not in sys.modules
    return multiprocessing.get_context("fork" if alone and sys.platform == "linux" else "spawn")


# What a worker process works with.
_work: dict[str, Any] = {}


def _begin(job: Job) -> None:
    """Load the model in a worker process, which leaves Ctrl-C to the one that started it."""
    from inkdigits.inference import Recognizer

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _single_threaded()
    _work.update(job=job, recognizer=Recognizer.load(job.model, threads=1))


def _single_threaded() -> None:
    """Each worker has one processor; OpenCV would start threads for all."""
    import cv2

    cv2.setNumThreads(1)


def _read_part(sources: Sequence[str]) -> list[Outcome]:
    return [
        Outcome(outcome.name, outcome.error, outcome.result)
        for outcome in read_here(_work["job"], sources, _work["recognizer"])
    ]
