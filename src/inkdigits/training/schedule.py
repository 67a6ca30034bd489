"""The learning rate of each step."""

import math

from inkdigits.training.recipes import Recipe


def learning_rate(recipe: Recipe, step: int, steps: int) -> float:
    """The rate of a step.

    `one-cycle` is the policy of Smith & Topin (2018, section 3): up to the highest rate, then down
    to almost nothing; both halves follow a cosine.

    Args:
        recipe: its `schedule`, `learning_rate` and `warmup` decide.
        step: over all passes, from 0.
        steps: in all passes together.
    """
    if recipe.schedule == "constant":
        return recipe.learning_rate
    rising = max(recipe.warmup * steps, 1)
    if step < rising:
        start, end, progress = 1 / 25, 1.0, step / rising
    else:
        start, end, progress = 1.0, 1e-4, (step - rising) / max(steps - rising, 1)
    return recipe.learning_rate * (end + (start - end) * (1 + math.cos(math.pi * progress)) / 2)
