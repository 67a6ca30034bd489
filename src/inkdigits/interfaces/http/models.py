"""The models that a service has loaded, by the names that clients call them.

No request ever names a file. The default model and those of the user are loaded at the start, so
that a bad file is known then; the other bundled ones, which are checked when they are made, when
they are first asked for or once the service is ready, whatever comes first.
"""

import threading
from collections.abc import Iterator
from pathlib import Path

from inkdigits.errors import UsageError
from inkdigits.inference import Recognizer, bundled_names
from inkdigits.inference.bundled import ALIASES
from inkdigits.interfaces.http.problems import Problem

_BEST = "best"


class Models:
    """Models: the bundled ones, and those of the user. May be used from several threads.

    Attributes:
        default: the name of the one that is used where a request names none.
    """

    def __init__(self, wanted: tuple[str, ...] = ()) -> None:
        """Load those that are needed at once.

        Args:
            wanted: what to serve besides the bundled models, each FILE, NAME=FILE, or the name of a
                bundled model; the first one becomes the default.

        Raises:
            ModelFileError: a file is missing, damaged, or not ours.
            UsageError: two models would have the same name.
        """
        self._files = {name: name for name in bundled_names()}
        self._loaded: dict[str, Recognizer] = {}
        self._loading = threading.Lock()
        names = [self._add(model) for model in wanted]
        self.default = names[0] if names else _BEST
        for name in dict.fromkeys([self.default, *names]):
            self._load(ALIASES.get(name, name))

    def __getitem__(self, name: str) -> Recognizer:
        """The model of that name or alias; a problem that names the others if there is none."""
        name = self._own_name(name)
        return self._loaded.get(name) or self._load(name)

    def __iter__(self) -> Iterator[str]:
        """The names of all models; of the aliases only `best`."""
        return iter(sorted([_BEST, *self._files]))

    def _add(self, model: str) -> str:
        if self._is_there(model):
            return model
        name, file = _name_and_file(model)
        if self._is_there(name):
            raise UsageError(f"there is a model '{name}' already; name yours: --model NAME={file}")
        self._files[name] = file
        return name

    def _is_there(self, name: str) -> bool:
        return ALIASES.get(name, name) in self._files

    def _own_name(self, name: str) -> str:
        if not self._is_there(name):
            raise Problem(404, f"there is no model '{name[:80]}'; there are {', '.join(self)}")
        return ALIASES.get(name, name)

    def _load(self, name: str) -> Recognizer:
        with self._loading:
            if name not in self._loaded:
                # The batches of a request are small: more threads would mostly wait for each other.
                self._loaded[name] = Recognizer.load(self._files[name], threads=1)
            return self._loaded[name]


def _name_and_file(model: str) -> tuple[str, str]:
    name, separator, file = model.partition("=")
    if separator and name.replace("-", "").replace("_", "").replace(".", "").isalnum():
        return name, file
    path = Path(model)
    # Of `runs/cnn-20261124/best.onnx` the folder says which it is.
    return (path.resolve().parent.name if path.stem == _BEST else path.stem), model
