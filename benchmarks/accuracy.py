"""Test accuracy of the chapter's classifiers: each network and recipe, mean over seeds.

    python -m benchmarks.accuracy            train all (about half an hour on two cores), print
    python -m benchmarks.accuracy --table    print the table of benchmarks/results/accuracy.json

Each run is the real command, `inkdigits train NETWORK --recipe RECIPE --seed SEED --json`: it
chooses its pass on the validation split and looks at the test set once. A run that is in the
results file already is not done again, so that an interrupted benchmark goes on.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

RESULTS = Path(__file__).parent / "results" / "accuracy.json"
CHAPTER = {"softmax-regression": 0.9234, "mlp": 0.9766, "cnn": 0.9920}
RECIPES = ("chapter", "default", "fast")
KEPT = ("test_accuracy", "test_cost", "best_pass", "parameters")


def main() -> None:
    """Run what is missing, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--networks", nargs="*", default=list(CHAPTER))
    parser.add_argument("--recipes", nargs="*", default=list(RECIPES))
    parser.add_argument("--table", action="store_true", help="only print what is there")
    arguments = parser.parse_args()
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {"runs": []}
    if not arguments.table:
        for network in arguments.networks:
            for recipe in arguments.recipes:
                for seed in range(arguments.seeds):
                    _run_once(results, network, recipe, seed)
    print(table(results["runs"]))


def table(runs: list[dict]) -> str:
    """The runs as a table in Markdown: mean, lowest and highest accuracy."""
    lines = [
        "| network | the chapter | recipe | passes | test accuracy, mean (range) | seeds |",
        "|---|---|---|---|---|---|",
    ]
    for network, chapter in CHAPTER.items():
        for recipe in RECIPES:
            chosen = [r for r in runs if (r["network"], r["recipe"]) == (network, recipe)]
            if not chosen:
                continue
            accuracy = [run["test_accuracy"] for run in chosen]
            lines.append(
                f"| `{network}` | {chapter:.2%} | `{recipe}` | {chosen[0]['passes']} "
                f"| {statistics.mean(accuracy):.2%} ({min(accuracy):.2%} to {max(accuracy):.2%}) "
                f"| {len(chosen)} |"
            )
    return "\n".join(lines)


def _run_once(results: dict, network: str, recipe: str, seed: int) -> None:
    wanted = (network, recipe, seed)
    if any((run["network"], run["recipe"], run["seed"]) == wanted for run in results["runs"]):
        return
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "inkdigits", "train", network, "--recipe", recipe]
        command += ["--seed", str(seed), "--out", f"{folder}/run", "--quiet", "--json"]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    result = json.loads(done.stdout)
    run = {"network": network, "recipe": recipe, "seed": seed, "passes": result["recipe"]["passes"]}
    results["runs"].append(run | {name: result[name] for name in KEPT})
    results["data"] = result["data"]["checksum"]
    results["machine"] = f"{_processor()}, {len(os.sched_getaffinity(0))} processors"
    results["python"] = platform.python_version()
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    print(network, recipe, seed, f"{result['test_accuracy']:.2%}", flush=True)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return platform.machine()


if __name__ == "__main__":
    main()
