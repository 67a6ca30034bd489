"""The optimiser that a recipe names."""

import torch
from torch import nn

from inkdigits.errors import UsageError
from inkdigits.training.recipes import Recipe

OPTIMIZERS = ("adam", "sgd")


def make_optimizer(network: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    """The optimiser for a network's parameters.

    `adam` is Adam (Kingma & Ba 2015) with decoupled weight decay (Loshchilov & Hutter 2019); `sgd`
    is stochastic gradient descent with Nesterov's momentum of 0.9. Weights decay; biases and the
    scales of normalisation, which have one dimension, do not.

    Raises:
        UsageError: there is no such optimiser.
    """
    if recipe.optimizer not in OPTIMIZERS:
        choices = ", ".join(OPTIMIZERS)
        raise UsageError(f"there is no optimizer '{recipe.optimizer}'; choose {choices}")
    parameters = [parameter for parameter in network.parameters() if parameter.requires_grad]
    weights = [parameter for parameter in parameters if parameter.ndim > 1]
    others = [parameter for parameter in parameters if parameter.ndim <= 1]
    groups = [
        {"params": weights, "weight_decay": recipe.weight_decay},
        {"params": others, "weight_decay": 0.0},
    ]
    if recipe.optimizer == "sgd":
        return torch.optim.SGD(
            groups, lr=recipe.learning_rate, momentum=0.9, nesterov=True, fused=True
        )
    return torch.optim.AdamW(groups, lr=recipe.learning_rate, fused=True)
