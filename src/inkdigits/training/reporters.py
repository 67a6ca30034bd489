"""Reporters: listeners that tell people and programs how training goes.

Each is called with every event of `inkdigits.training.events`; pass as many as you like to
`train(..., on_event=[TextReporter(), CurveReporter(folder)])`. Rich, Pillow and TensorBoard
are loaded only when a reporter first needs them.
"""

import atexit
import sys
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

from inkdigits.training.curve_reporters import CurveReporter, NotebookCurve
from inkdigits.training.events import Event, PassDone, StepDone, TrainingDone, TrainingStarted
from inkdigits.training.metrics_file import JsonLinesReporter

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

__all__ = [
    "CurveReporter",
    "JsonLinesReporter",
    "NotebookCurve",
    "ProgressReporter",
    "TensorBoardReporter",
    "TextReporter",
]


class TextReporter:
    """Writes a line for every so many batches and for every pass, as the chapter does.

    Args:
        stream: where to; None is what `sys.stderr` is at the time of each line, so that lines go
            above a progress bar rather than through it.
        every: batches between two lines, a multiple of those between two events; None writes
            lines for passes only.
    """

    def __init__(self, stream: IO[str] | None = None, every: int | None = 100) -> None:
        self._stream = stream
        self._every = every

    def __call__(self, event: Event) -> None:
        """Write the event's line, if it has one."""
        text = self._text(event)
        if text:
            print(text, file=self._stream or sys.stderr, flush=True)

    def _text(self, event: Event) -> str:
        match event:
            case TrainingStarted(recipe=recipe):
                on = f", going on with pass {event.first_pass}" if event.first_pass else ""
                return (
                    f"Training {event.network} ({event.parameters:,} parameters), recipe "
                    f"{recipe.name}: {event.passes} passes of {event.steps_per_pass:,} batches "
                    f"of {recipe.batch_size} images{on}; everything goes to {event.run_folder}"
                )
            case StepDone() if self._every and event.batch % self._every == 0:
                return f"Pass {event.pass_}, Batch {event.batch}, Cost {event.cost:.6f}"
            case PassDone(validation_cost=float(cost), validation_accuracy=float(accuracy)):
                best = ", the best so far" if event.is_best else ""
                return (
                    f"Validation with Pass {event.pass_}, Cost {cost:.6f}, "
                    f"Accuracy {accuracy * 100:.2f} %, {event.seconds:.1f} s{best}"
                )
            case PassDone():
                return (
                    f"Pass {event.pass_}, Mean cost {event.train_cost:.6f}, {event.seconds:.1f} s"
                )
            case TrainingDone():
                return (
                    f"Best pass is {event.best_pass}, Test cost {event.test_cost:.6f}, "
                    f"Accuracy {event.test_accuracy * 100:.2f} %, {event.seconds:.1f} s in all: "
                    f"{event.model}"
                )
        return ""


class ProgressReporter:
    """A progress bar with images a second and the time that is left; nothing off a terminal.

    It is redrawn when events come, at most ten times a second, and needs no thread of its own.
    Call `close` when training ends early, or the terminal's cursor stays hidden until the end of
    the program.

    Args:
        console: where to draw; None is standard error.
    """

    def __init__(self, console: "Console | None" = None) -> None:
        self._console = console
        self._progress: Progress | None = None
        self._task: Any = None
        self._started: TrainingStarted | None = None
        self._cost = float("nan")
        self._rate = 0.0
        self._mark = (0, 0.0)
        self._drawn = 0.0

    def __call__(self, event: Event) -> None:
        """Move the bar on."""
        if isinstance(event, TrainingStarted):
            self._start(event)
        if self._progress is None or self._started is None:
            return
        steps = self._started.steps_per_pass
        if isinstance(event, StepDone):
            self._cost = event.cost
            self._advance(event.pass_ * steps + event.batch + 1)
        elif isinstance(event, PassDone):
            self._advance((event.pass_ + 1) * steps)
            # The time of validation and saving is no training time: measure anew from here.
            self._mark = ((event.pass_ + 1) * steps, time.perf_counter())
        elif isinstance(event, TrainingDone):
            self.close()

    def close(self) -> None:
        """Draw the bar for the last time and give the terminal back."""
        if self._progress is not None:
            self._progress.refresh()
            self._progress.stop()
            self._progress = None
            atexit.unregister(self.close)

    def _start(self, event: TrainingStarted) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
        from rich.progress import TimeRemainingColumn as TimeLeft

        self.close()
        console = self._console or Console(stderr=True)
        if not console.is_terminal:
            return
        self._started = event
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[figures]}"),
            TimeLeft(elapsed_when_finished=True),
            console=console,
            auto_refresh=False,
        )
        done = event.first_pass * event.steps_per_pass
        self._task = self._progress.add_task(
            event.network,
            total=event.passes * event.steps_per_pass,
            completed=done,
            figures="",
        )
        self._mark = (done, time.perf_counter())
        self._progress.start()
        atexit.register(self.close)

    def _advance(self, done: int) -> None:
        if self._progress is None or self._started is None:
            return
        now = time.perf_counter()
        steps, seconds = done - self._mark[0], now - self._mark[1]
        if steps > 1 and seconds > 0:
            rate = steps * self._started.recipe.batch_size / seconds
            self._rate = 0.7 * self._rate + 0.3 * rate if self._rate else rate
            self._mark = (done, now)
        number = min((done - 1) // self._started.steps_per_pass + 1, self._started.passes)
        self._progress.update(
            self._task,
            completed=done,
            description=f"{self._started.network} pass {number}/{self._started.passes}",
            figures=f"{self._rate:,.0f} img/s  cost {self._cost:.4f}" if self._rate else "",
        )
        if now - self._drawn > 0.1:
            self._progress.refresh()
            self._drawn = now


class TensorBoardReporter:
    """Writes costs, accuracy and learning rate where TensorBoard looks for them.

    Args:
        folder: TensorBoard's `--logdir`, or a folder in it.
    """

    def __init__(self, folder: Path) -> None:
        from torch.utils.tensorboard import SummaryWriter

        self._writer: Any = SummaryWriter(str(folder))
        self._steps_per_pass = 1

    @classmethod
    def if_installed(cls, folder: Path) -> Self | None:
        """A reporter, or None where TensorBoard is not installed."""
        try:
            return cls(folder)
        except ImportError:
            return None

    def __call__(self, event: Event) -> None:
        """Write the event's figures."""
        match event:
            case TrainingStarted():
                self._steps_per_pass = event.steps_per_pass
            case StepDone():
                self._writer.add_scalar("cost/train", event.cost, event.step)
                self._writer.add_scalar("learning_rate", event.learning_rate, event.step)
            case PassDone():
                step = (event.pass_ + 1) * self._steps_per_pass - 1
                for name, value in (
                    ("cost/validation", event.validation_cost),
                    ("accuracy/validation", event.validation_accuracy),
                ):
                    if value is not None:
                        self._writer.add_scalar(name, value, step)
                self._writer.flush()
            case TrainingDone():
                self._writer.close()
