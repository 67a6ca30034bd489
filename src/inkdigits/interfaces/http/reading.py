"""`POST /v1/read`: the digits in a picture, whose bytes are the body; answers as `read --json`."""

from dataclasses import replace
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from inkdigits.inference import Recognizer
from inkdigits.interfaces.http.answers import JsonResponse
from inkdigits.interfaces.http.crops import add_crops
from inkdigits.interfaces.http.opened import open_page
from inkdigits.interfaces.http.problems import Problem
from inkdigits.interfaces.http.queries import Query
from inkdigits.interfaces.http.service import Service
from inkdigits.pictures import PageOptions
from inkdigits.pictures.opening import MAX_PAGES
from inkdigits.pictures.single import Preprocess

_MOST_EXPECTED = 10_000
_OF_PAGES = ("min_confidence", "expect", "expect_rows")
# What a body may be called. Clients that say nothing are looked at by content (curl says "form").
_ACCEPTED = ("image/", "application/pdf", "application/octet-stream")
_UNSAID = ("", "application/x-www-form-urlencoded")


def routes(service: Service) -> list[BaseRoute]:
    """The routes of this module."""

    async def read(request: Request, body: bytes) -> Response:
        check_is_picture(request)
        query = Query(request, "single", "model", "preprocess", "page", "crops", *_OF_PAGES)
        model = query.text("model", service.models.default)
        page = query.count("page", MAX_PAGES) or 1
        if query.flag("single"):
            _refuse(query, _OF_PAGES, "without single=1")
            single = await service.read_single(body, model, _preprocess(query), page)
            answer = {"picture": single.name, **single.reading.as_dict()}
            seen = [single.reading.crop]
            return JsonResponse(add_crops(answer, seen) if query.flag("crops") else answer)
        _refuse(query, ("preprocess",), "with single=1")
        recognizer, limit = service.models[model], service.settings.max_pixels
        crops = query.flag("crops")
        return JsonResponse(
            await service.run(_read_page, body, recognizer, limit, page, _options(query), crops)
        )

    return [service.route("/v1/read", read)]


def check_is_picture(request: Request) -> None:
    """Refuse (415) a body that says it is something else than a picture."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _UNSAID and not kind.startswith(_ACCEPTED):
        raise Problem(
            415,
            f"the body is {kind[:60]}; send the picture's bytes as the body, as image/png or so",
        )


def _read_page(
    content: bytes,
    recognizer: Recognizer,
    max_pixels: int,
    page: int,
    options: PageOptions,
    crops: bool,
) -> dict[str, Any]:
    picture = open_page(content, max_pixels, page)
    reading = recognizer.read(picture, options=options)
    answer = {"picture": picture.name, **reading.as_dict()}
    return add_crops(answer, [digit.crop for digit in reading.digits]) if crops else answer


def _options(query: Query) -> PageOptions:
    options = PageOptions(
        expect=query.count("expect", _MOST_EXPECTED),
        expect_rows=query.count("expect_rows", _MOST_EXPECTED),
    )
    least = query.share("min_confidence")
    return options if least is None else replace(options, min_confidence=least)


def _preprocess(query: Query) -> Preprocess:
    chosen = query.text("preprocess", "normalise")
    if chosen not in ("normalise", "resize"):
        raise Problem(400, f"preprocess must be normalise or resize, not '{chosen[:40]}'")
    return cast("Preprocess", chosen)


def _refuse(query: Query, names: tuple[str, ...], when: str) -> None:
    for name in names:
        if name in query:
            raise Problem(400, f"{name} goes {when}; leave one of them out")
