"""The learning curve is remembered from events and drawn as a picture that a person can read."""

import struct
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from events_of_a_run import COSTS, PASSES, STEPS, events
from hypothesis import given
from hypothesis import strategies as st

from inkdigits.errors import StorageError
from inkdigits.training.curve import draw_curve, smoothed, write_curve
from inkdigits.training.events import PassDone, StepDone, TrainingStarted
from inkdigits.training.learning_curve import LearningCurve


def curve_of(told):
    curve = LearningCurve()
    for event in told:
        curve(event)
    return curve


def texts(figure):
    return [text.get_text() for text in figure.findobj(lambda artist: hasattr(artist, "get_text"))]


def line(figure, label):
    (found,) = [line for line in figure.axes[0].lines if line.get_label() == label]
    return found


def test_the_curve_shows_both_costs_at_their_steps(tmp_path):
    figure = draw_curve(curve_of(events(tmp_path)))
    train, validation = line(figure, "Train cost"), line(figure, "Validation cost")
    assert list(train.get_ydata()) == [cost for costs in COSTS for cost in costs]
    assert train.get_xdata()[9] == STEPS + 1  # the first batch of the second pass
    assert list(validation.get_xdata()) == [STEPS, 2 * STEPS, 3 * STEPS]
    assert list(validation.get_ydata()) == [cost for _, cost, *_ in PASSES]


def test_the_pass_with_the_lowest_validation_cost_is_marked(tmp_path):
    # Pass 2 has the higher accuracy, but pass 1 the lower cost, and is chosen.
    told = texts(draw_curve(curve_of(events(tmp_path))))
    assert "best pass 1: 0.3265" in told
    assert "90.66 %" in told


def test_png_and_svg_are_pictures_and_the_same_each_time(tmp_path):
    write_curve(curve_of(events(tmp_path)), tmp_path)
    png, svg = (tmp_path / "curve.png").read_bytes(), (tmp_path / "curve.svg").read_bytes()
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    assert width > 800
    assert height > 600
    assert ElementTree.fromstring(svg).tag.endswith("svg")
    write_curve(curve_of(events(tmp_path)), tmp_path)
    assert (tmp_path / "curve.png").read_bytes() == png
    assert sorted(path.name for path in tmp_path.iterdir()) == ["curve.png", "curve.svg"]


def test_many_noisy_costs_are_drawn_faint_under_a_smooth_line(tmp_path):
    told = events(tmp_path)[:1]
    generator = np.random.default_rng(0)
    told += [
        StepDone(0, step, step, float(cost), 0.001)
        for step, cost in enumerate(np.exp(generator.normal(-2, 1, 860)))
    ]
    axes = draw_curve(curve_of(told)).axes[0]
    faint, smooth = axes.lines[-2:]
    assert faint.get_alpha() < 0.5
    assert np.std(smooth.get_ydata()) < 0.3 * np.std(faint.get_ydata())
    # One lucky mini-batch does not squash the rest.
    assert axes.get_ylim()[0] > min(faint.get_ydata())


@given(st.lists(st.floats(0, 10), min_size=1, max_size=500))
def test_smoothing_keeps_length_and_range(values):
    smooth = smoothed(values)
    assert len(smooth) == len(values)
    assert smooth.min() >= min(values) - 1e-9
    assert smooth.max() <= max(values) + 1e-9


def test_smoothing_leaves_a_constant_alone():
    assert smoothed([0.25] * 300) == pytest.approx(np.full(300, 0.25))


def test_label_smoothing_is_named_because_its_costs_are_not_comparable(tmp_path):
    started, *rest = events(tmp_path)
    recipe = replace(started.recipe, label_smoothing=0.1)
    figure = draw_curve(curve_of([replace(started, recipe=recipe), *rest]))
    assert line(figure, "Train cost (with label smoothing 0.1)")


@pytest.mark.parametrize("count", [0, 1, 2, 9, 11])
def test_a_curve_can_be_drawn_at_any_time(tmp_path, count):
    write_curve(curve_of(events(tmp_path)[:count]), tmp_path)
    assert (tmp_path / "curve.png").stat().st_size > 1000


def test_a_curve_without_validation_has_no_best_pass(tmp_path):
    told = [
        replace(event, validation_cost=None, validation_accuracy=None)
        if isinstance(event, PassDone)
        else event
        for event in events(tmp_path)
    ]
    curve = curve_of(told)
    assert curve.best is None
    assert not [text for text in texts(draw_curve(curve)) if "best" in text]


def test_a_second_training_starts_a_new_curve(tmp_path):
    curve = curve_of([*events(tmp_path), *events(tmp_path)])
    assert len(curve.points) == 3
    resumed = curve_of([*events(tmp_path)[:11], *events(tmp_path, first_pass=1)])
    assert resumed.steps == curve.steps
    assert resumed.points == curve.points


def test_a_very_long_training_is_not_striped_with_lines(tmp_path):
    started = events(tmp_path)[0]
    assert isinstance(started, TrainingStarted)
    figure = draw_curve(curve_of([replace(started, passes=500)]))
    assert len(figure.axes[0].lines) == 0


def test_a_folder_that_is_gone_is_said_in_one_line(tmp_path):
    with pytest.raises(StorageError, match="can't write"):
        write_curve(curve_of(events(tmp_path)), tmp_path / "gone")


def test_drawing_does_not_touch_the_user_s_matplotlib(tmp_path):
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    draw_curve(curve_of(events(Path(tmp_path))))
    assert dict(mpl.rcParams) == before
