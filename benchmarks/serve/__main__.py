"""Load on the HTTP service, from a second process, with peers beside it.

    python -m benchmarks.serve                 all parts, a minute each; writes results/serve.json
    python -m benchmarks.serve --seconds 10 --part single --part batches
    python -m benchmarks.serve --table         only print the table of results/serve.json

Server and client share the machine. Each figure says how many processors were busy with the server,
with the client, and with anything else: where `others` is not near 0, the machine was not ours.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from benchmarks.serve import parts
from benchmarks.serve.servers import inkdigits, peer
from benchmarks.serve.table import table

RESULTS = Path(__file__).parent.parent / "results" / "serve.json"
PATH = "/v1/read?single=1"
RESIZED = "/v1/read?single=1&preprocess=resize"
PEERS = {"FastAPI": ("plain_fastapi", "fastapi"), "LitServe": ("lit_serve", "litserve")}


def main() -> None:
    """Measure what is asked for, write the figures, and print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.serve", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--seconds", type=float, default=60, help="of each part")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rate", type=float, default=1500, help="of the steady part")
    parser.add_argument("--model", default="best", help="of the batches")
    parser.add_argument("--part", action="append", choices=list(PARTS), help="only these")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--table", action="store_true", help="only print what is there")
    arguments = parser.parse_args()
    results = json.loads(arguments.out.read_text()) if arguments.out.exists() else {}
    if not arguments.table:
        contents = parts.pictures()
        for name in arguments.part or PARTS:
            results[name] = PARTS[name](arguments, contents)
            results[name]["machine"] = parts.machine()
            print(name, json.dumps(results[name]), flush=True)
        arguments.out.write_text(json.dumps(results, indent=1) + "\n")
    print(table(results))


def _start(arguments: argparse.Namespace, contents: list[bytes]) -> parts.Figures:
    return parts.start(arguments.workers)


def _single(arguments: argparse.Namespace, contents: list[bytes]) -> parts.Figures:
    with inkdigits(arguments.workers) as server:
        return parts.single(server, PATH, contents, arguments.connections, arguments.seconds)


def _resized(arguments: argparse.Namespace, contents: list[bytes]) -> parts.Figures:
    with inkdigits(arguments.workers) as server:
        return parts.single(server, RESIZED, contents, arguments.connections, arguments.seconds)


def _steady(arguments: argparse.Namespace, contents: list[bytes]) -> parts.Figures:
    with inkdigits(arguments.workers) as server:
        return parts.steady(
            server, PATH, contents, arguments.connections, arguments.seconds, arguments.rate
        )


def _batches(arguments: argparse.Namespace, contents: list[bytes]) -> parts.Figures:
    with inkdigits(arguments.workers) as server:
        return parts.batches(server, arguments.model, 8, arguments.seconds)


def _saturated(arguments: argparse.Namespace, contents: list[bytes]) -> parts.Figures:
    with inkdigits(arguments.workers) as server:
        return parts.saturated(
            server, PATH, contents, arguments.connections, min(20, arguments.seconds)
        )


def _slow(arguments: argparse.Namespace, contents: list[bytes]) -> parts.Figures:
    with inkdigits(arguments.workers) as server:
        return parts.slow(server, contents[0])


def _peer(name: str) -> Callable[[argparse.Namespace, list[bytes]], parts.Figures]:
    module, needs = PEERS[name]

    def measure(arguments: argparse.Namespace, contents: list[bytes]) -> parts.Figures:
        with peer(module, needs, arguments.workers) as server:
            if server is None:
                return {"missing": needs}
            headers = ""
            if needs == "litserve":
                contents = [parts.as_json(content) for content in contents]
                headers = "content-type: application/json\r\n"
            return parts.single(
                server, "/read", contents, arguments.connections, arguments.seconds, headers
            )

    return measure


PARTS: dict[str, Callable[[argparse.Namespace, list[bytes]], parts.Figures]] = {
    "start": _start,
    "single": _single,
    "steady": _steady,
    "batches": _batches,
    "saturated": _saturated,
    "slow": _slow,
    "resized": _resized,
    **{name: _peer(name) for name in PEERS},
}

if __name__ == "__main__":
    main()
