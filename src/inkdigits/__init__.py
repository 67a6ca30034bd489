"""Recognise handwritten digits: train, compare, deploy, and read real pictures.

The names below are the public surface. They are loaded on first use, so that `import inkdigits`
costs next to nothing and reading a picture never loads the training code.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from inkdigits._version import __version__
from inkdigits.errors import InkdigitsError

if TYPE_CHECKING:
    from inkdigits.data import Digits, mnist
    from inkdigits.inference import Recognizer
    from inkdigits.training import Recipe, train

__all__ = [
    "Digits",
    "InkdigitsError",
    "Recipe",
    "Recognizer",
    "__version__",
    "mnist",
    "train",
]

_HOMES = {
    "Digits": "inkdigits.data",
    "mnist": "inkdigits.data",
    "Recognizer": "inkdigits.inference",
    "Recipe": "inkdigits.training",
    "train": "inkdigits.training",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'inkdigits' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
