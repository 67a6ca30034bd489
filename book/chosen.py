"""What was chosen, as tables of the protocol page: the frozen recipes and the bundled models.

Both are read from the package at each build, the models from what their files say of themselves.
"""

from dataclasses import fields

from inkdigits.inference.bundled import ALIASES, bundled_names
from inkdigits.inference.evaluation import wilson_interval
from inkdigits.inference.model_file import ModelMetadata
from inkdigits.inference.onnx_file import metadata_properties
from inkdigits.inference.recognizer import read_model
from inkdigits.training.recipes import RECIPES, Recipe


def recipe_table() -> str:
    """Every recipe of every network; of the settings only those that differ from the plainest."""
    plainest = Recipe("plainest")
    lines = ["| network | recipe | passes | what else it is |", "|---|---|---|---|"]
    for network, recipes in RECIPES.items():
        for recipe in recipes.values():
            said = [
                f"{field.name.replace('_', ' ')} `{getattr(recipe, field.name)}`"
                for field in fields(recipe)
                if field.name not in ("name", "passes")
                and getattr(recipe, field.name) != getattr(plainest, field.name)
            ]
            lines.append(f"| `{network}` | `{recipe.name}` | {recipe.passes} | {', '.join(said)} |")
    return "\n".join(lines)


def model_table() -> str:
    """A line for each bundled model: how it was chosen, and what its look at the test set gave."""
    lines = [
        "| model | recipe, seed | chosen by | validation | test (95 % interval) | looks |",
        "|---|---|---|---|---|---|",
    ]
    for name in bundled_names():
        metadata = ModelMetadata.from_properties(metadata_properties(read_model(name), name), name)
        also = "".join(f" (`{alias}`)" for alias, target in ALIASES.items() if target == name)
        cells = [
            f"[`{name}`](models/{name}.md){also}",
            f"`{metadata.recipe['name']}`, {metadata.seed}",
            f"pass {metadata.best_pass} (from 0) of {metadata.recipe['passes']}, by "
            f"{metadata.data['validation']:,} images",
            f"{metadata.validation['accuracy']:.2%}" if metadata.validation else "not measured",
            _test(metadata),
            str(metadata.test["looks"]) if metadata.test else "0",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _test(metadata: ModelMetadata) -> str:
    if not metadata.test:
        return "not measured"
    count = int(metadata.data["test"])
    low, high = wilson_interval(round(metadata.test["accuracy"] * count), count)
    return f"{metadata.test['accuracy']:.2%} ({low:.2%} to {high:.2%})"
