"""What training tells while it runs. Whoever listens is a callable that takes one event.

All reports (text, progress bar, curve, JSON Lines, TensorBoard) are such listeners, and
`train(..., on_event=[mine])` adds your own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from inkdigits.training.recipes import Recipe


@dataclass(frozen=True)
class TrainingStarted:
    """Before the first step.

    Attributes:
        network: its name.
        recipe: how it is trained.
        parameters: how many there are to train.
        steps_per_pass: mini-batches in a pass.
        passes: in all.
        first_pass: 0, or the pass with which an interrupted run goes on.
        run_folder: where everything is saved.
    """

    network: str
    recipe: Recipe
    parameters: int
    steps_per_pass: int
    passes: int
    first_pass: int
    run_folder: Path


@dataclass(frozen=True)
class StepDone:
    """After a mini-batch, every so many of them.

    Attributes:
        pass_: from 0.
        batch: in this pass, from 0.
        step: over all passes, from 0.
        cost: mean cross-entropy of this mini-batch, as trained (with label smoothing, if any).
        learning_rate: of this step.
    """

    pass_: int
    batch: int
    step: int
    cost: float
    learning_rate: float


@dataclass(frozen=True)
class PassDone:
    """After a pass, once its model is on disk.

    Attributes:
        pass_: from 0.
        train_cost: mean over the pass's mini-batches.
        validation_cost: mean cross-entropy of the saved model on the validation split; None
            without one.
        validation_accuracy: 0 to 1; None without a validation split.
        seconds: that the pass took, with validation and saving.
        is_best: no earlier pass had a lower validation cost.
        model: the file of this pass.
    """

    pass_: int
    train_cost: float
    validation_cost: float | None
    validation_accuracy: float | None
    seconds: float
    is_best: bool
    model: Path


@dataclass(frozen=True)
class TrainingDone:
    """At the end, after the one look at the test set.

    Attributes:
        best_pass: the one that was chosen, from 0.
        test_cost: mean cross-entropy of the chosen model on the test set.
        test_accuracy: 0 to 1.
        seconds: all passes together.
        model: the file of the chosen model.
    """

    best_pass: int
    test_cost: float
    test_accuracy: float
    seconds: float
    model: Path


Event = TrainingStarted | StepDone | PassDone | TrainingDone
Listener = Callable[[Event], object]
