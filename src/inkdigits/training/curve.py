"""The learning curve as a picture: costs over steps above, validation accuracy below.

`write_curve(curve, folder)` leaves `curve.png` and `curve.svg`. Costs are on a logarithmic scale,
since they fall a hundredfold. The colours are told apart by colour-blind people (Okabe & Ito
2008, "Color Universal Design").
"""

import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from inkdigits.errors import MissingExtraError
from inkdigits.files import write_whole
from inkdigits.training.learning_curve import LearningCurve, PassPoint

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_TRAIN = "#0072B2"  # blue
_VALIDATION = "#D55E00"  # vermilion
_TEXT = "#333333"
_GRID = "#e3e3e3"


def write_curve(curve: LearningCurve, folder: Path) -> None:
    """Write `curve.png` and `curve.svg` into a folder.

    Raises:
        MissingExtraError: matplotlib is not installed.
        StorageError: they can't be written.
    """
    figure = draw_curve(curve)
    for kind in ("png", "svg"):
        write_whole(folder / f"curve.{kind}", _rendered(figure, kind))


def curve_png(curve: LearningCurve) -> bytes:
    """The curve as the bytes of a PNG file."""
    return _rendered(draw_curve(curve), "png")


def draw_curve(curve: LearningCurve) -> "Figure":
    """Draw the curve; needs no display and leaves matplotlib's global state alone.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError(
            "drawing the learning curve needs matplotlib; run: pip install 'inkdigits[train]'"
        ) from error
    figure = Figure(figsize=(7.2, 6.0), dpi=120, facecolor="white")
    figure.subplots_adjust(left=0.13, right=0.98, top=0.93, bottom=0.09, hspace=0.06)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    for axes in (above, below):
        _style(axes, curve)
    figure.suptitle(f"Learning curve of {curve.network}", color=_TEXT, fontsize=13)
    _draw_costs(above, curve)
    _draw_accuracy(below, curve)
    below.set_xlabel(_steps_label(curve), color=_TEXT)
    return figure


def smoothed(values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """A running mean over about a tenth of the points, float64 [n]; the ends use fewer."""
    values = np.asarray(values, dtype=np.float64)
    width = min(len(values) // 12 * 2 + 1, 401)
    weights = np.hanning(width + 2)[1:-1]
    inside = np.convolve(np.ones_like(values), weights, mode="same")
    smooth: npt.NDArray[np.float64] = np.convolve(values, weights, mode="same") / inside
    return smooth


def _draw_costs(axes: "Axes", curve: LearningCurve) -> None:
    with_smoothing = (
        f" (with label smoothing {curve.label_smoothing:g})" if curve.label_smoothing else ""
    )
    label = f"Train cost{with_smoothing}"
    lowest: list[float] = []
    if len(curve.steps) >= 40:  # fewer are drawn as they are
        smooth = smoothed(curve.train_costs)
        axes.plot(curve.steps, curve.train_costs, color=_TRAIN, alpha=0.22, linewidth=0.8)
        axes.plot(curve.steps, smooth, color=_TRAIN, linewidth=2, label=label)
        lowest.append(float(smooth.min()))
    elif curve.steps:
        axes.plot(curve.steps, curve.train_costs, color=_TRAIN, linewidth=1.6, label=label)
        lowest.append(min(curve.train_costs))
    validated = [(point.step, point.cost) for point in curve.points if point.cost is not None]
    if validated:
        axes.plot(
            *zip(*validated, strict=True),
            color=_VALIDATION,
            linewidth=2,
            marker="o",
            markersize=5,
            label="Validation cost",
        )
        lowest.append(min(cost for _, cost in validated))
    if lowest:
        # One lucky mini-batch with a cost of nearly nothing must not squash all the rest.
        axes.set_yscale("log")
        axes.set_ylim(bottom=max(min(lowest) * 0.6, 1e-6))
        _plain_ticks(axes)
        axes.legend(frameon=False, labelcolor=_TEXT, loc="upper right")
    best = curve.best
    if best is not None and best.cost is not None:
        _mark(axes, curve, best, best.cost, f"best pass {best.pass_}: {best.cost:.4f}", above=True)
    axes.set_ylabel("Cost (cross-entropy, nats)", color=_TEXT)


def _draw_accuracy(axes: "Axes", curve: LearningCurve) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    points = [(p.step, p.accuracy * 100) for p in curve.points if p.accuracy is not None]
    if points:
        steps, percent = zip(*points, strict=True)
        axes.plot(steps, percent, color=_VALIDATION, linewidth=2, marker="o", markersize=5)
        # At least half a percent, so that noise does not look like progress.
        spread = max(max(percent) - min(percent), 0.5)
        axes.set_ylim(min(percent) - 0.35 * spread, max(percent) + 0.2 * spread)
    else:
        axes.set_ylim(0, 100)
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.6g} %"))
    axes.set_ylabel("Validation accuracy", color=_TEXT)
    best = curve.best
    if best is not None and best.accuracy is not None:
        _mark(axes, curve, best, best.accuracy * 100, f"{best.accuracy * 100:.2f} %", above=False)


def _style(axes: "Axes", curve: LearningCurve) -> None:
    axes.set_facecolor("white")
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color("#999999")
    axes.tick_params(colors=_TEXT, which="both", length=0)
    axes.grid(axis="y", color=_GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.yaxis.set_label_coords(-0.11, 0.5)  # both labels in one line
    axes.set_xlim(0, curve.passes * curve.steps_per_pass * 1.02)
    if curve.passes <= 30:  # lines where passes end say more than lines at round numbers
        for number in range(1, curve.passes + 1):
            axes.axvline(number * curve.steps_per_pass, color=_GRID, linewidth=0.8, zorder=0)


def _plain_ticks(axes: "Axes") -> None:
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    low, high = axes.get_ylim()
    between = (1.0, 2.0, 5.0) if high / low < 300 else (1.0,)
    axes.yaxis.set_major_locator(LogLocator(base=10, subs=between))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_minor_locator(NullLocator())  # two hundred unlabelled ticks cost time


def _mark(
    axes: "Axes", curve: LearningCurve, best: PassPoint, value: float, text: str, *, above: bool
) -> None:
    """Ring the best pass and write its figure where the curve leaves room."""
    axes.plot(
        [best.step],
        [value],
        marker="o",
        markersize=11,
        markerfacecolor="none",
        markeredgecolor=_TEXT,
        markeredgewidth=1.4,
    )
    late = best.step > 0.6 * curve.passes * curve.steps_per_pass
    axes.annotate(
        text,
        (best.step, value),
        xytext=(8 if not late else 6, 13 if above else -20),
        textcoords="offset points",
        ha="right" if late else "left",
        color=_TEXT,
        fontsize=10,
        fontweight="bold",
        bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "alpha": 0.85, "linewidth": 0},
    )


def _steps_label(curve: LearningCurve) -> str:
    if curve.passes > 30:
        return f"Steps ({curve.steps_per_pass:,} a pass)"
    return f"Steps ({curve.steps_per_pass:,} a pass; the vertical lines are where passes end)"


def _rendered(figure: "Figure", kind: str) -> bytes:
    buffer = io.BytesIO()
    # Without the date the same curve gives the same file.
    figure.savefig(buffer, format=kind, metadata={"Date": None} if kind == "svg" else None)
    return buffer.getvalue()
