"""README says what is so: its figures are the benchmarks', its commands and files exist."""

import json
import re
from pathlib import Path

from benchmarks.accuracy import RESULTS, table
from benchmarks.serve.table import table as table_of_serving
from benchmarks.speed.figures import figures, figures_as_text

from inkdigits.interfaces.cli.main import COMMANDS

README = Path("README.md").read_text()


def test_the_accuracy_table_is_the_one_that_the_benchmark_prints():
    shown = (
        README.partition("<!-- accuracy: ")[2].partition("-->\n")[2].partition("<!-- end -->")[0]
    )
    assert shown.strip() == table(json.loads(RESULTS.read_text())["runs"])


def test_the_figures_on_pictures_are_those_that_were_measured():
    figures = json.loads((RESULTS.parent / "pictures.json").read_text())
    ours, chapter = figures["inkdigits"], figures["chapter"]
    single, sets = ([reader[part] for reader in (chapter, ours)] for part in ("single", "sets"))
    pages = ours["pages"]
    measured = [
        *(f" {one['pooled']:.1%} / {one['source_mean']:.1%} |" for one in single),
        *(
            f" {one['semeion']['accuracy']:.1%} / {one['optdigits_orig_tra']['accuracy']:.1%} |"
            for one in sets
        ),
        f" {pages['rows_exact']:.1%} / {pages['digit_error_rate']:.1%} |",
    ]
    at_confidence = ours["rejection"]["at_confidence"]
    measured += [
        f"{ours['rejection']['others']} pictures without digits",
        f"{at_confidence['0.5']['others_read']:.0%} give one",
        f"refuses {at_confidence['0.5']['digits_refused']:.0%} of true digits",
        f"{at_confidence['0.7']['others_read']:.0%} at 0.7",
    ]
    flowing = " ".join(README.split())
    assert [cell for cell in measured if " ".join(cell.split()) not in flowing] == []


def test_the_table_of_serving_is_the_one_that_its_benchmark_prints():
    measured = RESULTS.parent / "serve.json"
    shown = README.partition("<!-- serve: ")[2].partition("-->\n")[2].partition("<!-- end -->")[0]
    wanted = table_of_serving(json.loads(measured.read_text())) if measured.exists() else ""
    assert shown.strip() == wanted


def test_the_table_of_speed_is_the_one_that_its_benchmark_prints():
    shown = README.partition("<!-- speed: ")[2].partition("-->\n")[2].partition("<!-- end -->")[0]
    assert shown.strip() == figures_as_text(figures()).strip()


def test_every_command_that_it_shows_is_there():
    shown = set(re.findall(r"^inkdigits ([a-z]+)", README, re.MULTILINE))
    assert len(shown) >= 5
    assert shown <= set(COMMANDS)


def test_every_file_that_it_links_is_there():
    linked = set(re.findall(r"\]\(([^):]+)\)", README))
    assert {"ARCHITECTURE.md", "CONTRIBUTING.md"} <= linked
    assert all(Path(name).exists() for name in linked)


def test_its_two_commands_are_targets():
    targets = set(re.findall(r"^([a-z]+):", Path("Makefile").read_text(), re.MULTILINE))
    assert {"run", "test", "install", "check"} <= targets
