"""The learning curve as a picture: costs over steps above, validation accuracy below.

`write_curve(curve, folder)` leaves `curve.png` and `curve.svg`. Costs are on a logarithmic scale,
since they fall a hundredfold. The colours are told apart by colour-blind people (Okabe & Ito
2008, "Color Universal Design").
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from pathlib import Path

import numpy as np
import numpy.typing as npt

from inkdigits.files import write_whole
from inkdigits.training.drawing import Circle, Drawing, Line, Shape, Words, ticks, to_png, to_svg
from inkdigits.training.learning_curve import LearningCurve, PassPoint

TRAIN = "#0072B2"  # blue
FAINT = "#BFDBEB"  # the same, thin
VALIDATION = "#D55E00"  # vermilion
_TEXT = "#333333"
_GRID = "#e3e3e3"
_EDGE = "#999999"
_WIDTH, _HEIGHT = 720, 600
_LEFT, _RIGHT = 94, 704
_ABOVE, _BELOW = (44, 346), (356, 546)  # top and bottom of the two fields
_LOWEST = 1e-6  # of a cost


@dataclass(frozen=True)
class _Field:
    """Where values are drawn: from steps and a value to pixels."""

    top: int
    bottom: int
    low: float
    high: float
    steps: float
    logarithmic: bool

    def x(self, step: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * step / self.steps

    def y(self, value: float) -> float:
        """What is below the field is drawn at its edge."""
        scale: Callable[[float], float] = log10 if self.logarithmic else float
        value = min(max(value, self.low), self.high)
        share = (scale(value) - scale(self.low)) / (scale(self.high) - scale(self.low))
        return self.bottom - (self.bottom - self.top) * share

    def line(
        self, steps: Sequence[float], values: Sequence[float], colour: str, width: float
    ) -> Line:
        points = tuple((self.x(s), self.y(v)) for s, v in zip(steps, values, strict=True))
        return Line(points, colour, width)


def write_curve(curve: LearningCurve, folder: Path) -> None:
    """Write `curve.png` and `curve.svg` into a folder.

    Raises:
        StorageError: they can't be written.
    """
    drawing = draw_curve(curve)
    write_whole(folder / "curve.png", to_png(drawing))
    write_whole(folder / "curve.svg", to_svg(drawing))


def curve_png(curve: LearningCurve) -> bytes:
    """The curve as the bytes of a PNG file."""
    return to_png(draw_curve(curve))


def draw_curve(curve: LearningCurve) -> Drawing:
    """Draw the curve."""
    shapes: list[Shape] = [
        Words((_WIDTH / 2, 26), f"Learning curve of {curve.network}", _TEXT, 16, "middle")
    ]
    shapes += _costs(curve)
    shapes += _accuracy(curve)
    shapes.append(Words(((_LEFT + _RIGHT) / 2, 586), _steps_label(curve), _TEXT, 13, "middle"))
    return Drawing(_WIDTH, _HEIGHT, tuple(shapes))


def smoothed(values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """A running mean over about a tenth of the points, float64 [n]; the ends use fewer."""
    values = np.asarray(values, dtype=np.float64)
    width = min(len(values) // 12 * 2 + 1, 401)
    weights = np.hanning(width + 2)[1:-1]
    inside = np.convolve(np.ones_like(values), weights, mode="same")
    smooth: npt.NDArray[np.float64] = np.convolve(values, weights, mode="same") / inside
    return smooth


def _costs(curve: LearningCurve) -> list[Shape]:
    smoothing = (
        f" (with label smoothing {curve.label_smoothing:g})" if curve.label_smoothing else ""
    )
    validated = [(point.step, point.cost) for point in curve.points if point.cost is not None]
    many = len(curve.steps) >= 40  # fewer are drawn as they are
    costs = smoothed(curve.train_costs).tolist() if many else curve.train_costs
    shown = [*costs, *(cost for _, cost in validated)]
    # One lucky mini-batch with a cost of nearly nothing must not squash all the rest.
    low = max(min(shown, default=0.1) * 0.6, _LOWEST)
    high = max(max([*shown, *curve.train_costs], default=1.0) * 1.25, low * 4)
    field = _Field(*_ABOVE, low, high, _steps(curve), logarithmic=True)
    shapes = [*_frame(curve, field, _cost_ticks(low, high), "Cost (cross-entropy, nats)")]
    if many:
        shapes.append(field.line(curve.steps, curve.train_costs, FAINT, 0.8))
    if costs:
        shapes.append(field.line(curve.steps, costs, TRAIN, 2))
        shapes += _legend(0, f"Train cost{smoothing}", TRAIN)
    if validated:
        shapes += _with_marks(field, validated, VALIDATION)
        shapes += _legend(1 if costs else 0, "Validation cost", VALIDATION)
    if curve.best is not None and curve.best.cost is not None:
        cost = curve.best.cost
        text = f"best pass {curve.best.pass_}: {cost:.4f}"
        shapes += _mark(field, curve.best, cost, text, above=True)
    return shapes


def _accuracy(curve: LearningCurve) -> list[Shape]:
    points = [(p.step, p.accuracy * 100) for p in curve.points if p.accuracy is not None]
    low, high = 0.0, 100.0
    if points:
        percent = [value for _, value in points]
        # At least half a percent, so that noise does not look like progress.
        spread = max(max(percent) - min(percent), 0.5)
        low, high = min(percent) - 0.35 * spread, max(percent) + 0.2 * spread
    field = _Field(*_BELOW, low, high, _steps(curve), logarithmic=False)
    labels = [(value, f"{value:.6g} %") for value in ticks(low, high, 5)]
    shapes = [*_frame(curve, field, labels, "Validation accuracy")]
    every = _steps(curve) / 1.02
    shapes += [
        Words((field.x(step), field.bottom + 18), f"{step:,.0f}", _TEXT, 12, "middle")
        for step in ticks(0, every, 6)
    ]
    if points:
        shapes += _with_marks(field, points, VALIDATION)
    if curve.best is not None and curve.best.accuracy is not None:
        value = curve.best.accuracy * 100
        shapes += _mark(field, curve.best, value, f"{value:.2f} %", above=False)
    return shapes


def _frame(
    curve: LearningCurve, field: _Field, labels: Sequence[tuple[float, str]], title: str
) -> list[Shape]:
    shapes: list[Shape] = []
    for value, label in labels:
        y = field.y(value)
        shapes.append(Line(((_LEFT, y), (_RIGHT, y)), _GRID, 1))
        shapes.append(Words((_LEFT - 8, y + 4), label, _TEXT, 12, "end"))
    if curve.passes <= 30:  # lines where passes end say more than lines at round numbers
        for number in range(1, curve.passes + 1):
            x = field.x(number * curve.steps_per_pass)
            shapes.append(Line(((x, field.top), (x, field.bottom)), _GRID, 1))
    corner = ((_LEFT, field.top), (_LEFT, field.bottom), (_RIGHT, field.bottom))
    shapes.append(Line(corner, _EDGE, 1))
    middle = (field.top + field.bottom) / 2
    shapes.append(Words((22, middle), title, _TEXT, 13, "middle", upwards=True))
    return shapes


def _with_marks(field: _Field, points: Sequence[tuple[float, float]], colour: str) -> list[Shape]:
    steps, values = zip(*points, strict=True)
    dots = [Circle((field.x(step), field.y(value)), 3.2, colour) for step, value in points]
    return [field.line(steps, values, colour, 2), *dots]


def _legend(number: int, text: str, colour: str) -> list[Shape]:
    y = _ABOVE[0] + 12 + 20 * number
    return [
        Line(((_RIGHT - 296, y), (_RIGHT - 270, y)), colour, 2),
        Words((_RIGHT - 262, y + 4), text, _TEXT, 12, on_white=True),
    ]


def _mark(field: _Field, best: PassPoint, value: float, text: str, *, above: bool) -> list[Shape]:
    """Ring the best pass and write its figure where the curve leaves room."""
    x, y = field.x(best.step), field.y(value)
    late = best.step > 0.8 * field.steps
    place = (x + (6 if late else 10), y + (-16 if above else 25))
    words = Words(place, text, _TEXT, 13, "end" if late else "start", on_white=True)
    return [Circle((x, y), 6.5, _TEXT, 1.4), words]


def _cost_ticks(low: float, high: float) -> list[tuple[float, str]]:
    between = (1, 2, 5) if high / low < 300 else (1,)
    decades = range(floor(log10(low)), ceil(log10(high)) + 1)
    values = [number * 10.0**decade for decade in decades for number in between]
    return [(value, f"{value:g}") for value in values if low <= value <= high]


def _steps(curve: LearningCurve) -> float:
    """A little more than there will be, so that the last point is not at the edge."""
    return max(curve.passes * curve.steps_per_pass, 1) * 1.02


def _steps_label(curve: LearningCurve) -> str:
    if curve.passes > 30:
        return f"Steps ({curve.steps_per_pass:,} a pass)"
    return f"Steps ({curve.steps_per_pass:,} a pass; the vertical lines are where passes end)"
