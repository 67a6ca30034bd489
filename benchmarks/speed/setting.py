"""What all parts of the benchmark share: how thorough to be, who takes part, the data."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import inkdigits
from benchmarks.speed.comparing import Contestant, Record, compare
from benchmarks.speed.environments import cache_folder, environment
from benchmarks.speed.kept import KeptRuns
from benchmarks.speed.processes import Run, run

PEERS = Path(__file__).parent / "peers"
_SECONDS = 400  # after which a command is killed


@dataclass(frozen=True)
class Setting:
    """How a part is to be measured.

    Attributes:
        quick: few repeats, and the slowest peers left out.
        until: `time.monotonic()` after which no further round is started.
        work: a folder for what commands write, emptied at the end.
        data: a folder with MNIST's four plain IDX files.
        kept: runs of this part that are done.
    """

    quick: bool
    until: float
    work: Path
    data: Path
    kept: KeptRuns

    def rounds(self, thorough: int, quick: int) -> int:
        """So many repeats."""
        return quick if self.quick else thorough

    def compare(
        self, contestants: Sequence[Contestant], rounds: int, *, warm_up: bool = False
    ) -> list[Record]:
        """Let all take part in so many rounds, if there is time."""
        return compare(contestants, rounds, until=self.until, warm_up=warm_up, kept=self.kept)


def ours(
    arguments: Callable[[int], Sequence[str]],
    name: str = "inkdigits",
    *,
    setting: Setting,
    group: str = "",
    rounds: int | None = None,
    least: int = 1,
) -> Contestant:
    """The command `inkdigits` of this checkout; its arguments can depend on the round."""

    def start(number: int) -> Run:
        command = [sys.executable, "-m", "inkdigits", *arguments(number)]
        return run(command, variables=_variables(setting), seconds=_SECONDS)

    return Contestant(name, start, group=group, rounds=rounds, least=least)


def our_script(
    arguments: Sequence[str], name: str, *, setting: Setting, group: str = ""
) -> Contestant:
    """A Python program that uses this checkout: `-c` and code, or a script."""
    command = [sys.executable, *arguments]
    return Contestant(
        name,
        lambda _: run(command, variables=_variables(setting), seconds=_SECONDS),
        group=group,
    )


def peer(
    home: str,
    script: str,
    arguments: Callable[[int], Sequence[str]],
    name: str,
    *,
    group: str = "",
    rounds: int | None = None,
) -> Contestant:
    """A peer's script in its own environment."""
    found = _environment(home)

    def start(number: int) -> Run:
        command = [str(found.python), str(PEERS / script), *arguments(number)]
        return run(command, variables={}, seconds=_SECONDS)

    return Contestant(name, start, found.missing, rounds, group)


_environment = cache(environment)


def _variables(setting: Setting) -> Mapping[str, str]:
    source = str(Path(inkdigits.__file__).parents[1])
    return {"PYTHONPATH": source, "INKDIGITS_DATA": str(setting.data)}


def plain_data() -> tuple[Path, str]:
    """A folder with MNIST as four plain IDX files, which everybody reads, and what data it is."""
    from inkdigits.data import mnist, write_idx

    digits = mnist()
    # Another set of data (the sample) must not be found under the same name.
    folder = cache_folder() / f"data-{digits.train.checksum()[:12]}"
    folder.mkdir(parents=True, exist_ok=True)
    for part, name in ((digits.train, "train"), (digits.test, "t10k")):
        for values, kind in ((part.images, "images-idx3"), (part.labels, "labels-idx1")):
            path = folder / f"{name}-{kind}-ubyte"
            if not path.exists():
                write_idx(path, values)
    note = f", {digits.note}" if digits.note else ""
    return folder, f"{digits.train.name} ({len(digits.train):,}){note}"
