"""Recognise handwritten digits: train, compare, deploy, and read real pictures.

The names below are the public surface. They are loaded on first use, so that `import inkdigits`
costs next to nothing and reading a picture never loads the training code.
"""

from inkdigits._version import __version__
from inkdigits.errors import InkdigitsError

# Type checkers take any variable of this name for true; `typing` would be half of the import.
TYPE_CHECKING = False
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


def __getattr__(name: str) -> object:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'inkdigits' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
