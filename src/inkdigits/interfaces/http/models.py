"""The models that a service has loaded, by the names that clients call them.

All are loaded at the start: no request ever names a file.
"""

from collections.abc import Iterator
from pathlib import Path

from inkdigits.errors import UsageError
from inkdigits.inference import Recognizer, bundled_names
from inkdigits.inference.bundled import ALIASES
from inkdigits.interfaces.http.problems import Problem

_BEST = "best"


class Models:
    """Loaded models: the bundled ones, and those of the user.

    Attributes:
        default: the name of the one that is used where a request names none.
    """

    def __init__(self, wanted: tuple[str, ...] = ()) -> None:
        """Load them.

        Args:
            wanted: what to serve besides the bundled models, each FILE, NAME=FILE, or the name of a
                bundled model; the first one becomes the default.

        Raises:
            ModelFileError: a file is missing, damaged, or not ours.
            UsageError: two models would have the same name.
        """
        self._by_name = {name: _load(name) for name in bundled_names()}
        for alias, name in ALIASES.items():
            self._by_name.setdefault(alias, self._by_name[name])
        names = [self._add(model) for model in wanted]
        self.default = names[0] if names else _BEST

    def __getitem__(self, name: str) -> Recognizer:
        """The model of that name or alias; a problem that names the others if there is none."""
        found = self._by_name.get(name)
        if found is None:
            raise Problem(404, f"there is no model '{name[:80]}'; there are {', '.join(self)}")
        return found

    def __iter__(self) -> Iterator[str]:
        """The names of all models; of the aliases only `best`."""
        hidden = set(ALIASES) - {_BEST}
        return iter(sorted(name for name in self._by_name if name not in hidden))

    def _add(self, model: str) -> str:
        if model in self._by_name:
            return model
        name, file = _name_and_file(model)
        if name in self._by_name:
            raise UsageError(f"there is a model '{name}' already; name yours: --model NAME={file}")
        self._by_name[name] = _load(file)
        return name


def _load(model: str) -> Recognizer:
    # The batches of a request are small: more threads would mostly wait for each other.
    return Recognizer.load(model, threads=1)


def _name_and_file(model: str) -> tuple[str, str]:
    name, separator, file = model.partition("=")
    if separator and name.replace("-", "").replace("_", "").replace(".", "").isalnum():
        return name, file
    path = Path(model)
    # Of `runs/cnn-20261124/best.onnx` the folder says which it is.
    return (path.resolve().parent.name if path.stem == _BEST else path.stem), model
