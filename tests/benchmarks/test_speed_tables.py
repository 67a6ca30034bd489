"""Tables and results files of the speed benchmark: what they show of what was measured."""

import json

import pytest
from benchmarks.speed import environments, figures, results
from benchmarks.speed.comparing import Record
from benchmarks.speed.parts import floor, ladder, parts
from benchmarks.speed.parts.training import pass_seconds
from benchmarks.speed.tables import (
    PEAK,
    WALL,
    Column,
    a_second,
    inner,
    microseconds,
    percent,
    seconds,
    table,
)


def record(name, **more):
    plain = {"name": name, "group": "", "missing": "", "wall": [], "peak": [], "inner": {}}
    return plain | more


def test_a_row_shows_the_median_and_the_range():
    rows = [record("a", wall=[2.0, 1.0, 4.0], peak=[50.0, 50.0, 50.0])]
    assert table(rows, (WALL, PEAK)).splitlines()[-1] == (
        "| a | 2.00 s (1.00 s to 4.00 s) | 50 MB | 3 |"
    )


def test_who_is_missing_says_why():
    rows = [record("a", missing="no wheel | for this")]
    assert table(rows, (WALL, PEAK)).splitlines()[-1] == (
        "| a | missing: no wheel / for this | - | - |"
    )
    assert table(rows, (WALL,)).splitlines()[-1] == "| a | missing: no wheel / for this | - |"


def test_figures_that_a_command_tells_of_itself_have_columns():
    rows = [record("a", wall=[1.0], inner={"digit": [47e-6], "rates": [[1.0, 3.0, 2.0]]})]
    columns = (
        Column("one", inner("digit"), microseconds),
        Column("rate", inner("rates"), a_second),
        Column("nothing", inner("absent"), seconds),
    )
    assert table(rows, columns).splitlines()[-1] == "| a | 47.0 µs | 2 | - | 1 |"


@pytest.mark.parametrize(
    ("write", "value", "text"),
    [
        (seconds, 0.1834, "0.183 s"),
        (seconds, 5.678, "5.68 s"),
        (seconds, 56.78, "56.8 s"),
        (microseconds, 0.000123, "123 µs"),
        (percent, 0.99204, "99.20%"),
        (a_second, 39000.4, "39,000"),
    ],
)
def test_numbers_are_written_with_the_digits_that_count(write, value, text):
    assert write(value) == text


def test_the_median_pass_of_ours_and_of_a_peers_run_is_found():
    ours = {"inner": {"passes": [[{"seconds": 5.0}, {"seconds": 3.0}, {"seconds": 4.0}]]}}
    peers = {"inner": {"pass_seconds": [[9.0], [8.0]]}}
    assert pass_seconds(ours) == [4.0]
    assert pass_seconds(peers) == [9.0, 8.0]
    assert pass_seconds({"inner": {"pass_seconds": [[]]}}) == []


def test_results_come_back_as_they_were_saved(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    measured = Record("ours", wall=[1.0, 2.0], processor=[1.0, 1.0], peak=[60.0, 61.0])
    measured.inner = {"pass_seconds": [3.0], "model": ["/somewhere/best.onnx"]}
    saved = results.save("floor", [measured], data="MNIST", quick=True, seconds=3)
    assert results.load("floor") == saved == json.loads((tmp_path / "speed-floor.json").read_text())
    assert saved["records"][0]["inner"] == {"pass_seconds": [3.0]}
    assert {"machine", "commit", "versions", "date", "load"} <= set(saved)
    text = results.as_text(floor.PART, saved)
    assert "| ours | 3.00 s | - | 2 |" in text
    assert "quick" in text


def test_figures_are_told_beside_the_best_peers(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    measured = [Record("inkdigits, all", "cnn"), Record("quick", "cnn"), Record("slow", "cnn")]
    for one, rates in zip(measured, ([60.0, 50.0, 55.0], [30.0], [20.0]), strict=True):
        one.inner = {"a_second": rates, "digit": [1 / rates[0]]}
    results.save("arrays", measured, data="MNIST", quick=True, seconds=3)
    found = {figure.name: figure for figure in figures.figures()}
    images = found["CNN, images a second"]
    assert images.ours == {"median": 55.0, "least": 50.0, "most": 60.0}
    assert (images.runs, images.peer, images.peers["median"]) == (3, "quick", 30.0)
    assert found["CNN, one digit, warm"].peer == "quick"
    assert found["CNN to 99.20 %"].ours is None
    figures.save_figures()
    assert len(json.loads((tmp_path / "speed-figures.json").read_text())) == len(figures.WANTED)
    text = figures.figures_as_text(figures.figures())
    assert "| CNN, images a second | 55 | 30 | quick |" in text
    assert "| MLP | not measured | - | - |" in text


def test_the_figures_name_what_the_parts_measure():
    assert {wanted.part for wanted in figures.WANTED} <= set(parts())


def test_a_part_that_was_not_measured_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    assert "Not measured yet" in results.as_text(floor.PART, results.load("floor"))


def test_a_pass_of_the_network_is_682_gflop():
    assert round(floor.GFLOP) == 683


def test_the_ladder_begins_with_the_chapters_layers():
    assert ladder.steps()[0] == "layers as the chapter has them"
    assert len(ladder.steps()) == 7


def test_every_part_has_columns_and_a_title():
    assert list(parts()) == ["startup", "arrays", "files", "training", "ladder", "floor"]
    assert all(part.columns and part.title for part in parts().values())


def test_who_failed_late_keeps_what_was_measured():
    rows = [record("a", wall=[2.0], missing="failed: broke")]
    assert table(rows, (WALL,)).splitlines()[-1] == "| a | 2.00 s | 1 |"


def test_a_peer_that_cannot_be_installed_is_missing_with_the_reason(tmp_path, monkeypatch):
    monkeypatch.setenv("INKDIGITS_BENCH", str(tmp_path))
    monkeypatch.setitem(environments.REQUIREMENTS, "nothing", ("./no-such-folder",))
    found = environments.environment("nothing")
    assert found.python is None
    assert "no-such-folder" in found.missing
