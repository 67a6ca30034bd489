"""`inkdigits quantize`: a model file in int8, for small processors."""

from pathlib import Path

import click

from inkdigits.interfaces.cli.common import print_json, require_training
from inkdigits.interfaces.cli.fetching import fetch_mnist
from inkdigits.interfaces.cli.options import folder_option, json_option


@click.command("quantize")
@click.argument("model")
@click.option(
    "--save",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    required=True,
    help="Where the int8 model file goes.",
)
@folder_option
@json_option
def command(model: str, save: Path, folder: Path | None, as_json: bool) -> None:
    """Save MODEL (a file, or the name of a bundled one) with weights of 8 bits.

    A large one shrinks to about a quarter, and it is read like any other. Both are measured on the
    validation split that the model's best pass was chosen by; the test set is not looked at.
    """
    require_training()
    from inkdigits.files import write_whole
    from inkdigits.inference.recognizer import read_model
    from inkdigits.training.quantization import quantize

    content = read_model(model)
    made = quantize(content, model, fetch_mnist(folder).train)
    write_whole(save, made.model)
    sizes = {"before": len(content), "after": len(made.model)}
    if as_json:
        accuracies = {"before": made.before.accuracy, "after": made.after.accuracy}
        print_json({"model": str(save), "bytes": sizes, "validation_accuracy": accuracies})
        return
    click.echo(
        f"{save}: {sizes['after']:,} bytes after {sizes['before']:,}, {made.after.accuracy:.2%} of "
        f"the validation split right after {made.before.accuracy:.2%}"
    )
