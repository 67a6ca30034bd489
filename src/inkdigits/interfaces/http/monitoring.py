"""`GET /metrics`: figures for Prometheus."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from inkdigits.interfaces.http.metrics import MEDIA_TYPE, Metrics


def routes(metrics: Metrics) -> list[BaseRoute]:
    """The route of this module."""

    async def figures(request: Request) -> Response:
        return Response(metrics.text(), headers={"content-type": MEDIA_TYPE})

    return [Route("/metrics", figures, methods=["GET"])]
