"""README says what is so: its figures are the benchmarks', its commands and files exist."""

import json
import re
from pathlib import Path

from benchmarks.accuracy import RESULTS, table

from inkdigits.interfaces.cli.main import COMMANDS

README = Path("README.md").read_text()


def test_the_accuracy_table_is_the_one_that_the_benchmark_prints():
    shown = (
        README.partition("<!-- accuracy: ")[2].partition("-->\n")[2].partition("<!-- end -->")[0]
    )
    assert shown.strip() == table(json.loads(RESULTS.read_text())["runs"])


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
