"""Jobs that wait are done together, on a thread of their own, away from the event loop.

There is no waiting for a batch to fill: the thread takes what has queued while it was busy. A lone
request is done at once; under load, batches form by themselves (adaptive batching, as in Crankshaw
et al., Clipper, NSDI 2017, without its delay).
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")


class Batcher(Generic[Job, Result]):
    """Does jobs in batches.

    Args:
        name: of the thread.
        work: from jobs to their results, in the same order; where a job fails, its error stands in
            the place of its result.
        largest: jobs of a batch.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[Sequence[Job]], Sequence[Result | Exception]],
        largest: int,
    ) -> None:
        self._name = name
        self._work = work
        self._largest = largest
        self._queue: SimpleQueue[tuple[Job, asyncio.Future[Result]] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def submit(self, job: Job) -> "asyncio.Future[Result]":
        """Queue a job; called on the event loop, which is always the same one."""
        if self._thread is None or self._loop is None:
            self._loop = asyncio.get_running_loop()
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()
        future = self._loop.create_future()
        self._queue.put((job, future))
        return future

    def close(self) -> None:
        """End the thread once it has done what is queued."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        assert self._loop is not None
        is_open = True
        while is_open:
            waiting, is_open = self._take()
            jobs = [job for job, future in waiting if not future.cancelled()]
            futures = [future for _, future in waiting if not future.cancelled()]
            if jobs:
                results = self._results(jobs)
                self._loop.call_soon_threadsafe(_deliver, futures, results)

    def _take(self) -> tuple[list[tuple[Job, "asyncio.Future[Result]"]], bool]:
        """What is queued (waits for the first), and whether more may come."""
        waiting: list[tuple[Job, asyncio.Future[Result]]] = []
        first = self._queue.get()
        if first is None:
            return waiting, False
        waiting.append(first)
        while len(waiting) < self._largest:
            try:
                entry = self._queue.get_nowait()
            except Empty:
                break
            if entry is None:
                return waiting, False
            waiting.append(entry)
        return waiting, True

    def _results(self, jobs: Sequence[Job]) -> Sequence[Result | Exception]:
        try:
            return self._work(jobs)
        except Exception as error:  # nothing may end the thread: the requests would wait for ever
            return [error] * len(jobs)


def _deliver(
    futures: Sequence["asyncio.Future[Result]"], results: Sequence[Result | Exception]
) -> None:
    for future, result in zip(futures, results, strict=True):
        if future.done():  # its request has been given up
            continue
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)
