"""Runs a command as a process of its own and measures it: wall clock, processor time, memory."""

import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# What would make Python or the libraries slower or faster than a user has them.
_NOT_PASSED_ON = (
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONUNBUFFERED",
    "PYTHONPATH",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OMP_WAIT_POLICY",
    "GOMP_SPINCOUNT",
)


@dataclass(frozen=True)
class Run:
    """One run of a command.

    Attributes:
        wall: seconds from start to end.
        processor: seconds of all its processors together.
        peak: the most memory that it held, in MB of 10^6 bytes.
        inner: what the command says of itself: the JSON object in its last line, if there is one.
        failure: the last line of its errors where it failed, otherwise empty.
    """

    wall: float
    processor: float
    peak: float
    inner: dict[str, Any] = field(default_factory=dict)
    failure: str = ""


def run(command: Sequence[str], *, variables: Mapping[str, str], seconds: float) -> Run:
    """Run a command to its end, or kill it and what it started after so many seconds."""
    environment = {k: v for k, v in os.environ.items() if k not in _NOT_PASSED_ON}
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            env=environment | dict(variables),
            start_new_session=True,
        )
        status, usage, late = _wait(process, start + seconds)
        wall = time.perf_counter() - start
        output.seek(0)
        errors.seek(0)
        code = os.waitstatus_to_exitcode(status)
        failure = f"took over {seconds:.0f} s" if late else ""
        if code and not late:
            said = errors.read().decode(errors="replace").strip().splitlines()
            failure = (said or [f"exit code {code}"])[-1][:200]
        return Run(
            wall,
            usage.ru_utime + usage.ru_stime,
            usage.ru_maxrss * 1024 / 1e6,
            last_object(output.read().decode(errors="replace")),
            failure,
        )


def last_object(text: str) -> dict[str, Any]:
    """The JSON object in the last line of a text that holds one; empty without one."""
    for line in reversed(text.strip().splitlines()):
        if line.startswith("{"):
            try:
                value = json.loads(line)
            except json.JSONDecodeError:
                continue
            return value if isinstance(value, dict) else {}
    return {}


def _wait(process: "subprocess.Popen[bytes]", until: float) -> tuple[int, Any, bool]:
    """Status and resources of the process (and what it waited for); whether it was killed."""
    left = until - time.perf_counter()
    late = False

    def stop(_signal: int, _frame: object) -> None:
        nonlocal late
        late = True
        os.killpg(process.pid, signal.SIGKILL)

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, max(left, 0.001))
    try:
        _, status, usage = os.wait4(process.pid, 0)
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    process.returncode = os.waitstatus_to_exitcode(status)
    return status, usage, late
