"""`GET /v1/models`: which models there are, and what each says of itself."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from inkdigits.interfaces.http.answers import JsonResponse
from inkdigits.interfaces.http.service import Service


def routes(service: Service) -> list[BaseRoute]:
    """The routes of this module."""

    async def listing(request: Request, body: bytes) -> Response:
        models = await service.run(lambda: [_described(service, name) for name in service.models])
        return JsonResponse({"default": service.models.default, "models": models})

    return [service.route("/v1/models", listing, "GET")]


def _described(service: Service, name: str) -> dict[str, Any]:
    recognizer = service.models[name]
    metadata = recognizer.metadata
    return {
        "name": name,
        "network": metadata.network,
        "parameters": metadata.parameters,
        "recipe": metadata.recipe.get("name"),
        "data": metadata.data,
        "test": metadata.test,
        "date": metadata.date,
        "licence": metadata.licence,
        "rejects": recognizer.rejects,
    }
