"""The walker over ONNX's wire format, with the onnx library as its oracle."""

import time
from contextlib import suppress

import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdigits.errors import ModelFileError
from inkdigits.inference.onnx_file import metadata_properties


def test_it_reads_what_the_onnx_library_reads(model):
    proto = onnx.load_from_string(model)
    expected = {entry.key: entry.value for entry in proto.metadata_props}
    assert metadata_properties(model, "model") == expected != {}


@pytest.mark.parametrize("where", ["attribute", "subgraph", "function", "sparse"])
def test_weights_elsewhere_are_found_wherever_they_hide(where):
    tensor = onnx.TensorProto(name="w", data_type=1, dims=[1], data_location=1)
    tensor.external_data.add(key="location", value="/etc/passwd")
    plain = onnx.helper.make_node("Constant", [], ["c"], value=tensor)
    inner = onnx.helper.make_graph([plain], "inner", [], [])
    outer = onnx.helper.make_graph([], "outer", [], [])
    proto = onnx.helper.make_model(outer)
    if where == "attribute":
        outer.node.append(plain)
    elif where == "subgraph":
        outer.node.append(onnx.helper.make_node("If", ["c"], [], then_branch=inner))
    elif where == "function":
        proto.functions.append(
            onnx.helper.make_function("d", "f", [], ["c"], [plain], proto.opset_import)
        )
    else:
        outer.sparse_initializer.append(onnx.SparseTensorProto(values=tensor, dims=[1]))
    if where != "function":
        proto = onnx.helper.make_model(outer)
    with pytest.raises(ModelFileError, match="other files"):
        metadata_properties(proto.SerializeToString(), "model")


@given(st.binary(max_size=300))
def test_any_bytes_give_properties_or_one_clear_error(content):
    said = "x.onnx "
    try:
        metadata_properties(content, "x.onnx")
    except ModelFileError as error:
        said = str(error)
    assert said.startswith("x.onnx ")


@given(st.data())
def test_a_damaged_model_gives_properties_or_one_clear_error(model, data):
    content = bytearray(model)
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(ModelFileError):
        metadata_properties(bytes(content), "x.onnx")


def test_graphs_nested_without_end_are_refused_at_once():
    content = b""
    for _ in range(5000):  # an attribute's graph in a node in a graph ...
        for number in (6, 5, 1):
            content = bytes([number << 3 | 2]) + _varint(len(content)) + content
    content = bytes([7 << 3 | 2]) + _varint(len(content)) + content
    start = time.perf_counter()
    with pytest.raises(ModelFileError):
        metadata_properties(content, "deep.onnx")
    assert time.perf_counter() - start < 5


def _varint(value):
    encoded = b""
    while value > 127:
        encoded += bytes([value & 127 | 128])
        value >>= 7
    return encoded + bytes([value])
