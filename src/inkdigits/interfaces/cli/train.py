"""`inkdigits train`: train a network, or go on with an interrupted run."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inkdigits.errors import MissingExtraError, UsageError
from inkdigits.files import write_whole
from inkdigits.interfaces.cli.common import print_json, require_training
from inkdigits.interfaces.cli.fetching import fetch_mnist_meanwhile
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
    from inkdigits.training import Listener

# What may stand beside --resume; everything else was decided when the run started.
_WITH_RESUME = {"resumed", "save", "folder", "tensorboard", "quiet", "as_json"}


@click.command("train")
@click.argument("network", required=False)
@click.option("--recipe", help="chapter, default or fast.  [default: default]")
@click.option(
    "--resume",
    "resumed",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Go on with the interrupted run in this folder.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="The run folder.  [default: runs/NETWORK-TIME]",
)
@click.option(
    "--save",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.onnx",
    help="Copy the chosen model here too.",
)
@folder_option
@click.option(
    "--learning-rate",
    type=click.FloatRange(0, min_open=True),
    metavar="RATE",
    help="Instead of the recipe's.",
)
@click.option(
    "--batch-size", type=click.IntRange(1), metavar="IMAGES", help="Instead of the recipe's."
)
@click.option(
    "--passes", type=click.IntRange(1, 10_000), metavar="COUNT", help="Instead of the recipe's."
)
@click.option("--augmentation", metavar="NAME", help="Instead of the recipe's; none for none.")
@click.option(
    "--precision",
    type=click.Choice(["auto", "float32", "bfloat16"]),
    help="Instead of the recipe's.",
)
@click.option("--activation", metavar="NAME", help="relu, tanh or sigmoid.  [default: relu]")
@click.option("--pooling", metavar="NAME", help="max or average.  [default: max]")
@validation_option
@seed_option
@click.option(
    "--every",
    type=click.IntRange(1),
    default=100,
    show_default=True,
    metavar="STEPS",
    help="Steps between two reports of the cost.",
)
@threads_option
@device_option
@click.option(
    "--tensorboard", is_flag=True, help="Also write what TensorBoard shows, in the run folder."
)
@quiet_option
@json_option
def command(
    network: str | None,
    recipe: str | None,
    resumed: Path | None,
    out: Path | None,
    save: Path | None,
    folder: Path | None,
    activation: str | None,
    pooling: str | None,
    validation: int | None,
    seed: int,
    every: int,
    threads: int | None,
    device: str,
    tensorboard: bool,
    quiet: bool,
    as_json: bool,
    **changes: float | int | str | None,
) -> None:
    """Train NETWORK (softmax-regression, mlp or cnn) on MNIST and save a model file.

    Ctrl-C leaves a run that --resume continues. Every pass is saved, the one with the lowest
    validation cost is chosen, and the test set is looked at once, at the end.
    """
    if (network is None) == (resumed is None):
        raise click.UsageError("give a NETWORK to train, or --resume FOLDER to go on with a run")
    if save is not None and not save.parent.is_dir():
        raise UsageError(f"the folder {save.parent} for --save is not there; make it first")
    require_training()
    data_when_there = fetch_mnist_meanwhile(folder)
    from inkdigits.training import recipe_for, resume, train
    from inkdigits.training.run_folder import new_run_folder

    options = {"activation": activation, "pooling": pooling}
    if network is None:
        assert resumed is not None
        _refuse_other_options()
        data = data_when_there()
        result = resume(resumed, data, on_event=_reporters(resumed, quiet, tensorboard))
    else:
        chosen = recipe_for(network, recipe or "default")
        given: dict[str, Any] = {name: to for name, to in changes.items() if to is not None}
        if given:
            chosen = replace(chosen, name="custom", **given)
        data = data_when_there()
        run_folder = out or new_run_folder(network)
        result = train(
            network,
            data,
            chosen,
            options={name: value for name, value in options.items() if value is not None},
            seed=seed,
            validation=validation,
            run_folder=run_folder,
            every=every,
            device=device,
            threads=threads,
            on_event=_reporters(run_folder, quiet, tensorboard),
        )
    if save is not None:
        write_whole(save, result.model.read_bytes())
    if as_json:
        print_json(result.as_dict())
    else:
        low, high = result.test.interval
        click.echo(
            f"{result.network}: {result.test.accuracy:.2%} of {result.test.count:,} test images "
            f"right (95 % interval {low:.2%} to {high:.2%}), cost {result.test.cost:.4f}, "
            f"best pass {result.best_pass}, {result.seconds:.1f} s"
        )
        click.echo(f"model: {save or result.model}")


def _reporters(run_folder: Path, quiet: bool, tensorboard: bool) -> list["Listener"]:
    from inkdigits.training.reporters import ProgressReporter, TensorBoardReporter, TextReporter

    # Steps are told at the run's own interval (--every), so that each has its line.
    listeners: list[Listener] = [] if quiet else [TextReporter(every=1), ProgressReporter()]
    if tensorboard:
        writer = TensorBoardReporter.if_installed(run_folder)
        if writer is None:
            raise MissingExtraError("TensorBoard is not here; install it: pip install tensorboard")
        listeners.append(writer)
    return listeners


def _refuse_other_options() -> None:
    context = click.get_current_context()
    for parameter in context.command.params:
        name = parameter.name or ""
        source = context.get_parameter_source(name)
        if name not in _WITH_RESUME and source == click.core.ParameterSource.COMMANDLINE:
            raise click.UsageError(
                f"{parameter.opts[0]} was decided when the run started; leave it out with --resume"
            )
