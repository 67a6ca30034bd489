"""A worker's process, as the supervisor sees it: started, ready, dead, started again."""

import contextlib
import itertools
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Any

from inkdigits.interfaces.http.logs import log
from inkdigits.interfaces.http.settings import Settings

_QUICK = 5.0  # seconds: a worker that dies sooner is started again later and later
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 10.0
_numbers = itertools.count(1)


class WorkerProcess:
    """A place for a worker.

    Attributes:
        number: of the place, from 1.
        is_ready: whether the process that is in it serves.
        is_dead: whether there is none in it.
    """

    def __init__(self, settings: Settings, listener: socket.socket, metrics_folder: str) -> None:
        self.number = next(_numbers)
        self.is_ready = False
        self.is_dead = True
        self._settings = settings
        self._listener = listener
        self._metrics_folder = metrics_folder
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._quick_deaths = 0
        self._start_at = 0.0

    def start(self) -> None:
        """Start a process, which says on `output` how it fares."""
        descriptor = self._listener.fileno()
        order = {"socket": descriptor, "settings": self._settings.to_json()}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "inkdigits.interfaces.http.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=[descriptor],
            env={**os.environ, "PROMETHEUS_MULTIPROC_DIR": self._metrics_folder},
            # Ctrl-C goes to all processes of a terminal's group; the supervisor passes it on.
            start_new_session=True,
        )
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it has died already, and `bury` comes next
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
        self._started = time.monotonic()
        self.is_dead = False

    @property
    def output(self) -> IO[bytes]:
        """What the process says: a line when it is ready, the end when it is dead."""
        assert self._process is not None
        assert self._process.stdout is not None
        return self._process.stdout

    @property
    def pause(self) -> float:
        """Seconds until a dead worker is to be started again."""
        return max(0.0, self._start_at - time.monotonic())

    def answer(self) -> dict[str, Any] | None:
        """What the process said; None: it is dead."""
        line = self.output.readline()
        if not line:
            return None
        answer: dict[str, Any] = json.loads(line)
        self.is_ready = answer["ready"]
        return answer

    def bury(self) -> int:
        """Note that the process is dead, and decide when another is started; its exit code."""
        assert self._process is not None
        process, now = self._process, time.monotonic()
        self._close_pipes()
        code = process.wait()
        self.is_ready, self.is_dead = False, True
        is_quick = now - self._started < _QUICK
        self._quick_deaths = self._quick_deaths + 1 if is_quick else 0
        pause = _FIRST_PAUSE * 2 ** (self._quick_deaths - 1) if is_quick else 0.0
        self._start_at = now + min(pause, _LONGEST_PAUSE)
        log("worker died", worker=self.number, worker_process=process.pid, exit_code=code)
        self._forget_gauges(process.pid)
        return code

    def terminate(self) -> None:
        """Tell the process to finish what it works on, and go."""
        if self._process is not None and not self.is_dead:
            self._process.terminate()

    def wait(self, seconds: float) -> None:
        """Wait until the process is gone; kill it after so many seconds."""
        if self._process is None or self.is_dead:
            return
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            log("worker killed", worker=self.number, worker_process=self._process.pid)
            self._process.kill()
            self._process.wait()
        self._close_pipes()
        self.is_dead = True

    def _close_pipes(self) -> None:
        assert self._process is not None
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()

    def _forget_gauges(self, process: int) -> None:
        """Remove what the dead process said of the present; what it counted stays."""
        file = Path(self._metrics_folder) / f"gauge_livesum_{process}.db"
        file.unlink(missing_ok=True)
