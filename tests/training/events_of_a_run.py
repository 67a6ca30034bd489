"""The events of a real training: the chapter's softmax regression, 3 passes over the first 55,000
of a seeded shuffle of MNIST's training set, batch 64, a cost every 100 steps.
The last event repeats the figures of validation: no test set was looked at for this.
"""

from pathlib import Path

from inkdigits.training.events import PassDone, StepDone, TrainingDone, TrainingStarted
from inkdigits.training.recipes import Recipe

STEPS = 860
COSTS = [
    [2.3564, 0.6591, 0.3693, 0.3593, 0.2861, 0.4111, 0.3061, 0.3107, 0.1239],
    [0.3444, 0.1505, 0.3446, 0.4526, 0.2207, 0.209, 0.3204, 0.3367, 0.1658],
    [0.239, 0.2841, 0.1759, 0.4464, 0.3634, 0.3309, 0.2592, 0.4639, 0.1482],
]
PASSES = [
    (0.483737, 0.365406, 0.8956, 3.41, True),
    (0.329675, 0.326486, 0.9066, 3.14, True),
    (0.310479, 0.327075, 0.9068, 2.05, False),
]


def events(folder: Path, *, first_pass: int = 0) -> list[object]:
    """All events of the run, or of its end if it goes on with a pass."""
    recipe = Recipe("chapter", passes=len(PASSES))
    told: list[object] = [
        TrainingStarted("softmax-regression", recipe, 7_850, STEPS, 3, first_pass, folder)
    ]
    for number in range(first_pass, len(PASSES)):
        for batch, cost in zip(range(0, STEPS, 100), COSTS[number], strict=True):
            told.append(StepDone(number, batch, number * STEPS + batch, cost, 0.001))
        train_cost, cost, accuracy, seconds, is_best = PASSES[number]
        model = folder / f"pass-{number:02d}.onnx"
        told.append(PassDone(number, train_cost, cost, accuracy, seconds, is_best, model))
    told.append(TrainingDone(1, 0.326486, 0.9066, 8.61, folder / "best.onnx"))
    return told
