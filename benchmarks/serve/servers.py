"""Servers to measure: inkdigits, and peers that serve the same model. Each in its own processes."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from benchmarks.speed.environments import environment
from inkdigits.inference.bundled import bundled_model

TICKS = os.sysconf("SC_CLK_TCK")
_PEERS = Path(__file__).parent / "peers"


@dataclass
class Server:
    """A server that runs."""

    process: subprocess.Popen
    address: tuple[str, int]
    seconds_to_ready: float

    def processes(self) -> list[int]:
        """Its processes: the one that was started, and those below it."""
        found = [self.process.pid]
        for pid in found:
            children = Path(f"/proc/{pid}/task/{pid}/children")
            if children.exists():
                found += [int(child) for child in children.read_text().split()]
        return found

    def workers(self) -> list[int]:
        """The processes that serve."""
        return self.processes()[1:] or self.processes()

    def memory(self) -> list[float]:
        """Resident memory of each worker in MB (1,000,000 bytes)."""
        return [_status(pid, "VmRSS") * 1024 / 1e6 for pid in self.workers()]

    def peak_memory(self) -> list[float]:
        """The most that each worker ever had, in MB."""
        return [_status(pid, "VmHWM") * 1024 / 1e6 for pid in self.workers()]

    def processor_seconds(self) -> float:
        """Processor time of all its processes so far."""
        return sum(_processor_seconds(pid) for pid in self.processes())


@contextmanager
def inkdigits(workers: int, *options: str) -> Iterator[Server]:
    """`inkdigits serve` at a free port, ready when it says so."""
    command = [sys.executable, "-m", "inkdigits", "serve", "--port", "0", "--json"]
    command += ["--workers", str(workers), "--no-access-log", *options]
    began = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        if not line:
            raise SystemExit("inkdigits serve did not start")
        host, port = json.loads(line)["url"].removeprefix("http://").split(":")
        yield Server(process, (host, int(port)), time.perf_counter() - began)
    finally:
        _stop(process)
        process.stdout.close()


class Missing(Exception):
    """A peer can't be had here; the message says why."""


@contextmanager
def peer(name: str, script: str, workers: int) -> Iterator[Server]:
    """A peer of `benchmarks/serve/peers`, in an environment of its own.

    Raises:
        Missing: it can't be installed, or does not start.
    """
    home = environment(name)
    if home.python is None:
        raise Missing(home.missing)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [str(home.python), str(_PEERS / script), str(port), str(workers)]
    command.append(str(bundled_model("best")))
    began = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        while True:
            try:
                with urlopen(f"http://127.0.0.1:{port}/health", timeout=1):
                    break
            except OSError as error:
                if process.poll() is not None or time.perf_counter() - began > 120:
                    raise Missing(f"{script} did not start") from error
                time.sleep(0.05)
        yield Server(process, ("127.0.0.1", port), time.perf_counter() - began)
    finally:
        _stop(process)


def _stop(process: subprocess.Popen) -> None:
    """End a server with all its processes; each was started as a session of its own."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    with suppress(ProcessLookupError):  # what a peer has left behind
        os.killpg(process.pid, signal.SIGKILL)


def _status(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    return 0


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
