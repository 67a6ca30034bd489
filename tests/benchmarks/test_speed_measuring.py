"""The benchmark's own logic: processes are measured, turns are taken, failures are told."""

import sys
import time

import pytest
from benchmarks.speed.comparing import Contestant, Record, compare, summary
from benchmarks.speed.kept import KeptRuns
from benchmarks.speed.processes import Run, last_object, run


def python(code, seconds=20, **variables):
    return run([sys.executable, "-c", code], variables=variables, seconds=seconds)


def test_a_process_is_measured_with_what_it_says_of_itself():
    code = "import time; x = bytearray(80_000_000); time.sleep(0.2); print('{\"a\": 1}')"
    found = python(code)
    assert found.failure == ""
    assert 0.2 <= found.wall < 15
    assert found.processor < found.wall
    assert found.peak > 80
    assert found.inner == {"a": 1}


def test_the_memory_of_who_measures_is_not_counted():
    held = bytearray(150_000_000)
    assert python("pass").peak < 100
    assert len(held) == 150_000_000


def test_a_command_that_is_not_there_fails():
    assert "no-such-command" in run(["no-such-command"], variables={}, seconds=20).failure


def test_a_process_that_fails_tells_its_last_line():
    found = python("import sys; print('first', file=sys.stderr); sys.exit('no such thing')")
    assert found.failure == "no such thing"
    assert python("import sys; sys.exit(3)").failure == "exit code 3"


def test_a_process_that_takes_too_long_is_killed_with_what_it_started():
    code = (
        "import subprocess, sys, time;"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); time.sleep(60)"
    )
    start = time.perf_counter()
    assert python(code, seconds=1).failure == "took over 1 s"
    assert time.perf_counter() - start < 15


def test_settings_that_would_change_figures_are_not_passed_on(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    code = (
        "import os, json; names = ('OMP_NUM_THREADS', 'PYTHONDONTWRITEBYTECODE', 'GIVEN');"
        "print(json.dumps({name: os.environ.get(name) for name in names}))"
    )
    found = python(code, GIVEN="yes")
    assert found.inner == {
        "OMP_NUM_THREADS": None,
        "PYTHONDONTWRITEBYTECODE": None,
        "GIVEN": "yes",
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {}),
        ("Cost 0.1\n", {}),
        ('{"a": 1}\nbye\n', {"a": 1}),
        ('{"a": 1}\n{"b": [2]}\n', {"b": [2]}),
        ('{"a": 1}\n{not json\n', {"a": 1}),
    ],
)
def test_the_last_line_of_json_is_found(text, found):
    assert last_object(text) == found


def contestant(name, calls, *, fails_in=None, **more):
    def start(number):
        calls.append((name, number))
        return Run(1.0 + number, 1.0, 10.0, {"x": number}, "broke" if number == fails_in else "")

    return Contestant(name, start, **more)


def test_all_take_turns():
    calls = []
    records = compare([contestant("a", calls), contestant("b", calls, rounds=1)], 2)
    assert calls == [("a", 0), ("b", 0), ("a", 1)]
    assert records[0].wall == [1.0, 2.0]
    assert records[0].inner == {"x": [0, 1]}
    assert records[1].wall == [1.0]


def test_a_warm_up_is_not_counted():
    calls = []
    records = compare([contestant("a", calls)], 2, warm_up=True)
    assert calls == [("a", 0), ("a", 0), ("a", 1)]
    assert records[0].wall == [1.0, 2.0]


def test_who_fails_or_is_missing_takes_no_further_part():
    calls = []
    fails, gone = contestant("a", calls, fails_in=1), contestant("b", calls, missing="no wheel")
    records = compare([fails, gone], 3)
    assert calls == [("a", 0), ("a", 1)]
    assert records[0].missing == "failed: broke"
    assert records[1] == Record("b", missing="no wheel")


def test_when_time_is_up_each_has_been_measured_once():
    calls = []
    compare([contestant("a", calls), contestant("b", calls)], 5, until=time.monotonic() - 1)
    assert calls == [("a", 0), ("b", 0)]


def test_a_summary_is_the_median_and_the_range():
    assert summary([3.0, 1.0, 2.0, 10.0]) == {"median": 2.5, "least": 1.0, "most": 10.0}


def test_some_rounds_are_run_even_late():
    calls = []
    late = time.monotonic() - 1
    compare([contestant("a", calls, least=3), contestant("b", calls)], 5, until=late)
    assert calls == [("a", 0), ("b", 0), ("a", 1), ("a", 2)]


def test_what_was_interrupted_goes_on(tmp_path):
    path, calls = tmp_path / "kept.jsonl", []

    def both(go_on, commit="1"):
        kept = KeptRuns(path, commit, go_on=go_on)
        contestants = [contestant("a", calls), contestant("b", calls, fails_in=1)]
        return compare(contestants, 2, kept=kept)

    whole = both(go_on=False)
    assert calls == [("a", 0), ("b", 0), ("a", 1), ("b", 1)]
    path.write_text(path.read_text() + '{"commit": "1", "gro')
    calls.clear()
    assert both(go_on=True) == whole
    assert calls == [("b", 1)]  # what failed is tried again
    calls.clear()
    both(go_on=True, commit="2")
    assert len(calls) == 4
    calls.clear()
    both(go_on=False)
    assert len(calls) == 4
    KeptRuns(path, "1", go_on=True).forget()
    assert not path.exists()
