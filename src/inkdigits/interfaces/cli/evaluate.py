"""`inkdigits evaluate`: measure a model file on the MNIST test set."""

from pathlib import Path

import click

from inkdigits.interfaces.cli.common import print_json
from inkdigits.interfaces.cli.fetching import fetch_mnist
from inkdigits.interfaces.cli.options import (
    folder_option,
    json_option,
)


@click.command("evaluate")
@click.argument("model", default="best")
@folder_option
@json_option
def command(model: str, folder: Path | None, as_json: bool) -> None:
    """Measure MODEL (a file, or the name of a bundled one) on the MNIST test set."""
    from inkdigits.inference import Recognizer

    recognizer = Recognizer.load(model)
    digits = fetch_mnist(folder).test
    evaluation = recognizer.evaluate(digits)
    low, high = evaluation.interval
    if as_json:
        print_json(
            {
                "model": model,
                "data": digits.name,
                "count": evaluation.count,
                "errors": evaluation.errors,
                "accuracy": evaluation.accuracy,
                "interval": [low, high],
                "cost": evaluation.cost,
                "confusion": evaluation.confusion.tolist(),
            }
        )
        return
    click.echo(
        f"{model} on {digits.name}: {evaluation.accuracy:.2%} right ({evaluation.errors} errors in "
        f"{evaluation.count:,}), 95 % interval {low:.2%} to {high:.2%}, cost {evaluation.cost:.4f}"
    )
    click.echo("\nConfusion (rows: true digit, columns: as read)\n")
    click.echo("     " + "".join(f"{digit:6d}" for digit in range(10)))
    for digit, row in enumerate(evaluation.confusion):
        click.echo(f"{digit:5d}" + "".join(f"{count:6d}" if count else "     ." for count in row))
