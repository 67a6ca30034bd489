"""Runs that are done are kept on disk, so that an interrupted benchmark can go on."""

import json
from dataclasses import asdict
from pathlib import Path

from benchmarks.speed.processes import Run


class KeptRuns:
    """The runs of one part that are done, a line of JSON each.

    Args:
        path: the file; its folder is there.
        commit: of the code that is measured; runs of another one are forgotten.
        go_on: whether to take up what an interrupted benchmark left there.
    """

    def __init__(self, path: Path, commit: str, *, go_on: bool) -> None:
        self._path, self._commit = path, commit
        self._runs: dict[tuple[str, str, int], Run] = {}
        if go_on:
            self._load()
        else:
            path.unlink(missing_ok=True)

    def find(self, group: str, name: str, number: int) -> Run | None:
        """A run that is done, by its contestant and its round (-1 is the warm-up)."""
        return self._runs.get((group, name, number))

    def add(self, group: str, name: str, number: int, run: Run) -> None:
        """Keep a run; one that failed is tried again by who goes on."""
        if run.failure:
            return
        self._runs[group, name, number] = run
        line = {"commit": self._commit, "group": group, "name": name, "number": number}
        with self._path.open("a") as file:
            file.write(json.dumps({**line, "run": asdict(run)}) + "\n")

    def forget(self) -> None:
        """The part is done, and its results are written."""
        self._path.unlink(missing_ok=True)

    def _load(self) -> None:
        if not self._path.exists():
            return
        for line in self._path.read_text().splitlines():
            try:
                kept = json.loads(line)
            except json.JSONDecodeError:  # the last line, cut by the interruption
                continue
            if kept["commit"] == self._commit:
                self._runs[kept["group"], kept["name"], kept["number"]] = Run(**kept["run"])
