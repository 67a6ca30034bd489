"""Errors as `application/problem+json` (RFC 9457): what is wrong, and what to do next."""

import json
from http import HTTPStatus

from starlette.responses import Response

from inkdigits.errors import (
    InkdigitsError,
    InputError,
    MissingExtraError,
    ModelFileError,
    PictureError,
    UsageError,
)

MEDIA_TYPE = "application/problem+json"

# The first class that fits decides.
_STATUS: tuple[tuple[type[InkdigitsError], int], ...] = (
    (MissingExtraError, 415),
    (PictureError, 422),
    (ModelFileError, 404),
    (UsageError, 400),
    (InputError, 422),
    (InkdigitsError, 500),
)


class Problem(Exception):
    """An answer that says why there is no other.

    Attributes:
        status: the HTTP status.
        detail: one line: what is wrong, and what to do next.
        headers: further headers of the answer.
    """

    def __init__(self, status: int, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers or {}


class Disconnected(Exception):
    """The client has gone before its request was whole; nobody waits for an answer."""


def problem_of(error: InkdigitsError) -> Problem:
    """The problem that an error of this package is to a client."""
    status = next(status for kind, status in _STATUS if isinstance(error, kind))
    return Problem(status, " ".join(str(error).split()))


def problem_body(problem: Problem, path: str = "") -> bytes:
    """A problem as JSON, at a path; clients of `/v2` look for what is wrong under `error`."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
    }
    if path.startswith("/v2"):
        body["error"] = problem.detail
    return json.dumps(body).encode()


def problem_response(problem: Problem, path: str) -> Response:
    """The answer to a request at that path that has a problem."""
    return Response(problem_body(problem, path), problem.status, problem.headers, MEDIA_TYPE)
