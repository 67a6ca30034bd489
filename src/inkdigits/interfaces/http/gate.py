"""What every request passes: its id, who may ask, what the answer carries, the log and the metrics.

An ASGI application around another one. Problems that are raised within become answers here.
"""

import hmac
import itertools
import re
import secrets
import time

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from inkdigits.errors import InkdigitsError
from inkdigits.interfaces.http.headers import SECURITY, Origins
from inkdigits.interfaces.http.logs import log, where
from inkdigits.interfaces.http.metrics import Metrics
from inkdigits.interfaces.http.problems import (
    Disconnected,
    Problem,
    problem_of,
    problem_response,
)
from inkdigits.interfaces.http.settings import Settings

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
# With a token, this is all that is open: the page (which asks for the token) and its health.
_CLOSED = ("/v1/", "/v2/", "/metrics")
_OPEN = ("/v2/health/live", "/v2/health/ready")


class Gate:
    """The outermost application."""

    def __init__(self, app: ASGIApp, settings: Settings, metrics: Metrics) -> None:
        self._app = app
        self._settings = settings
        self._metrics = metrics
        self._origins = Origins(settings)
        self._token = f"Bearer {settings.token}".encode()
        self._start_of_ids = secrets.token_hex(4)
        self._numbers = itertools.count()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request in, or answer why not."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # no WebSocket here
        scope["app"] = self._app  # makes the router raise for a path that it hasn't
        headers = Headers(scope=scope)
        passage = _Passage(send, self._request_id(headers), self._origins.answer_headers(headers))
        try:
            early = self._checked(scope, headers)
            await (early or self._app)(scope, receive, passage.send)
        except Exception as error:
            await self._answer_error(error, scope, receive, passage)
        finally:
            self._record(scope, passage)

    def _request_id(self, headers: Headers) -> str:
        given = headers.get("x-request-id", "")
        return given if _ID.fullmatch(given) else f"{self._start_of_ids}-{next(self._numbers):x}"

    def _checked(self, scope: Scope, headers: Headers) -> Response | None:
        """Raise a problem for who may not ask; an answer only to browsers that ask beforehand."""
        hosts = self._settings.allow_hosts
        if hosts and _host_name(headers) not in hosts:
            raise Problem(
                421, f"call the service by {' or '.join(hosts)}, or start it with --allow-host"
            )
        if self._origins.is_foreign(headers):
            raise Problem(
                403, "pages of another origin may not ask; start the service with --allow-origin"
            )
        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            response = Response(status_code=204)
            response.raw_headers += self._origins.preflight_headers(headers)
            return response
        path = scope["path"]
        if self._settings.token and path.startswith(_CLOSED) and path not in _OPEN:
            given = headers.get("authorization", "").encode("latin-1")
            if not hmac.compare_digest(given, self._token):
                raise Problem(
                    401,
                    "the token is missing or wrong; send it as Authorization: Bearer TOKEN",
                    {"www-authenticate": "Bearer"},
                )
        return None

    async def _answer_error(
        self, error: Exception, scope: Scope, receive: Receive, passage: "_Passage"
    ) -> None:
        if isinstance(error, Disconnected):
            passage.status = 499  # as nginx logs it
            return
        if isinstance(error, InkdigitsError):
            problem = problem_of(error)
            if problem.status >= 500:
                log("error", id=passage.id, error=type(error).__name__, where=where(error))
            error = problem
        if isinstance(error, HTTPException):
            error = _problem_of_routing(error, scope)
        if not isinstance(error, Problem):
            log("error", id=passage.id, error=type(error).__name__, where=where(error))
            error = Problem(500, f"this should not have happened; see {passage.id} in the log")
        if passage.status:
            raise error  # the answer has begun: only breaking it off is left
        await problem_response(error, scope["path"])(scope, receive, passage.send)

    def _record(self, scope: Scope, passage: "_Passage") -> None:
        seconds = time.perf_counter() - passage.began
        route = scope.get("route")
        path = getattr(route, "path", "") or "other"
        self._metrics.request(path, scope["method"], passage.status, seconds)
        if self._settings.access_log:
            log(
                "request",
                id=passage.id,
                method=scope["method"],
                path=scope["path"][:200],
                status=passage.status,
                milliseconds=round(seconds * 1000, 2),
            )


class _Passage:
    """One request on its way: adds headers to its answer and notes the status."""

    def __init__(self, send: Send, request_id: str, headers: list[tuple[bytes, bytes]]) -> None:
        self._send = send
        self._headers = [*SECURITY, *headers, (b"x-request-id", request_id.encode())]
        self.id = request_id
        self.status = 0
        self.began = time.perf_counter()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message = {**message, "headers": [*message["headers"], *self._headers]}
        await self._send(message)


def _host_name(headers: Headers) -> str:
    """The name in `Host`, without the port."""
    host = headers.get("host", "")
    return host[: host.find("]") + 1] if host.startswith("[") else host.partition(":")[0]


def _problem_of_routing(error: HTTPException, scope: Scope) -> Problem:
    path, method = scope["path"][:100], scope["method"]
    if error.status_code == 404:
        return Problem(404, f"there is nothing at {path}; /docs lists what there is")
    if error.status_code == 405:
        headers = dict(error.headers or {})
        allowed = headers.get("Allow", headers.get("allow", "another method"))
        return Problem(405, f"{path} does not take {method}, but {allowed}", {"allow": allowed})
    return Problem(error.status_code, str(error.detail))
