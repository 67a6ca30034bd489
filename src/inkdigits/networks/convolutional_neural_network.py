"""The convolutional neural network of the chapter, after LeNet-5 (LeCun et al. 1998, section II.B).

image 1x28x28 -> 20 of 5x5 -> 20x24x24 -> pool -> 20x12x12 -> batch norm
              -> 50 of 5x5 -> 50x8x8   -> pool -> 50x4x4 = 800 -> logits 10
                                                                   33,620 parameters
"""

import torch
from torch import nn

from inkdigits.networks.layers import activation_layer, pooling_layer
from inkdigits.networks.registry import register
from inkdigits.networks.swift_training import can_train_swiftly, swift_logits


@register("cnn", "convolutional-neural-network")
class ConvolutionalNeuralNetwork(nn.Module):
    """The chapter's third classifier.

    With max pooling the pooling comes before the activation: both orders give the same values,
    since the activations increase, and this one computes a quarter of the activations.

    Args:
        activation: after each convolution: relu, tanh or sigmoid.
        pooling: over 2x2 windows with stride 2: max or average.
    """

    def __init__(self, activation: str = "relu", pooling: str = "max") -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 20, 5),
            *_activate_and_pool(activation, pooling),
            nn.BatchNorm2d(20),
            nn.Conv2d(20, 50, 5),
            *_activate_and_pool(activation, pooling),
            nn.Flatten(),
            nn.Linear(50 * 4 * 4, 10),
        )

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Images [n, 1, 28, 28] to logits [n, 10]; training takes a faster way if it can."""
        if self.training and can_train_swiftly(self.layers, images):
            return swift_logits(self.layers, images)
        logits: torch.Tensor = self.layers(images)
        return logits


def _activate_and_pool(activation: str, pooling: str) -> tuple[nn.Module, nn.Module]:
    activate, pool = activation_layer(activation), pooling_layer(pooling)
    return (pool, activate) if pooling == "max" else (activate, pool)
