"""`inkdigits data` as people and scripts meet it: the real command, its output and exit code."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inkdigits.interfaces.cli.main import main

REQUIRES_MNIST = pytest.mark.skipif(
    not os.environ.get("INKDIGITS_DATA"), reason="INKDIGITS_DATA is not set"
)


@dataclass
class Done:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def inkdigits(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Run `inkdigits data` as the shell would, but in this process, which is faster."""

    def run(*arguments: str, data: str = "") -> Done:
        monkeypatch.setenv("INKDIGITS_DATA", data)
        monkeypatch.setenv("INKDIGITS_CACHE", "/nowhere")
        monkeypatch.setattr(sys, "argv", ["inkdigits", "data", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        return Done(int(left.value.code or 0), *capsys.readouterr())

    return run


def test_the_module_can_be_run():
    environment = {"PYTHONPATH": ":".join(sys.path), "PYTHONWARNINGS": "error"}
    done = subprocess.run(
        [sys.executable, "-m", "inkdigits", "data", "--no-download", "--folder", "/no/such"],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("inkdigits: there is no folder /no/such")


def test_the_sample_is_said_loudly_on_standard_error(inkdigits):
    done = inkdigits("--no-download")
    assert done.returncode == 0
    assert done.stderr.startswith("inkdigits: ONLY A SAMPLE: 4,000 training")
    assert done.stderr.count("\n") == 1
    assert "NOT the whole of MNIST" in done.stdout
    assert "mnist_5k.csv.gz" in done.stdout
    lines = done.stdout.splitlines()
    assert lines[-2].split() == ["train", *["400"] * 10, "4,000"]
    assert len({len(line) for line in lines[-3:]}) == 1


def test_json_is_alone_on_standard_output(inkdigits, tmp_path: Path):
    out = tmp_path / "sheet.png"
    done = inkdigits("--no-download", "--json", "--out", str(out))
    found = json.loads(done.stdout)
    assert found["origin"] == "sample"
    assert found["note"].startswith("ONLY A SAMPLE")
    assert found["train"] == {
        "name": "MNIST sample train", "count": 4000, "per_class": [400] * 10
    }  # fmt: skip
    assert found["test"]["count"] == 1000
    assert [file["verified"] for file in found["files"]] == [True]
    assert found["contact_sheet"] == str(out)
    assert "contact sheet" in done.stderr


@pytest.mark.parametrize(
    ("name", "kind"), [("a.png", "PNG"), ("a.JPG", "JPEG"), ("a.webp", "WEBP")]
)
def test_a_contact_sheet_is_written_in_the_format_of_its_name(
    inkdigits, tmp_path: Path, name, kind
):
    assert inkdigits("--no-download", "--out", str(tmp_path / name)).returncode == 0
    with Image.open(tmp_path / name) as sheet:
        sheet.load()
        assert sheet.format == kind
        assert sheet.width > 700


def test_the_seed_chooses_the_digits_of_the_sheet(inkdigits, tmp_path: Path):
    sheets = []
    for place, seed in enumerate(("1", "1", "2")):
        path = tmp_path / f"{place}.png"
        assert inkdigits("--no-download", "--seed", seed, "--out", str(path)).returncode == 0
        sheets.append(np.asarray(Image.open(path)))
    assert np.array_equal(sheets[0], sheets[1])
    assert not np.array_equal(sheets[0][50:], sheets[2][50:])


def test_bad_options_are_one_line_and_exit_code_2(inkdigits, tmp_path: Path):
    for arguments, reason in [
        (["--out", "sheet.gif"], "can't write sheet.gif as a picture; let its name end in .png"),
        (["--out", "sheet"], "can't write sheet as a picture"),
        (["--out", str(tmp_path / "no" / "sheet.png")], "there is no folder"),
        (["--folder", str(tmp_path / "no")], "there is no folder"),
        (["--folder", str(tmp_path)], "lacks train-images-idx3-ubyte, train-labels-idx1-ubyte"),
        (["--seed", "-1"], "-1 is not in the range"),
        (["--seed", "x"], "not a valid int"),
    ]:
        done = inkdigits("--no-download", *arguments)
        assert done.returncode == 2, arguments
        assert reason in done.stderr
        assert done.stderr.count("\n") == 1
        assert done.stdout == ""
    (tmp_path / "folder.png").mkdir()
    done = inkdigits("--out", str(tmp_path / "folder.png"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "is a folder" in done.stderr


@REQUIRES_MNIST
def test_mnist_is_shown_with_its_four_files(inkdigits):
    done = inkdigits(data=os.environ["INKDIGITS_DATA"])
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("verified") == 4
    assert done.stdout.splitlines()[-1].split()[-1] == "10,000"


def test_a_download_shows_progress_on_a_terminal_and_only_there(tmp_path: Path):
    # Its own process, as the bar needs a terminal as standard error; the library is told by
    # `fetch_mnist`, so that is what is called, with a stand-in for the network.
    code = (
        "import sys, inkdigits.data as data\n"
        "class Found: note = ''\n"
        "def mnist(folder, *, download, on_progress=None):\n"
        "    if on_progress: [on_progress('train-images', n, 100) for n in (0, 50, 100)]\n"
        "    return Found\n"
        "data.mnist = mnist\n"
        "from inkdigits.interfaces.cli.fetching import fetch_mnist\n"
        "fetch_mnist()\n"
        "print('rich' in sys.modules)\n"
    )
    environment = {"PYTHONPATH": ":".join(sys.path), "TERM": "xterm", "COLUMNS": "100"}
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
    terminal, other_end = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=other_end,
        env=environment,
        check=True,
    )
    os.close(other_end)
    shown = os.read(terminal, 100_000).decode()
    os.close(terminal)
    assert "train-images" in shown
    assert "100/100 bytes" in shown
    assert done.stdout == b"True\n"
    piped = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, env=environment, check=True
    )
    assert (piped.stdout, piped.stderr) == (b"False\n", b"")
