"""The options that several commands have, each said once."""

from pathlib import Path

import click

folder_option = click.option(
    "--folder",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="The folder with the four MNIST files, plain or .gz.  [default: $INKDIGITS_DATA]",
)
validation_option = click.option(
    "--validation",
    type=click.IntRange(0),
    metavar="IMAGES",
    help="Training images to choose the best pass by; 0: take the last pass."
    "  [default: 5000, or a tenth of a small set]",
)
seed_option = click.option(
    "--seed",
    type=click.IntRange(0, 2**31 - 1),
    default=0,
    show_default=True,
    help="Decides split, initial weights, order and augmentation.",
)
threads_option = click.option(
    "--threads",
    type=click.IntRange(1, 1024),
    help="Processors to use.  [default: all, or one where a step is too short to share]",
)
device_option = click.option(
    "--device",
    type=click.Choice(["auto", "cpu", "cuda"]),
    default="auto",
    show_default=True,
    help="Where to train.",
)
quiet_option = click.option("--quiet", is_flag=True, help="Say nothing while it trains.")
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print the result as JSON on standard output."
)
