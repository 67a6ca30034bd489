"""What several commands need: JSON on standard output, notes on standard error, extras."""

import json
from importlib.util import find_spec
from typing import Any

import click

from inkdigits.errors import MissingExtraError


def print_json(value: Any) -> None:
    """One JSON value on one line of standard output."""
    click.echo(json.dumps(value))


def note(message: str) -> None:
    """A line for the person at the terminal, on standard error."""
    click.echo(f"inkdigits: {message}", err=True)


def require_training() -> None:
    """Say what to install where the training libraries are not there."""
    missing = [name for name in ("torch", "onnx", "safetensors") if find_spec(name) is None]
    if missing:
        raise MissingExtraError(
            f"training needs {', '.join(missing)}; install it with: pip install 'inkdigits[train]'"
        )
