"""The HTTP application: `create_app(settings)` puts its parts together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.routing import BaseRoute, Router
from starlette.types import ASGIApp

from inkdigits.interfaces.http import (
    classifying,
    corrections,
    documentation,
    inference_protocol,
    inside,
    listing,
    monitoring,
    page,
    page_documentation,
    reading,
)
from inkdigits.interfaces.http.gate import Gate
from inkdigits.interfaces.http.metrics import Metrics
from inkdigits.interfaces.http.openapi import document
from inkdigits.interfaces.http.service import Service
from inkdigits.interfaces.http.settings import Settings


def create_app(settings: Settings | None = None) -> ASGIApp:
    """The application of one worker, with its models loaded.

    Raises:
        ModelFileError: a model file is missing, damaged or not ours.
    """
    settings = settings or Settings()
    service = Service(settings)
    metrics = Metrics(service.room)

    @asynccontextmanager
    async def lifespan(app: object) -> AsyncIterator[None]:
        await service.warm_up()
        yield
        service.close()

    # A bare router: what is raised within becomes an answer in the gate, and nowhere else.
    router = Router(_routes(service, metrics), redirect_slashes=False, lifespan=lifespan)
    return Gate(router, settings, metrics)


def _routes(service: Service, metrics: Metrics) -> list[BaseRoute]:
    """All routes, the most used ones first."""
    return [
        *reading.routes(service),
        *classifying.routes(service),
        *inference_protocol.routes(service),
        *listing.routes(service),
        *inside.routes(service),
        *corrections.routes(service),
        *monitoring.routes(metrics),
        *documentation.routes(document(service.settings, page_documentation.paths())),
        *page.routes(),
    ]
