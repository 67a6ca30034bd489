"""MNIST for any command: progress of a download on a terminal, and the sample said loudly."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from inkdigits.data import Mnist


def fetch_mnist(folder: Path | None = None, *, download: bool = True) -> "Mnist":
    """`mnist()`, with a progress bar on standard error if that is a terminal, and its note there.

    Raises:
        DataError, DownloadError, StorageError: as `inkdigits.data.mnist` does.
    """
    from inkdigits.data import mnist

    if download and sys.stderr.isatty():
        with _Bars() as bars:
            found = mnist(folder, download=download, on_progress=bars.show)
    else:
        found = mnist(folder, download=download)
    if found.note:
        click.secho(f"inkdigits: {found.note}", err=True, fg="yellow", bold=True)
    return found


class _Bars:
    """A progress bar for each file. The library for it is loaded when the first byte comes."""

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> "_Bars":
        return self

    def __exit__(self, *_: object) -> None:
        if self._progress is not None:
            self._progress.stop()

    def show(self, name: str, done: int, total: int | None) -> None:
        if self._progress is None:
            self._progress = _new_progress()
            self._progress.start()
        if name not in self._tasks:
            self._tasks[name] = self._progress.add_task(name, total=total)
        self._progress.update(self._tasks[name], completed=done, total=total)


def _new_progress() -> "Progress":
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
