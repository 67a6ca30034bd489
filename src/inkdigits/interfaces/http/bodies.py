"""Takes in a request's body: not too much, not too slowly, and not too many at a time."""

import asyncio
import contextlib

from starlette.requests import Request

from inkdigits.interfaces.http.problems import Disconnected, Problem
from inkdigits.interfaces.http.settings import Settings

# What is left of a body that is refused would only be in the way: the connection is given up.
_CLOSE = {"connection": "close"}
_LINGERING = 2.0  # seconds


class Bodies:
    """The bodies that are arriving at one worker, and those that it works on."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._held = 0  # bytes

    async def read(self, request: Request) -> bytes:
        """The whole body; it is held until `release` is called for it.

        Raises:
            Problem: 415 if it is compressed, 413 if it is too large, 408 if it takes too long, 503
                if too many bytes of bodies are held already.
            Disconnected: the client has gone.
        """
        encoding = request.headers.get("content-encoding", "identity")
        if encoding != "identity":
            raise Problem(415, f"the body is encoded ({encoding[:20]}); send it as it is", _CLOSE)
        length = request.headers.get("content-length", "")
        if length.isdecimal() and int(length) > self._settings.max_body:
            await self._discard(request)
            raise self._too_large()
        parts: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(self._settings.body_seconds):
                while True:
                    message = await request.receive()
                    if message["type"] == "http.disconnect":
                        raise Disconnected
                    part: bytes = message.get("body", b"")
                    parts.append(part)
                    size += len(part)
                    self._held += len(part)
                    if size > self._settings.max_body:
                        if message.get("more_body"):
                            await self._discard(request)
                        raise self._too_large()
                    if self._held > self._settings.max_held_bytes:
                        raise _too_many()
                    if not message.get("more_body"):
                        return parts[0] if len(parts) == 1 else b"".join(parts)
        except BaseException as error:
            self._held -= size
            if isinstance(error, TimeoutError):
                raise self._too_slow() from error
            raise

    def release(self, body: bytes) -> None:
        """Note that a body is done with."""
        self._held -= len(body)

    async def _discard(self, request: Request) -> None:
        """Take in some of what is still coming: who is cut off while sending gets no answer."""
        if "expect" in request.headers:  # nothing comes before we say so
            return
        left = self._settings.max_body
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LINGERING):
                while left > 0:
                    message = await request.receive()
                    left -= len(message.get("body", b""))
                    if not message.get("more_body"):
                        return

    def _too_large(self) -> Problem:
        limit = f"{self._settings.max_body / 1e6:g} MB"
        return Problem(413, f"the body is larger than {limit}; send less at once", _CLOSE)

    def _too_slow(self) -> Problem:
        limit = f"{self._settings.body_seconds:g} seconds"
        return Problem(408, f"the body did not arrive within {limit}; send it faster", _CLOSE)


def _too_many() -> Problem:
    detail = "too many large bodies are here at once; try again in a second"
    return Problem(503, detail, {"retry-after": "1", **_CLOSE})
