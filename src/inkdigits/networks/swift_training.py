"""The convolutional network's training step as matrix products: the same function in less time.

It is for float32 (and float64) on a processor, with max pooling and ReLU. Between its layers values
lie as [row, column, image, channel]. It differs from the layers by rounding: which of two nearly
equal values a pooling takes can change by it, and with it where a gradient goes.

Four things save time: the first convolution, of one channel, computes four neighbouring outputs
from one window, ready to be pooled; pooling, bias and ReLU are one step; batch normalisation
becomes part of the second convolution's weights; and that one is computed by minimal filtering.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch import nn
from torch.autograd import Function

from inkdigits.networks.minimal_filtering import convolve

# From four values that are pooled together, given as one tensor, to each of them.
Quarters = Callable[[torch.Tensor], tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]]


def can_train_swiftly(layers: nn.Sequential, images: torch.Tensor) -> bool:
    """Whether `swift_logits` computes what these layers do, on these images."""
    kinds = [type(layer) for layer in layers]
    return (
        kinds[1:3] == kinds[5:7] == [nn.MaxPool2d, nn.ReLU]
        and images.device.type == "cpu"
        and images.dtype in (torch.float32, torch.float64)
        and images.dtype == layers[0].weight.dtype
        and images.shape[1:] == (1, 28, 28)
        and not torch.is_autocast_enabled("cpu")
    )


def swift_logits(layers: nn.Sequential, images: torch.Tensor) -> torch.Tensor:
    """Logits [n, 10] of images [n, 1, 28, 28], in training; running means move as they should."""
    first, normalisation, second, last = layers[0], layers[3], layers[4], layers[8]
    assert isinstance(first, nn.Conv2d)
    assert isinstance(normalisation, nn.BatchNorm2d)
    assert isinstance(second, nn.Conv2d)
    assert first.bias is not None
    assert second.bias is not None
    count = len(images)
    windows = _windows(images)
    products = windows @ _four_windows_in_one(first.weight)
    hidden = _pool(products.view(-1, 4, 20), first.bias, _four_in_a_row)
    mean, square = _moments(hidden)
    variance = square - mean * mean
    _move_running_means(normalisation, mean, variance, len(hidden))
    scale = normalisation.weight * torch.rsqrt(variance + normalisation.eps)
    shift = normalisation.bias - mean * scale
    weights = second.weight * scale[:, None, None]
    bias = second.bias + second.weight.sum((2, 3)) @ shift
    features = _pool(convolve(hidden.view(12, 12, count, 20), weights), bias, _two_by_two)
    logits: torch.Tensor = last(features.permute(2, 3, 0, 1).reshape(count, 50 * 4 * 4))
    return logits


def _windows(images: torch.Tensor) -> torch.Tensor:
    """The 6 x 6 pixels on which 2 x 2 outputs of a 5 x 5 convolution depend: [12 * 12 * n, 36]."""
    pixels = images.reshape(len(images), 28, 28).contiguous()
    windows = pixels.as_strided((12, 12, len(images), 6, 6), (56, 2, 784, 28, 1))
    return windows.reshape(-1, 36)


def _four_windows_in_one(weights: torch.Tensor) -> torch.Tensor:
    """Weights [20, 1, 5, 5] as [36, 4 * 20]: from 6 x 6 pixels to 2 x 2 outputs of 20 channels."""
    places = _places(weights.dtype)
    return (places @ weights.view(20, 25).t()).view(36, 80)


@cache
def _places(dtype: torch.dtype) -> torch.Tensor:
    """[36 * 4, 25]: 1 where a weight stands in the 6 x 6 window of each of the four outputs."""
    places = torch.zeros(6, 6, 2, 2, 5, 5, dtype=dtype)
    for down in range(2):
        for across in range(2):
            for row in range(5):
                for column in range(5):
                    places[row + down, column + across, down, across, row, column] = 1
    return places.view(36 * 4, 25)


def _pool(values: torch.Tensor, bias: torch.Tensor, quarters: Quarters) -> torch.Tensor:
    """The largest of four, and bias and ReLU, which both keep the order and so may come after."""
    pooled: torch.Tensor = _Pool.apply(values, bias, quarters)  # type: ignore[no-untyped-call]
    return pooled


class _Pool(Function):
    @staticmethod
    def forward(
        ctx: Any, values: torch.Tensor, bias: torch.Tensor, quarters: Quarters
    ) -> torch.Tensor:
        a, b, c, d = quarters(values)
        second_of_first, second_of_last = b - a, d - c
        first, last = torch.maximum(a, b), torch.maximum(c, d)
        last_of_both = last - first
        pooled = torch.maximum(first, last, out=first).add_(bias).relu_()
        ctx.save_for_backward(second_of_first, second_of_last, last_of_both, pooled)
        ctx.quarters, ctx.shape = quarters, values.shape
        return pooled

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, None]:
        second_of_first, second_of_last, last_of_both, pooled = ctx.saved_tensors
        where_positive = torch.ops.aten.threshold_backward
        gradient = where_positive(gradients[0], pooled, 0.0)
        of_bias = _column_sums(gradient.reshape(-1, gradient.shape[-1]))
        of_values = gradient.new_empty(ctx.shape)
        a, b, c, d = ctx.quarters(of_values)
        of_last = where_positive(gradient, last_of_both, 0.0)
        of_first = gradient.sub_(of_last)
        of_second = where_positive(of_first, second_of_first, 0.0)
        b.copy_(of_second)
        a.copy_(of_first.sub_(of_second))
        of_second = where_positive(of_last, second_of_last, 0.0)
        d.copy_(of_second)
        c.copy_(of_last.sub_(of_second))
        return of_values, of_bias, None


def _four_in_a_row(
    values: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Of [m, 4, channels], where a window's four outputs stand side by side."""
    return values[:, 0], values[:, 1], values[:, 2], values[:, 3]


def _two_by_two(
    values: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Of [8, 8, n, channels], where they are neighbours in rows and columns."""
    pairs = values.view(4, 2, 4, 2, *values.shape[2:])
    return pairs[:, 0, :, 0], pairs[:, 0, :, 1], pairs[:, 1, :, 0], pairs[:, 1, :, 1]


def _moments(values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The means of [m, channels] and of their squares, each [channels]."""
    mean, square = _Moments.apply(values)  # type: ignore[no-untyped-call]
    return mean, square


class _Moments(Function):
    @staticmethod
    def forward(ctx: Any, values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        ctx.save_for_backward(values)
        return _column_sums(values) / len(values), _column_sums(values * values) / len(values)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> torch.Tensor:
        (values,) = ctx.saved_tensors
        of_mean, of_square = gradients
        return torch.addcmul(of_mean / len(values), values, of_square * (2 / len(values)))


def _column_sums(values: torch.Tensor) -> torch.Tensor:
    """As a product, which is several times as fast as summing over a tall matrix's rows."""
    return (values.new_ones(1, len(values)) @ values)[0]


@torch.no_grad()
def _move_running_means(
    normalisation: nn.BatchNorm2d, mean: torch.Tensor, variance: torch.Tensor, count: int
) -> None:
    """As batch normalisation does: what evaluation will use moves towards this batch's."""
    running_mean, running_variance = normalisation.running_mean, normalisation.running_var
    assert running_mean is not None
    assert running_variance is not None
    assert normalisation.num_batches_tracked is not None
    momentum = normalisation.momentum or 0.0
    running_mean.lerp_(mean, momentum)
    running_variance.lerp_(variance * (count / (count - 1)), momentum)
    normalisation.num_batches_tracked += 1
