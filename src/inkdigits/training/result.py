"""What comes of a run."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inkdigits.inference.evaluation import Evaluation
from inkdigits.training.events import PassDone
from inkdigits.training.recipes import Recipe


@dataclass(frozen=True)
class TrainingResult:
    """What came of a run.

    Attributes:
        network: its name.
        recipe: how it was trained.
        data: name, origin, checksum and sizes.
        passes: what each pass reached.
        best_pass: the chosen one, from 0.
        validation: `cost` and `accuracy` of the chosen model; None without a validation split.
        test: of the chosen model, from one look.
        parameters: how many were trained.
        seconds: all passes together.
        model: the chosen model file.
        run_folder: where everything is.
    """

    network: str
    recipe: Recipe
    data: dict[str, Any]
    passes: list[PassDone]
    best_pass: int
    validation: dict[str, float] | None
    test: Evaluation
    parameters: int
    seconds: float
    model: Path
    run_folder: Path

    def as_dict(self) -> dict[str, Any]:
        """As plain values: what `inkdigits train --json` prints."""
        return {
            "network": self.network,
            "recipe": self.recipe.as_dict(),
            "data": self.data,
            "passes": [
                {
                    "pass": done.pass_,
                    "train_cost": done.train_cost,
                    "validation_cost": done.validation_cost,
                    "validation_accuracy": done.validation_accuracy,
                    "seconds": round(done.seconds, 3),
                }
                for done in self.passes
            ],
            "best_pass": self.best_pass,
            "test_cost": self.test.cost,
            "test_accuracy": self.test.accuracy,
            "parameters": self.parameters,
            "seconds": round(self.seconds, 3),
            "model": str(self.model),
        }
