"""Results files, `benchmarks/results/speed-<part>.json`, and the text that shows one."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.speed.comparing import Record
from benchmarks.speed.environments import REQUIREMENTS
from benchmarks.speed.machine import description
from benchmarks.speed.parts import Part
from benchmarks.speed.tables import table

FOLDER = Path(__file__).parents[1] / "results"


def save(
    name: str, records: Sequence[Record], *, data: str, quick: bool, seconds: float
) -> dict[str, Any]:
    """Write the results of a part with what they were measured on, and return them."""
    results = {
        **description(),
        "peers": {home: list(needs) for home, needs in REQUIREMENTS.items()},
        "data": data,
        "quick": quick,
        "seconds": seconds,
        "records": [_kept(asdict(record)) for record in records],
    }
    FOLDER.mkdir(exist_ok=True)
    _path(name).write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    return results


def load(name: str) -> dict[str, Any]:
    """The results of a part; without records if it has not been measured."""
    path = _path(name)
    if not path.exists():
        return {"records": []}
    results: dict[str, Any] = json.loads(path.read_text())
    return results


def as_text(part: Part, results: Mapping[str, Any]) -> str:
    """The tables of a part in Markdown, one for each group, with what they were measured on."""
    if not results["records"]:
        return f"## {part.title}\n\nNot measured yet.\n"
    lines = [f"## {part.title}", ""]
    lines += [part.note, ""] if part.note else []
    groups = dict.fromkeys(record["group"] for record in results["records"])
    for group in groups:
        rows = [record for record in results["records"] if record["group"] == group]
        lines += [f"**{group}**", ""] if group else []
        lines += [table(rows, part.columns), ""]
    lines += [text for text in map(_shares, results["records"]) if text]
    loads = " ".join(map(str, results["load"]))
    lines.append(
        f"{results['machine']}; commit {results['commit']}, {results['date']}"
        f"{', quick' if results['quick'] else ''}; load at the end {loads}. "
        "Medians, with the range of repeats."
    )
    return "\n".join(lines) + "\n"


def _shares(record: Mapping[str, Any]) -> str:
    """A profile, where a record has one: its parts in percent."""
    shares = record["inner"].get("shares")
    if not shares:
        return ""
    said = ", ".join(f"{name} {share:.0%}" for name, share in shares[-1].items())
    return f"{record['name']}: {said}\n"


def _kept(record: dict[str, Any]) -> dict[str, Any]:
    """Without what is in other files or says nothing here: recipes, paths, checksums."""
    dropped = ("recipe", "data", "model", "picture", "digits", "rejected", "groups", "rows", "size")
    record["inner"] = {n: v for n, v in record["inner"].items() if n not in dropped}
    return record


def _path(name: str) -> Path:
    return FOLDER / f"speed-{name}.json"
