"""The log: one JSON object a line on standard error, and nothing of what requests contain."""

import contextlib
import json
import logging
import os
import sys
import time
import traceback
from typing import Any


def log(event: str, **values: Any) -> None:
    """Write a line: the time (UTC), the event, the process, and the values."""
    now = time.time()
    entry: dict[str, Any] = {
        "time": f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(now))}.{int(now % 1 * 1000):03}Z",
        "event": event,
        "process": os.getpid(),
        **values,
    }
    with contextlib.suppress(OSError, ValueError):  # who reads the log has gone; serving goes on
        sys.stderr.write(json.dumps(entry, ensure_ascii=True) + "\n")
        sys.stderr.flush()


def where(error: BaseException) -> list[str]:
    """The places in the code that an error went through, without any values."""
    return [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]


class UvicornLines(logging.Handler):
    """What uvicorn warns of, as lines of this log."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        error = record.exc_info[1] if record.exc_info else None
        more: dict[str, Any] = {}
        if error is not None:
            more = {"error": type(error).__name__, "where": where(error)}
        log("server", level=record.levelname.lower(), message=record.getMessage().strip(), **more)
