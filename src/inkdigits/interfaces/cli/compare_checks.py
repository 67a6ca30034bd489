"""What `inkdigits compare` makes sure of before it trains for hours."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from inkdigits.errors import UsageError

if TYPE_CHECKING:
    from inkdigits.data import Mnist
    from inkdigits.training import Recipe


def recipes(networks: str, recipe: str, passes: int | None) -> "dict[str, Recipe]":
    """The recipe of each network, by the network's name; a wrong name is said before any work."""
    from inkdigits.networks import find
    from inkdigits.training import recipe_for

    names = [name.strip() for name in networks.split(",") if name.strip()]
    if not names:
        raise UsageError("--networks names no network; give one or more, such as mlp,cnn")
    found = [find(name).name for name in names]
    if len(set(found)) < len(found):
        raise UsageError(f"--networks names a network twice, {networks}; name each once")
    chosen = {name: recipe_for(name, recipe) for name in found}
    if passes is not None:
        chosen = {name: replace(to, name="custom", passes=passes) for name, to in chosen.items()}
    return chosen


def check_places(
    out: Path,
    names: list[str],
    report: Path | None,
    deploy: Path | None,
    validation: int | None,
) -> None:
    """Refuse a place that can't be written to before hours are spent on what goes there."""
    for name in names:
        if (out / name / "run.json").exists():
            raise UsageError(f"{out} holds a comparison already; choose another folder with --out")
    if deploy is not None and validation == 0:
        raise UsageError("--deploy needs validation images to choose by; leave --validation 0 out")
    for option, file in (("--report", report), ("--deploy", deploy)):
        # The folder of the comparison itself is made when training starts.
        if file is not None and not file.parent.is_dir() and file.parent != out:
            raise UsageError(f"the folder {file.parent} for {option} is not there; make it first")


def check_validation(data: "Mnist", validation: int | None) -> None:
    """Refuse to hold out more images than there are."""
    from inkdigits.data import split_validation

    if validation:
        split_validation(data.train, validation)
