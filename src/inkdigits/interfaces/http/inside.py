"""`GET /v1/models/{name}/file`: a model file as it is, into which the page looks.

The page walks the file and computes its feature maps itself, so that what it shows comes from the
very weights that read; other clients may use it to fetch a model.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from inkdigits.inference.recognizer import read_model
from inkdigits.interfaces.http.service import Service


def routes(service: Service) -> list[BaseRoute]:
    """The routes of this module."""

    async def file(request: Request, body: bytes) -> Response:
        name = request.path_params["name"]
        # Only loaded models are given out: a recogniser is called by its file or bundled name.
        content = await service.run(read_model, service.models[name].name)
        headers = {
            "content-disposition": f'attachment; filename="{name}.onnx"',
            "cache-control": "no-cache",
        }
        return Response(content, headers=headers, media_type="application/octet-stream")

    return [service.route("/v1/models/{name}/file", file, "GET")]
