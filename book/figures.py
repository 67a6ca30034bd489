"""Figures of the book that benchmarks measured, read from their result files at each build.

Pages write `{{ name }}`; a name that no result file gives stops the build. So no such figure is
typed by hand, and none can be older than its benchmark.
"""

import json
import statistics
from pathlib import Path
from typing import Any

from book.chosen import model_table, recipe_table
from book.speed import speed_figures, speed_tables

NETWORKS = {"softmax": "softmax-regression", "mlp": "mlp", "cnn": "cnn"}
_MOST_TILES = 6
CHAPTER = {"softmax": 0.9234, "mlp": 0.9766, "cnn": 0.9920}


def figures(results: Path) -> dict[str, str]:
    """All figures by name, as text in the form in which pages show them."""
    accuracy = _load(results / "accuracy.json")
    found = _accuracy(accuracy) | _pictures(_load(results / "pictures.json"))
    found |= speed_figures(results)
    found["accuracy_table"] = _accuracy_table(accuracy["runs"])
    found["recipe_table"] = recipe_table()
    found["model_table"] = model_table()
    found["speed_tables"] = speed_tables(results)
    return found | {"tiles": tiles(found)}


def tiles(found: dict[str, str]) -> str:
    """The opening page's boxes: a figure, what it is, and what it is to be compared with.

    Boxes about speed are there only where its figures are; six at most, so that all are in sight.
    """
    boxes = [
        (
            found["single_ours"],
            f"of {found['single_count']} pictures of one digit by {found['single_sources']} people "
            f"and programs read right. The same network behind the tutorial's own resize: "
            f"{found['single_chapter']}.",
        ),
        (
            found["cnn_default"],
            f"of MNIST's test images right with the tutorial's network, mean of "
            f"{found['cnn_seeds']} seeds, the pass chosen on validation images. The tutorial "
            f"reports {found['cnn_tutorial']}.",
        ),
        *_of_speed(found),
        (
            found["mlp_default"],
            f"with its multilayer perceptron, where the tutorial reports {found['mlp_tutorial']}.",
        ),
        (
            found["cnn_size"],
            "is the whole model file of the tutorial's network: ONNX, which reads pictures without "
            "a deep-learning framework.",
        ),
    ]
    shown = [f"<div><b>{figure}</b><p>{text}</p></div>" for figure, text in boxes[:_MOST_TILES]]
    return f'<div class="tiles">{"".join(shown)}</div>'


def _of_speed(found: dict[str, str]) -> list[tuple[str, str]]:
    boxes = []
    if "start_ours" in found:
        text = (
            f"from the command to a digit read, as a whole process. A bare script in PyTorch takes "
            f"{found['start_pytorch']}."
        )
        boxes.append((found["start_ours"], text))
    if "train_ours" in found:
        text = (
            "trains that network and writes its model file, by the recipe <code>fast</code>. The "
            f"best plain PyTorch that we could write takes {found['train_pytorch']}."
        )
        boxes.append((found["train_ours"], text))
    if "serve_ours" in found:
        text = (
            "pictures of a digit read in a second over HTTP, ink found and normalised; "
            f"99 % within {found['serve_p99']}."
        )
        if "serve_fastapi" in found:
            text += f" FastAPI around the same model, resizing only: {found['serve_fastapi']}."
        boxes.append((found["serve_ours"], text))
    return boxes


def _accuracy(content: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for short, network in NETWORKS.items():
        found[f"{short}_tutorial"] = f"{CHAPTER[short]:.2%}"
        for recipe in ("chapter", "default", "fast"):
            runs = [r for r in content["runs"] if (r["network"], r["recipe"]) == (network, recipe)]
            right = [run["test_accuracy"] for run in runs]
            found[f"{short}_{recipe}"] = f"{statistics.mean(right):.2%}"
            found[f"{short}_{recipe}_range"] = f"{min(right):.2%} to {max(right):.2%}"
            found[f"{short}_{recipe}_passes"] = str(runs[0]["passes"])
            found[f"{short}_seeds"] = str(len(right))
    model = Path(__file__).parents[1] / "src/inkdigits/inference/models/cnn.onnx"
    found["cnn_size"] = f"{model.stat().st_size / 1000:.0f} kB"
    return found


def _accuracy_table(runs: list[dict[str, Any]]) -> str:
    """Every network and recipe that was measured, in the file's order."""
    lines = [
        "| network | recipe | passes | seeds | test accuracy, mean | range |",
        "|---|---|---|---|---|---|",
    ]
    for network, recipe in dict.fromkeys((run["network"], run["recipe"]) for run in runs):
        group = [run for run in runs if (run["network"], run["recipe"]) == (network, recipe)]
        right = [run["test_accuracy"] for run in group]
        lines.append(
            f"| `{network}` | `{recipe}` | {group[0]['passes']} | {len(group)} "
            f"| {statistics.mean(right):.2%} | {min(right):.2%} to {max(right):.2%} |"
        )
    return "\n".join(lines)


def _pictures(content: dict[str, Any]) -> dict[str, str]:
    ours, chapter = content["inkdigits"], content["chapter"]
    pages, rejection = ours["pages"], ours["rejection"]
    strict = rejection["at_confidence"]["0.7"]
    return {
        "picture_reader": ours["reader"],
        "single_count": str(ours["single"]["count"]),
        "single_sources": str(len(ours["single"]["by_source"])),
        "single_ours": f"{ours['single']['pooled']:.1%}",
        "single_chapter": f"{chapter['single']['pooled']:.1%}",
        "source_ours": f"{ours['single']['source_mean']:.1%}",
        "source_chapter": f"{chapter['single']['source_mean']:.1%}",
        "semeion_ours": f"{ours['sets']['semeion']['accuracy']:.1%}",
        "semeion_chapter": f"{chapter['sets']['semeion']['accuracy']:.1%}",
        "optdigits_ours": f"{ours['sets']['optdigits_orig_tra']['accuracy']:.1%}",
        "optdigits_chapter": f"{chapter['sets']['optdigits_orig_tra']['accuracy']:.1%}",
        "pages_count": str(pages["count"]),
        "pages_digits": str(pages["digits"]),
        "pages_rows_exact": f"{pages['rows_exact']:.1%}",
        "pages_digit_errors": f"{pages['digit_error_rate']:.1%}",
        "others_count": str(rejection["others"]),
        "others_read": f"{rejection['at_confidence']['0.5']['others_read']:.0%}",
        "others_read_strict": f"{strict['others_read']:.0%}",
        "digits_refused_strict": f"{strict['digits_refused']:.0%}",
    }


def _load(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text())
    return content
