"""ONNX graphs as plain values: read from a model file, and written.

What is needed to run the same network in another form, without the library `onnx`, which reading
pictures does not have. The field numbers are those of onnx.proto; what has other types than
float32, int64 and int32 is not read.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from inkdigits.inference.onnx_file import fields

FLOAT, UINT8 = 1, 2  # types of tensors
_INT64 = 7
_TYPES: dict[int, np.dtype[Any]] = {FLOAT: np.dtype("<f4"), _INT64: np.dtype("<i8")}
_OPSET, _IR_VERSION = 17, 8

Array = npt.NDArray[np.generic]


@dataclass(frozen=True)
class Node:
    """An operation: its kind, and the names of what it takes and gives."""

    kind: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Graph:
    """Operations in their order, and constants by name."""

    nodes: tuple[Node, ...]
    constants: dict[str, Array]


def read_graph(content: bytes) -> Graph:
    """The graph of an ONNX file.

    Raises:
        ValueError: it is damaged, or has constants of other types.
    """
    nodes, constants = [], {}
    for number, graph in fields(memoryview(content)):
        if number != 7 or isinstance(graph, int):
            continue
        for part, value in fields(graph):
            if part == 5 and isinstance(value, memoryview):
                name, array = _tensor(value)
                constants[name] = array
            elif part == 1 and isinstance(value, memoryview):
                node, array_of_node = _node(value)
                if node.kind == "Constant" and array_of_node is not None:
                    constants[node.outputs[0]] = array_of_node
                else:
                    nodes.append(node)
    return Graph(tuple(nodes), constants)


@dataclass
class GraphWriter:
    """Collects operations and constants, and makes an ONNX file of them."""

    nodes: list[bytes] = field(default_factory=list)
    constants: list[bytes] = field(default_factory=list)

    def constant(self, values: npt.ArrayLike) -> str:
        """A constant, float32 or (from whole numbers) int64; returns its name."""
        array = np.asarray(values)
        kind = _INT64 if np.issubdtype(array.dtype, np.integer) else FLOAT
        name = f"constant-{len(self.constants)}"
        dimensions = b"".join(_number(1, size) for size in array.shape)
        raw = np.ascontiguousarray(array, _TYPES[kind]).tobytes()
        self.constants.append(
            dimensions + _number(2, kind) + _bytes(8, name.encode()) + _bytes(9, raw)
        )
        return name

    def add(self, kind: str, *inputs: str, **attributes: int | Sequence[int]) -> str:
        """An operation with one output, whose name is returned."""
        output = f"value-{len(self.nodes)}"
        parts = [_bytes(1, name.encode()) for name in inputs]
        parts += [_bytes(2, output.encode()), _bytes(4, kind.encode())]
        parts += [_bytes(5, _attribute(name, value)) for name, value in attributes.items()]
        self.nodes.append(b"".join(parts))
        return output

    def reshape(self, value: str, *shape: int) -> str:
        """The same values in another shape; -1 is what is left over."""
        return self.add("Reshape", value, self.constant(np.array(shape)))

    def to_bytes(
        self,
        given: tuple[str, int, Sequence[int | str]],
        result: tuple[str, str, int, Sequence[int | str]],
    ) -> bytes:
        """The file.

        Args:
            given: name, type and shape of the input; a name stands for a size that is open.
            result: the output's value, name, type and shape.
        """
        value, name, kind, shape = result
        last = _bytes(1, value.encode()) + _bytes(2, name.encode()) + _bytes(4, b"Identity")
        parts = [_bytes(1, node) for node in (*self.nodes, last)]
        parts.append(_bytes(2, b"graph"))
        parts += [_bytes(5, constant) for constant in self.constants]
        parts.append(_bytes(11, _value(*given)))
        parts.append(_bytes(12, _value(name, kind, shape)))
        opset = _bytes(1, b"") + _number(2, _OPSET)
        return _number(1, _IR_VERSION) + _bytes(7, b"".join(parts)) + _bytes(8, opset)


def _node(message: memoryview) -> tuple[Node, Array | None]:
    """An operation, and the tensor among its attributes, if it has one."""
    inputs, outputs, kind, array = [], [], "", None
    for number, value in fields(message):
        if isinstance(value, int):
            continue
        if number == 1:
            inputs.append(bytes(value).decode())
        elif number == 2:
            outputs.append(bytes(value).decode())
        elif number == 4:
            kind = bytes(value).decode()
        elif number == 5:
            for part, inner in fields(value):
                if part == 5 and isinstance(inner, memoryview):
                    array = _tensor(inner)[1]
    return Node(kind, tuple(inputs), tuple(outputs)), array


def _tensor(message: memoryview) -> tuple[str, Array]:
    """Its name and values."""
    shape: list[int] = []
    name, kind, raw = "", 0, b""
    for number, value in fields(message):
        if number == 1 and isinstance(value, int):
            shape.append(value)
        elif number == 2 and isinstance(value, int):
            kind = value
        elif number == 8 and isinstance(value, memoryview):
            name = bytes(value).decode()
        elif number == 9 and isinstance(value, memoryview):
            raw = bytes(value)
        else:
            raise ValueError("a tensor in a form that is not read here")
    if kind not in _TYPES:
        raise ValueError(f"a tensor of type {kind}")
    return name, np.frombuffer(raw, _TYPES[kind]).reshape(shape)


def _attribute(name: str, value: int | Sequence[int]) -> bytes:
    if isinstance(value, int):
        return _bytes(1, name.encode()) + _number(3, value) + _number(20, 2)
    numbers = b"".join(_number(8, number) for number in value)
    return _bytes(1, name.encode()) + numbers + _number(20, 7)


def _value(name: str, kind: int, shape: Sequence[int | str]) -> bytes:
    sizes = b"".join(
        _bytes(1, _number(1, size) if isinstance(size, int) else _bytes(2, size.encode()))
        for size in shape
    )
    tensor = _number(1, kind) + _bytes(2, sizes)
    return _bytes(1, name.encode()) + _bytes(2, _bytes(1, tensor))


def _number(field_number: int, value: int) -> bytes:
    return _varint(field_number << 3) + _varint(value)


def _bytes(field_number: int, value: bytes) -> bytes:
    return _varint(field_number << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    if value < 0:
        value += 1 << 64
    parts = []
    while value > 127:
        parts.append(value & 127 | 128)
        value >>= 7
    return struct.pack(f"{len(parts) + 1}B", *parts, value)
