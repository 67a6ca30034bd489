"""The table of the service's figures: what was measured, what is missing and why."""

from benchmarks.serve.table import table

BUSY = {"server": 1.5, "client": 0.4, "others": 0.0}
SINGLE = {
    "count": 90_000,
    "per_second": 1534.2,
    "p50_ms": 10.04,
    "p99_ms": 21.26,
    "failures": {},
    "busy": BUSY,
    "memory_mb": [120.4, 123.6],
}


def test_a_part_shows_its_figures_beside_what_is_to_be_reached():
    assert table({"single": SINGLE}).splitlines()[2:] == [
        "| 28x28 PNG through `/v1/read?single=1`, 64 connections | 1,500 requests/s | "
        "1,534 requests/s, p50 10.0 ms, p99 21.3 ms, 0 failures; 124 MB a worker |"
    ]


def test_failures_and_other_work_are_not_kept_silent():
    shown = table(
        {"single": SINGLE | {"failures": {"no answer": 3}, "busy": BUSY | {"others": 0.7}}}
    )
    assert "3 failures (0.7 processors busy with other work)" in shown


def test_a_part_that_could_not_be_measured_says_why():
    shown = table({"LitServe": {"missing": "no wheel | for this"}})
    assert shown.splitlines()[-1].endswith("| missing: no wheel / for this |")


def test_all_parts_have_a_row():
    from benchmarks.serve.__main__ import PARTS

    missing = {name: {"missing": "not today"} for name in PARTS}
    assert len(table(missing).splitlines()) == 2 + len(PARTS)
