"""What was compared, as data: an entry for each classifier, and what they have in common."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inkdigits.inference.evaluation import Evaluation

if TYPE_CHECKING:
    from inkdigits.training import TrainingResult
    from inkdigits.training.classics import ClassicResult
    from inkdigits.training.learning_curve import LearningCurve

# Test accuracies that the "Recognize Digits" chapter of "Deep Learning 101" (PaddlePaddle) reports.
CHAPTER_ACCURACY = {"softmax-regression": 0.9234, "mlp": 0.9766, "cnn": 0.9920}

_TITLES = {
    "softmax-regression": "softmax regression",
    "mlp": "multilayer perceptron",
    "cnn": "convolutional network",
}


@dataclass(frozen=True)
class Entry:
    """One classifier and its figures.

    Attributes:
        name: the network's or method's name, as the command line has it.
        title: what people call it.
        test: its figures on the test set.
        cost: mean cross-entropy on the test set; None if it gives no probabilities.
        seconds: all passes; of a classical method preprocessing, training and testing.
        recipe: the recipe's fields; None for a classical method.
        settings: of a classical method, in words; empty for a network.
        parameters: how many were trained; None for a classical method.
        model: the model file; None for a classical method, which is not saved.
        model_bytes: its size.
        best_pass: the chosen pass, from 0; None for a classical method.
        validation_cost: of the chosen pass; None without a validation split.
        curve: its learning curve; None for a classical method.
    """

    name: str
    title: str
    test: Evaluation
    cost: float | None
    seconds: float
    recipe: dict[str, Any] | None = None
    settings: str = ""
    parameters: int | None = None
    model: Path | None = None
    model_bytes: int | None = None
    best_pass: int | None = None
    validation_cost: float | None = None
    curve: "LearningCurve | None" = None

    @property
    def chapter_accuracy(self) -> float | None:
        """What the chapter reports for this network; None if it has none like it."""
        return CHAPTER_ACCURACY.get(self.name)

    @classmethod
    def of_network(cls, result: "TrainingResult", curve: "LearningCurve") -> "Entry":
        """The entry of a network that has been trained."""
        return cls(
            name=result.network,
            title=_TITLES.get(result.network, result.network),
            test=result.test,
            cost=result.test.cost,
            seconds=result.seconds,
            recipe=result.recipe.as_dict(),
            parameters=result.parameters,
            model=result.model,
            model_bytes=result.model.stat().st_size,
            best_pass=result.best_pass,
            validation_cost=result.validation["cost"] if result.validation else None,
            curve=curve,
        )

    @classmethod
    def of_classic(cls, result: "ClassicResult") -> "Entry":
        """The entry of a classical method."""
        before = f"; {result.preprocessing} first" if result.preprocessing != "none" else ""
        return cls(
            name=result.method,
            title=result.title,
            test=result.test,
            cost=result.cost,
            seconds=result.seconds,
            settings=f"{result.settings}{before}; trained on {result.train:,} images",
        )

    def as_dict(self) -> dict[str, Any]:
        """The entry as plain values."""
        return {
            "network": self.name,
            "recipe": self.recipe,
            "settings": self.settings or None,
            "test_accuracy": self.test.accuracy,
            "interval": list(self.test.interval),
            "test_cost": self.cost,
            "parameters": self.parameters,
            "seconds": round(self.seconds, 3),
            "model_bytes": self.model_bytes,
            "model": str(self.model) if self.model else None,
            "chapter_accuracy": self.chapter_accuracy,
            "best_pass": self.best_pass,
        }


@dataclass(frozen=True)
class Comparison:
    """Classifiers trained and tested on the same data.

    Attributes:
        entries: in the order of training.
        data: name, origin, checksum and sizes.
        note: empty, or the warning that the data is only a sample.
        seed: of everything random.
        machine: processor and threads, in words.
        date: the day, as in 2026-11-24.
        versions: of what computed the figures.
    """

    entries: tuple[Entry, ...]
    data: dict[str, Any]
    note: str = ""
    seed: int = 0
    machine: str = ""
    date: str = ""
    versions: dict[str, str] = field(default_factory=dict)

    @property
    def best(self) -> Entry | None:
        """The network with the lowest validation cost; None if none was validated.

        The test set has no say: its figures would no longer be honest if it chose.
        """
        validated = [entry for entry in self.entries if entry.validation_cost is not None]
        return min(validated, key=lambda entry: entry.validation_cost or 0.0, default=None)

    def as_dict(self) -> dict[str, Any]:
        """What `inkdigits compare --json` prints, but for the report's place."""
        best = self.best
        return {
            "data": self.data,
            "models": [entry.as_dict() for entry in self.entries],
            "best": best.name if best else None,
            "best_model": str(best.model) if best else None,
        }
