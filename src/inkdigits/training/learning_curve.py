"""The learning curve as numbers: a listener that remembers what a drawing needs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from inkdigits.training.events import Event, PassDone, StepDone, TrainingStarted


@dataclass(frozen=True)
class PassPoint:
    """Where the curve stood after a pass.

    Attributes:
        pass_: from 0.
        step: how many steps were done by then.
        cost: mean cross-entropy on the validation split; None without one.
        accuracy: on the validation split, 0 to 1; None without one.
        is_best: no earlier pass had a lower cost.
    """

    pass_: int
    step: int
    cost: float | None
    accuracy: float | None
    is_best: bool


class LearningCurve:
    """The costs of a training so far; call it with every event.

    Attributes:
        network: its name.
        label_smoothing: the recipe's; with some, the train cost can't be compared with the
            validation cost.
        steps_per_pass: mini-batches in a pass.
        passes: how many there will be.
        steps: how many steps were done when each train cost was measured.
        train_costs: of single mini-batches, so they are noisy.
        points: one a pass.
    """

    def __init__(self) -> None:
        self.network = ""
        self.label_smoothing = 0.0
        self.steps_per_pass = 1
        self.passes = 1
        self.steps: list[int] = []
        self.train_costs: list[float] = []
        self.points: list[PassPoint] = []

    def __call__(self, event: Event) -> None:
        """Remember what the event says."""
        match event:
            case TrainingStarted():
                # An interrupted training that goes on in the same process keeps its past.
                self.steps = self.steps if event.first_pass else []
                self.train_costs = self.train_costs if event.first_pass else []
                self.points = self.points if event.first_pass else []
                self.network = event.network
                self.label_smoothing = event.recipe.label_smoothing
                self.steps_per_pass = event.steps_per_pass
                self.passes = event.passes
            case StepDone():
                self.steps.append(event.step + 1)
                self.train_costs.append(event.cost)
            case PassDone():
                self._add_point(
                    event.pass_, event.validation_cost, event.validation_accuracy, event.is_best
                )

    def restore(self, records: Iterable[Mapping[str, Any]]) -> None:
        """Take up the lines that an interrupted training left in `metrics.jsonl`."""
        for record in records:
            if record.get("event") == "StepDone" and record["cost"] is not None:
                self.steps.append(record["step"] + 1)
                self.train_costs.append(record["cost"])
            elif record.get("event") == "PassDone":
                self._add_point(
                    record["pass"],
                    record["validation_cost"],
                    record["validation_accuracy"],
                    record["is_best"],
                )

    @property
    def best(self) -> PassPoint | None:
        """The pass that would be chosen now; None before the first pass or without validation."""
        best = [point for point in self.points if point.is_best and point.cost is not None]
        return best[-1] if best else None

    def _add_point(
        self, pass_: int, cost: float | None, accuracy: float | None, is_best: bool
    ) -> None:
        step = (pass_ + 1) * self.steps_per_pass
        self.points.append(PassPoint(pass_, step, cost, accuracy, is_best))
