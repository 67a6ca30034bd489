"""The Open Inference Protocol, version 2, by which clients of other model servers can ask this one.

`/v2`, `/v2/health/live`, `/v2/health/ready`, `/v2/models/{name}`, `.../ready` and `.../infer`, the
latter three also with `/versions/1`. Each model is one version, 1.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from inkdigits._version import __version__
from inkdigits.inference import Recognizer
from inkdigits.inference.model_file import INPUT, NOT_A_DIGIT_OUTPUT, OUTPUT
from inkdigits.interfaces.http.answers import JsonResponse
from inkdigits.interfaces.http.arrays import Classified
from inkdigits.interfaces.http.problems import Problem
from inkdigits.interfaces.http.service import Service
from inkdigits.interfaces.http.tensors import HEADER_LENGTH, Asked, build_answer, parse_request

_VERSION = "1"
_LONG_JSON = 20_000  # bytes: longer JSON is parsed off the event loop


def routes(service: Service) -> list[BaseRoute]:
    """The routes of this module."""

    async def alive(request: Request) -> Response:
        return Response()

    async def server(request: Request) -> Response:
        return JsonResponse(
            {"name": "inkdigits", "version": __version__, "extensions": ["binary_tensor_data"]}
        )

    async def model(request: Request) -> Response:
        name = _name(request)
        return JsonResponse(_metadata(name, service.models[name]))

    async def model_ready(request: Request) -> Response:
        _ = service.models[_name(request)]
        return Response()

    async def infer(request: Request, body: bytes) -> Response:
        name = _name(request)
        recognizer = service.models[name]
        length = request.headers.get(HEADER_LENGTH)
        most = service.settings.max_images
        if length is None and len(body) > _LONG_JSON:
            asked = await service.run(parse_request, body, None, most)
        else:
            asked = parse_request(body, length, most)
        wanted = _wanted(asked, recognizer)
        return _answer(name, asked, wanted, await service.classify(asked.images, name))

    models = ("/v2/models/{name}", "/v2/models/{name}/versions/{version}")
    return [
        *(service.route(f"{path}/infer", infer) for path in models),
        Route("/v2/health/live", alive, methods=["GET"]),
        Route("/v2/health/ready", alive, methods=["GET"]),
        Route("/v2", server, methods=["GET"]),
        *(Route(f"{path}/ready", model_ready, methods=["GET"]) for path in models),
        *(Route(path, model, methods=["GET"]) for path in models),
    ]


def _name(request: Request) -> str:
    name: str = request.path_params["name"]
    version = request.path_params.get("version", _VERSION)
    if version != _VERSION:
        raise Problem(404, f"{name[:80]} has no version '{version[:20]}'; it has {_VERSION}")
    return name


def _metadata(name: str, recognizer: Recognizer) -> dict[str, Any]:
    outputs = [{"name": OUTPUT, "datatype": "FP32", "shape": [-1, 10]}]
    if recognizer.rejects:
        outputs.append({"name": NOT_A_DIGIT_OUTPUT, "datatype": "FP32", "shape": [-1]})
    return {
        "name": name,
        "versions": [_VERSION],
        "platform": "onnxruntime_onnx",
        "inputs": [{"name": INPUT, "datatype": "FP32", "shape": [-1, 1, 28, 28]}],
        "outputs": outputs,
    }


def _wanted(asked: Asked, recognizer: Recognizer) -> dict[str, bool]:
    """The outputs to send, with whether each is binary."""
    there = [OUTPUT, NOT_A_DIGIT_OUTPUT] if recognizer.rejects else [OUTPUT]
    if asked.outputs is None:
        return dict.fromkeys(there, asked.binary)
    for name in asked.outputs:
        if name not in there:
            raise Problem(422, f"there is no output '{name[:40]}'; there are {', '.join(there)}")
    return asked.outputs


def _answer(name: str, asked: Asked, wanted: dict[str, bool], classified: Classified) -> Response:
    arrays = {OUTPUT: classified.probabilities}
    if classified.not_a_digit is not None:
        arrays[NOT_A_DIGIT_OUTPUT] = classified.not_a_digit
    answer = {"model_name": name, "model_version": _VERSION}
    if asked.id is not None:
        answer["id"] = asked.id
    body, length = build_answer(answer, [(key, arrays[key], wanted[key]) for key in wanted])
    if length is None:
        return Response(body, media_type="application/json")
    return Response(
        body, headers={HEADER_LENGTH: str(length)}, media_type="application/octet-stream"
    )
