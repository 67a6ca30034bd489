"""The faster training step is the network itself: exact in exact numbers, near it in float32."""

import copy
from fractions import Fraction

import pytest
import torch
from torch import nn

from inkdigits.networks import build
from inkdigits.networks.minimal_filtering import TAPS, TILE, convolve, transforms
from inkdigits.networks.swift_training import can_train_swiftly


def gradients(network, forward, images, labels):
    network.zero_grad()
    logits = forward(images)
    nn.functional.cross_entropy(logits, labels).backward()
    return logits.detach(), [p.grad.clone() for p in network.parameters()]


def both_ways(dtype, count=32):
    """Logits, gradients and running means by the layers and by the faster way."""
    torch.manual_seed(0)
    by_layers = build("cnn").to(dtype).train()
    swift = copy.deepcopy(by_layers)
    images = torch.randn(count, 1, 28, 28, dtype=dtype)
    labels = torch.randint(0, 10, (count,))
    assert can_train_swiftly(swift.layers, images)
    return (
        (*gradients(by_layers, by_layers.layers, images, labels), list(by_layers.buffers())),
        (*gradients(swift, swift, images, labels), list(swift.buffers())),
    )


def test_minimal_filtering_is_exact():
    inputs, outputs, weights = transforms()
    signal = [Fraction(n**3 - 7 * n, n + 2) for n in range(TILE + TAPS - 1)]
    kernel = [Fraction(5 - n * n, 3) for n in range(TAPS)]

    def times(matrix, vector):
        return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]

    products = [a * b for a, b in zip(times(weights, kernel), times(inputs, signal), strict=True)]
    direct = [sum(kernel[t] * signal[at + t] for t in range(TAPS)) for at in range(TILE)]
    assert times(outputs, products) == direct


@pytest.mark.parametrize("side", [8, 12, 16])
def test_the_convolution_is_torchs_with_its_gradients(side):
    torch.manual_seed(1)
    images = torch.randn(3, 4, side, side, dtype=torch.float64, requires_grad=True)
    weights = torch.randn(6, 4, 5, 5, dtype=torch.float64, requires_grad=True)
    expected = nn.functional.conv2d(images, weights)
    result = convolve(images.permute(2, 3, 0, 1), weights).permute(2, 3, 0, 1)
    torch.testing.assert_close(result, expected)
    upstream = torch.randn_like(expected)
    wanted = torch.autograd.grad(expected, (images, weights), upstream)
    got = torch.autograd.grad(result, (images, weights), upstream)
    torch.testing.assert_close(got, wanted)


def test_its_rounding_in_float32_is_that_of_float32():
    torch.manual_seed(2)
    images, weights = torch.randn(16, 20, 12, 12), torch.randn(50, 20, 5, 5) / 22
    exact = nn.functional.conv2d(images.double(), weights.double())
    result = convolve(images.permute(2, 3, 0, 1), weights).permute(2, 3, 0, 1)
    assert (result - exact).abs().max() < 1e-5 * exact.abs().max()


def test_in_double_precision_logits_gradients_and_running_means_are_those_of_the_layers():
    (logits, expected, buffers), (swift, got, swift_buffers) = both_ways(torch.float64)
    torch.testing.assert_close(swift, logits, rtol=1e-9, atol=1e-11)
    torch.testing.assert_close(got, expected, rtol=1e-9, atol=1e-11)
    torch.testing.assert_close(swift_buffers, buffers, rtol=1e-9, atol=1e-11)


def test_in_single_precision_logits_and_running_means_are_near():
    (logits, _, buffers), (swift, _, swift_buffers) = both_ways(torch.float32)
    torch.testing.assert_close(swift, logits, rtol=0, atol=1e-4)
    torch.testing.assert_close(swift_buffers, buffers, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("options", "dtype", "shape"),
    [
        ({"activation": "tanh"}, torch.float32, (2, 1, 28, 28)),
        ({"pooling": "average"}, torch.float32, (2, 1, 28, 28)),
        ({}, torch.bfloat16, (2, 1, 28, 28)),
        ({}, torch.float32, (2, 1, 27, 28)),
    ],
)
def test_other_networks_numbers_and_images_go_through_the_layers(options, dtype, shape):
    network = build("cnn", **options)
    assert not can_train_swiftly(network.layers, torch.zeros(shape, dtype=dtype))


def test_evaluation_goes_through_the_layers():
    network = build("cnn").eval()
    images = torch.randn(4, 1, 28, 28)
    assert torch.equal(network(images), network.layers(images))


def test_mixed_precision_goes_through_the_layers():
    network = build("cnn").train()
    with torch.autocast("cpu", torch.bfloat16):
        assert not can_train_swiftly(network.layers, torch.zeros(2, 1, 28, 28))
