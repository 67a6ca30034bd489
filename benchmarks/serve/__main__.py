"""Load on the HTTP service, from a second process, with peers beside it.

    python -m benchmarks.serve                 all parts, in under five minutes; results/serve.json
    python -m benchmarks.serve --seconds 10 --part single --part batches
    python -m benchmarks.serve --table         only print the table of results/serve.json

Server and client share the machine. Each figure says how many processors were busy with the server,
with the client, and with anything else: where `others` is not near 0, the machine was not ours.
Peers are installed in environments of their own at first; one that can't be is said to be missing.
"""

import argparse
import json
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.serve import parts
from benchmarks.serve.servers import Missing, inkdigits, peer
from benchmarks.serve.table import table
from inkdigits.files import write_whole

RESULTS = Path(__file__).parent.parent / "results" / "serve.json"
PATH = "/v1/read?single=1"
RESIZED = "/v1/read?single=1&preprocess=resize"
_JSON = "content-type: application/json\r\n"


@dataclass(frozen=True)
class Wish:
    """How one part is to be measured: seconds of load, connections, workers."""

    seconds: float
    connections: int
    workers: int


def main() -> None:
    """Measure what is asked for, write the figures, and print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.serve", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--seconds", type=float, help="of each part (60 of the first, 15 or less)")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--part", action="append", choices=list(PARTS), help="only these")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--table", action="store_true", help="only print what is there")
    arguments = parser.parse_args()
    results = json.loads(arguments.out.read_text()) if arguments.out.exists() else {}
    if not arguments.table:
        for name in arguments.part or PARTS:
            usual, part = PARTS[name]
            wish = Wish(arguments.seconds or usual, arguments.connections, arguments.workers)
            results[name] = _measured(part, wish)
            print(name, json.dumps(results[name]), flush=True)
            write_whole(arguments.out, (json.dumps(results, indent=1) + "\n").encode())
    print(table(results))


def _measured(part: "Part", wish: Wish) -> parts.Figures:
    """The figures of a part; one that fails says so, and the others go on."""
    try:
        return {**part(wish), "machine": parts.machine()}
    except Missing as missing:
        return {"missing": str(missing)}
    except Exception as error:  # whatever a server or a connection does
        traceback.print_exc()
        return {"missing": f"failed ({type(error).__name__}: {error})"}


Part = Callable[[Wish], parts.Figures]


def _single(path: str, make: Callable[[], list[bytes]] = parts.pictures) -> Part:
    def measure(wish: Wish) -> parts.Figures:
        with inkdigits(wish.workers) as server:
            return parts.single(server, path, make(), wish.connections, wish.seconds)

    return measure


def _steady(wish: Wish) -> parts.Figures:
    with inkdigits(wish.workers) as server:
        pictures = parts.pictures()
        return parts.steady(server, PATH, pictures, wish.connections, wish.seconds, 1500)


def _batches(model: str) -> Part:
    def measure(wish: Wish) -> parts.Figures:
        with inkdigits(wish.workers) as server:
            return parts.batches(server, model, 8, wish.seconds)

    return measure


def _saturated(wish: Wish) -> parts.Figures:
    with inkdigits(wish.workers) as server:
        return parts.saturated(server, PATH, parts.pictures(), wish.connections, wish.seconds)


def _slow(wish: Wish) -> parts.Figures:
    with inkdigits(wish.workers) as server:
        return parts.slow(server, parts.pictures()[0])


def _peer(name: str, script: str, make: Callable[[], list[bytes]], headers: str = "") -> Part:
    def measure(wish: Wish) -> parts.Figures:
        with peer(name, script, wish.workers) as server:
            return parts.single(server, "/read", make(), wish.connections, wish.seconds, headers)

    return measure


# The usual seconds of each part, and what it does.
PARTS: dict[str, tuple[float, Part]] = {
    "start": (0, lambda wish: parts.start(wish.workers)),
    "single": (60, _single(PATH)),
    "steady": (15, _steady),
    "noisy": (10, _single(PATH, parts.noisy_pictures)),
    "batches": (10, _batches("best")),
    "batches_cnn": (10, _batches("cnn")),
    "saturated": (15, _saturated),
    "slow": (0, _slow),
    "resized": (10, _single(RESIZED)),
    "FastAPI": (10, _peer("fastapi", "plain_fastapi.py", parts.pictures)),
    "LitServe": (10, _peer("litserve", "lit_serve.py", parts.pictures_in_json, _JSON)),
}

if __name__ == "__main__":
    main()
