"""The flagship: a small residual network (He et al. 2016, "Deep residual learning", section 3).

image 1x28x28 -> 32 of 5x5, every second pixel -> 32x14x14 -> block of two 3x3
              -> 80 of 3x3, every second pixel -> 80x7x7   -> block of two 3x3
              -> 96 of 3x3, inside only        -> 96x5x5 = 2400 -> logits 11
                                                                  253,867 parameters

The image is halved at once, since on processors wide layers on few pixels are computed faster than
narrow ones on many: 12 million multiplications an image. The eleventh logit is "not a digit".
"""

import torch
from torch import nn

from inkdigits.networks.layers import normalised_convolution
from inkdigits.networks.registry import register


@register("residual-network")
class ResidualNetwork(nn.Module):
    """Convolutions with batch normalisation, and shortcuts around two blocks."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            *normalised_convolution(1, 32, 5, stride=2, padding=2),
            _Block(32),
            *normalised_convolution(32, 80, 3, stride=2, padding=1),
            _Block(80),
            *normalised_convolution(80, 96, 3),
            nn.Flatten(),
            nn.Linear(96 * 5 * 5, 11),
        )

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Images [n, 1, 28, 28] to logits [n, 11]: the ten digits, and not a digit."""
        logits: torch.Tensor = self.layers(images)
        return logits


class _Block(nn.Module):
    """What two convolutions change is added to what came in."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.change = nn.Sequential(
            *normalised_convolution(channels, channels, 3, padding=1),
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels),
        )

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        return torch.relu(values + self.change(values))
