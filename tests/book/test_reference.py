"""The reference says what is so: commands, names, model cards, figures."""

import importlib
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from book.cards import card, card_of
from book.figures import figures

from book import command_line
from inkdigits.inference import Recognizer, bundled_names
from inkdigits.interfaces.cli.main import COMMANDS
from tests.book.conftest import BOOK

RESULTS = Path("benchmarks/results")


def test_the_page_of_commands_is_that_of_the_commands():
    assert command_line.PAGE.read_text() == command_line.page(), (
        "out of date; run: python -m book.command_line"
    )


def test_every_command_and_option_is_on_the_page():
    text = command_line.PAGE.read_text()
    for name, (_, module) in COMMANDS.items():
        assert f"## inkdigits {name}\n" in text
        command = importlib.import_module(f"inkdigits.interfaces.cli.{module}").command
        for parameter in command.params:
            assert parameter.param_type_name == "argument" or parameter.opts[0] in text


@pytest.mark.parametrize("package", ["data", "networks", "training", "inference", "pictures"])
def test_every_public_name_is_documented(package):
    text = (BOOK / "reference/python.md").read_text()
    public = set(importlib.import_module(f"inkdigits.{package}").__all__)
    listed = set(re.findall(r"auto(?:function|class):: (?:[\w.]+\.)?(\w+)", text))
    # Types, the older spelling of the networks' names, and what only other parts of inkdigits need.
    apart = {
        *("Event", "Listener", "Source", "Ink", "Picture"),
        *("softmax_regression", "multilayer_perceptron", "convolutional_neural_network"),
        *("find", "find_ink", "each_page", "write_review", "bundled_names"),
        *("cache_folder", "open_records"),
    }
    assert public - listed <= apart


@pytest.mark.parametrize("name", bundled_names())
def test_a_card_says_what_the_model_file_says(name):
    text, metadata = card_of(name), Recognizer.load(name).metadata
    assert text.startswith(f"# {name}\n")
    assert f"{metadata.parameters:,} parameters" in text
    assert metadata.data["checksum"] in text
    assert f"{metadata.test['accuracy']:.2%} right" in text
    assert f"inkdigits train {metadata.network} --recipe {metadata.recipe['name']}" in text
    for setting, value in metadata.recipe.items():
        if setting != "name":
            assert f"| {setting.replace('_', ' ')} | `{value}` |" in text


def test_a_card_of_a_model_without_figures_says_so():
    metadata = replace(Recognizer.load("cnn").metadata, validation=None, test=None)
    text = card(metadata, "mine", 1234)
    assert "| Test | not measured |" in text
    assert "| Looks at the test set | none |" in text
    assert "1,234 bytes" in text


def test_figures_follow_the_result_files(tmp_path):
    for name in ("accuracy.json", "pictures.json"):
        (tmp_path / name).write_text((RESULTS / name).read_text())
    before = figures(tmp_path)
    content = json.loads((tmp_path / "pictures.json").read_text())
    content["inkdigits"]["single"]["pooled"] = 0.123
    (tmp_path / "pictures.json").write_text(json.dumps(content))
    after = figures(tmp_path)
    assert after["single_ours"] == "12.3%"
    assert "12.3%" in after["tiles"]
    assert "12.3%" not in before["tiles"]


def test_no_accuracy_of_ours_is_typed_into_a_page():
    measured = figures(RESULTS)
    ours = {
        value
        for name, value in measured.items()
        if re.fullmatch(r"\d+\.\d+%", value) and not name.endswith("_tutorial")
    }
    for path in BOOK.rglob("*.md"):
        if path.parent.name != "models":
            spaced = path.read_text().replace(" %", "%")
            assert not [figure for figure in ours if figure in spaced], path
