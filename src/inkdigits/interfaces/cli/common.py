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
    _require("training", "train", "torch", "onnx", "safetensors")


def require_serving() -> None:
    """Say what to install where the libraries of the HTTP service are not there."""
    _require("serving", "serve", "starlette", "uvicorn", "httptools", "prometheus_client")


def _require(work: str, extra: str, *names: str) -> None:
    missing = [name for name in names if find_spec(name) is None]
    if missing:
        raise MissingExtraError(
            f"{work} needs {', '.join(missing)}; install it with: pip install 'inkdigits[{extra}]'"
        )
