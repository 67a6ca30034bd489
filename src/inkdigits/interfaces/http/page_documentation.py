"""What the OpenAPI document says of the paths that the page brings: model files and corrections."""

from typing import Any

from inkdigits.interfaces.http.openapi import operation, parameter

_JSON = "application/json"
_DIGIT = {"type": "integer", "minimum": 0, "maximum": 9}
_IMAGE = {
    "type": "string",
    "contentEncoding": "base64",
    "minLength": 1048,
    "maxLength": 1048,
    "pattern": "^[A-Za-z0-9+/]{1046}==$",
    "description": "28x28 bytes row by row, ink 255 on background 0",
}
_FIELDS: dict[str, Any] = {"image": _IMAGE, "read": _DIGIT, "label": _DIGIT}
_GIVEN = {
    "type": "object",
    "properties": _FIELDS,
    "required": ["image", "read", "label"],
}
_KEPT = {
    "type": "object",
    "properties": {
        "id": {"type": "integer", "minimum": 1},
        **_FIELDS,
        "made": {"type": "string", "format": "date-time"},
    },
    "required": ["id", "image", "read", "label", "made"],
}
_EXAMPLE = {"image": "A" * 1046 + "==", "read": 1, "label": 7}
_NUMBER = parameter(
    "number",
    "Its id in the list.",
    {"type": "integer", "minimum": 1, "maximum": 2**53 - 1},
    1,
    place="path",
)
_NAME = parameter("name", "A model's name.", {"type": "string"}, "cnn", place="path")
_FORMAT = parameter(
    "format",
    "npz: arrays `images` and `labels`; idx: a zip of two IDX files, as MNIST has them.",
    {"type": "string", "enum": ["npz", "idx"], "default": "npz"},
)
_CLOSED = (401, 403, 503)


def paths() -> dict[str, Any]:
    """The paths of `inside.py` and `corrections.py`."""
    return {
        "/v1/models/{name}/file": {
            "get": operation(
                "Fetch a model file",
                about="One ONNX file, without anything of ours needed to load it.",
                command="curl --output cnn.onnx http://127.0.0.1:8000/v1/models/cnn/file",
                parameters=(_NAME,),
                answer={"application/octet-stream": _binary()},
                problems=(*_CLOSED, 404),
            )
        },
        "/v1/corrections": {
            "get": operation(
                "List the digits that people put right",
                about="The newest first, at most 500; `count` is of all.",
                answer={_JSON: {"schema": _list()}},
                problems=_CLOSED,
            ),
            "post": operation(
                "Put a digit right",
                about="The same image again replaces its label.",
                body={_JSON: {"schema": _GIVEN, "example": _EXAMPLE}},
                answer={_JSON: {"schema": _KEPT}},
                problems=(*_CLOSED, 408, 413, 415, 422),
            ),
            "delete": operation("Delete all corrections", answer=_deleted(), problems=_CLOSED),
        },
        "/v1/corrections/export": {
            "get": operation(
                "Export the corrections as a data set",
                command="curl --output corrections.npz http://127.0.0.1:8000/v1/corrections/export",
                parameters=(_FORMAT,),
                answer={"application/zip": _binary()},
                problems=(400, *_CLOSED, 404),
            )
        },
        "/v1/corrections/{number}": {
            "delete": operation(
                "Delete one correction",
                parameters=(_NUMBER,),
                answer=_deleted(),
                problems=(*_CLOSED, 404),
            )
        },
    }


def _binary() -> dict[str, Any]:
    return {"schema": {"type": "string", "format": "binary"}}


def _deleted() -> dict[str, Any]:
    count = {"type": "integer", "minimum": 0}
    schema = {"type": "object", "properties": {"deleted": count}, "required": ["deleted"]}
    return {_JSON: {"schema": schema, "example": {"deleted": 1}}}


def _list() -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "count": {"type": "integer", "minimum": 0},
            "location": {"type": "string", "description": "the file that keeps them"},
            "corrections": {"type": "array", "items": _KEPT},
        },
        "required": ["count", "location", "corrections"],
    }
