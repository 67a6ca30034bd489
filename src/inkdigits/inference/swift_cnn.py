"""The chapter's convolutional network in the two forms that are run: the same function, faster.

ONNX Runtime computes the layers of the model file one by one. Here batch normalisation, the
temperature and the scaling of pixels have become part of the weights, so that both forms take
bytes.

For few images, `direct_form`: the layers, with a multiple of as many channels as the processor
takes at a time (those that are added are zero), so that no values are moved between layers.

For many, `filtering_form`: minimal filtering (Winograd 1980; Lavin & Gray 2016). A tile of 4 x 4
outputs of a 5 x 5 convolution needs 25 products an output directly, and 4 here: its 8 x 8 inputs
and the 5 x 5 weights are evaluated at eight points in both directions, multiplied point by point,
and what comes out is interpolated. Images lie in the last dimension, so that everything is a
product of large matrices or moves whole rows. In exact numbers it is the same convolution; in
float32 probabilities differ by a few millionths (`tests/inference/test_swift.py`).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inkdigits.inference.model_file import INPUT, OUTPUT
from inkdigits.inference.onnx_graph import FLOAT, UINT8, Graph, GraphWriter

Floats = npt.NDArray[np.float64]

_CONVOLUTION = ["Conv", "MaxPool", "Relu"]
_LAST = ["Flatten", "Gemm", "Div", "Softmax"]
_LAYERS = [*_CONVOLUTION, "BatchNormalization", *_CONVOLUTION, *_LAST]
_EPSILON = 1e-5  # of batch normalisation
_TILE, _TAPS = 4, 5
# Where polynomials are evaluated, and at infinity: small numbers keep the rounding small.
_AT = np.array([0, 1, -1, 2, -2, 1 / 2, -1 / 2])


@dataclass(frozen=True, eq=False)
class Weights:
    """float64; biases have one dimension.

    Attributes:
        first: [20, 1, 5, 5], for pixels from 0 to 255.
        first_bias: of it.
        second: [50, 20, 5, 5].
        second_bias: of it.
        last: [10, 50, 4, 4].
        last_bias: of it.
    """

    first: Floats
    first_bias: Floats
    second: Floats
    second_bias: Floats
    last: Floats
    last_bias: Floats


def weights_of(graph: Graph) -> Weights | None:
    """The weights of a network of these layers, folded; None if it is another one."""
    if [node.kind for node in graph.nodes] != _LAYERS:
        return None
    given = [
        [
            graph.constants[name].astype(np.float64)
            for name in node.inputs
            if name in graph.constants
        ]
        for node in graph.nodes
    ]
    try:
        (first, first_bias), (scale, shift, mean, variance) = given[0], given[3]
        (second, second_bias), (last, last_bias), (temperature,) = given[4], given[8], given[9]
    except ValueError:
        return None
    if (first.shape, second.shape, last.shape) != ((20, 1, 5, 5), (50, 20, 5, 5), (10, 800)):
        return None
    scale = scale / np.sqrt(variance + _EPSILON)
    shift = shift - mean * scale
    return Weights(
        # Pixels p of 0 to 255 are p / 127.5 - 1 to the network.
        first / 127.5,
        first_bias - first.sum((1, 2, 3)),
        second * scale[:, None, None],
        second_bias + second.sum((2, 3)) @ shift,
        last.reshape(10, 50, 4, 4) / temperature,
        last_bias / temperature,
    )


def direct_form(weights: Weights, width: int) -> bytes:
    """An ONNX file for few images: from `img`, uint8 [n, 1, 28, 28], to `probabilities`.

    Args:
        weights: of the network.
        width: channels are made a multiple of it.
    """
    more, more_again = -20 % width, -50 % width
    graph = GraphWriter()
    value = graph.add("Cast", INPUT, to=FLOAT)
    for kernel, bias in (
        (
            np.pad(weights.first, ((0, more), (0, 0), (0, 0), (0, 0))),
            np.pad(weights.first_bias, (0, more)),
        ),
        (
            np.pad(weights.second, ((0, more_again), (0, more), (0, 0), (0, 0))),
            np.pad(weights.second_bias, (0, more_again)),
        ),
    ):
        value = graph.add("Conv", value, graph.constant(kernel), graph.constant(bias))
        value = graph.add("Relu", value)  # which is computed together with the convolution
        value = graph.add("MaxPool", value, kernel_shape=(2, 2), strides=(2, 2))
    last = np.pad(weights.last, ((0, 0), (0, more_again), (0, 0), (0, 0))).reshape(10, -1).T
    value = graph.add("Flatten", value)
    value = graph.add("Gemm", value, graph.constant(last), graph.constant(weights.last_bias))
    return _file(graph, value, (INPUT, UINT8, ("n", 1, 28, 28)))


def filtering_form(weights: Weights) -> bytes:
    """An ONNX file for many images: from `img`, uint8 [n, 28, 28], to `probabilities`."""
    graph = GraphWriter()
    value = graph.add("Transpose", graph.reshape(INPUT, -1, 784), perm=(1, 0))
    value = graph.reshape(graph.add("Cast", value, to=FLOAT), 28, 28, -1)
    value = _pooled_first_convolution(graph, value, weights)
    value = _second_convolution(graph, value, weights)
    # The largest of 2 x 2: of [8 rows, 8 columns, 50, n] neighbours in rows, then in columns.
    value = graph.add("ReduceMax", graph.reshape(value, 4, 2, -1), axes=(1,), keepdims=0)
    value = graph.add("ReduceMax", graph.reshape(value, 16, 2, -1), axes=(1,), keepdims=0)
    bias = graph.constant(weights.second_bias[:, None])
    value = graph.add("Relu", graph.add("Add", graph.reshape(value, 16, 50, -1), bias))
    last = graph.constant(weights.last.transpose(2, 3, 1, 0).reshape(800, 10))
    value = graph.reshape(value, 800, -1)
    value = graph.add("Gemm", value, last, graph.constant(weights.last_bias), transA=1)
    return _file(graph, value, (INPUT, UINT8, ("n", 28, 28)))


def _pooled_first_convolution(graph: GraphWriter, images: str, weights: Weights) -> str:
    """Images [28, 28, n] to values after pooling and ReLU, [12 rows, 12 columns, 20, n].

    The 2 x 2 outputs that are pooled together come from one window of 6 x 6 pixels, as 4 times 20
    channels. Each row of windows is a group of the convolution, with six rows as its channels.
    """
    rows = [2 * row + down for row in range(12) for down in range(6)]
    value = graph.add("Gather", images, graph.constant(np.array(rows)), axis=0)
    kernels = np.zeros((2, 2, 20, 6, 6))
    for down in range(2):
        for across in range(2):
            kernels[down, across, :, down : down + 5, across : across + 5] = weights.first[:, 0]
    value = graph.add(
        "Conv",
        graph.reshape(value, 1, 72, 28, -1),
        graph.constant(np.tile(kernels.reshape(80, 6, 6, 1), (12, 1, 1, 1))),
        graph.constant(np.tile(weights.first_bias, 4 * 12)),
        group=12,
        strides=(2, 1),
    )
    value = graph.add("ReduceMax", graph.reshape(value, 12, 4, -1), axes=(1,), keepdims=0)
    value = graph.reshape(graph.add("Relu", value), 12, 20, 12, -1)
    return graph.add("Transpose", value, perm=(0, 2, 1, 3))


def _second_convolution(graph: GraphWriter, values: str, weights: Weights) -> str:
    """Values [12, 12, 20, n] to [8 rows, 8 columns, 50, n], two tiles of eight points each way."""
    of_input, of_output, of_weights = transforms()
    both_tiles = np.zeros((16, 12))
    both_tiles[:8, :8] = both_tiles[8:, 4:] = of_input
    at_points, at_outputs = graph.constant(both_tiles), graph.constant(of_output)
    value = graph.add("MatMul", at_points, graph.reshape(values, 12, -1))
    value = graph.add("MatMul", at_points, graph.reshape(value, 16, 12, -1))
    kernels = np.einsum("pr,qc,oirc->pqoi", of_weights, of_weights, weights.second)
    value = graph.add(
        "MatMul",
        graph.constant(kernels[None, :, None]),
        graph.reshape(value, 2, 8, 2, 8, 20, -1),
    )
    value = graph.add("MatMul", at_outputs, graph.reshape(value, 2, 8, -1))
    return graph.add("MatMul", at_outputs, graph.reshape(value, 16, 8, -1))


def transforms() -> tuple[Floats, Floats, Floats]:
    """Of one dimension: eight inputs to points [8, 8], points to outputs [4, 8], weights [8, 5].

    The product of two polynomials is known from its values at enough points (Toom, Cook). Read
    backwards (transposed), that is the sliding sum of products that a convolution of networks is:
    outputs = of_output ((of_weights weights) * (of_input inputs)).
    """
    points = _TILE + _TAPS - 1

    def values_of_powers(count: int) -> Floats:
        # The powers 0 to count - 1 at each point; at infinity only the highest one counts.
        infinity = np.zeros((1, count))
        infinity[0, -1] = 1
        powers: Floats = np.vstack((np.power.outer(_AT, np.arange(count)), infinity))
        return powers

    inverse = np.linalg.inv(values_of_powers(points)).astype(np.float64)
    return inverse.T, values_of_powers(_TILE).T, values_of_powers(_TAPS)


def _file(graph: GraphWriter, logits: str, given: tuple[str, int, tuple[int | str, ...]]) -> bytes:
    value = graph.add("Softmax", logits, axis=1)
    return graph.to_bytes(given, (value, OUTPUT, FLOAT, ("n", 10)))
