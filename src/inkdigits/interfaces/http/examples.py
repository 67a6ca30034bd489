"""Examples of bodies and answers, for the OpenAPI document."""

from typing import Any

_BLANK = [[0] * 28] * 28
_NINE_ZEROS = [0.0] * 9

SINGLE: dict[str, Any] = {
    "picture": "picture",
    "rows": ["7"],
    "groups": [["7"]],
    "digits": [
        {
            "value": 7,
            "confidence": 0.9994,
            "box": [12, 8, 61, 84],
            "row": 0,
            "group": 0,
            "probabilities": [0.0, 0.0, 0.0002, 0.0001, 0.0, 0.0, 0.0, 0.9994, 0.0, 0.0003],
        }
    ],
    "rejected": [],
    "size": [96, 96],
}
PAGE: dict[str, Any] = {
    "picture": "picture",
    "rows": ["31", "4"],
    "groups": [["31"], ["4"]],
    "digits": [
        {"value": 3, "confidence": 0.9981, "box": [40, 32, 51, 83], "row": 0, "group": 0},
        {"value": 1, "confidence": 0.9987, "box": [112, 30, 20, 85], "row": 0, "group": 0},
        {"value": 4, "confidence": 0.9912, "box": [44, 160, 60, 80], "row": 1, "group": 0},
    ],
    "rejected": [{"box": [300, 210, 9, 7], "reason": "too small"}],
    "size": [640, 480],
}
IMAGES: dict[str, Any] = {"images": [_BLANK]}
CLASSIFIED: dict[str, Any] = {
    "digits": [{"value": 1, "confidence": 1.0, "probabilities": [0.0, 1.0, *_NINE_ZEROS[1:]]}]
}
MODELS: dict[str, Any] = {
    "default": "best",
    "models": [
        {
            "name": "best",
            "network": "cnn",
            "parameters": 33620,
            "recipe": "default",
            "data": {"name": "MNIST train", "train": 55000, "validation": 5000, "test": 10000},
            "test": None,
            "date": "2026-11-24",
            "licence": "Apache-2.0",
            "rejects": False,
        }
    ],
}
INFERENCE: dict[str, Any] = {
    "id": "42",
    "inputs": [
        {"name": "img", "datatype": "UINT8", "shape": [1, 28, 28], "data": [_BLANK]},
    ],
}
INFERRED: dict[str, Any] = {
    "model_name": "best",
    "model_version": "1",
    "id": "42",
    "outputs": [
        {
            "name": "probabilities",
            "datatype": "FP32",
            "shape": [1, 10],
            "data": [0.0, 1.0, *_NINE_ZEROS[1:]],
        }
    ],
}
