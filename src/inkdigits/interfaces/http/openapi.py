"""The OpenAPI document: what the service takes and gives, with an example for each.

Modules that add routes of their own add their paths with `operation`.
"""

from typing import Any

from inkdigits._version import __version__
from inkdigits.interfaces.http.examples import (
    CLASSIFIED,
    IMAGES,
    INFERENCE,
    INFERRED,
    MODELS,
    PAGE,
    SINGLE,
)
from inkdigits.interfaces.http.problems import MEDIA_TYPE
from inkdigits.interfaces.http.schemas import SCHEMAS
from inkdigits.interfaces.http.settings import Settings

_JSON, _BYTES = "application/json", "application/octet-stream"
_WORK = (401, 403, 408, 413, 415, 503)  # what any request with a body may end in
_REASONS = {
    400: "A parameter makes no sense.",
    401: "The token is missing or wrong.",
    403: "A page of another origin asks.",
    404: "There is no such thing.",
    408: "The body came too slowly.",
    413: "The body, or what it holds, is too much.",
    415: "The body is of another kind.",
    422: "The body can't be read.",
    503: "Too much is being worked on; try again after `Retry-After` seconds.",
}


def operation(
    summary: str,
    *,
    answer: dict[str, Any] | None = None,
    body: dict[str, Any] | None = None,
    parameters: tuple[dict[str, Any], ...] = (),
    problems: tuple[int, ...] = (),
    about: str = "",
    command: str = "",
) -> dict[str, Any]:
    """One operation of the document.

    Args:
        summary: what it does, in a few words.
        answer: the content of its answer, by media type; None: it has none.
        body: the content that it takes, by media type; None: none.
        parameters: made by `parameter`.
        problems: the statuses that it may end in.
        about: more of it, if a few words don't do.
        command: a command line that calls it.
    """
    responses: dict[str, Any] = {"200": {"description": "Done."}}
    if answer is not None:
        responses["200"]["content"] = answer
    for status in problems:
        schema = {"$ref": "#/components/schemas/Problem"}
        content = {MEDIA_TYPE: {"schema": schema}}
        responses[str(status)] = {"description": _REASONS[status], "content": content}
    made: dict[str, Any] = {"summary": summary, "responses": responses}
    if about:
        made["description"] = about
    if parameters:
        made["parameters"] = list(parameters)
    if body is not None:
        made["requestBody"] = {"required": True, "content": body}
    if command:
        made["x-codeSamples"] = [{"lang": "shell", "source": command}]
    return made


def parameter(
    name: str, about: str, schema: dict[str, Any], example: Any = None, place: str = "query"
) -> dict[str, Any]:
    """A parameter of an operation; those in the path are required."""
    made: dict[str, Any] = {"name": name, "in": place, "description": about, "schema": schema}
    if place == "path":
        made["required"] = True
    return made if example is None else {**made, "example": example}


def content(schema: str, example: Any, media_type: str = _JSON) -> dict[str, Any]:
    """The content of a body: its schema by name, and an example."""
    reference = {"$ref": f"#/components/schemas/{schema}"}
    return {media_type: {"schema": reference, "example": example}}


def document(settings: Settings, *more_paths: dict[str, Any]) -> dict[str, Any]:
    """The whole document."""
    paths = {**_reading_paths(), **_protocol_paths(), **_other_paths()}
    for more in more_paths:
        paths.update(more)
    made: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {
            "title": "inkdigits",
            "version": __version__,
            "summary": "Reads handwritten digits.",
            "description": _about(settings),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {"schemas": SCHEMAS},
    }
    if settings.token:
        made["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        made["security"] = [{"token": []}]
    return made


def _about(settings: Settings) -> str:
    return (
        "Pictures and arrays in, digits out. Errors are application/problem+json: `detail` says "
        "what is wrong and what to do. Each answer carries X-Request-Id, by which the log knows "
        f"it. Limits: bodies of {settings.max_body / 1e6:g} MB that arrive within "
        f"{settings.body_seconds:g} seconds, pictures of {settings.max_pixels / 1e6:g} million "
        f"pixels, {settings.max_images:,} images a request."
    )


_MODEL = parameter("model", "A model's name.", {"type": "string", "default": "best"}, "best")
_NAME = parameter("name", "A model's name.", {"type": "string"}, "best", "path")
_VERSION = parameter("version", "Always 1.", {"type": "string"}, "1", "path")


def _reading_paths() -> dict[str, Any]:
    count = {"type": "integer", "minimum": 1, "maximum": 10000}
    read = operation(
        "Read the digits in a picture",
        about="The body is the picture's file: PNG, JPEG, WebP, TIFF, BMP, GIF or PPM, and with "
        "the extra `formats` PDF and HEIC. Answers as `inkdigits read --json`.",
        command="curl --data-binary @picture.jpg 'http://127.0.0.1:8000/v1/read'",
        parameters=(
            parameter(
                "single",
                "1: the picture holds exactly one digit.",
                {"type": "string", "enum": ["0", "1", "false", "true"], "default": "0"},
            ),
            _MODEL,
            parameter(
                "preprocess",
                "With single=1: find the ink, or only resize as the chapter does.",
                {"type": "string", "enum": ["normalise", "resize"], "default": "normalise"},
            ),
            parameter(
                "min_confidence",
                "Reject digits below it; not with single=1.",
                {"type": "number", "minimum": 0, "maximum": 1, "default": 0.5},
            ),
            parameter("expect", "So many digits are there; not with single=1.", count),
            parameter("expect_rows", "So many rows are there; not with single=1.", count),
            parameter(
                "crops",
                "1: with the 28x28 pixels that the network saw of each digit.",
                {"type": "string", "enum": ["0", "1", "false", "true"], "default": "0"},
            ),
            parameter(
                "page",
                "Which page of a file with several, from 1.",
                {"type": "integer", "minimum": 1, "maximum": 1000, "default": 1},
            ),
        ),
        body={
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in ("image/png", "image/jpeg", _BYTES)
        },
        answer={
            _JSON: {
                "schema": {"$ref": "#/components/schemas/Reading"},
                "examples": {"single": {"value": SINGLE}, "page": {"value": PAGE}},
            }
        },
        problems=(400, *_WORK, 404, 422),
    )
    classify = operation(
        "Classify images of 28x28 pixels",
        about="JSON as shown, or the bytes of a .npy file with uint8 [n, 28, 28]; ink 255 on 0.",
        command="curl --data-binary @images.npy 'http://127.0.0.1:8000/v1/classify?model=best'",
        parameters=(_MODEL,),
        body={
            **content("Images", IMAGES),
            _BYTES: {"schema": {"type": "string", "format": "binary"}},
        },
        answer=content("Classified", CLASSIFIED),
        problems=(400, *_WORK, 404, 422),
    )
    models = operation(
        "List the models",
        command="curl http://127.0.0.1:8000/v1/models",
        answer=content("Models", MODELS),
        problems=(401, 403, 503),
    )
    return {
        "/v1/read": {"post": read},
        "/v1/classify": {"post": classify},
        "/v1/models": {"get": models},
    }


def _protocol_paths() -> dict[str, Any]:
    """The Open Inference Protocol; each model's paths also with `/versions/1`."""
    paths: dict[str, Any] = {
        "/v2": {
            "get": operation(
                "Describe the server",
                answer={_JSON: {"schema": {"$ref": "#/components/schemas/Server"}}},
                problems=(401, 403),
            )
        },
        "/v2/health/live": {"get": operation("Is the server alive?", problems=(403,))},
        "/v2/health/ready": {"get": operation("Is the server ready?", problems=(403,))},
    }
    ways: tuple[tuple[str, tuple[dict[str, Any], ...]], ...] = (
        ("/v2/models/{name}", (_NAME,)),
        ("/v2/models/{name}/versions/{version}", (_NAME, _VERSION)),
    )
    for path, parameters in ways:
        paths[path] = {
            "get": operation(
                "Describe a model",
                parameters=parameters,
                answer={_JSON: {"schema": {"$ref": "#/components/schemas/ModelMetadata"}}},
                problems=(401, 403, 404),
            )
        }
        paths[f"{path}/ready"] = {
            "get": operation("Is the model ready?", parameters=parameters, problems=(401, 403, 404))
        }
        paths[f"{path}/infer"] = {
            "post": operation(
                "Run a model on a batch",
                about="The Open Inference Protocol v2 with its binary tensor extension, as "
                "tritonclient speaks it. Input `img`: FP32 [n, 1, 28, 28] in [-1, 1] with ink +1; "
                "UINT8 [n, 28, 28] with ink 255 is taken too.",
                parameters=parameters,
                body=content("InferenceRequest", INFERENCE),
                answer={
                    **content("InferenceResponse", INFERRED),
                    _BYTES: {"schema": {"type": "string", "format": "binary"}},
                },
                problems=(400, *_WORK, 404, 422),
            )
        }
    return paths


def _other_paths() -> dict[str, Any]:
    text = {"text/plain": {"schema": {"type": "string"}}}
    return {
        "/metrics": {"get": operation("Figures for Prometheus", answer=text, problems=(401, 403))}
    }
