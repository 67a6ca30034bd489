"""The figures as a table in Markdown, beside what is to be reached."""

from typing import Any


def table(results: dict[str, Any]) -> str:
    """One line for each part that was measured."""
    lines = ["| | to reach | measured |", "|---|---|---|"]
    for name, (title, goal, words) in _ROWS.items():
        if name in results:
            missing = results[name].get("missing")
            said = words(results[name]) if missing is None else f"missing: {missing}"
            lines.append(f"| {title} | {goal} | {said.replace('|', '/')} |")
    return "\n".join(lines)


def _loaded(figures: dict[str, Any]) -> str:
    failed = sum(figures["failures"].values())
    if not figures["count"]:
        return f"no answer, {failed} failures"
    return (
        f"{figures['per_second']:,.0f} requests/s, p50 {figures['p50_ms']:.1f} ms, "
        f"p99 {figures['p99_ms']:.1f} ms, {failed} failures{_busy(figures)}"
    )


def _busy(figures: dict[str, Any]) -> str:
    others = figures["busy"]["others"]
    return f" ({others:.1f} processors busy with other work)" if others >= 0.1 else ""


def _start(figures: dict[str, Any]) -> str:
    memory = max(figures["idle_memory_mb"])
    return f"{figures['seconds_to_ready']:.2f} s, {memory:.0f} MB a worker"


def _steady(figures: dict[str, Any]) -> str:
    return f"at {figures['rate']:,.0f} requests/s: {_loaded(figures)}"


def _single(figures: dict[str, Any]) -> str:
    return f"{_loaded(figures)}; {max(figures['memory_mb']):.0f} MB a worker"


def _batches(figures: dict[str, Any]) -> str:
    failed = sum(figures["failures"].values())
    return f"{figures['digits_per_second']:,} digits/s, {failed} failures{_busy(figures)}"


def _saturated(figures: dict[str, Any]) -> str:
    refused, answered = figures["refused"], figures["answered"]
    return (
        f"{refused['count']:,} refused, p99 {refused.get('p99_ms', 0):.1f} ms; "
        f"{answered['per_second']:,.0f} requests/s answered; "
        f"health at most {figures['health']['most_ms']:.0f} ms; memory "
        f"{max(figures['memory_before_mb']):.0f} to {max(figures['memory_after_mb']):.0f} MB; "
        f"{figures['per_second_in_the_2_s_after']:,.0f} requests/s in the 2 s after, "
        f"{figures['per_second_before']:,.0f} before"
    )


def _slow(figures: dict[str, Any]) -> str:
    return (
        f"closed after {figures['closed_after_s']:.1f} s; of {figures['others_answered']} others "
        f"the slowest took {figures['others_most_ms']:.0f} ms"
    )


_ROWS = {
    "single": (
        "28x28 PNG through `/v1/read?single=1`, 64 connections",
        "1,500 requests/s",
        _single,
    ),
    "steady": ("the same at a steady rate", "p99 25 ms at 1,500 requests/s", _steady),
    "noisy": ("the same as cut out of photos: pale ink, noisy paper", "", _single),
    "batches": ("`/v2/.../infer`, batches of 64, `best`", "20,000 digits/s", _batches),
    "batches_cnn": ("the same with the chapter's network, `cnn`", "", _batches),
    "saturated": (
        "saturated at 4 times",
        "refusals within 50 ms, health 100 ms, memory flat, full speed within 2 s",
        _saturated,
    ),
    "start": ("start to ready; memory", "1 s; 200 MB a worker", _start),
    "slow": ("one byte a second", "closed within 15 s, others unharmed", _slow),
    "resized": ("the peers' work: only resized (`&preprocess=resize`)", "", _loaded),
    "FastAPI": ("peer: FastAPI + ONNX Runtime, one by one", "", _loaded),
    "LitServe": ("peer: LitServe with batching", "", _loaded),
}
