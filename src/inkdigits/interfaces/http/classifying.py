"""`POST /v1/classify`: the probabilities of digits that are 28x28 arrays already, JSON or `.npy`.

Values are 0 to 255, ink 255 on background 0, of one image [28, 28] or several [n, 28, 28].
"""

import io
import json
import math
from typing import Any

import numpy as np
import numpy.typing as npt
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from inkdigits.interfaces.http.answers import JsonResponse
from inkdigits.interfaces.http.arrays import Classified, scaled
from inkdigits.interfaces.http.problems import Problem
from inkdigits.interfaces.http.queries import Query
from inkdigits.interfaces.http.service import Service

Bytes = npt.NDArray[np.uint8]

_FORM = "images must be [n, 28, 28] of whole numbers from 0 to 255, ink 255 on background 0"
_NPY = b"\x93NUMPY"
_HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


def routes(service: Service) -> list[BaseRoute]:
    """The routes of this module."""

    async def classify(request: Request, body: bytes) -> Response:
        query = Query(request, "model")
        model = query.text("model", service.models.default)
        images = await service.run(images_of, body, service.settings.max_images)
        return JsonResponse(_answer(await service.classify(scaled(images), model)))

    return [service.route("/v1/classify", classify)]


def images_of(body: bytes, most: int) -> Bytes:
    """The images of a body, uint8 [n, 28, 28]; it is JSON, or what `numpy.save` writes.

    Raises:
        Problem: 422 if it is neither, or holds no images; 413 if they are more than `most`.
    """
    array = _of_npy(body) if body.startswith(_NPY) else _of_json(body)
    if array.ndim == 2:
        array = array[None]
    if array.ndim != 3 or array.shape[1:] != (28, 28):
        raise Problem(422, f"{_FORM}, not {list(array.shape)}")
    if len(array) > most:
        raise Problem(413, f"{len(array):,} images are more than {most:,}; send them in parts")
    return _as_bytes(array)


def _of_npy(body: bytes) -> npt.NDArray[Any]:
    """The array of a .npy file; no memory is taken for more than has come."""
    file = io.BytesIO(body)
    try:
        version = np.lib.format.read_magic(file)
        shape, is_fortran, kind = _HEADERS[version](file)
        if kind.hasobject:  # a pickle could run code
            raise ValueError
        flat = np.frombuffer(body, kind, math.prod(shape), file.tell())
        return flat.reshape(shape, order="F" if is_fortran else "C")
    except (ValueError, KeyError, TypeError, SyntaxError, RecursionError) as error:
        raise Problem(422, "the body is no plain .npy array; write it with numpy.save") from error


def _of_json(body: bytes) -> npt.NDArray[Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Problem(422, "the body is neither JSON nor .npy; send one of them") from error
    if isinstance(value, dict):
        if set(value) != {"images"}:
            raise Problem(422, 'give {"images": [...]} or the bare list of images')
        value = value["images"]
    try:
        return np.array(value)
    except (ValueError, OverflowError, RecursionError) as error:
        raise Problem(422, f"{_FORM}; the lists are not of equal length") from error


def _as_bytes(array: npt.NDArray[Any]) -> Bytes:
    if array.dtype == np.uint8:
        return array
    if array.dtype.kind not in "iuf" or not np.isfinite(array).all():
        raise Problem(422, f"{_FORM}, not {array.dtype}")
    if ((array < 0) | (array > 255) | (array != np.floor(array))).any():
        raise Problem(422, f"{_FORM}; some are not")
    return array.astype(np.uint8)


def _answer(classified: Classified) -> dict[str, Any]:
    """The digits in the order given; probabilities to 4 decimals, as `read --json` has them."""
    probabilities = classified.probabilities
    none = classified.not_a_digit
    digits = []
    for index, (value, row) in enumerate(
        zip(probabilities.argmax(1).tolist(), probabilities.tolist(), strict=True)
    ):
        digit = {
            "value": value,
            "confidence": round(row[value], 4),
            "probabilities": [round(p, 4) for p in row],
        }
        if none is not None:
            digit["not_a_digit"] = round(float(none[index]), 4)
        digits.append(digit)
    return {"digits": digits}
