"""The web page: the files of `interfaces/web/static`, served at `/`."""

from pathlib import Path

from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
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
    """The route of the page; it takes all paths, so it comes last. None where there is no page."""
    return [Mount("/", _Files(directory=STATIC, html=True))] if STATIC.is_dir() else []
