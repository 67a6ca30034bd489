"""Starts the workers, starts those again that die, and stops all of them gently.

It loads nothing that workers need, and a worker that dies takes no other with it. The supervisor
keeps the sockets of all workers open: whoever connects while a worker starts again waits for it
instead of being turned away.
"""

import contextlib
import selectors
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Callable, Iterator

from inkdigits.errors import InkdigitsError
from inkdigits.interfaces.http.logs import log
from inkdigits.interfaces.http.process import WorkerProcess
from inkdigits.interfaces.http.settings import Settings

_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_GRACE = 5.0  # seconds beyond the time to drain, before a worker is killed


def supervise(
    settings: Settings, listeners: list[socket.socket], on_ready: Callable[[], None]
) -> None:
    """Keep a worker on each socket until SIGTERM or SIGINT, then let them finish.

    Args:
        settings: of each worker.
        listeners: sockets that listen.
        on_ready: called once, when all workers serve.

    Raises:
        InkdigitsError: a worker can't start, for instance for a bad model.
    """
    with _metrics_folder() as folder, _signals() as woken, selectors.DefaultSelector() as selector:
        selector.register(woken, selectors.EVENT_READ)
        workers = [WorkerProcess(settings, listener, folder) for listener in listeners]
        try:
            for worker in workers:
                worker.start()
                selector.register(worker.output, selectors.EVENT_READ, worker)
            _look_after(workers, selector, on_ready)
        finally:
            for listener in listeners:
                listener.close()
            _stop(workers, settings.drain_seconds + _GRACE)
    log("stopped")


def _look_after(
    workers: list[WorkerProcess], selector: selectors.BaseSelector, on_ready: Callable[[], None]
) -> None:
    is_ready = False
    while True:
        pause = min((w.pause for w in workers if w.is_dead), default=None)
        for key, _ in selector.select(pause):
            worker: WorkerProcess | None = key.data
            if worker is None:  # a signal
                return
            answer = worker.answer()
            if answer is None:
                selector.unregister(key.fileobj)
                code = worker.bury()
                if not is_ready:
                    raise InkdigitsError(
                        f"a worker ended before it was ready (exit code {code}); the lines above "
                        "say why, or try --workers 1"
                    )
            elif not answer["ready"]:
                if not is_ready:
                    error = InkdigitsError(answer["error"])
                    error.exit_code = answer["exit_code"]
                    raise error
                log("worker failed", worker=worker.number, error=answer["error"])
        for worker in workers:
            if worker.is_dead and worker.pause == 0:
                worker.start()
                selector.register(worker.output, selectors.EVENT_READ, worker)
        if not is_ready and all(worker.is_ready for worker in workers):
            is_ready = True
            on_ready()


def _stop(workers: list[WorkerProcess], seconds: float) -> None:
    until = time.monotonic() + seconds
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.wait(max(0.0, until - time.monotonic()))


@contextlib.contextmanager
def _metrics_folder() -> Iterator[str]:
    """A folder in which the workers add up their figures."""
    folder = tempfile.mkdtemp(prefix="inkdigits-metrics-")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _signals() -> Iterator[socket.socket]:
    """A socket that can be read from once a signal says that it is time to stop."""
    reading, writing = socket.socketpair()
    reading.setblocking(False)
    writing.setblocking(False)
    before = {number: signal.signal(number, lambda *_: None) for number in _SIGNALS}
    wakeup = signal.set_wakeup_fd(writing.fileno())
    try:
        yield reading
    finally:
        signal.set_wakeup_fd(wakeup)
        for number, handler in before.items():
            signal.signal(number, handler)
        reading.close()
        writing.close()
