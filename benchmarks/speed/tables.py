"""Results as tables in Markdown: medians, and the range where something was measured repeatedly."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.speed.comparing import summary


@dataclass(frozen=True)
class Column:
    """A column: its heading, which values of a record it shows, and how a number is written."""

    heading: str
    values: Callable[[Mapping[str, Any]], Sequence[float]]
    write: Callable[[float], str]


def inner(name: str, scale: float = 1.0) -> Callable[[Mapping[str, Any]], Sequence[float]]:
    """The values of an inner figure, each times the scale; of a list the median."""

    def values(record: Mapping[str, Any]) -> list[float]:
        return [scale * _one(value) for value in record["inner"].get(name, []) if value is not None]

    return values


def _one(value: Any) -> float:
    return summary(value)["median"] if isinstance(value, list) else float(value)


def seconds(value: float) -> str:
    """Three digits that count."""
    return f"{value:.3f} s" if value < 1 else f"{value:.2f} s" if value < 10 else f"{value:.1f} s"


def microseconds(value: float) -> str:
    """Of a value in seconds."""
    return f"{value * 1e6:.0f} µs" if value >= 1e-4 else f"{value * 1e6:.1f} µs"


def megabytes(value: float) -> str:
    """Whole ones."""
    return f"{value:,.0f} MB"


def a_second(value: float) -> str:
    """So many a second."""
    return f"{value:,.0f}"


def percent(value: float) -> str:
    """Of a fraction, to a hundredth."""
    return f"{value:.2%}"


WALL = Column("whole process", lambda record: record["wall"], seconds)
PROCESSOR = Column("processor time", lambda record: record["processor"], seconds)
PEAK = Column("peak memory", lambda record: record["peak"], megabytes)


def table(records: Sequence[Mapping[str, Any]], columns: Sequence[Column]) -> str:
    """A row for each record, with `-` where there is nothing to show."""
    lines = [
        "| | " + " | ".join(column.heading for column in columns) + " | runs |",
        "|---|" + "---|" * (len(columns) + 1),
    ]
    for record in records:
        if record["missing"] and not record["wall"]:
            gap = " | ".join("-" for _ in columns[1:])
            said = f"missing: {record['missing']}".replace("|", "/")
            lines.append(f"| {record['name']} | {said} | {gap + ' | ' if gap else ''}- |")
            continue
        cells = [_cell(column.values(record), column.write) for column in columns]
        lines.append(f"| {record['name']} | {' | '.join(cells)} | {len(record['wall'])} |")
    return "\n".join(lines)


def _cell(values: Sequence[float], write: Callable[[float], str]) -> str:
    if not values:
        return "-"
    found = summary(values)
    median = write(found["median"])
    low, high = write(found["least"]), write(found["most"])
    return median if low == high else f"{median} ({low} to {high})"
