"""Reporters that draw the learning curve while it grows: into files, or into a notebook."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from inkdigits.training.curve import curve_png, write_curve
from inkdigits.training.events import Event, PassDone, TrainingDone, TrainingStarted
from inkdigits.training.learning_curve import LearningCurve
from inkdigits.training.metrics_file import records_before


class DrawingBudget:
    """Says when the curve may be drawn again: at most once a second and for a small share of time.

    Args:
        share: the most of the time so far that drawing may take.
        clock: seconds, for tests.
    """

    def __init__(self, share: float, clock: Callable[[], float] = time.perf_counter) -> None:
        self._share = share
        self._clock = clock
        self._start = clock()
        self._last_end = self._start
        self._spent = 0.0
        self._expected = 0.15  # the first drawing loads Pillow

    def allows(self) -> bool:
        """Whether a drawing as long as the last one fits in."""
        now = self._clock()
        affordable = self._share * (now - self._start)
        return now - self._last_end >= 1 and self._spent + self._expected <= affordable

    def spend(self, draw: Callable[[], object]) -> None:
        """Draw, and count the time that it took."""
        before = self._clock()
        draw()
        self._last_end = self._clock()
        self._expected = self._last_end - before
        self._spent += self._expected


class CurveReporter:
    """Keeps `curve.png` and `curve.svg` in a folder up to date, redrawn after passes.

    A run that is resumed takes up the beginning of its curve from the folder's `metrics.jsonl`.

    Args:
        folder: the run folder.
        share: the most of the training time that drawing may take.
    """

    def __init__(self, folder: Path, share: float = 0.03) -> None:
        self.curve = LearningCurve()
        self._folder = folder
        self._share = share
        self._budget = DrawingBudget(share)

    def __call__(self, event: Event) -> None:
        """Remember the event; draw if it is time to, and at the end in any case."""
        self.curve(event)
        if isinstance(event, TrainingStarted):
            self._budget = DrawingBudget(self._share)
            if event.first_pass and not self.curve.points:
                records = records_before(self._folder / "metrics.jsonl", event.first_pass)
                self.curve.restore(records)
        if isinstance(event, TrainingDone) or (
            isinstance(event, PassDone) and self._budget.allows()
        ):
            self._budget.spend(lambda: write_curve(self.curve, self._folder))


class NotebookCurve:
    """Shows the learning curve under a notebook's cell and redraws it after passes.

    Args:
        share: the most of the training time that drawing may take.
    """

    def __init__(self, share: float = 0.05) -> None:
        self.curve = LearningCurve()
        self._share = share
        self._budget = DrawingBudget(share)
        self._handle: Any = None

    @classmethod
    def if_in_notebook(cls) -> Self | None:
        """A reporter, or None where there is no notebook to show it in."""
        try:
            from IPython import get_ipython
        except ImportError:
            return None
        # A shell in a terminal has no kernel, and could show no picture.
        return cls() if hasattr(get_ipython(), "kernel") else None

    def __call__(self, event: Event) -> None:
        """Remember the event; show the curve if it is time to, and at the end in any case."""
        self.curve(event)
        if isinstance(event, TrainingStarted):
            self._budget = DrawingBudget(self._share)
            self._handle = None
        if isinstance(event, TrainingDone) or (
            isinstance(event, PassDone) and self._budget.allows()
        ):
            self._budget.spend(self._show)

    def _show(self) -> None:
        from IPython.display import Image, display

        # Drawn with more pixels than are shown, for sharp screens.
        picture = Image(data=curve_png(self.curve), format="png", width=600)
        if self._handle is None:
            self._handle = display(picture, display_id=True)
        else:
            self._handle.update(picture)
