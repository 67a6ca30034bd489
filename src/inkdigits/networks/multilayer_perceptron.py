"""The multilayer perceptron: two hidden layers of 200 units.

image 1x28x28 -> 784 -> 200 -> 200 -> logits 10                   199,210 parameters
"""

import torch
from torch import nn

from inkdigits.networks.layers import activation_layer
from inkdigits.networks.registry import register


@register("mlp", "multilayer-perceptron")
class MultilayerPerceptron(nn.Module):
    """The chapter's second classifier.

    Args:
        activation: after each hidden layer: relu, tanh or sigmoid.
    """

    def __init__(self, activation: str = "relu") -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(),
            nn.Linear(28 * 28, 200),
            activation_layer(activation),
            nn.Linear(200, 200),
            activation_layer(activation),
            nn.Linear(200, 10),
        )

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Images [n, 1, 28, 28] to logits [n, 10]."""
        logits: torch.Tensor = self.layers(images)
        return logits
