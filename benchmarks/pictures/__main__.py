"""Scores readers on a folder of real pictures.

    python -m benchmarks.pictures FOLDER
    python -m benchmarks.pictures FOLDER --reader rapidocr --reader tesseract --json figures.json
    python -m benchmarks.pictures FOLDER --model runs/mine/best.onnx --report report

The folder is laid out as `benchmarks/pictures/folder.py` says. Readers see the same pixels and run
one after another; peers that are not installed are said to be missing.
"""

import argparse
import json
import sys
from pathlib import Path

import cv2

from benchmarks.pictures.folder import open_folder
from benchmarks.pictures.measure import Result, measure
from benchmarks.pictures.readers import READERS, Missing, open_reader
from benchmarks.pictures.report import write_report
from inkdigits.errors import InkdigitsError


def main() -> None:
    """Score the readers that are asked for, and print their figures."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.pictures", description=__doc__.splitlines()[0]
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--reader", action="append", choices=list(READERS), help="may be given several times"
    )
    parser.add_argument("--model", default="best", help="model file or bundled name (best)")
    parser.add_argument("--most", type=int, help="at most so many images of each set")
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument("--report", type=Path, help="folder for the mistakes as pictures")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)  # so that milliseconds are those of one core
    pictures = open_folder(arguments.folder)
    results: dict[str, Result] = {}
    for name in arguments.reader or ["inkdigits"]:
        try:
            reader = open_reader(name, arguments.model)
        except Missing as missing:
            print(f"{name} is left out: {missing}", file=sys.stderr)
            continue
        except InkdigitsError as error:
            raise SystemExit(str(error)) from error
        results[name] = measure(reader, pictures, arguments.most, _say)
        print(summary(results[name]))
        if arguments.report:
            folder = (
                arguments.report / name if len(arguments.reader or ()) > 1 else arguments.report
            )
            print(f"mistakes: {write_report(folder, results[name])}")
    if arguments.json:
        figures = {name: result.figures for name, result in results.items()}
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n")


def summary(result: Result) -> str:
    """The figures in a few lines."""
    figures = result.figures
    lines = [figures["reader"]]
    if single := figures.get("single"):
        lines.append(
            f"  one digit: {single['pooled']:.1%} pooled, {single['source_mean']:.1%} mean over "
            f"{len(single['by_source'])} sources, {single['milliseconds']:.1f} ms"
        )
    for name, part in figures.get("sets", {}).items():
        lines.append(f"  {name}: {part['accuracy']:.2%} of {part['count']}")
    if pages := figures.get("pages"):
        lines.append(
            f"  pages: {pages['rows_exact']:.1%} of {pages['rows']} rows exact, digit error rate "
            f"{pages['digit_error_rate']:.1%}, {pages['milliseconds']:.0f} ms"
        )
    elif "pages" in figures:
        lines.append("  pages: can't read them")
    if rejection := figures.get("rejection"):
        for least, part in rejection["at_confidence"].items():
            refused = part["digits_refused"]
            digits = "" if refused is None else f", {refused:.1%} of digits refused"
            lines.append(f"  at {least}: {part['others_read']:.1%} of non-digits read{digits}")
    return "\n".join(lines)


def _say(part: str) -> None:
    print(f"  … {part}", file=sys.stderr)


if __name__ == "__main__":
    main()
