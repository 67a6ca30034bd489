"""Recipes: how a network is trained, as data. `recipe_for("cnn", "default")` finds one."""

from dataclasses import asdict, dataclass
from typing import Any

from inkdigits.errors import UsageError


@dataclass(frozen=True)
class Recipe:
    """Everything that decides how a network is trained, but for the data and the seed.

    Attributes:
        name: `chapter`, `default` or `fast`, or `custom` when options have changed it.
        optimizer: `adam` (Kingma & Ba 2015).
        learning_rate: the constant rate, or the highest rate of the schedule.
        schedule: `constant`, or `one-cycle` (Smith & Topin 2018: rise, then fall to almost zero).
        warmup: the fraction of all steps in which `one-cycle` rises.
        batch_size: images in a mini-batch.
        passes: how often every training image is seen.
        label_smoothing: the share of the target that is spread over all classes, 0 to 1.
        weight_decay: decoupled (Loshchilov & Hutter 2019), per step and unit of learning rate.
        augmentation: the name of an augmentation of training images, or `none`.
        clutter: for each training image, so many images that are no digit are made beside it; the
            network needs an eleventh output for them.
        averaging: decay per step of the exponential moving average of the weights that is
            evaluated and saved; 0 keeps the last weights.
        precision: `float32`, `bfloat16`, or `auto` (bfloat16 where the processor computes in it).
    """

    name: str
    optimizer: str = "adam"
    learning_rate: float = 0.001
    schedule: str = "constant"
    warmup: float = 0.25
    batch_size: int = 64
    passes: int = 5
    label_smoothing: float = 0.0
    weight_decay: float = 0.0
    augmentation: str = "none"
    clutter: float = 0.0
    averaging: float = 0.0
    precision: str = "float32"

    def as_dict(self) -> dict[str, Any]:
        """The recipe as plain values, for `run.json` and a model's metadata."""
        return asdict(self)


# The chapter's way, for every network: Adam at a constant 0.001, batches of 64, five passes.
CHAPTER = Recipe("chapter")

# Chosen on validation splits of 5,000 (the test set had no part in it):
# - Softmax regression: 15 passes of a falling rate take away the noise that a constant one leaves
#   (92.2 % of the validation images against 91.2 %). Label smoothing, weight decay and augmentation
#   lost accuracy; longer and larger batches gained none.
# - Multilayer perceptron: elastic augmentation is what lets it learn for 20 passes (98.7 % against
#   97.8 % without any).
# - Convolutional network: elastic augmentation gains 0.1 to 0.2 points in five passes, batches of
#   64 and 128 are equal, label smoothing and the optimizer Muon gained nothing.
# - Residual network: a first recipe, not compared with others yet.
RECIPES: dict[str, tuple[Recipe, ...]] = {
    "softmax-regression": (
        CHAPTER,
        Recipe("default", learning_rate=0.002, schedule="one-cycle", batch_size=128, passes=15),
        Recipe("fast", learning_rate=0.006, schedule="one-cycle", batch_size=128, passes=4),
    ),
    "mlp": (
        CHAPTER,
        Recipe(
            "default",
            learning_rate=0.003,
            schedule="one-cycle",
            batch_size=256,
            passes=20,
            augmentation="elastic",
        ),
        Recipe(
            "fast",
            learning_rate=0.004,
            schedule="one-cycle",
            batch_size=256,
            passes=4,
            label_smoothing=0.05,
            precision="auto",
        ),
    ),
    "cnn": (
        CHAPTER,
        Recipe(
            "default",
            learning_rate=0.004,
            schedule="one-cycle",
            batch_size=64,
            passes=5,
            augmentation="elastic",
            precision="auto",
        ),
        Recipe(
            "fast",
            learning_rate=0.006,
            schedule="one-cycle",
            batch_size=128,
            passes=2,
            label_smoothing=0.05,
            precision="auto",
        ),
    ),
    "residual-network": (
        CHAPTER,
        Recipe(
            "default",
            learning_rate=0.003,
            schedule="one-cycle",
            warmup=0.2,
            batch_size=128,
            passes=30,
            label_smoothing=0.05,
            augmentation="handwriting",
            clutter=0.1,
            averaging=0.995,
        ),
        Recipe(
            "fast",
            learning_rate=0.003,
            schedule="one-cycle",
            warmup=0.2,
            batch_size=128,
            passes=4,
            label_smoothing=0.05,
            augmentation="handwriting",
            clutter=0.1,
            averaging=0.99,
        ),
    ),
}


def recipe_for(network: str, name: str = "default") -> Recipe:
    """The recipe of that name for a network.

    Args:
        network: its command-line name; one that has no recipes of its own gets the convolutional
            network's.
        name: `chapter`, `default` or `fast`.

    Raises:
        UsageError: there is no recipe of that name.
    """
    recipes = RECIPES.get(network, RECIPES["cnn"])
    for recipe in recipes:
        if recipe.name == name:
            return recipe
    there = ", ".join(recipe.name for recipe in recipes)
    raise UsageError(f"there is no recipe '{name}' for {network}; choose {there}")
