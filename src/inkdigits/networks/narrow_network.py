"""A network of 9,874 parameters, for browsers and microcontrollers.

image 1x28x28 -> 12 of 5x5, every second pixel -> 12x14x14 -> 16 of 3x3 -> 16x14x14
              -> 20 of 3x3, every second pixel -> 20x7x7   -> 20 of 3x3 -> 20x7x7
              -> each channel added up, with a weight for each place -> 20 -> logits 10

A weight for each place in place of an average (Chen et al. 2018, "MobileFaceNets", section 3.1),
since where a stroke is tells digits apart, and a matrix over all places would need more weights
than all the rest: 0.7 million multiplications an image.
"""

import torch
from torch import nn

from inkdigits.networks.layers import normalised_convolution
from inkdigits.networks.registry import register


@register("narrow-network", "tiny")
class NarrowNetwork(nn.Module):
    """Convolutions with batch normalisation, few channels each."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            *normalised_convolution(1, 12, 5, stride=2, padding=2),
            *normalised_convolution(12, 16, 3, padding=1),
            *normalised_convolution(16, 20, 3, stride=2, padding=1),
            *normalised_convolution(20, 20, 3, padding=1),
            *normalised_convolution(20, 20, 7, groups=20),
            nn.Flatten(),
            nn.Linear(20, 10),
        )

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Images [n, 1, 28, 28] to logits [n, 10]."""
        logits: torch.Tensor = self.layers(images)
        return logits
