"""A load generator that costs little itself: raw HTTP/1.1 over asyncio, one process.

`closed` keeps so many connections busy: each asks again as soon as it has its answer. `paced` sends
at a given rate whatever happens, and counts latency from the moment at which a request was due, so
that a server that stalls is charged for everybody who waited (no coordinated omission).
"""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

Address = tuple[str, int]


def request(path: str, body: bytes, headers: str = "", method: str = "POST") -> bytes:
    """A request as it goes over the wire."""
    head = (
        f"{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: {len(body)}\r\n{headers}"
    )
    return f"{head}\r\n".encode() + body


@dataclass
class Load:
    """What came of a load: the latency of each answer in seconds, by status; and what failed."""

    seconds: float = 0.0
    latencies: dict[int, list[float]] = field(default_factory=dict)
    failures: Counter[str] = field(default_factory=Counter)

    def note(self, status: int, latency: float) -> None:
        """Note an answer."""
        self.latencies.setdefault(status, []).append(latency)

    @property
    def done(self) -> int:
        """How many were answered with 200."""
        return len(self.latencies.get(200, ()))

    def figures(self, status: int = 200) -> dict[str, float]:
        """Answers of a status: how many, how many a second, percentiles in milliseconds."""
        latencies = np.array(self.latencies.get(status, ()))
        made = {"count": len(latencies), "per_second": round(len(latencies) / self.seconds, 1)}
        if len(latencies):
            for name, share in (("p50", 50), ("p90", 90), ("p99", 99), ("p99.9", 99.9)):
                made[f"{name}_ms"] = round(float(np.percentile(latencies, share)) * 1000, 2)
            made["most_ms"] = round(float(latencies.max()) * 1000, 2)
        return made


class _Connection(asyncio.Protocol):
    """Sends what it is given, one at a time, and tells when the answer is whole."""

    def __init__(self, load: Load, on_answer: "_OnAnswer") -> None:
        self._load = load
        self._on_answer = on_answer
        self._received = b""
        self._due = 0.0
        self.is_busy = False
        self.is_open = False
        self.was_refused = False
        self.waiting: deque[tuple[bytes, float]] = deque()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self.is_open = True

    def connection_lost(self, error: Exception | None) -> None:
        self.is_open = False
        if self.is_busy:
            self._load.failures["connection lost"] += 1

    def ask(self, content: bytes, due: float) -> None:
        """Send a request, or queue it behind the one that is on its way."""
        if self.is_busy:
            self.waiting.append((content, due))
            return
        self.is_busy, self._due = True, due
        self._transport.write(content)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, rest = self._received.partition(b"\r\n\r\n")
        if not found:
            return
        at = head.lower().find(b"\r\ncontent-length:")
        length = int(head[at + 17 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(rest) < length:
            return
        self._received = rest[length:]
        self.is_busy = False
        status = int(head[9:12])
        self.was_refused = status == 503
        self._load.note(status, time.perf_counter() - self._due)
        if self.waiting:
            self.ask(*self.waiting.popleft())
        else:
            self._on_answer(self)


class _OnAnswer:
    def __call__(self, connection: _Connection) -> None:
        """Called when a connection has its answer and nothing else to send."""


class _AskAgain(_OnAnswer):
    def __init__(self, contents: Sequence[bytes], until: float, pause: float) -> None:
        self._contents, self._until, self._pause, self._number = contents, until, pause, 0

    def __call__(self, connection: _Connection) -> None:
        if connection.was_refused and self._pause:
            loop = asyncio.get_running_loop()
            loop.call_later(self._pause, self._ask, connection)
        else:
            self._ask(connection)

    def _ask(self, connection: _Connection) -> None:
        now = time.perf_counter()
        if now < self._until and connection.is_open:
            self._number += 1
            connection.ask(self._contents[self._number % len(self._contents)], now)


async def closed(
    address: Address,
    contents: Sequence[bytes],
    connections: int,
    seconds: float,
    pause: float = 0.0,
) -> Load:
    """Keep so many connections busy for so long; who is refused asks again after a pause."""
    load = Load()
    began = time.perf_counter()
    again = _AskAgain(contents, began + seconds, pause)
    opened = await _open(address, connections, load, again)
    began = time.perf_counter()
    for connection in opened:
        again(connection)
    await asyncio.sleep(seconds)
    load.seconds = time.perf_counter() - began
    await _finish(opened, load)
    return load


async def paced(
    address: Address, contents: Sequence[bytes], connections: int, seconds: float, rate: float
) -> Load:
    """Send so many requests a second over so many connections, evenly."""
    load = Load()
    opened = await _open(address, connections, load, _OnAnswer())
    began = time.perf_counter()
    count = int(rate * seconds)
    number = 0
    while number < count:
        now = time.perf_counter()
        while number < count and began + number / rate <= now:
            connection = opened[number % connections]
            connection.ask(contents[number % len(contents)], began + number / rate)
            number += 1
        await asyncio.sleep(0.0005)
    load.seconds = time.perf_counter() - began
    await _finish(opened, load)
    return load


async def _open(
    address: Address, connections: int, load: Load, on_answer: _OnAnswer
) -> list[_Connection]:
    loop = asyncio.get_running_loop()
    made = []
    for _ in range(connections):
        _, protocol = await loop.create_connection(lambda: _Connection(load, on_answer), *address)
        made.append(protocol)
    return made


async def _finish(opened: list[_Connection], load: Load) -> None:
    """Wait for the answers that are on their way; those that never come are failures."""
    until = time.perf_counter() + 10
    while any(c.is_busy for c in opened if c.is_open) and time.perf_counter() < until:
        await asyncio.sleep(0.02)
    for connection in opened:
        if connection.is_busy and connection.is_open:
            load.failures["no answer"] += 1
        connection.is_busy = False
        connection._transport.close()
