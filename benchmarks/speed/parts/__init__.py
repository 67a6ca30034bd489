"""The parts of the benchmark, by name: what each measures, and the tables that show it."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.speed.comparing import Record
from benchmarks.speed.setting import Setting
from benchmarks.speed.tables import Column


@dataclass(frozen=True)
class Part:
    """A part.

    Attributes:
        title: above its tables.
        measure: does it.
        columns: of its tables; one table for each group of records.
        note: below the title.
    """

    title: str
    measure: Callable[[Setting], list[Record]]
    columns: tuple[Column, ...]
    note: str = ""


def parts() -> dict[str, Part]:
    """All parts in their order."""
    from benchmarks.speed.parts import arrays, files, floor, ladder, startup, training

    return {
        "startup": startup.PART,
        "arrays": arrays.PART,
        "files": files.PART,
        "training": training.PART,
        "ladder": ladder.PART,
        "floor": floor.PART,
    }
