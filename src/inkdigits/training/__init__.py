"""Training: recipes, the loop over passes, its events, and the folder in which a run is kept."""

from inkdigits.training.events import (
    Event,
    Listener,
    PassDone,
    StepDone,
    TrainingDone,
    TrainingStarted,
)
from inkdigits.training.loop import resume, train
from inkdigits.training.recipes import Recipe, recipe_for
from inkdigits.training.result import TrainingResult

__all__ = [
    "Event",
    "Listener",
    "PassDone",
    "Recipe",
    "StepDone",
    "TrainingDone",
    "TrainingResult",
    "TrainingStarted",
    "recipe_for",
    "resume",
    "train",
]
