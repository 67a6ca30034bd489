"""Looking into an ONNX file without loading it: its metadata, and whether it points elsewhere.

ONNX is a protocol buffer. Walking its wire format (protobuf.dev/programming-guides/encoding) takes
a few lines and no library, so that a model can be listed and a hostile one refused before any
runtime sees it. The field numbers are those of onnx.proto.
"""

from collections.abc import Iterator

from inkdigits.errors import ModelFileError

_MODEL_GRAPH, _MODEL_METADATA, _MODEL_FUNCTION = 7, 14, 25
_GRAPH_NODE, _GRAPH_INITIALIZER, _GRAPH_SPARSE = 1, 5, 15
_NODE_ATTRIBUTE = 5
_FUNCTION_NODE = 7
_ATTRIBUTE_TENSOR, _ATTRIBUTE_GRAPH, _ATTRIBUTE_TENSORS, _ATTRIBUTE_GRAPHS = 5, 6, 10, 11
_ATTRIBUTE_SPARSE, _ATTRIBUTE_SPARSES = 22, 23
_SPARSE_VALUES, _SPARSE_INDICES = 1, 2
_TENSOR_EXTERNAL_DATA, _TENSOR_DATA_LOCATION = 13, 14
_DEEPEST = 16  # graphs within graphs; ours have none

# Which fields of a message lead to tensors, and what message stands there.
_PATHS = {
    "model": {_MODEL_GRAPH: "graph", _MODEL_FUNCTION: "function"},
    "graph": {_GRAPH_NODE: "node", _GRAPH_INITIALIZER: "tensor", _GRAPH_SPARSE: "sparse"},
    "function": {_FUNCTION_NODE: "node"},
    "node": {_NODE_ATTRIBUTE: "attribute"},
    "attribute": {
        _ATTRIBUTE_TENSOR: "tensor",
        _ATTRIBUTE_GRAPH: "graph",
        _ATTRIBUTE_TENSORS: "tensor",
        _ATTRIBUTE_GRAPHS: "graph",
        _ATTRIBUTE_SPARSE: "sparse",
        _ATTRIBUTE_SPARSES: "sparse",
    },
    "sparse": {_SPARSE_VALUES: "tensor", _SPARSE_INDICES: "tensor"},
}


def metadata_properties(content: bytes, name: str) -> dict[str, str]:
    """The metadata properties of an ONNX file.

    Args:
        content: the file.
        name: what to call it in an error.

    Raises:
        ModelFileError: it is cut, not ONNX, or keeps its weights in other files.
    """
    try:
        view = memoryview(content)
        if _points_elsewhere(view, "model", 0):
            raise ModelFileError(
                f"{name} keeps weights in other files, which is refused; save it as one file"
            )
        if not any(number == _MODEL_GRAPH for number, _ in fields(view)):
            raise ValueError("no graph")
        properties = {}
        for number, value in fields(view):
            if number == _MODEL_METADATA and isinstance(value, memoryview):
                entry = {n: bytes(v).decode() for n, v in fields(value) if not isinstance(v, int)}
                properties[entry.get(1, "")] = entry.get(2, "")
        return properties
    except (ValueError, IndexError) as error:  # UnicodeDecodeError is a ValueError
        raise ModelFileError(
            f"{name} is cut, damaged or not an ONNX file; copy it again or train a new one"
        ) from error


def _points_elsewhere(message: memoryview, kind: str, depth: int) -> bool:
    if depth > _DEEPEST * 3:
        raise ValueError("nested too deeply")
    for number, value in fields(message):
        if kind == "tensor":
            if number == _TENSOR_EXTERNAL_DATA or (number == _TENSOR_DATA_LOCATION and value):
                return True
        elif (
            number in _PATHS[kind]
            and isinstance(value, memoryview)
            and _points_elsewhere(value, _PATHS[kind][number], depth + 1)
        ):
            return True
    return False


def fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """The fields of a message: number and value (an int, or the bytes of what has a length)."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, wire_type = key >> 3, key & 7
        if number == 0:
            raise ValueError("field 0")
        if wire_type == 0:
            value, at = _varint(message, at)
            yield number, value
            continue
        if wire_type == 2:
            size, at = _varint(message, at)
        elif wire_type in (1, 5):
            size = 8 if wire_type == 1 else 4
        else:
            raise ValueError("unknown wire type")
        if at + size > len(message):
            raise ValueError("cut")
        yield number, message[at : at + size]
        at += size


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 127) << shift
        at += 1
        if byte < 128:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError("number too long")
