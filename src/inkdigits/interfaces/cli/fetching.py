"""MNIST for any command: progress of a download on a terminal, and the sample said loudly."""

import sys
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable

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


def fetch_mnist_meanwhile(folder: Path | None = None) -> "Callable[[], Mnist]":
    """Start `fetch_mnist` beside what comes next, such as loading torch.

    Returns:
        A function that waits for it and gives or raises what `fetch_mnist` does.
    """
    import inkdigits.data  # noqa: F401  # not by both threads at once

    found: list[Mnist] = []
    raised: list[BaseException] = []

    def fetch() -> None:
        try:
            found.append(fetch_mnist(folder))
        except BaseException as error:  # raised again below, where it is asked for
            raised.append(error)

    # Nobody waits for it where the command ends before: a download can be long.
    thread = Thread(target=fetch, daemon=True)
    thread.start()

    def wait() -> "Mnist":
        thread.join()
        if raised:
            raise raised[0]
        return found[0]

    return wait


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
