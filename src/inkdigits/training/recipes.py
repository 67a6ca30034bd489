"""Recipes: how a network is trained, as data. `recipe_for("cnn", "default")` finds one.

Each network has three. `chapter` trains as PaddlePaddle's chapter does. `default` is the most
accurate one that is worth its time. `fast` takes the least time to pass the chapter's accuracy.
They come from a small search on two or three validation splits of 5,000 training images; the
`fast` recipe of the CNN, those of the residual and the narrow network and `GENERAL` were not part
of it.
"""

from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any

from inkdigits.errors import UsageError
from inkdigits.networks import find

SCHEDULES = ("constant", "one-cycle")
PRECISIONS = ("float32", "bfloat16", "auto")


@dataclass(frozen=True)
class Recipe:
    """Everything that decides how a network is trained, but for the data and the seed.

    A value that makes no sense is a UsageError.

    Attributes:
        name: `chapter`, `default` or `fast`, or `custom` when options have changed it.
        optimizer: `adam` (Kingma & Ba 2015), `sgd` with Nesterov's momentum of 0.9, or `muon`
            (Jordan 2024), which is Adam for the last layer and all that is not a matrix.
        learning_rate: the constant rate, or the highest rate of the schedule.
        schedule: `constant`, or `one-cycle` (Smith & Topin 2018: rise, then fall to almost zero).
        warmup: the fraction of all steps in which `one-cycle` rises.
        batch_size: images in a mini-batch.
        passes: how often every training image is seen.
        label_smoothing: the share of the target that is spread over all classes, 0 to 1.
        weight_decay: decoupled (Loshchilov & Hutter 2019), per step and unit of learning rate.
        augmentation: the name of an augmentation of training images, or `none`.
        plain: the share of all steps, the last ones, that take the images as they are: what was
            learned from changed ones is fitted to what is to be read.
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
    plain: float = 0.0
    clutter: float = 0.0
    averaging: float = 0.0
    precision: str = "float32"

    def __post_init__(self) -> None:
        if not (isfinite(self.learning_rate) and self.learning_rate > 0):
            raise UsageError(
                f"the learning rate must be a number above 0, not {self.learning_rate}"
            )
        if self.batch_size < 1 or self.passes < 1:
            raise UsageError(
                f"batch size and passes must be 1 or more, not {self.batch_size} and {self.passes}"
            )
        if not 0 <= self.plain <= 1:
            raise UsageError(f"the share of plain steps must be 0 to 1, not {self.plain}")
        for name, value, choices in (
            ("schedule", self.schedule, SCHEDULES),
            ("precision", self.precision, PRECISIONS),
        ):
            if value not in choices:
                raise UsageError(f"there is no {name} '{value}'; choose {', '.join(choices)}")

    def as_dict(self) -> dict[str, Any]:
        """The recipe as plain values, for `run.json` and a model's metadata."""
        return asdict(self)


def recipe_for(network: str, name: str) -> Recipe:
    """The recipe of that name for a network.

    Args:
        network: its name or an alias of it; a network that has no recipes of its own, such as one
            that you bring, gets those of `GENERAL`.
        name: `chapter`, `default` or `fast`.

    Raises:
        UsageError: the network has no recipe of that name.
    """
    recipes = RECIPES.get(_registered_name(network), GENERAL)
    if name not in recipes:
        raise UsageError(
            f"there is no recipe '{name}' for {network}; choose {', '.join(sorted(recipes))}"
        )
    return recipes[name]


def _registered_name(network: str) -> str:
    try:
        return find(network).name
    except UsageError:  # a network of the user's own
        return network


def _by_name(*recipes: Recipe) -> dict[str, Recipe]:
    return {recipe.name: recipe for recipe in recipes}


# The chapter keeps its last weights. At a constant rate they jitter around a better point, which
# the average of about the last five hundred steps is near: that is all that is added here.
_CHAPTER = Recipe("chapter", averaging=0.998)

RECIPES: dict[str, dict[str, Recipe]] = {
    "softmax-regression": _by_name(
        _CHAPTER,
        Recipe(
            "default",
            learning_rate=0.003,
            schedule="one-cycle",
            batch_size=128,
            passes=10,
        ),
        Recipe(
            "fast",
            learning_rate=0.004,
            schedule="one-cycle",
            batch_size=128,
            passes=4,
        ),
    ),
    "mlp": _by_name(
        _CHAPTER,
        Recipe(
            "default",
            learning_rate=0.003,
            schedule="one-cycle",
            batch_size=256,
            passes=20,
            label_smoothing=0.05,
            augmentation="elastic",
        ),
        Recipe(
            "fast",
            learning_rate=0.003,
            schedule="one-cycle",
            batch_size=128,
            passes=5,
            label_smoothing=0.1,
        ),
    ),
    "cnn": _by_name(
        _CHAPTER,
        Recipe(
            "default",
            optimizer="muon",
            learning_rate=0.004,
            schedule="one-cycle",
            warmup=0.1,
            batch_size=64,
            weight_decay=0.05,
            augmentation="elastic",
            plain=0.2,
            precision="auto",
        ),
        Recipe(
            "fast",
            learning_rate=0.006,
            schedule="one-cycle",
            batch_size=128,
            passes=3,
            precision="auto",
        ),
    ),
    "narrow-network": _by_name(
        _CHAPTER,
        Recipe(
            "default",
            optimizer="muon",
            learning_rate=0.006,
            schedule="one-cycle",
            warmup=0.1,
            batch_size=128,
            passes=36,
            weight_decay=0.01,
            augmentation="elastic",
            plain=0.1,
            averaging=0.998,
        ),
        Recipe("fast", learning_rate=0.006, schedule="one-cycle", batch_size=128, passes=5),
    ),
    "residual-network": _by_name(
        _CHAPTER,
        Recipe(
            "default",
            learning_rate=0.003,
            schedule="one-cycle",
            warmup=0.2,
            batch_size=128,
            passes=36,
            label_smoothing=0.05,
            weight_decay=0.02,
            augmentation="handwriting",
            clutter=0.25,
            averaging=0.998,
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

# For a network that has no recipes of its own: gentle, and right for most.
GENERAL: dict[str, Recipe] = _by_name(
    _CHAPTER,
    Recipe(
        "default",
        learning_rate=0.003,
        schedule="one-cycle",
        batch_size=128,
        passes=10,
        augmentation="affine",
        precision="auto",
    ),
    Recipe("fast", learning_rate=0.003, schedule="one-cycle", batch_size=128, passes=2),
)
