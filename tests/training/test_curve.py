"""The learning curve is remembered from events and drawn as a picture that a person can read."""

import io
import struct
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import numpy as np
import pytest
from events_of_a_run import COSTS, PASSES, events
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from inkdigits.errors import StorageError
from inkdigits.training.curve import FAINT, TRAIN, VALIDATION, draw_curve, smoothed, write_curve
from inkdigits.training.drawing import Circle, Drawing, Line, Words, ticks, to_png, to_svg
from inkdigits.training.events import PassDone, StepDone, TrainingStarted
from inkdigits.training.learning_curve import LearningCurve


def curve_of(told):
    curve = LearningCurve()
    for event in told:
        curve(event)
    return curve


def texts(drawing):
    return [shape.text for shape in drawing.shapes if isinstance(shape, Words)]


def lines(drawing, colour, width=2):
    """The lines of that colour that show data: the legend's have two points at one height."""
    found = [s for s in drawing.shapes if isinstance(s, Line)]
    found = [s for s in found if (s.colour, s.width) == (colour, width)]
    return [s for s in found if len(s.points) != 2 or s.points[0][1] != s.points[1][1]]


def order(values):
    return list(np.argsort(values, kind="stable"))


def test_the_curve_shows_both_costs_at_their_steps(tmp_path):
    drawing = draw_curve(curve_of(events(tmp_path)))
    assert {"Train cost", "Validation cost"} <= set(texts(drawing))
    (train,), (validation, accuracy) = lines(drawing, TRAIN), lines(drawing, VALIDATION)
    costs = [cost for costs in COSTS for cost in costs]
    assert len(train.points) == len(costs)
    # Higher costs are further up, which is a smaller number.
    assert order([-y for _, y in train.points]) == order(costs)
    assert order([-y for _, y in accuracy.points]) == order([right for _, _, right, *_ in PASSES])
    # The first batch of a pass stands where the validation of the pass before does, almost.
    for number, (x, _) in enumerate(validation.points[:-1], 1):
        first = train.points[number * len(COSTS[0])][0]
        assert x < first < x + 1
    steps = [x for x, _ in validation.points]
    assert np.diff(steps) == pytest.approx(steps[1] - steps[0])


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
    drawing = draw_curve(curve_of(told))
    faint, smooth = [s for s in drawing.shapes if isinstance(s, Line) and len(s.points) == 860]
    assert faint.width < smooth.width
    assert (smooth.colour, faint.colour) == (TRAIN, FAINT)
    heights = [np.array([y for _, y in line.points]) for line in (faint, smooth)]
    assert heights[1].std() < 0.3 * heights[0].std()
    # One lucky mini-batch does not squash the rest: it is drawn at the edge.
    assert (heights[0] == heights[0].max()).sum() > 1


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
    drawing = draw_curve(curve_of([replace(started, recipe=recipe), *rest]))
    assert "Train cost (with label smoothing 0.1)" in texts(drawing)


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
    drawing = draw_curve(curve_of([replace(started, passes=500)]))
    found = [shape for shape in drawing.shapes if isinstance(shape, Line)]
    assert not [line for line in found if len({x for x, _ in line.points}) == 1]


def test_a_folder_that_is_gone_is_said_in_one_line(tmp_path):
    with pytest.raises(StorageError, match="can't write"):
        write_curve(curve_of(events(tmp_path)), tmp_path / "gone")


def test_nothing_is_drawn_beside_the_picture(tmp_path):
    for count in range(len(events(tmp_path)) + 1):
        drawing = draw_curve(curve_of(events(tmp_path)[:count]))
        for shape in drawing.shapes:
            points = shape.points if isinstance(shape, Line) else ()
            assert all(0 <= x <= drawing.width for x, _ in points)
            assert all(0 <= y <= drawing.height for _, y in points)


def test_a_cost_of_nothing_or_one_value_can_be_drawn(tmp_path):
    started = events(tmp_path)[0]
    for cost in (0.0, 1e-30, 5.0):
        write_curve(curve_of([started, StepDone(0, 0, 0, cost, 0.1)]), tmp_path)


def test_words_of_others_are_no_markup():
    drawing = Drawing(50, 50, (Words((1, 20), "<b> & </b>", "#000000"),))
    (text,) = [e for e in ElementTree.fromstring(to_svg(drawing)) if e.tag.endswith("text")]
    assert text.text == "<b> & </b>"


def test_both_kinds_of_file_show_the_same_places():
    shapes = (
        Line(((10, 10), (10, 90)), "#ff0000", 4),
        Circle((60, 30), 8, "#00ff00"),
        Circle((60, 70), 8, "#0000ff", 3),
    )
    picture = Image.open(io.BytesIO(to_png(Drawing(100, 100, shapes))))
    scale = picture.width / 100
    colour_at = {at: picture.getpixel((at[0] * scale, at[1] * scale)) for at in POINTS}
    assert colour_at == POINTS


POINTS = {
    (10, 50): (255, 0, 0),
    (60, 30): (0, 255, 0),
    (60, 70): (255, 255, 255),
    (68, 70): (0, 0, 255),
    (90, 90): (255, 255, 255),
}


def test_words_that_go_upwards_stand_left_of_their_place():
    words = Words((50, 50), "Cost", "#000000", 20, "middle", upwards=True)
    dark = np.asarray(Image.open(io.BytesIO(to_png(Drawing(100, 100, (words,)))))).min(2) < 128
    rows, columns = np.nonzero(dark)
    assert np.ptp(rows) > 1.5 * np.ptp(columns)
    assert columns.max() <= 1.5 * 51
    assert abs((rows.min() + rows.max()) / 2 - 1.5 * 50) < 5


@given(st.floats(-1e4, 1e4), st.floats(1e-3, 1e4), st.integers(3, 12))
def test_ticks_are_few_round_numbers_in_between(low, width, most):
    found = ticks(low, low + width, most)
    assert 1 <= len(found) <= most
    assert all(low - 1e-6 <= value <= low + width + 1e-6 for value in found)
    if len(found) > 2:
        assert np.diff(found) == pytest.approx(found[1] - found[0], rel=1e-3)
