"""Answers as JSON."""

import json
from typing import Any

from starlette.responses import Response


class JsonResponse(Response):
    """JSON on one line, as the command line prints it; what is not finite is never sent."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """The bytes of the body."""
        return json.dumps(content, allow_nan=False).encode()
