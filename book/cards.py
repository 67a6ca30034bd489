"""Model cards: from what a model file says of itself to a page in Markdown.

    python -m book.cards [FILE.onnx ...]    print the cards of these files, or of the bundled ones

`write_cards(folder)` writes a page for each bundled model; each build of the book does so, so that
a card can't differ from its file.
"""

import sys
from pathlib import Path

from inkdigits.inference.bundled import ALIASES, bundled_names
from inkdigits.inference.evaluation import wilson_interval
from inkdigits.inference.model_file import NOT_A_DIGIT_OUTPUT, ModelMetadata
from inkdigits.inference.onnx_file import metadata_properties
from inkdigits.inference.recognizer import read_model

_LIMITS = (
    "It tells the digits 0 to 9 apart in images of 28 by 28 pixels that are made as MNIST's are; "
    "`inkdigits read` makes them so from pictures. {} MNIST's writers were employees of the US "
    "Census Bureau and US high-school students of around 1990: digits of other places and times "
    "can look different."
)
_REJECTS = (
    "A second output is the probability that an image shows no digit at all; it was learned from "
    "signs and fragments made from MNIST's own digits, not from real letters."
)
_GUESSES = (
    "It has seen no letters and no other signs: it gives a digit for whatever it is shown, and a "
    "low probability is the only hint that there was none."
)


def write_cards(folder: Path) -> None:
    """Write the card of each bundled model as `NAME.md`."""
    folder.mkdir(exist_ok=True)
    for name in bundled_names():
        (folder / f"{name}.md").write_text(card_of(name))


def card_of(model: str) -> str:
    """The card of a bundled model or a file."""
    content = read_model(model)
    metadata = ModelMetadata.from_properties(metadata_properties(content, model), model)
    rejects = NOT_A_DIGIT_OUTPUT.encode() in content
    return card(metadata, Path(model).name.removesuffix(".onnx"), len(content), rejects=rejects)


def card(metadata: ModelMetadata, name: str, size: int, *, rejects: bool = False) -> str:
    """A model card (Mitchell et al. 2019, "Model Cards for Model Reporting") in Markdown.

    Args:
        metadata: what the model file says of itself.
        name: the model's name, the card's title.
        size: of the file in bytes.
        rejects: whether it has learned to say what is not a digit.
    """
    data, recipe = metadata.data, metadata.recipe
    aliases = [f"`{alias}`" for alias, target in ALIASES.items() if target == name]
    also = f" (also {', '.join(aliases)})" if aliases else ""
    rows = [
        ("Network", f"`{metadata.network}`, {metadata.parameters:,} parameters"),
        ("File", f"{size:,} bytes, format `{metadata.format}`, licence {metadata.licence}"),
        ("Trained on", f"{data['train']:,} images of {data['name']}, on {metadata.date}"),
        ("Data's SHA-256", f"`{data['checksum']}`"),
        ("Chosen by", f"{data['validation']:,} validation images: pass {metadata.best_pass}"),
        ("Validation", _figures(metadata.validation, data["validation"])),
        ("Test", _figures(metadata.test, data["test"])),
        ("Looks at the test set", str(metadata.test["looks"]) if metadata.test else "none"),
        ("Temperature", f"{metadata.temperature:.3f}"),
        ("Seed", str(metadata.seed)),
        ("Made with", ", ".join(f"{n} {v}" for n, v in metadata.versions.items())),
    ]
    settings = [
        (key.replace("_", " "), f"`{value}`") for key, value in recipe.items() if key != "name"
    ]
    command = f"inkdigits train {metadata.network} --recipe {recipe['name']} --seed {metadata.seed}"
    return "\n".join(
        [
            f"# {name}",
            "",
            f"What the bundled model `{name}`{also} says of itself. "
            "This page is made from the file's metadata.",
            "",
            *_table(("", ""), rows),
            "",
            f"## Recipe `{recipe['name']}`",
            "",
            *_table(("setting", "value"), settings),
            "",
            "## Make it again",
            "",
            "```console",
            f"$ {command} --threads 1",
            *([f"$ inkdigits quantize FILE --save {name}.onnx"] if "weights" in recipe else []),
            "```",
            "",
            "The same seed, libraries, processor and number of threads give the same weights.",
            "",
            "## Use and limits",
            "",
            _LIMITS.format(_REJECTS if rejects else _GUESSES),
            "",
        ]
    )


def _figures(figures: dict[str, float] | None, count: int) -> str:
    if figures is None:
        return "not measured"
    low, high = wilson_interval(round(figures["accuracy"] * count), count)
    return (
        f"{figures['accuracy']:.2%} right (95 % interval {low:.2%} to {high:.2%}), "
        f"cost {figures['cost']:.4f}"
    )


def _table(head: tuple[str, str], rows: list[tuple[str, str]]) -> list[str]:
    return [f"| {head[0]} | {head[1]} |", "|---|---|", *(f"| {a} | {b} |" for a, b in rows)]


if __name__ == "__main__":
    print("\n".join(card_of(name) for name in sys.argv[1:] or bundled_names()))  # noqa: T201
