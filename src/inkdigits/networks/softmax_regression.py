"""Softmax regression: ten weighted sums of the 784 pixels; the largest wins.

image 1x28x28 -> 784 -> logits 10                                   7,850 parameters
"""

import torch
from torch import nn

from inkdigits.networks.registry import register


@register("softmax-regression", "softmax")
class SoftmaxRegression(nn.Module):
    """The chapter's first classifier; the softmax itself is in the cross-entropy."""

    def __init__(self) -> None:
        super().__init__()
        self.output = nn.Linear(28 * 28, 10)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Images [n, 1, 28, 28] to logits [n, 10]."""
        ink = images + 1  # background is 0: a pixel without ink says nothing, and moves no weight
        logits: torch.Tensor = self.output(ink.flatten(1))
        return logits
