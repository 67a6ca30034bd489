"""Runs a command as a process of its own and measures it: wall clock, processor time, memory."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
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

_LAUNCHER = str(Path(__file__).parent / "launcher.py")


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
    with (
        tempfile.TemporaryFile() as output,
        tempfile.TemporaryFile() as errors,
        tempfile.TemporaryFile() as report,
    ):
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", _LAUNCHER, str(report.fileno()), *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            env=environment | dict(variables),
            start_new_session=True,
            pass_fds=(report.fileno(),),
        )
        late = _wait(process, seconds)
        for file in (output, errors, report):
            file.seek(0)
        said = errors.read().decode(errors="replace").strip().splitlines()
        told = report.read().split()
        if late or not told:
            failure = f"took over {seconds:.0f} s" if late else (said or ["can't be started"])[-1]
            return Run(time.perf_counter() - start, 0.0, 0.0, failure=failure[:200])
        wall, processor, peak = map(float, told[:3])
        code = os.waitstatus_to_exitcode(int(told[3]))
        failure = (said or [f"exit code {code}"])[-1][:200] if code else ""
        inner = last_object(output.read().decode(errors="replace"))
        return Run(wall, processor, peak, inner, failure)


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


def _wait(process: "subprocess.Popen[bytes]", seconds: float) -> bool:
    """Wait for a process; True if it was killed, with all that it started, for being late."""
    try:
        process.wait(seconds)
    except BaseException as reason:  # late, or we have been interrupted
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if isinstance(reason, subprocess.TimeoutExpired):
            return True
        raise
    return False
