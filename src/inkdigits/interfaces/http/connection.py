"""A connection that waits for its client, but not for ever, and not for too many at once.

uvicorn times out only between requests. Here a request that does not arrive whole in time loses its
connection, however slowly its bytes come, in the headers or in the body.
"""

import asyncio

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from inkdigits.interfaces.http.problems import MEDIA_TYPE, Problem, problem_body

# Beyond the time for a body, so that the application can say first why it gives up.
_GRACE = 2.0
# Connections of one worker. Each costs a file descriptor, of which a process often has 1,024.
_MOST_CONNECTIONS = 900


class Connection(HttpToolsProtocol):
    """A connection; `patience` is how many seconds a request may take to arrive."""

    patience = 10.0
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request, or refuse."""
        super().connection_made(transport)
        if len(self.connections) > _MOST_CONNECTIONS:
            self._refuse(
                Problem(503, "too many connections are open; try again in a second"),
                b"retry-after: 1\r\n",
            )
        else:
            self._expect_request()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP."""
        self._refuse(Problem(400, "this is no HTTP request; send one of HTTP/1.1"))

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop_expecting()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """The first byte of a request has come."""
        self._expect_request()
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """The last byte of a request has come."""
        self._stop_expecting()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request; bytes that begin none put off uvicorn's own time-out."""
        super().on_response_complete()
        if self._deadline is None and not self.transport.is_closing():
            self._expect_request()

    def _refuse(self, problem: Problem, header: bytes = b"") -> None:
        """Answer before there is a request, and close."""
        body = problem_body(problem)
        self.transport.write(
            STATUS_LINE[problem.status]
            + header
            + f"content-type: {MEDIA_TYPE}\r\ncontent-length: {len(body)}\r\n".encode()
            + b"connection: close\r\n\r\n"
            + body
        )
        self.transport.close()

    def _expect_request(self) -> None:
        self._stop_expecting()
        self._deadline = self.loop.call_later(self.patience, self.transport.close)

    def _stop_expecting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def connection_class(seconds: float) -> type[Connection]:
    """Connections whose requests must arrive within so many seconds."""

    class _Patient(Connection):
        patience = seconds + _GRACE

    return _Patient
