"""The web page: the files of `interfaces/web/static`, served at `/`."""

from pathlib import Path

from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).parent.parent / "web" / "static"


class _Files(StaticFiles):
    """Files that browsers ask for anew each time, and get only if they changed (ETag)."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "no-cache"
        return response


def routes() -> list[BaseRoute]:
    """A route for each file of the page, compressed on the way; none where there is no page.

    No path is taken that is not a file, so that other routes say themselves what they don't take.
    """
    if not STATIC.is_dir():
        return []
    files = GZipMiddleware(_Files(directory=STATIC, html=True))
    paths = ["/", *sorted(f"/{file.name}" for file in STATIC.iterdir() if file.is_file())]
    return [Route(path, files, methods=["GET"]) for path in paths]
