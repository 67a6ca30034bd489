"""A learning curve as inline SVG for the report; its colours come from the page's style sheet."""

from html import escape
from math import log

import numpy as np

from inkdigits.training.curve import smoothed
from inkdigits.training.learning_curve import LearningCurve

_WIDTH, _HEIGHT = 360, 230
_LEFT, _RIGHT, _TOP, _BOTTOM = 42, 12, 10, 36
_MOST_POINTS = 300  # of the noisy line: more than there are pixels only make the file large


def curve_svg(curve: LearningCurve, description: str) -> str:
    """Costs over steps on a logarithmic scale; empty if there is nothing to draw.

    Args:
        curve: what to draw.
        description: read out in place of the picture.
    """
    validated = [(point.step, point.cost) for point in curve.points if point.cost]
    costs = [cost for _, cost in validated]
    smooth = smoothed(curve.train_costs) if len(curve.steps) >= 40 else curve.train_costs
    levels = [float(value) for value in [*smooth, *costs] if value > 0]
    if not levels:
        return ""
    scale = _Scale(curve.passes * curve.steps_per_pass, min(levels) * 0.8, max(levels) * 1.2)
    parts = [_axes(scale, curve)]
    if len(curve.steps) >= 40:
        stride = -(-len(curve.steps) // _MOST_POINTS)
        faint = zip(curve.steps[::stride], curve.train_costs[::stride], strict=True)
        parts.append(_polyline(scale, faint, "train faint"))
        smooth_points = zip(curve.steps[::stride], smooth[::stride], strict=True)
        parts.append(_polyline(scale, smooth_points, "train"))
    else:
        parts.append(_polyline(scale, zip(curve.steps, smooth, strict=True), "train"))
    parts.append(_polyline(scale, validated, "validation"))
    parts += [
        f'<circle class="dot" cx="{scale.x(step):.1f}" cy="{scale.y(cost):.1f}" r="3"/>'
        for step, cost in validated
    ]
    best = curve.best
    if best is not None and best.cost:
        x, y = scale.x(best.step), scale.y(best.cost)
        parts.append(f'<circle class="ring" cx="{x:.1f}" cy="{y:.1f}" r="7"/>')
    return (
        f'<svg class="curve" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{escape(description)}">{"".join(parts)}</svg>'
    )


class _Scale:
    """From steps and costs to places in the picture."""

    def __init__(self, steps: int, low: float, high: float) -> None:
        self.steps = max(steps, 1)
        self.low, self.high = low, max(high, low * 2)

    def x(self, step: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * min(step / self.steps, 1)

    def y(self, cost: float) -> float:
        inside = min(max(cost, self.low), self.high)
        share = log(inside / self.low) / log(self.high / self.low)
        return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * share


def _polyline(scale: _Scale, points: object, kind: str) -> str:
    places = " ".join(f"{scale.x(step):.1f},{scale.y(cost):.1f}" for step, cost in points)  # type: ignore[attr-defined]
    return f'<polyline class="{kind}" points="{places}"/>'


def _axes(scale: _Scale, curve: LearningCurve) -> str:
    parts = []
    bottom = _HEIGHT - _BOTTOM
    for value in _round_costs(scale.low, scale.high):
        y = scale.y(value)
        parts.append(f'<path class="grid" d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}"/>')
        parts.append(f'<text class="y" x="{_LEFT - 6}" y="{y + 4:.1f}">{value:g}</text>')
    every = -(-curve.passes // 10)
    for number in range(every, curve.passes + 1, every):
        x = scale.x(number * curve.steps_per_pass)
        parts.append(f'<path class="grid" d="M{x:.1f} {_TOP}V{bottom}"/>')
        parts.append(f'<text class="x" x="{x:.1f}" y="{bottom + 15}">{number}</text>')
    parts.append(f'<path class="axis" d="M{_LEFT} {_TOP}V{bottom}H{_WIDTH - _RIGHT}"/>')
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    parts.append(f'<text class="x" x="{middle:.0f}" y="{_HEIGHT - 4}">passes done</text>')
    return "".join(parts)


def _round_costs(low: float, high: float) -> list[float]:
    """Round numbers between two costs: 1, 2, 5 of each power of ten, or only the powers."""
    powers = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    factors = (1,) if high / low > 300 else (1, 2, 5)
    values = [float(f"{factor}e{power}") for power in powers for factor in factors]
    return [value for value in values if low <= value <= high]
