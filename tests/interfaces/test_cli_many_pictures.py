"""Many pictures read in several processes: the same lines, in the same order, as by one."""

import json
import subprocess
import sys

import cv2
import numpy as np
import pytest

from inkdigits.errors import InkdigitsError
from inkdigits.interfaces.cli import many_pictures
from inkdigits.interfaces.cli.many_pictures import Job, are_many, read_side_by_side
from inkdigits.pictures import PageOptions

JOB = Job("cnn", True, "normalise", PageOptions(), 10**6)


@pytest.fixture
def pictures(few_digits, tmp_path):
    """120 small pictures, a text and a name without a file among them."""
    names = []
    for number, image in enumerate(few_digits.train.images[:120]):
        path = tmp_path / f"{number:03}.png"
        cv2.imwrite(str(path), 255 - image)
        names.append(str(path))
    (tmp_path / "text.png").write_text("no picture")
    names[7:7] = [str(tmp_path / "text.png"), str(tmp_path / "nowhere.png")]
    return names


def read(pictures, workers):
    command = [sys.executable, "-m", "inkdigits", "read", "--single", "--json", "--model", "cnn"]
    return subprocess.run(
        [*command, "--workers", str(workers), *pictures], capture_output=True, text=True
    )


def test_two_processes_write_what_one_writes(pictures):
    one, two = read(pictures, 1), read(pictures, 2)
    assert (one.returncode, two.returncode) == (2, 2)
    assert two.stdout == one.stdout
    assert two.stderr == one.stderr
    lines = list(map(json.loads, two.stdout.splitlines()))
    assert [line["picture"] for line in lines] == pictures
    assert [number for number, line in enumerate(lines) if "error" in line] == [7, 8]


def test_few_pictures_and_standard_input_need_no_processes(pictures):
    assert are_many(JOB, pictures)
    assert not are_many(JOB, pictures[:50])
    assert not are_many(JOB, [*pictures, "-"])


def test_a_model_that_cannot_be_loaded_ends_it(pictures):
    command = [sys.executable, "-m", "inkdigits", "read", "--single", "--model", "none.onnx"]
    done = subprocess.run([*command, *pictures], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("inkdigits: there is no model file none.onnx")
    assert len(done.stderr.splitlines()) == 1


def _die(_sources):
    import os

    os._exit(9)


def test_a_killed_process_is_said_in_one_line(pictures, monkeypatch):
    monkeypatch.setattr(many_pictures, "_read_part", _die)
    with pytest.raises(InkdigitsError, match="was killed, perhaps for want of memory"):
        list(read_side_by_side(JOB, pictures, 2))


def test_pages_are_read_side_by_side_too(tmp_path):
    paths = []
    for number in range(4):
        path = tmp_path / f"{number}.png"
        sheet = np.full((60, 80), 255, np.uint8)
        sheet[10:50, 38:43] = 0
        cv2.imwrite(str(path), sheet)
        paths.append(str(path))
    job = Job("cnn", False, "normalise", PageOptions(), 10**6)
    assert are_many(job, paths)
    outcomes = list(read_side_by_side(job, paths, 2))
    assert [outcome.name for outcome in outcomes] == paths
    assert all(outcome.result["rows"] == ["1"] for outcome in outcomes)
