"""Takes in a request's body: not too much, not too slowly, and not too many at a time."""

import asyncio

from starlette.requests import Request

from inkdigits.interfaces.http.problems import Disconnected, Problem
from inkdigits.interfaces.http.settings import Settings

# What is left of a body that is refused would only be in the way: the connection is given up.
_CLOSE = {"connection": "close"}


class Bodies:
    """The bodies that are arriving at one worker."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._held = 0  # bytes

    async def read(self, request: Request) -> bytes:
        """The whole body.

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
                        raise self._too_large()
                    if not message.get("more_body"):
                        return parts[0] if len(parts) == 1 else b"".join(parts)
                    if self._held > self._settings.max_held_bytes:
                        raise _too_many()
        except TimeoutError as error:
            raise self._too_slow() from error
        finally:
            self._held -= size

    def _too_large(self) -> Problem:
        limit = f"{self._settings.max_body / 1e6:g} MB"
        return Problem(413, f"the body is larger than {limit}; send less at once", _CLOSE)

    def _too_slow(self) -> Problem:
        limit = f"{self._settings.body_seconds:g} seconds"
        return Problem(408, f"the body did not arrive within {limit}; send it faster", _CLOSE)


def _too_many() -> Problem:
    detail = "too many large bodies are arriving at once; try again in a second"
    return Problem(503, detail, {"retry-after": "1", **_CLOSE})
