"""The figures by which inkdigits is judged, out of the results of all parts.

They are also written to `results/speed-figures.json`, for whoever wants to quote them: name, unit,
ours and the best peer's as median, least and most, the number of runs, machine and commit.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.speed import results as files
from benchmarks.speed.comparing import summary
from benchmarks.speed.tables import WALL, a_second, inner, microseconds, percent, seconds

Values = Callable[[Mapping[str, Any]], Sequence[float]]


@dataclass(frozen=True)
class Wanted:
    """Where a figure is found.

    Attributes:
        name: as it is said.
        part: in whose results it is.
        group: the beginning of its group's name.
        ours: the beginning of our record's name.
        values: of a record.
        unit: `s` or `/s`; the better one is the smaller, or the larger one.
        write: says a number.
        with_peer: whether the others of the group do the same.
    """

    name: str
    part: str
    group: str
    ours: str
    values: Values
    unit: str
    write: Callable[[float], str]
    with_peer: bool = True


_PASS = inner("pass_seconds")
_DIGIT, _IMAGES = inner("digit"), inner("a_second")
_STEADY = "a pass of inkdigits, batches of 128"
_READ = "`inkdigits read --single`"
_ACCURACY = inner("test_accuracy")

WANTED = (
    Wanted("CNN to 99.20 %", "training", "CNN until", "`ink", WALL.values, "s", seconds, False),
    Wanted("its accuracy", "training", "CNN until", "`ink", _ACCURACY, "", percent, False),
    Wanted("a pass of the CNN", "floor", "where", _STEADY, _PASS, "s", seconds, False),
    Wanted("CNN, five passes", "training", "CNN, five", "`ink", WALL.values, "s", seconds),
    Wanted("MLP", "training", "multilayer", "`ink", WALL.values, "s", seconds),
    Wanted("its accuracy", "training", "multilayer", "`ink", _ACCURACY, "", percent, False),
    Wanted("softmax regression", "training", "softmax", "`ink", WALL.values, "s", seconds),
    Wanted("its accuracy", "training", "softmax", "`ink", _ACCURACY, "", percent, False),
    Wanted("one picture read", "startup", "one digit", _READ, WALL.values, "s", seconds),
    Wanted(
        "import inkdigits", "startup", "without", "`import ink", WALL.values, "s", seconds, False
    ),
    Wanted("CNN, images a second", "arrays", "cnn", "inkdigits", _IMAGES, "/s", a_second),
    Wanted("CNN, one digit, warm", "arrays", "cnn", "inkdigits", _DIGIT, "s", microseconds),
    Wanted("MLP, images a second", "arrays", "mlp", "inkdigits", _IMAGES, "/s", a_second),
    Wanted("10,000 files", "files", "", "`inkdigits read --workers 2`", WALL.values, "s", seconds),
)


@dataclass(frozen=True)
class Figure:
    """A figure of ours and the best peer's, each with median, least and most; None if not there."""

    name: str
    unit: str
    ours: dict[str, float] | None
    runs: int
    peer: str
    peers: dict[str, float] | None
    machine: str
    commit: str


def figures() -> list[Figure]:
    """All that are wanted, as far as they have been measured."""
    return [_figure(wanted, files.load(wanted.part)) for wanted in WANTED]


def save_figures() -> None:
    """Write them down."""
    path = files.FOLDER / "speed-figures.json"
    found = [asdict(figure) for figure in figures()]
    path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")


def figures_as_text(found: Sequence[Figure]) -> str:
    """As a table in Markdown."""
    lines = ["| | inkdigits | best peer | |", "|---|---|---|---|"]
    for wanted, figure in zip(WANTED, found, strict=True):
        ours = wanted.write(figure.ours["median"]) if figure.ours else "not measured"
        theirs = wanted.write(figure.peers["median"]) if figure.peers else "-"
        lines.append(f"| {figure.name} | {ours} | {theirs} | {figure.peer or '-'} |")
    return "\n".join(lines) + "\n"


def _figure(wanted: Wanted, results: Mapping[str, Any]) -> Figure:
    records = [r for r in results["records"] if r["group"].startswith(wanted.group)]
    ours = next((r for r in records if r["name"].startswith(wanted.ours)), None)
    values = wanted.values(ours) if ours else []
    others = [r for r in records if "inkdigits" not in r["name"] and wanted.values(r)]
    better = max if wanted.unit == "/s" else min
    best = (
        better(others, key=lambda record: summary(wanted.values(record))["median"])
        if others and wanted.with_peer
        else None
    )
    return Figure(
        wanted.name,
        wanted.unit,
        summary(values) if values else None,
        len(values),
        best["name"] if best else "",
        summary(wanted.values(best)) if best else None,
        results.get("machine", ""),
        results.get("commit", ""),
    )
