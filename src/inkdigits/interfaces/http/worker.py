"""One worker: serves on a socket that is open already, until it is told to stop.

`python -m inkdigits.interfaces.http.worker` is what the supervisor starts. It gets settings and the
socket on standard input, says on standard output that it is ready or why it can't be, and stops
when standard input ends: then the supervisor is gone.
"""

import gc
import json
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

import cv2
import uvicorn

from inkdigits.errors import InkdigitsError
from inkdigits.interfaces.http.app import create_app
from inkdigits.interfaces.http.connection import connection_class
from inkdigits.interfaces.http.logs import UvicornLines, log
from inkdigits.interfaces.http.settings import Settings

_KEEP_ALIVE = 75  # seconds that an idle connection is kept, as nginx does
# Seconds that a thread may keep Python to itself while the event loop wants it. Python's own 5 ms
# would be added to every answer while pictures are read.
_SWITCH_INTERVAL = 0.001


class _Server(uvicorn.Server):
    """Says when it is ready."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            # What is loaded by now stays: to look for garbage in it would hold all requests up.
            gc.freeze()
            self._on_ready()


def serve(settings: Settings, listener: socket.socket, on_ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT, then let the requests that are being worked on finish.

    Raises:
        InkdigitsError: a model can't be loaded.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    sys.setswitchinterval(_SWITCH_INTERVAL)
    cv2.setNumThreads(1)  # the other processors have other requests
    config = uvicorn.Config(
        create_app(settings),
        http=connection_class(settings.body_seconds),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=settings.drain_seconds,
    )
    uvicorn_log = logging.getLogger("uvicorn.error")
    uvicorn_log.handlers = [UvicornLines()]
    uvicorn_log.propagate = False
    uvicorn_log.setLevel(logging.WARNING)
    try:
        _Server(config, on_ready).run([listener])
    except SystemExit as left:
        if left.code:
            raise
    log("stopped")


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    """Leave quietly; uvicorn puts its own handler here while it serves."""
    raise SystemExit(0)


def main() -> int:
    """Be a worker of the supervisor."""
    order = json.loads(sys.stdin.buffer.readline())  # all that will ever come
    said = os.dup(1)  # what is printed by mistake must not be taken for an answer
    os.dup2(2, 1)
    listener = socket.socket(fileno=order["socket"])
    threading.Thread(target=_watch_supervisor, daemon=True).start()
    try:
        serve(Settings.from_json(order["settings"]), listener, lambda: _say(said, {"ready": True}))
    except InkdigitsError as error:
        _say(said, {"ready": False, "error": str(error), "exit_code": error.exit_code})
        return error.exit_code
    return 0


def _say(descriptor: int, answer: dict[str, object]) -> None:
    os.write(descriptor, json.dumps(answer).encode() + b"\n")


def _watch_supervisor() -> None:
    while os.read(0, 1):  # not by sys.stdin, whose lock a waiting thread would hold at the end
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
