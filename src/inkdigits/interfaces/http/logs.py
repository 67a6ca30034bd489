"""The log: one JSON object a line on standard error, and nothing of what requests contain."""

import json
import os
import sys
import time
import traceback
from typing import Any


def log(event: str, **values: Any) -> None:
    """Write a line: the time (UTC), the event, the process, and the values."""
    now = time.time()
    entry: dict[str, Any] = {
        "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now % 1 * 1000):03}Z",
        "event": event,
        "process": os.getpid(),
        **values,
    }
    sys.stderr.write(json.dumps(entry, ensure_ascii=True) + "\n")
    sys.stderr.flush()


def where(error: BaseException) -> list[str]:
    """The places in the code that an error went through, without any values."""
    return [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]
