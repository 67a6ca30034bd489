"""The forms of bodies and answers, as JSON Schema, for the OpenAPI document."""

from typing import Any

Schema = dict[str, Any]

_BOX: Schema = {
    "type": "array",
    "items": {"type": "integer", "minimum": 0},
    "minItems": 4,
    "maxItems": 4,
    "description": "left, top, width, height in pixels of the picture as a person sees it",
}
_SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
_PROBABILITIES: Schema = {"type": "array", "items": _SHARE, "minItems": 10, "maxItems": 10}
_IMAGE: Schema = {
    "type": "array",
    "minItems": 28,
    "maxItems": 28,
    "items": {
        "type": "array",
        "minItems": 28,
        "maxItems": 28,
        "items": {"type": "integer", "minimum": 0, "maximum": 255},
    },
}
_NUMBERS: Schema = {
    "type": "array",
    "items": {},
    "description": "in one list, or in lists by shape",
}
_TENSOR_PROPERTIES: Schema = {
    "name": {"type": "string"},
    "shape": {"type": "array", "items": {"type": "integer", "minimum": 0}},
    "datatype": {"type": "string", "enum": ["FP32", "UINT8"]},
    "parameters": {"type": "object"},
    "data": _NUMBERS,
}
_TEXTS: Schema = {"type": "array", "items": {"type": "string"}}


def _object(properties: Schema, *optional: str) -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required}


SCHEMAS: dict[str, Schema] = {
    "Problem": _object(
        {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string", "description": "what is wrong, and what to do next"},
            "error": {"type": "string", "description": "the same, for clients of /v2"},
        },
        "error",
    ),
    "Digit": _object(
        {
            "value": {"type": "integer", "minimum": 0, "maximum": 9},
            "confidence": _SHARE,
            "box": _BOX,
            "row": {"type": "integer", "minimum": 0},
            "group": {"type": "integer", "minimum": 0},
            "probabilities": _PROBABILITIES,
            "crop": {
                "type": "string",
                "contentEncoding": "base64",
                "description": "with crops=1: 28x28 bytes row by row, ink 255 on background 0",
            },
        },
        "probabilities",
        "crop",
    ),
    "Reading": _object(
        {
            "picture": {"type": "string", "description": "with #page=2 or so for files of several"},
            "rows": {**_TEXTS, "description": "the digits of each row"},
            "groups": {"type": "array", "items": _TEXTS, "description": "rows, cut at wide gaps"},
            "digits": {"type": "array", "items": {"$ref": "#/components/schemas/Digit"}},
            "rejected": {
                "type": "array",
                "items": _object({"box": _BOX, "reason": {"type": "string"}}),
            },
            "size": {
                "type": "array",
                "items": {"type": "integer"},
                "minItems": 2,
                "maxItems": 2,
                "description": "width and height of the picture in pixels",
            },
        }
    ),
    "Images": {
        "description": "one image or several, 0 to 255, ink 255 on background 0",
        "anyOf": [
            _object({"images": {"type": "array", "items": _IMAGE}}),
            {"type": "array", "items": _IMAGE},
        ],
    },
    "Classified": _object(
        {
            "digits": {
                "type": "array",
                "items": _object(
                    {
                        "value": {"type": "integer", "minimum": 0, "maximum": 9},
                        "confidence": _SHARE,
                        "probabilities": _PROBABILITIES,
                        "not_a_digit": _SHARE,
                    },
                    "not_a_digit",
                ),
            }
        }
    ),
    "Models": _object(
        {
            "default": {"type": "string"},
            "models": {
                "type": "array",
                "items": _object(
                    {
                        "name": {"type": "string"},
                        "network": {"type": "string"},
                        "parameters": {"type": "integer"},
                        "recipe": {"type": ["string", "null"]},
                        "data": {"type": "object"},
                        "test": {"type": ["object", "null"]},
                        "date": {"type": "string"},
                        "licence": {"type": "string"},
                        "rejects": {
                            "type": "boolean",
                            "description": "whether it knows what is not a digit",
                        },
                    }
                ),
            },
        }
    ),
    "InferenceRequest": _object(
        {
            "id": {"type": "string"},
            "inputs": {
                "type": "array",
                "minItems": 1,
                "maxItems": 1,
                "items": _object(_TENSOR_PROPERTIES, "parameters", "data"),
            },
            "outputs": {
                "type": "array",
                "items": _object(
                    {"name": {"type": "string"}, "parameters": {"type": "object"}}, "parameters"
                ),
            },
            "parameters": {"type": "object"},
        },
        *("id", "outputs", "parameters"),
    ),
    "InferenceResponse": _object(
        {
            "model_name": {"type": "string"},
            "model_version": {"type": "string"},
            "id": {"type": "string"},
            "outputs": {
                "type": "array",
                "items": _object(_TENSOR_PROPERTIES, "parameters", "data"),
            },
        },
        "id",
    ),
    "Server": _object(
        {"name": {"type": "string"}, "version": {"type": "string"}, "extensions": _TEXTS}
    ),
    "ModelMetadata": _object(
        {
            "name": {"type": "string"},
            "versions": _TEXTS,
            "platform": {"type": "string"},
            "inputs": {"type": "array", "items": {"type": "object"}},
            "outputs": {"type": "array", "items": {"type": "object"}},
        }
    ),
}
