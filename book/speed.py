"""Figures of speed for the book, from `benchmarks/results/speed-*.json` and `serve.json`.

Any of these files may be missing: then there is no figure of its kind, and the pages do without.
The same holds for a figure that was taken in passing (`--quick`), for a peer that did not run, and
for a service that failed a request. The opening page shows where inkdigits is ahead; the protocol
shows all that the files hold.
"""

import json
import statistics
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.serve.table import table as table_of_service
from benchmarks.speed.parts import parts
from benchmarks.speed.results import as_text
from benchmarks.speed.tables import seconds

_NOT_MEASURED = (
    "Speed has not been measured for this version yet; `make bench` and `make load` do it."
)


def speed_figures(results: Path) -> dict[str, str]:
    """What the opening page can say of speed: pairs of ours and the peer's, where ours is ahead."""
    found: dict[str, str] = {}
    ours, peer = _walls(results / "speed-startup.json", "`inkdigits read", "PyTorch")
    if ours and peer and ours < peer:
        found |= {"start_ours": seconds(ours), "start_pytorch": seconds(peer)}
    ours, peer = _walls(
        results / "speed-training.json", "`inkdigits train cnn --recipe fast", "PyTorch"
    )
    if ours and peer and ours < peer:
        found |= {"train_ours": seconds(ours), "train_pytorch": seconds(peer)}
    return found | _service(_load(results / "serve.json"))


def speed_tables(results: Path) -> str:
    """All that was measured, as tables in Markdown with what they were measured on."""
    texts = []
    for name, part in parts().items():
        content = _load(results / f"speed-{name}.json")
        if content.get("records"):
            texts.append(as_text(part, content).replace(f"## {part.title}", f"**{part.title}**"))
    service = _load(results / "serve.json")
    if service:
        machines = {str(part["machine"]) for part in service.values() if "machine" in part}
        texts.append("\n\n".join(["**The HTTP service**", table_of_service(service), *machines]))
    return "\n\n".join(texts) or _NOT_MEASURED


def _walls(path: Path, ours: str, peer: str) -> tuple[float, float]:
    """Median seconds of whole processes: of our first record and the first of the peer."""
    content = _load(path)
    if content.get("quick"):
        return 0.0, 0.0
    found = [
        next(
            (
                statistics.median(record["wall"])
                for record in content.get("records", [])
                if record["name"].startswith(beginning)
                and record.get("wall")
                and not record.get("missing")
            ),
            0.0,
        )
        for beginning in (ours, peer)
    ]
    return found[0], found[1]


def _service(content: Mapping[str, Any]) -> dict[str, str]:
    """Requests a second: our whole reading, and a plain service around the same model."""
    ours, peer = content.get("single", {}), content.get("FastAPI", {})
    if not ours.get("count") or sum(ours.get("failures", {}).values()):
        return {}
    found = {"serve_ours": f"{ours['per_second']:,.0f}", "serve_p99": f"{ours['p99_ms']:.0f} ms"}
    if 0 < peer.get("per_second", 0) < ours["per_second"]:
        found["serve_fastapi"] = f"{peer['per_second']:,.0f}"
    return found


def _load(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text()) if path.is_file() else {}
    return content
