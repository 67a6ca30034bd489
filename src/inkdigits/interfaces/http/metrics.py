"""Figures for Prometheus: requests, their time and outcome, and what is being worked on.

With several workers each writes into files of its own, in the folder that the supervisor names in
`PROMETHEUS_MULTIPROC_DIR`, and whichever worker is asked adds them up.
"""

import os

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)

from inkdigits.interfaces.http.room import Room

MEDIA_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The figures of one worker, in a registry of their own."""

    def __init__(self, room: Room) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "inkdigits_requests",
            "Requests by path, method and status.",
            ("path", "method", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "inkdigits_request_seconds",
            "From a request's first byte to its answer.",
            ("path",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._working = Gauge(
            "inkdigits_requests_in_progress",
            "Requests that are being worked on.",
            registry=self._registry,
            multiprocess_mode="livesum",
        )
        self._room = room

    def request(self, path: str, method: str, status: int, seconds: float) -> None:
        """Note a request that is done."""
        self._requests.labels(path, method, status).inc()
        self._seconds.labels(path).observe(seconds)
        self._working.set(self._room.taken)

    def text(self) -> bytes:
        """All figures in Prometheus' text format."""
        if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
            return generate_latest(self._registry)
        everyone = CollectorRegistry()
        multiprocess.MultiProcessCollector(everyone)  # type: ignore[no-untyped-call]
        return generate_latest(everyone)
