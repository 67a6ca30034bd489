"""`metrics.jsonl`: the events of a training, one JSON object a line, and reading them again.

Each object has `event`, the name of the event's class, and the event's own fields, `pass_` being
called `pass`. A cost that is not a number is `null`, since JSON has no NaN.
"""

import json
from dataclasses import fields
from math import isfinite
from pathlib import Path
from typing import Any

from inkdigits.errors import StorageError
from inkdigits.files import write_whole
from inkdigits.training.events import Event, TrainingStarted
from inkdigits.training.recipes import Recipe


class JsonLinesReporter:
    """Writes every event to a file as it comes; a killed training leaves all but its last line.

    A run that is resumed keeps the lines of the passes that stand, drops those of the pass that
    was cut, and goes on below them: the file reads as if there had been no interruption.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self, event: Event) -> None:
        """Append the event.

        Raises:
            StorageError: the file can't be written.
        """
        if isinstance(event, TrainingStarted) and self._path.is_file():
            standing = records_before(self._path, event.first_pass)
            write_whole(self._path, "".join(map(_line, standing)).encode())
        try:
            # Opened anew for each line: a folder that has gone is noticed at once, and no file
            # stays open when training ends early.
            with self._path.open("a", encoding="utf-8") as file:
                file.write(_line(as_record(event)))
        except OSError as error:
            raise StorageError(
                f"can't write {self._path}: {error.strerror or error}; "
                "free some space or choose another folder"
            ) from error


def as_record(event: Event) -> dict[str, Any]:
    """An event as plain values."""
    record: dict[str, Any] = {"event": type(event).__name__}
    for field in fields(event):
        record[field.name.rstrip("_")] = _plain(getattr(event, field.name))
    return record


def records_before(path: Path, first_pass: int) -> list[dict[str, Any]]:
    """The records of an earlier, interrupted training that come before a pass.

    There are none if the file is not there; lines that were cut are passed over.
    """
    if first_pass == 0 or not path.is_file():
        return []
    records = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            record = json.loads(line)
        except json.JSONDecodeError:
            continue
        if not isinstance(record, dict) or record.get("event") == "TrainingDone":
            continue
        if record.get("pass", -1) < first_pass:
            records.append(record)
    return records


def _line(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, Recipe):
        return value.as_dict()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, float) and not isfinite(value):
        return None
    return value
