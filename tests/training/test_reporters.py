"""Reporters tell people and programs the same story, each in its own form."""

import io
import itertools
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from events_of_a_run import STEPS, events
from rich.console import Console

from inkdigits.errors import StorageError
from inkdigits.training.curve_reporters import DrawingBudget
from inkdigits.training.events import PassDone, StepDone
from inkdigits.training.metrics_file import records_before
from inkdigits.training.reporters import (
    CurveReporter,
    JsonLinesReporter,
    NotebookCurve,
    ProgressReporter,
    TensorBoardReporter,
    TextReporter,
)


def tell(reporter, told):
    for event in told:
        reporter(event)


def text_of(told, **options):
    stream = io.StringIO()
    tell(TextReporter(stream, **options), told)
    return stream.getvalue().splitlines()


def test_the_text_reads_as_in_the_chapter(tmp_path):
    lines = text_of(events(tmp_path))
    assert lines[0].startswith(
        "Training softmax-regression (7,850 parameters), recipe chapter: "
        "3 passes of 860 batches of 64 images"
    )
    assert lines[2] == "Pass 0, Batch 100, Cost 0.659100"
    assert (
        "Validation with Pass 1, Cost 0.326486, Accuracy 90.66 %, 3.1 s, the best so far" in lines
    )
    assert "Validation with Pass 2, Cost 0.327075, Accuracy 90.68 %, 2.0 s" in lines
    assert lines[-1].startswith("Best pass is 1, Test cost 0.326486, Accuracy 90.66 %")


def test_the_text_can_be_sparser_than_the_events(tmp_path):
    lines = text_of(events(tmp_path), every=400)
    assert sum("Batch" in line and "Pass" in line for line in lines[1:]) == 3 * 3


def test_text_without_validation_gives_the_train_cost(tmp_path):
    done = next(event for event in events(tmp_path) if isinstance(event, PassDone))
    (line,) = text_of([replace(done, validation_cost=None, validation_accuracy=None)])
    assert line == "Pass 0, Mean cost 0.483737, 3.4 s"


def test_text_says_where_a_resumed_training_goes_on(tmp_path):
    assert "going on with pass 2" in text_of(events(tmp_path, first_pass=2))[0]


def test_json_lines_hold_every_event_as_soon_as_it_is_told(tmp_path):
    path = tmp_path / "metrics.jsonl"
    reporter = JsonLinesReporter(path)
    told = events(tmp_path)
    for number, event in enumerate(told, 1):
        reporter(event)
        assert len(path.read_text().splitlines()) == number
    records = [json.loads(line) for line in path.read_text().splitlines()]
    assert records[0]["recipe"]["batch_size"] == 64
    assert records[2] == {
        "event": "StepDone",
        "pass": 0,
        "batch": 100,
        "step": 100,
        "cost": 0.6591,
        "learning_rate": 0.001,
    }
    assert records[-1]["event"] == "TrainingDone"


def test_a_resumed_training_leaves_the_metrics_of_an_uninterrupted_one(tmp_path):
    whole, cut = tmp_path / "whole.jsonl", tmp_path / "cut.jsonl"
    tell(JsonLinesReporter(whole), events(tmp_path))
    # Killed in the middle of pass 1, and of a line.
    tell(JsonLinesReporter(cut), events(tmp_path)[:15])
    with cut.open("a") as file:
        file.write('{"event": "StepDone", "pass": 1, "ba')
    tell(JsonLinesReporter(cut), events(tmp_path, first_pass=1))

    def without_starts(path):
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        return [record for record in lines if record["event"] != "TrainingStarted"]

    assert without_starts(cut) == without_starts(whole)


def test_a_new_training_starts_a_new_file(tmp_path):
    path = tmp_path / "metrics.jsonl"
    for _ in range(2):
        tell(JsonLinesReporter(path), events(tmp_path))
    assert len(path.read_text().splitlines()) == len(events(tmp_path))


def test_a_cost_that_is_no_number_is_still_json(tmp_path):
    path = tmp_path / "metrics.jsonl"
    tell(JsonLinesReporter(path), [StepDone(0, 0, 0, float("nan"), 0.001)])
    record = json.loads(path.read_text(), parse_constant=lambda name: pytest.fail(name))
    assert record["cost"] is None


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_full_disk_is_said_in_one_line(tmp_path):
    with pytest.raises(StorageError, match="No space left on device"):
        tell(JsonLinesReporter(Path("/dev/full")), events(tmp_path))


def test_the_curve_is_in_the_folder_at_the_end(tmp_path):
    tell(CurveReporter(tmp_path), events(tmp_path))
    assert (tmp_path / "curve.png").exists()
    assert (tmp_path / "curve.svg").exists()


def test_a_resumed_curve_begins_where_the_training_began(tmp_path):
    tell(JsonLinesReporter(tmp_path / "metrics.jsonl"), events(tmp_path)[:15])
    reporter = CurveReporter(tmp_path)
    tell(reporter, events(tmp_path, first_pass=1))
    assert [point.step for point in reporter.curve.points] == [STEPS, 2 * STEPS, 3 * STEPS]
    assert len(reporter.curve.steps) == 27


def test_a_run_folder_that_was_removed_is_noticed_at_the_next_event(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    reporter = JsonLinesReporter(folder / "metrics.jsonl")
    reporter(events(folder)[0])
    shutil.rmtree(folder)
    with pytest.raises(StorageError, match="No such file or directory"):
        reporter(events(folder)[1])


def test_records_of_a_file_that_is_not_there_are_none(tmp_path):
    assert records_before(tmp_path / "metrics.jsonl", 3) == []


class Clock:
    """Time that passes only when told to."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.mark.parametrize(("pass_seconds", "drawing_seconds"), [(0.2, 0.3), (3, 0.3), (60, 2)])
def test_drawing_takes_no_more_than_its_share_and_once_a_second(pass_seconds, drawing_seconds):
    clock = Clock()
    budget = DrawingBudget(0.03, clock)
    drawn, spent = [], 0.0
    for _ in range(1000):
        clock.now += pass_seconds
        if budget.allows():
            drawn.append(clock.now)
            budget.spend(lambda: setattr(clock, "now", clock.now + drawing_seconds))
            spent += drawing_seconds
    assert spent <= 0.03 * clock.now
    assert spent >= 0.6 * min(0.03 * clock.now, 1000 * drawing_seconds)
    assert all(later - earlier >= 1 for earlier, later in itertools.pairwise(drawn))


def test_the_bar_shows_pass_rate_and_cost_on_a_terminal(tmp_path):
    screen = io.StringIO()
    reporter = ProgressReporter(Console(file=screen, force_terminal=True, width=120))
    tell(reporter, events(tmp_path))
    shown = screen.getvalue()
    assert "softmax-regression pass 3/3" in shown
    assert "img/s" in shown
    assert "cost 0.1482" in shown
    assert "100%" in shown
    assert shown.count("\x1b[?25l") == shown.count("\x1b[?25h") == 1  # the cursor comes back


def test_there_is_no_bar_where_there_is_no_terminal(tmp_path):
    screen = io.StringIO()
    tell(ProgressReporter(Console(file=screen, force_terminal=False)), events(tmp_path))
    assert screen.getvalue() == ""


def test_the_bar_of_a_resumed_training_starts_where_it_was(tmp_path):
    screen = io.StringIO()
    reporter = ProgressReporter(Console(file=screen, force_terminal=True, width=120))
    reporter(events(tmp_path, first_pass=1)[0])
    reporter.close()
    assert "33%" in screen.getvalue()


def test_a_training_that_ends_early_gives_the_cursor_back(tmp_path):
    screen = io.StringIO()
    reporter = ProgressReporter(Console(file=screen, force_terminal=True, width=120))
    tell(reporter, events(tmp_path)[:5])
    reporter.close()
    assert screen.getvalue().count("\x1b[?25h") == 1


def test_text_goes_above_the_bar_and_not_through_it(tmp_path, monkeypatch):
    screen = io.StringIO()
    monkeypatch.setattr(sys, "stderr", screen)
    bar = ProgressReporter(Console(stderr=True, force_terminal=True, width=120))
    text = TextReporter()
    for event in events(tmp_path):
        bar(event)
        text(event)
    # Each line of text begins where the bar has just been cleared away.
    for number in range(2):
        assert f"\r\x1b[2KValidation with Pass {number}, " in screen.getvalue()


def test_tensorboard_finds_the_figures(tmp_path):
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    reporter = TensorBoardReporter.if_installed(tmp_path)
    assert reporter is not None
    tell(reporter, events(tmp_path))
    found = EventAccumulator(str(tmp_path))
    found.Reload()
    accuracies = [(e.step, round(e.value, 4)) for e in found.Scalars("accuracy/validation")]
    assert accuracies == [(859, 0.8956), (1719, 0.9066), (2579, 0.9068)]
    assert len(found.Scalars("cost/train")) == 27


def test_without_tensorboard_there_is_no_such_reporter(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    monkeypatch.delitem(sys.modules, "torch.utils.tensorboard", raising=False)
    assert TensorBoardReporter.if_installed(tmp_path) is None


def test_outside_a_notebook_there_is_no_notebook_curve():
    assert NotebookCurve.if_in_notebook() is None


def test_reporters_load_the_heavy_libraries_only_when_they_are_used():
    code = (
        "import sys, inkdigits.training.curve_reporters, inkdigits.training.metrics_file\n"
        "print([n for n in ('matplotlib', 'rich', 'tensorboard', 'IPython') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
