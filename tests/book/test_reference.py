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
from inkdigits.training.recipes import RECIPES
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
    tested = f"{metadata.test['accuracy']:.2%} right" if metadata.test else "| not measured |"
    assert tested in text
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


@pytest.fixture
def results(tmp_path):
    """A folder with the results that are always there."""
    for name in ("accuracy.json", "pictures.json"):
        (tmp_path / name).write_text((RESULTS / name).read_text())
    return tmp_path


def test_figures_follow_the_result_files(results):
    before = figures(results)
    content = json.loads((results / "pictures.json").read_text())
    content["inkdigits"]["single"]["pooled"] = 0.123
    (results / "pictures.json").write_text(json.dumps(content))
    after = figures(results)
    assert after["single_ours"] == "12.3%"
    assert "12.3%" in after["tiles"]
    assert "12.3%" not in before["tiles"]


def test_the_opening_page_takes_figures_of_speed_where_they_are(results):
    without = figures(results)
    assert without["tiles"].count("<div><b>") == 4
    assert "has not been measured" in without["speed_tables"]
    _measured(
        results, "startup", ("`inkdigits read --single`", 0.21), ("PyTorch, bare script", 1.5)
    )
    fast = "`inkdigits train cnn --recipe fast`"
    _measured(
        results, "training", (fast, 9.04), ("PyTorch, best plain way, one-cycle, 3 passes", 12)
    )
    loads = {"single": _load(1612.4), "FastAPI": _load(402.0)}
    (results / "serve.json").write_text(json.dumps(loads))
    found = figures(results)
    assert found["tiles"].count("<div><b>") == 6
    for figure in ("0.210 s", "1.50 s", "9.04 s", "12.0 s", "1,612", "402"):
        assert figure in found["tiles"]
        assert figure in found["speed_tables"]


def test_a_comparison_that_is_lost_is_in_the_tables_and_not_on_the_opening_page(results):
    _measured(results, "startup", ("`inkdigits read --single`", 2.5), ("PyTorch, bare script", 1.5))
    found = figures(results)
    assert "2.50 s" not in found["tiles"]
    assert "2.50 s" in found["speed_tables"]


@pytest.mark.parametrize("kept", [{"missing": "not installed", "wall": []}, {"wall": []}])
def test_a_peer_that_did_not_run_is_no_comparison(results, kept):
    path = _measured(results, "startup", ("`inkdigits read`", 0.2), ("PyTorch, bare script", 1.5))
    content = json.loads(path.read_text())
    content["records"][1] |= kept
    path.write_text(json.dumps(content))
    assert "from the command" not in figures(results)["tiles"]


def test_a_quick_measurement_and_a_service_that_failed_stay_off_the_opening_page(results):
    path = _measured(results, "startup", ("`inkdigits read`", 0.2), ("PyTorch, bare script", 1.5))
    path.write_text(json.dumps(json.loads(path.read_text()) | {"quick": True}))
    failing = _load(1612.4) | {"failures": {"reset": 3}}
    (results / "serve.json").write_text(json.dumps({"single": failing}))
    assert figures(results)["tiles"].count("<div><b>") == 4


def test_the_protocol_has_every_recipe_and_every_bundled_model():
    found = figures(RESULTS)
    for network, recipes in RECIPES.items():
        for name, recipe in recipes.items():
            assert f"| `{network}` | `{name}` | {recipe.passes} |" in found["recipe_table"]
    for name in bundled_names():
        metadata = Recognizer.load(name).metadata
        line = next(x for x in found["model_table"].splitlines() if x.startswith(f"| [`{name}`]"))
        if metadata.test:
            assert f"| {metadata.test['accuracy']:.2%} (" in line
            assert line.endswith(f"| {metadata.test['looks']} |")
        else:
            assert line.endswith("| not measured | 0 |")


def _measured(results, part, *records):
    path = results / f"speed-{part}.json"
    about = {
        "machine": "a machine",
        "commit": "abc",
        "date": "today",
        "quick": False,
        "load": [0.1],
    }
    rest = {"group": "", "missing": "", "processor": [1.0], "peak": [100.0], "inner": {}}
    made = [{"name": name, "wall": [seconds], **rest} for name, seconds in records]
    path.write_text(json.dumps(about | {"records": made}))
    return path


def _load(per_second):
    times = {"count": 100, "per_second": per_second, "p50_ms": 20.0, "p99_ms": 41.2}
    rest = {"failures": {}, "busy": {"others": 0.0}, "memory_mb": [120.0], "machine": "a machine"}
    return times | rest


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
