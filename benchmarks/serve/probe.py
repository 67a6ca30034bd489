"""Asks whether a service is alive, 20 times a second: `python -m ... HOST PORT SECONDS`.

A process of its own, so that a busy load generator does not add its own delays. Prints JSON.
"""

import asyncio
import json
import sys

from benchmarks.serve.client import paced, request

_RATE = 20


def main() -> None:
    """Probe, and print the figures."""
    host, port, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    alive = [request("/v2/health/live", b"", method="GET")]
    load = asyncio.run(paced((host, port), alive, 4, seconds, _RATE))
    print(json.dumps(load.figures()))


if __name__ == "__main__":
    main()
