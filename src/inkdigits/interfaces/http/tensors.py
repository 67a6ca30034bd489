"""The bodies of the Open Inference Protocol: tensors as JSON numbers, or as bytes behind the JSON.

Protocol: kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol, with its
binary tensor data extension (little-endian, row-major, in the order of the inputs; the header
`Inference-Header-Content-Length` says where the JSON ends).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from inkdigits.inference.model_file import INPUT
from inkdigits.interfaces.http.arrays import Floats, scaled
from inkdigits.interfaces.http.problems import Problem

HEADER_LENGTH = "inference-header-content-length"
_KINDS: dict[str, npt.DTypeLike] = {"FP32": "<f4", "UINT8": "u1"}
_FORM = "send FP32 [n, 1, 28, 28] in [-1, 1] with ink +1, or UINT8 [n, 28, 28] with ink 255"
_TOLERANCE = 1e-3


@dataclass(frozen=True, eq=False)
class Asked:
    """What an inference request asks for.

    Attributes:
        images: float32 [n, 1, 28, 28] in [-1, 1].
        id: what the client calls the request; None: nothing.
        outputs: the wanted outputs with whether each is to be binary; None: all, as `binary` says.
        binary: whether outputs that are not named are to be binary.
    """

    images: Floats
    id: str | None
    outputs: dict[str, bool] | None
    binary: bool


def parse_request(body: bytes, header_length: str | None, most: int) -> Asked:
    """What a body asks for.

    Args:
        body: the JSON, and behind it the binary tensors.
        header_length: bytes of the JSON, as the header says; None: all.
        most: images that one request may have.

    Raises:
        Problem: 400 or 422 if it is no such body, 413 if it has too many images.
    """
    size = _length(header_length, len(body))
    try:
        request = json.loads(body[:size])
    except (ValueError, RecursionError) as error:
        raise Problem(400, "the request is no JSON; send an inference request of v2") from error
    if not isinstance(request, dict) or not isinstance(request.get("inputs"), list):
        raise Problem(422, 'the request has no "inputs"; give a list with one input')
    identity = request.get("id")
    if identity is not None and not isinstance(identity, str):
        raise Problem(422, '"id" must be a text')
    binary = _parameters(request).get("binary_data_output", False) is True
    return Asked(
        images=_images(request["inputs"], memoryview(body)[size:], most),
        id=identity,
        outputs=_outputs(request.get("outputs"), binary),
        binary=binary,
    )


def build_answer(
    answer: dict[str, Any], outputs: Sequence[tuple[str, Floats, bool]]
) -> tuple[bytes, int | None]:
    """The body of an answer.

    Args:
        answer: everything but the outputs.
        outputs: name, array, and whether it is to be binary.

    Returns:
        The body, and how many bytes of it are JSON where others follow; None: all.
    """
    described = []
    blobs = []
    for name, array, binary in outputs:
        tensor: dict[str, Any] = {"name": name, "datatype": "FP32", "shape": list(array.shape)}
        if binary:
            blob = np.ascontiguousarray(array, "<f4").tobytes()
            tensor["parameters"] = {"binary_data_size": len(blob)}
            blobs.append(blob)
        else:
            tensor["data"] = array.ravel().tolist()
        described.append(tensor)
    head = json.dumps({**answer, "outputs": described}, allow_nan=False).encode()
    return b"".join([head, *blobs]), len(head) if blobs else None


def _length(header_length: str | None, size: int) -> int:
    if header_length is None:
        return size
    is_number = header_length.isascii() and header_length.isdecimal() and len(header_length) < 10
    if not is_number or int(header_length) > size:
        raise Problem(400, f"{HEADER_LENGTH} must be the bytes of the JSON, at most {size}")
    return int(header_length)


def _images(inputs: list[Any], binary: memoryview, most: int) -> Floats:
    if len(inputs) != 1 or not isinstance(inputs[0], dict) or inputs[0].get("name") != INPUT:
        raise Problem(422, f'the model has one input, "{INPUT}"; {_FORM}')
    tensor = inputs[0]
    kind = tensor.get("datatype")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise Problem(422, f"{INPUT} has the datatype {str(kind)[:20]}; {_FORM}")
    shape = _shape(tensor.get("shape"), kind, most)
    values = _values(tensor, np.dtype(_KINDS[kind]), binary)
    if len(values) != int(np.prod(shape)):
        raise Problem(422, f"{INPUT} has {len(values):,} values, which are not {list(shape)}")
    if kind == "UINT8":
        return scaled(values.astype(np.uint8).reshape(-1, 28, 28))
    images = values.astype(np.float32, copy=False).reshape(-1, 1, 28, 28)
    # NaN is not within any bound.
    if images.size and not (images.max() <= 1 + _TOLERANCE and images.min() >= -1 - _TOLERANCE):
        raise Problem(422, f"some values of {INPUT} lie outside [-1, 1]; {_FORM}")
    return images


def _shape(shape: Any, kind: str, most: int) -> tuple[int, ...]:
    if (
        not isinstance(shape, list)
        or not all(type(side) is int and side >= 0 for side in shape)
        or tuple(shape[1:]) not in ((1, 28, 28), *(((28, 28),) if kind == "UINT8" else ()))
    ):
        raise Problem(422, f"{INPUT} has the shape {str(shape)[:60]}; {_FORM}")
    if shape[0] > most:
        raise Problem(413, f"{shape[0]:,} images are more than {most:,}; send them in parts")
    return tuple(shape)


def _values(tensor: dict[str, Any], kind: np.dtype[Any], binary: memoryview) -> npt.NDArray[Any]:
    """The values of a tensor in one row, from behind the JSON or from within."""
    size = _parameters(tensor).get("binary_data_size")
    if size is not None:
        if size != len(binary) or len(binary) % kind.itemsize:
            raise Problem(
                422, f"{INPUT} has binary_data_size {str(size)[:20]} and {len(binary)} bytes came"
            )
        return np.frombuffer(binary, kind)
    if len(binary):
        raise Problem(422, f"{len(binary)} bytes came behind the JSON; say binary_data_size")
    try:
        values = np.array(tensor.get("data")).ravel()
    except (ValueError, OverflowError, RecursionError) as error:
        raise Problem(422, "data must be numbers, in one list or in lists by shape") from error
    if values.size and values.dtype.kind not in "iuf":
        raise Problem(422, "data must be numbers, in one list or in lists by shape")
    if kind == np.uint8 and values.size:
        if not (values.min() >= 0 and values.max() <= 255 and (values == np.floor(values)).all()):
            raise Problem(422, "UINT8 data must be whole numbers from 0 to 255")
    elif values.size and not (np.abs(values) < 1e30).all():
        raise Problem(422, f"some values of {INPUT} lie outside [-1, 1]; {_FORM}")
    return values


def _outputs(outputs: Any, binary: bool) -> dict[str, bool] | None:
    if outputs is None or outputs == []:
        return None
    wanted: dict[str, bool] = {}
    if not isinstance(outputs, list):
        raise Problem(422, '"outputs" must be a list')
    for output in outputs:
        if not isinstance(output, dict) or not isinstance(output.get("name"), str):
            raise Problem(422, 'each of "outputs" must have a name')
        parameters = _parameters(output)
        if "classification" in parameters:
            raise Problem(422, "there is no classification extension; ask for probabilities")
        wanted[output["name"]] = parameters.get("binary_data", binary) is True
    return wanted


def _parameters(value: dict[str, Any]) -> dict[str, Any]:
    parameters = value.get("parameters") or {}
    if not isinstance(parameters, dict):
        raise Problem(422, '"parameters" must be an object')
    if any(str(name).startswith("shared_memory") for name in parameters):
        raise Problem(422, "there is no shared memory extension; send the data")
    return parameters
