"""Recipes: how a network is trained, as data. `recipe_for("cnn", "default")` finds one."""

from dataclasses import asdict, dataclass
from typing import Any

from inkdigits.networks import find


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


# About 40 minutes on two processors with AVX2.
RESIDUAL_NETWORK = Recipe(
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
)


def recipe_for(network, name):
    if find(network).name == "residual-network" and name == "default":
        return RESIDUAL_NETWORK
    return Recipe(name)
