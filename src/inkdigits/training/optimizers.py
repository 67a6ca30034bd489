"""The optimizer of a recipe."""

import torch
from torch import nn

from inkdigits.errors import UsageError
from inkdigits.training.recipes import Recipe


def make_optimizer(network: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    """The recipe's optimizer over the network's parameters.

    Weight decay is decoupled (Loshchilov & Hutter 2019), and weights alone decay: biases and the
    parameters of batch norm, which have one dimension, do not.

    Raises:
        UsageError: there is no such optimizer.
    """
    if recipe.optimizer != "adam":
        raise UsageError(f"there is no optimizer '{recipe.optimizer}'; choose adam")
    parameters = list(network.parameters())
    groups = [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": recipe.weight_decay},
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
    ]
    # One fused kernel for all parameters, instead of a dozen small operations for each.
    return torch.optim.AdamW(groups, recipe.learning_rate, fused=True)
