"""`inkdigits models`: the models that come with inkdigits, and what each says of itself."""

import click

from inkdigits.interfaces.cli.common import print_json
from inkdigits.interfaces.cli.options import (
    json_option,
)


@click.command("models")
@click.argument("model", nargs=-1)
@json_option
def command(model: tuple[str, ...], as_json: bool) -> None:
    """List the bundled models, or show what each MODEL (a file or a name) says of itself."""
    from dataclasses import asdict

    from inkdigits.inference.bundled import bundled_names
    from inkdigits.inference.model_file import ModelMetadata
    from inkdigits.inference.onnx_file import metadata_properties
    from inkdigits.inference.recognizer import read_model

    rows = []
    for name in model or bundled_names():
        content = read_model(name)
        metadata = ModelMetadata.from_properties(metadata_properties(content, name), name)
        rows.append({"model": name, "bytes": len(content), **asdict(metadata)})
    if as_json:
        print_json(rows)
        return
    width = max([len("model"), *(len(row["model"]) for row in rows)])
    click.echo(
        f"{'model':{width}}  {'parameters':>10}  {'bytes':>9}  {'test':>7}  "
        f"{'recipe':8}  trained on"
    )
    for row in rows:
        test = f"{row['test']['accuracy']:.2%}" if row["test"] else "-"
        data = f"{row['data']['train']:,} of {row['data']['name']}, seed {row['seed']}"
        click.echo(
            f"{row['model']:{width}}  {row['parameters']:>10,}  {row['bytes']:>9,}  {test:>7}  "
            f"{row['recipe']['name']:8}  {data}, {row['date']}"
        )
