"""`/v1/corrections`: digits that people put right on the page, kept as data for training.

POST adds one, GET lists them, DELETE deletes one or all, and `/v1/corrections/export` gives them as
a data set: `format=npz` with the arrays `images` uint8 [n, 28, 28] and `labels` uint8 [n], or
`format=idx`, a zip of the two files that MNIST would have.
"""

import base64
import binascii
import io
import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from inkdigits.data import Digits, write_idx
from inkdigits.interfaces.http.answers import JsonResponse
from inkdigits.interfaces.http.correction_store import Correction, CorrectionStore
from inkdigits.interfaces.http.problems import Problem
from inkdigits.interfaces.http.queries import Query
from inkdigits.interfaces.http.service import Service

_LISTED = 500  # at most so many are listed, the newest; all are exported
_FORM = '{"image": 784 bytes in base64, "read": 0 to 9, "label": 0 to 9}'
_IDX_FILES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte")


def routes(service: Service) -> list[BaseRoute]:
    """The routes of this module."""
    store = CorrectionStore()

    async def listing(request: Request, body: bytes) -> Response:
        rows = await service.run(store.latest, _LISTED)
        count = await service.run(store.count)
        corrections = [_as_dict(row) for row in rows]
        return JsonResponse(
            {"count": count, "location": str(store.path), "corrections": corrections}
        )

    async def add(request: Request, body: bytes) -> Response:
        image, read, label = _parsed(request, body)
        return JsonResponse(_as_dict(await service.run(store.add, image, read, label)))

    async def delete(request: Request, body: bytes) -> Response:
        number = request.path_params["number"]
        # SQLite's numbers end there; a path may hold any.
        if number >= 2**63 or not await service.run(store.delete, number):
            raise Problem(404, f"there is no correction {str(number)[:20]}; list them anew")
        return JsonResponse({"deleted": 1})

    async def delete_all(request: Request, body: bytes) -> Response:
        return JsonResponse({"deleted": await service.run(store.delete_all)})

    async def export(request: Request, body: bytes) -> Response:
        form = Query(request, "format").text("format", "npz")
        if form not in ("npz", "idx"):
            raise Problem(400, f"format must be npz or idx, not '{form[:40]}'")
        content = await service.run(_exported, store, form)
        file = "corrections.npz" if form == "npz" else "corrections-idx.zip"
        headers = {"content-disposition": f'attachment; filename="{file}"'}
        return Response(content, headers=headers, media_type="application/zip")

    return [
        service.route("/v1/corrections", listing, "GET"),
        service.route("/v1/corrections", add, "POST"),
        service.route("/v1/corrections", delete_all, "DELETE"),
        service.route("/v1/corrections/export", export, "GET"),
        service.route("/v1/corrections/{number:int}", delete, "DELETE"),
    ]


def _as_dict(correction: Correction) -> dict[str, Any]:
    return {
        "id": correction.id,
        "image": base64.b64encode(correction.image).decode(),
        "read": correction.read,
        "label": correction.label,
        "made": correction.made,
    }


def _parsed(request: Request, body: bytes) -> tuple[bytes, int, int]:
    """The image and its digits of a request's body.

    Raises:
        Problem: 415 if it is not called JSON, which other pages can't send unasked; 422 if it is
            not of the form.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Problem(415, f"send {_FORM} as application/json")
    try:
        value = json.loads(body)
        image = base64.b64decode(value["image"], validate=True)
        digits = (value["read"], value["label"])
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error) as error:
        raise Problem(422, f"the body must be {_FORM}") from error
    if len(image) != 784 or not all(type(d) is int and 0 <= d <= 9 for d in digits):
        raise Problem(422, f"the body must be {_FORM}")
    return image, *digits


def _exported(store: CorrectionStore, form: str) -> bytes:
    digits = store.digits()
    if not len(digits):
        raise Problem(404, "there are no corrections to export; correct a digit first")
    return _as_npz(digits) if form == "npz" else _as_idx(digits)


def _as_npz(digits: Digits) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, images=digits.images, labels=digits.labels)
    return file.getvalue()


def _as_idx(digits: Digits) -> bytes:
    file = io.BytesIO()
    archive = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
    with archive, tempfile.TemporaryDirectory() as folder:
        for name, array in zip(_IDX_FILES, (digits.images, digits.labels), strict=True):
            write_idx(Path(folder) / name, array)
            archive.write(Path(folder) / name, name)
    return file.getvalue()
