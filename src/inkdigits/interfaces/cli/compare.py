"""`inkdigits compare`: train classifiers on the same data, and show them beside each other."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inkdigits.errors import UsageError
from inkdigits.files import write_whole
from inkdigits.interfaces.cli.common import note, print_json, require_training
from inkdigits.interfaces.cli.compare_checks import check_places, check_validation, recipes
from inkdigits.interfaces.cli.fetching import fetch_mnist
from inkdigits.interfaces.cli.options import (
    device_option,
    folder_option,
    json_option,
    quiet_option,
    seed_option,
    threads_option,
    validation_option,
)

if TYPE_CHECKING:
    from inkdigits.data import Mnist
    from inkdigits.interfaces.report import Entry
    from inkdigits.training import Recipe

_NETWORKS = "softmax-regression,mlp,cnn"
_CURVE_EVERY = 10  # steps between two points of the learning curves


@click.command("compare")
@click.option(
    "--networks",
    default=_NETWORKS,
    show_default=True,
    metavar="A,B,…",
    help="The networks to train, separated by commas.",
)
@click.option(
    "--recipe", default="default", show_default=True, help="chapter, default or fast; for all."
)
@click.option(
    "--passes", type=click.IntRange(1), metavar="PASSES", help="Instead of each recipe's."
)
@click.option("--classics", is_flag=True, help="Also the classical methods, by scikit-learn.")
@click.option(
    "--preprocess",
    "preprocessing",
    type=click.Choice(["none", "deskew", "denoise", "blur"]),
    help="What to do to images before a classical method.  [default: none]",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="A run folder for each network goes in here.  [default: runs/compare-TIME]",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.html",
    help="Where to write the report.  [default: report.html in the folder]",
)
@click.option(
    "--deploy",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.onnx",
    help="Also save the network with the lowest validation cost here.",
)
@folder_option
@validation_option
@seed_option
@threads_option
@device_option
@quiet_option
@json_option
def command(
    networks: str,
    recipe: str,
    passes: int | None,
    classics: bool,
    preprocessing: str | None,
    out: Path | None,
    report: Path | None,
    deploy: Path | None,
    folder: Path | None,
    validation: int | None,
    seed: int,
    threads: int | None,
    device: str,
    quiet: bool,
    as_json: bool,
) -> None:
    """Train the chapter's three classifiers and compare them in a table and a report.

    The test set is looked at once for each; the one with the lowest validation cost is chosen.
    """
    require_training()
    from inkdigits.interfaces.report import Comparison, print_comparison, report_html
    from inkdigits.training.run_folder import new_run_folder, today, versions

    if preprocessing and not classics:
        raise UsageError("--preprocess is for the classical methods; add --classics")
    chosen = recipes(networks, recipe, passes)
    if classics:
        from inkdigits.training.classics import require_classics

        require_classics()
    out = out or new_run_folder("compare")
    check_places(out, list(chosen), report, deploy, validation)
    data = fetch_mnist(folder)
    check_validation(data, validation)

    entries: list[Entry] = []
    about: dict[str, Any] = {}
    for name, network_recipe in chosen.items():
        entry, about = _train(
            name,
            network_recipe,
            data,
            out / name,
            quiet=quiet,
            seed=seed,
            validation=validation,
            threads=threads,
            device=device,
        )
        entries.append(entry)
    if classics:
        entries += _classics(data, preprocessing or "none", seed, threads, quiet=quiet)
    comparison = Comparison(
        entries=tuple(entries),
        data=about,
        note=data.note,
        seed=seed,
        machine=_machine(device, threads),
        date=today(),
        versions=versions() | _sklearn_version(classics),
    )
    report = report or out / "report.html"
    write_whole(report, report_html(comparison, data.test).encode())
    best = comparison.best
    if deploy is not None and best is not None and best.model is not None:
        write_whole(deploy, best.model.read_bytes())
    if as_json:
        print_json(comparison.as_dict() | {"report": str(report)})
        return
    print_comparison(comparison)
    if best is not None:
        click.echo(f"best by validation cost: {best.name}, {deploy or best.model}")
    click.echo(f"report: {report}")


def _train(
    name: str, recipe: "Recipe", data: "Mnist", run_folder: Path, *, quiet: bool, **options: Any
) -> "tuple[Entry, dict[str, Any]]":
    from inkdigits.interfaces.report import Entry
    from inkdigits.training import Listener, train
    from inkdigits.training.learning_curve import LearningCurve
    from inkdigits.training.reporters import ProgressReporter, TextReporter

    curve, bar = LearningCurve(), ProgressReporter()
    listeners: list[Listener] = [curve]
    if not quiet:
        listeners += [bar, TextReporter(every=None)]
    try:
        result = train(
            name,
            data,
            recipe,
            run_folder=run_folder,
            every=_CURVE_EVERY,
            on_event=listeners,
            **options,
        )
    finally:
        bar.close()
    return Entry.of_network(result, curve), result.data


def _classics(
    data: "Mnist", preprocessing: str, seed: int, threads: int | None, *, quiet: bool
) -> "list[Entry]":
    from inkdigits.interfaces.report import Entry
    from inkdigits.training.classics import CLASSICS, train_classic

    entries = []
    for name, classic in CLASSICS.items():
        if not quiet:
            note(f"training {classic.title} on {len(data.train):,} images")
        result = train_classic(
            name,
            data.train,
            data.test,
            preprocessing=preprocessing,
            seed=seed,
            threads=threads,
        )
        entries.append(Entry.of_classic(result))
    return entries


def _machine(device: str, threads: int | None) -> str:
    import platform

    from inkdigits.processors import usable_processors

    used = threads or usable_processors()
    return f"{platform.system()} {platform.machine()}, {used} threads, device {device}"


def _sklearn_version(classics: bool) -> dict[str, str]:
    if not classics:
        return {}
    from importlib.metadata import version

    return {"scikit-learn": version("scikit-learn")}
