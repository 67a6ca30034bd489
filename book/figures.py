"""Figures of the book that benchmarks measured, read from their result files at each build.

Pages write `{{ name }}`; a name that no result file gives stops the build. So no such figure is
typed by hand, and none can be older than its benchmark.
"""

import json
import statistics
from pathlib import Path
from typing import Any

NETWORKS = {"softmax": "softmax-regression", "mlp": "mlp", "cnn": "cnn"}
CHAPTER = {"softmax": 0.9234, "mlp": 0.9766, "cnn": 0.9920}


def figures(results: Path) -> dict[str, str]:
    """All figures by name, as text in the form in which pages show them."""
    found = _accuracy(_load(results / "accuracy.json")) | _pictures(
        _load(results / "pictures.json")
    )
    return found | {"tiles": tiles(found)}


def tiles(found: dict[str, str]) -> str:
    """The opening page's boxes: a figure, what it is, and what it is to be compared with."""
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
    inner = "".join(f"<div><b>{figure}</b><p>{text}</p></div>" for figure, text in boxes)
    return f'<div class="tiles">{inner}</div>'


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


def _pictures(content: dict[str, Any]) -> dict[str, str]:
    ours, chapter = content["inkdigits"], content["chapter"]
    pages, rejection = ours["pages"], ours["rejection"]
    strict = rejection["at_confidence"]["0.99"]
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
