"""The run folder: everything that a run leaves behind, and enough to go on with it.

run.json                 the plan: what is trained on what, and how; in the end, the outcome
metrics.jsonl            a line an event
curve.png, curve.svg     the learning curve
pass-00.onnx, ...        the model after each pass
best.onnx                the chosen one
checkpoint.safetensors   where an interrupted run goes on
"""

import json
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import filelock

from inkdigits._version import __version__
from inkdigits.errors import InputError, UsageError
from inkdigits.files import make_folder, write_whole
from inkdigits.training.recipes import Recipe


@dataclass(frozen=True)
class Plan:
    """All that decides what a run does.

    Attributes:
        network: its name in the registry.
        options: of the network, such as its activation.
        recipe: how it is trained.
        data: `name`, `origin`, `checksum` (SHA-256 of the training set before the split) and the
            sizes `train`, `validation` and `test`.
        seed: of the split, the initial weights, the order and the augmentation.
        every: steps between two reports of the cost.
        device: `cpu` or `cuda`.
        threads: processors used; the same number gives the same bits.
        versions: of inkdigits and the libraries that matter.
        date: the day on which the run started.
    """

    network: str
    options: dict[str, str]
    recipe: Recipe
    data: dict[str, Any]
    seed: int
    every: int
    device: str
    threads: int
    versions: dict[str, str]
    date: str


class RunFolder:
    """The files of one run, by name."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.plan_file = path / "run.json"
        self.checkpoint = path / "checkpoint.safetensors"
        self.metrics = path / "metrics.jsonl"
        self.best = path / "best.onnx"

    def pass_file(self, pass_: int) -> Path:
        """The model file of a pass."""
        return self.path / f"pass-{pass_:02d}.onnx"

    def create(self, plan: Plan) -> None:
        """Make the folder for a new run.

        Raises:
            UsageError: there is a run in it already.
            StorageError: it can't be made.
        """
        if self.plan_file.exists():
            raise UsageError(
                f"{self.path} holds a run already; go on with --resume {self.path}, "
                "or choose another folder"
            )
        make_folder(self.path)
        self._write({"plan": asdict(plan)})

    def load(self) -> tuple[Plan, dict[str, Any] | None]:
        """The plan of the run in this folder, and its outcome if it is finished.

        Raises:
            InputError: there is no run in it, or its plan is damaged.
        """
        try:
            content = json.loads(self.plan_file.read_text())
            plan = Plan(**content["plan"])
            return replace(plan, recipe=Recipe(**content["plan"]["recipe"])), content.get("outcome")
        except FileNotFoundError as error:
            raise InputError(f"there is no run in {self.path}: it has no run.json") from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(f"{self.plan_file} is damaged; start a new run") from error

    def finish(self, plan: Plan, outcome: dict[str, Any]) -> None:
        """Write down the outcome: the run is done."""
        self._write({"plan": asdict(plan), "outcome": outcome})

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the folder, so that no two processes train in it.

        Raises:
            UsageError: another process does.
        """
        lock = filelock.FileLock(self.path / ".lock")
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout as error:
            raise UsageError(f"another process is training in {self.path}") from error
        try:
            yield
        finally:
            lock.release()

    def _write(self, content: dict[str, Any]) -> None:
        write_whole(self.plan_file, (json.dumps(content, indent=2) + "\n").encode())


def new_run_folder(network: str) -> Path:
    """`runs/<network>-<timestamp>` under the current folder, one that is not there yet."""
    stem = f"{network}-{datetime.now():%Y%m%d-%H%M%S}"
    path, number = Path("runs") / stem, 1
    while path.exists():
        number += 1
        path = Path("runs") / f"{stem}-{number}"
    return path


def today() -> str:
    """The day in UTC, as in 2026-11-24."""
    return datetime.now(UTC).date().isoformat()


def versions() -> dict[str, str]:
    """Of inkdigits, Python and the libraries on which a run's figures depend."""
    libraries = {name: version(name) for name in ("torch", "numpy", "onnx")}
    return {"inkdigits": __version__, "python": platform.python_version(), **libraries}
