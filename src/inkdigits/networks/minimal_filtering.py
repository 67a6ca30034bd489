"""Convolution with few multiplications: minimal filtering (Winograd 1980; Lavin & Gray 2016).

A tile of 4 x 4 outputs of a 5 x 5 convolution needs 25 products an output directly, and 4 here: the
8 x 8 inputs and the 5 x 5 weights are each evaluated at eight points in both directions, multiplied
point by point, and what comes out is interpolated. Over channels and images each of the 64 points
is one matrix product. In exact numbers it is the same convolution; in float32 its rounding is
larger than that of the direct one (`tests/networks/test_swift_training.py` holds both together).
"""

from fractions import Fraction
from functools import cache
from typing import Any

import torch
from torch.autograd import Function

TILE, TAPS = 4, 5
_POINTS = TILE + TAPS - 1
# Where polynomials are evaluated, and at infinity: small numbers keep the rounding small.
_AT = [Fraction(p) for p in (0, 1, -1, 2, -2, Fraction(1, 2), Fraction(-1, 2))]

Matrix = list[list[Fraction]]


def convolve(images: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """The 5 x 5 convolution without padding, differentiable.

    Args:
        images: [4 t + 4, 4 t + 4, n, channels]: rows and columns come first, so that everything is
            a product of large matrices.
        weights: [channels after, channels, 5, 5].

    Returns:
        [4 t, 4 t, n, channels after].
    """
    result: torch.Tensor = _Convolution.apply(images, weights)  # type: ignore[no-untyped-call]
    return result


class _Convolution(Function):
    @staticmethod
    def forward(ctx: Any, images: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
        side, _, count, before = images.shape
        after, tiles = len(weights), (side - TAPS + 1) // TILE
        at_input, at_output, at_weights = _matrices(tiles, images.dtype)
        values = _both_sides(at_input, images).view(-1, count, before)
        kernels = at_weights @ weights.permute(2, 3, 1, 0).reshape(TAPS**2, before * after)
        kernels = (
            kernels.view(1, _POINTS, 1, _POINTS, before, after)
            .expand(tiles, -1, tiles, -1, -1, -1)
            .reshape(-1, before, after)
        )
        ctx.save_for_backward(values, kernels)
        ctx.tiles = tiles
        points = tiles * _POINTS
        products = torch.bmm(values, kernels).view(points, points, count, after)
        return _both_sides(at_output, products)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor | None, torch.Tensor]:
        (gradient,) = gradients
        values, kernels = ctx.saved_tensors
        tiles, points = ctx.tiles, ctx.tiles * _POINTS
        (_, count, before), after = values.shape, kernels.shape[2]
        at_input, at_output, at_weights = _matrices(tiles, values.dtype)
        of_products = _both_sides(at_output.t(), gradient).view(-1, count, after)
        of_kernels = torch.bmm(values.transpose(1, 2), of_products)
        of_kernels = of_kernels.view(tiles, _POINTS, tiles, _POINTS, before * after).sum((0, 2))
        of_weights = at_weights.t() @ of_kernels.view(_POINTS**2, before * after)
        of_weights = of_weights.view(TAPS, TAPS, before, after).permute(3, 2, 0, 1)
        of_images = None
        if ctx.needs_input_grad[0]:
            of_values = torch.bmm(of_products, kernels.transpose(1, 2))
            of_images = _both_sides(at_input.t(), of_values.view(points, points, count, before))
        return of_images, of_weights


def _both_sides(matrix: torch.Tensor, values: torch.Tensor) -> torch.Tensor:
    """The matrix applied to the rows and to the columns: values [s, s, n, c] to [r, r, n, c]."""
    rows, side = matrix.shape
    _, _, count, channels = values.shape
    half = torch.mm(matrix, values.reshape(side, side * count * channels))
    return torch.matmul(matrix, half.view(rows, side, count * channels)).view(
        rows, rows, count, channels
    )


@cache
def _matrices(tiles: int, dtype: torch.dtype) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """For so many tiles side by side: inputs to points, points to outputs; weights to points."""
    of_input, of_output, of_weights = transforms()
    at_input = torch.zeros(tiles * _POINTS, tiles * TILE + TAPS - 1, dtype=dtype)
    at_output = torch.zeros(tiles * TILE, tiles * _POINTS, dtype=dtype)
    for tile in range(tiles):
        points = slice(tile * _POINTS, (tile + 1) * _POINTS)
        at_input[points, tile * TILE : tile * TILE + _POINTS] = _tensor(of_input, dtype)
        at_output[tile * TILE : (tile + 1) * TILE, points] = _tensor(of_output, dtype)
    weights = _tensor(of_weights, dtype)
    both = torch.einsum("ai,bj->abij", weights, weights).reshape(_POINTS**2, TAPS**2)
    return at_input, at_output, both


def transforms() -> tuple[Matrix, Matrix, Matrix]:
    """The three transforms in one dimension, exact, for inputs, outputs and weights.

    The product of two polynomials is known from its values at enough points (Toom, Cook). Read
    backwards (transposed), that is the sliding sum of products that a convolution of networks is:
    output = outputs [4, 8] ((weights [8, 5] w) * (inputs [8, 8] x)).
    """
    whole = _values_of_powers(_POINTS)
    inverse = _inverse(whole)
    inputs = [list(column) for column in zip(*inverse, strict=True)]
    outputs = [list(column) for column in zip(*_values_of_powers(TILE), strict=True)]
    return inputs, outputs, _values_of_powers(TAPS)


def _values_of_powers(count: int) -> Matrix:
    """The powers 0 to count - 1 at each point; at infinity only the highest one counts."""
    finite = [[point**power for power in range(count)] for point in _AT]
    return [*finite, [Fraction(int(power == count - 1)) for power in range(count)]]


def _inverse(matrix: Matrix) -> Matrix:
    """By elimination (Gauss, Jordan), exact."""
    size = len(matrix)
    rows = [
        [*row, *(Fraction(int(place == number)) for place in range(size))]
        for number, row in enumerate(matrix)
    ]
    for column in range(size):
        pivot = next(row for row in range(column, size) if rows[row][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for row in range(size):
            if row != column and rows[row][column]:
                factor = rows[row][column]
                rows[row] = [
                    value - factor * above
                    for value, above in zip(rows[row], rows[column], strict=True)
                ]
    return [row[size:] for row in rows]


def _tensor(matrix: Matrix, dtype: torch.dtype) -> torch.Tensor:
    return torch.tensor([[float(value) for value in row] for row in matrix], dtype=dtype)
