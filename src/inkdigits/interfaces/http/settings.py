"""What an HTTP service is set up with; a frozen value that is also handed to worker processes."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from inkdigits.errors import UsageError


@dataclass(frozen=True)
class Settings:
    """How one worker serves.

    Attributes:
        models: model files to serve besides the bundled ones, as PATH or NAME=PATH; the first one
            is the default model. Without any, that is `best`.
        token: what clients must send as `Authorization: Bearer`; empty: nobody is asked.
        allow_origins: origins of other web pages that may use the service, or `*`.
        allow_hosts: names by which the service may be called (the header Host); empty: any. It
            keeps other web pages from reaching a service on this machine by a name of their own.
        max_body: bytes of a request's body.
        max_pixels: pixels of a picture.
        max_images: images of one request.
        max_requests: requests that are worked on at once; those beyond are refused.
        max_held_bytes: bytes of bodies that are here at once, arriving or worked on.
        body_seconds: how long a request may take to arrive.
        drain_seconds: how long requests may take to finish when the service stops.
        page_threads: pages that are read at once.
        access_log: whether each request is logged.
    """

    models: tuple[str, ...] = ()
    token: str = ""
    allow_origins: tuple[str, ...] = ()
    allow_hosts: tuple[str, ...] = ()
    max_body: int = 10_000_000
    max_pixels: int = 50_000_000
    max_images: int = 10_000
    max_requests: int = 64
    max_held_bytes: int = 60_000_000
    body_seconds: float = 10.0
    drain_seconds: int = 30
    page_threads: int = 2
    access_log: bool = True

    def __post_init__(self) -> None:
        for name in ("max_body", "max_pixels", "max_images", "max_requests", "page_threads"):
            if getattr(self, name) < 1:
                raise UsageError(f"{name} must be 1 or more, not {getattr(self, name)}")
        if self.body_seconds <= 0:
            raise UsageError(f"body_seconds must be more than 0, not {self.body_seconds}")

    def to_json(self) -> str:
        """As text, for a worker process."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Settings":
        """From what `to_json` gave."""
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in json.loads(text).items()
        }
        return cls(**values)
