"""What all requests of one worker share: settings, models, room, batches, and the page readers."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

import cv2
import numpy as np
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from inkdigits.interfaces.http.arrays import (
    LARGEST_JOB,
    ArrayJob,
    Classified,
    Floats,
    classify_arrays,
    joined,
)
from inkdigits.interfaces.http.batching import Batcher
from inkdigits.interfaces.http.bodies import Bodies
from inkdigits.interfaces.http.models import Models
from inkdigits.interfaces.http.room import Room
from inkdigits.interfaces.http.settings import Settings
from inkdigits.interfaces.http.singles import ReadSingle, SingleJob, read_singles
from inkdigits.pictures.single import Preprocess

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
# A handler gets the request and its whole body.
Handler = Callable[[Request, bytes], Awaitable[Response]]

# Preparing one picture takes longer than classifying it, and the first of a batch waits for the
# last: larger batches would save little and cost time.
_SINGLES_AT_ONCE = 16
_ARRAYS_AT_ONCE = 8
_LARGEST_IN_BATCH = 50_000  # bytes: a photo would keep small pictures waiting
# Something like a digit, dark on light, uint8 [40, 40].
_SEVEN = np.full((40, 40), 255, np.uint8)
_SEVEN[8:12, 10:30] = _SEVEN[8:34, 24:28] = 0


class Service:
    """One worker's shared state; everything here is called on the event loop.

    Attributes:
        settings: what it was set up with.
        models: the loaded models.
        bodies: takes in bodies.
        room: counts the requests that are worked on.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.models = Models(settings.models)
        self.bodies = Bodies(settings)
        self.room = Room(settings.max_requests)
        self._singles = Batcher("inkdigits-singles", read_singles, _SINGLES_AT_ONCE)
        self._arrays = Batcher("inkdigits-arrays", classify_arrays, _ARRAYS_AT_ONCE)
        self._is_closed = False
        self._pool = ThreadPoolExecutor(settings.page_threads, thread_name_prefix="inkdigits-page")

    def route(self, path: str, handler: Handler, method: str = "POST") -> Route:
        """A route whose requests are counted and limited, and whose handler gets the body."""
        return Route(path, _Endpoint(self, handler), methods=[method])

    async def read_single(
        self, content: bytes, model: str, preprocess: Preprocess = "normalise", page: int = 1
    ) -> ReadSingle:
        """Read a picture that holds one digit, together with others that wait."""
        limit = self.settings.max_pixels
        job = SingleJob(content, self.models[model], limit, preprocess, page)
        if len(content) <= _LARGEST_IN_BATCH:
            return await self._singles.submit(job)
        (result,) = await self.run(read_singles, [job])
        if isinstance(result, Exception):
            raise result
        return result

    async def classify(self, images: Floats, model: str) -> Classified:
        """Classify images, float32 [n, 1, 28, 28] in [-1, 1], together with others that wait."""
        recognizer = self.models[model]
        parts = [
            await self._arrays.submit(ArrayJob(images[at : at + LARGEST_JOB], recognizer))
            for at in range(0, max(1, len(images)), LARGEST_JOB)
        ]
        return joined(parts)

    async def run(
        self,
        function: Callable[Arguments, Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """Run what takes long (a page, a drawing) on one of the few threads for that."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, lambda: function(*args, **kwargs))

    async def warm_up(self) -> None:
        """Read a picture; then, while others are served already, load whatever else is lazy."""
        await self.read_single(_encoded(".png"), self.models.default)
        self._pool.submit(self._warm_further)

    def _warm_further(self) -> None:
        """So that the first client of a page, a photo, or another model need not wait for it."""
        self.models[self.models.default].read(_encoded(".bmp"))  # by Pillow, as most pictures are
        for name in self.models:
            if not self._is_closed:
                self.models[name]

    def close(self) -> None:
        """End the threads, once they have done what they were given."""
        self._is_closed = True
        self._singles.close()
        self._arrays.close()
        self._pool.shutdown()


def _encoded(kind: str) -> bytes:
    return np.asarray(cv2.imencode(kind, _SEVEN)[1]).tobytes()


class _Endpoint:
    """An ASGI application that takes in the body, finds room, and lets a handler answer."""

    def __init__(self, service: Service, handler: Handler) -> None:
        self._service = service
        self._handler = handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        room = self._service.room
        room.check()  # before the body is taken in
        request = Request(scope, receive)
        body = await self._service.bodies.read(request)
        try:
            with room:
                response = await self._handler(request, body)
        finally:
            self._service.bodies.release(body)
        await response(scope, receive, send)
