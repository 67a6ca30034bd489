"""What several commands need: data with its notes, JSON on standard output, the extra `train`."""

import json
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inkdigits.errors import MissingExtraError

if TYPE_CHECKING:
    from inkdigits.data import Mnist


def print_json(value: Any) -> None:
    """One JSON value on one line of standard output."""
    click.echo(json.dumps(value))


def note(message: str) -> None:
    """A line for the person at the terminal, on standard error."""
    click.echo(f"inkdigits: {message}", err=True)


def load_mnist(folder: Path | None) -> "Mnist":
    """MNIST from where it can be had; says loudly if it is the sample."""
    from inkdigits.data import mnist

    data = mnist(folder)
    if data.note:
        note(data.note)
    return data


def require_training() -> None:
    """Say what to install where the training libraries are not there."""
    missing = [name for name in ("torch", "onnx", "safetensors") if find_spec(name) is None]
    if missing:
        raise MissingExtraError(
            f"training needs {', '.join(missing)}; install it with: pip install 'inkdigits[train]'"
        )
