"""Contestants take turns, so that whatever else the machine does meets all of them."""

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.speed.kept import KeptRuns
from benchmarks.speed.processes import Run


@dataclass(frozen=True)
class Contestant:
    """Who is measured.

    Attributes:
        name: as tables say it.
        start: runs it once, given the number of the round, from 0.
        missing: why it can't take part; empty if it can.
        rounds: how many it takes part in at most; all by default.
        least: how many it takes part in even when time is up.
        group: what it is compared in, where a part has several tables.
    """

    name: str
    start: Callable[[int], Run]
    missing: str = ""
    rounds: int | None = None
    group: str = ""
    least: int = 1


@dataclass
class Record:
    """What was measured of a contestant; `inner` has a list of values for each figure."""

    name: str
    group: str = ""
    missing: str = ""
    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    peak: list[float] = field(default_factory=list)
    inner: dict[str, list[Any]] = field(default_factory=dict)

    def add(self, run: Run) -> None:
        """Take up a run; a failed one ends the contestant's part."""
        if run.failure:
            self.missing = f"failed: {run.failure}"
            return
        self.wall.append(round(run.wall, 4))
        self.processor.append(round(run.processor, 4))
        self.peak.append(round(run.peak, 1))
        for name, value in run.inner.items():
            self.inner.setdefault(name, []).append(value)


def compare(
    contestants: Sequence[Contestant],
    rounds: int,
    *,
    until: float = float("inf"),
    warm_up: bool = False,
    kept: KeptRuns | None = None,
) -> list[Record]:
    """Let all take part in so many rounds.

    Args:
        contestants: who.
        rounds: how many.
        until: `time.monotonic()` after which no further round of anybody is started, but for the
            `least` that each has, so that no table is empty.
        warm_up: run everybody once before, so that files are in memory and bytecode is written.
        kept: runs that are done already, to which each new one is added.
    """
    records = [Record(c.name, c.group, c.missing) for c in contestants]
    for number in range(-1 if warm_up else 0, rounds):
        for contestant, record in zip(contestants, records, strict=True):
            enough = contestant.rounds is not None and number >= contestant.rounds
            late = number >= contestant.least and time.monotonic() > until
            if record.missing or enough or late:
                continue
            run = _run(contestant, number, kept)
            if number >= 0 or run.failure:
                record.add(run)
    return records


def _run(contestant: Contestant, number: int, kept: KeptRuns | None) -> Run:
    """The run of a round: the one that is done already, or a new one."""
    done = kept and kept.find(contestant.group, contestant.name, number)
    if done:
        return done
    print(f"  {contestant.group} {contestant.name}", file=sys.stderr, flush=True)
    run = contestant.start(max(number, 0))
    if kept:
        kept.add(contestant.group, contestant.name, number, run)
    return run


def summary(values: Sequence[float]) -> dict[str, float]:
    """Median, least and most."""
    return {"median": statistics.median(values), "least": min(values), "most": max(values)}
