"""Every block of code that README and the book show is run: by the build, or here."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from book.extensions.running import prepare, run_block, shortened
from book.http import write_page

from inkdigits.interfaces.cli.main import COMMANDS
from inkdigits.interfaces.http.settings import Settings
from tests.book.conftest import BOOK, fenced_blocks

README = Path("README.md")
CODE = {"sh", "bash", "shell", "python", "py", "pycon", "ipython3"}
PROJECT = tomllib.loads(Path("pyproject.toml").read_text())["project"]
# Options behind what README shows, that make a command as short as a test must be.
SHORTER = {"train": "--passes 1", "compare": "--passes 1 --networks softmax-regression"}


def test_every_block_of_code_in_the_book_is_run_when_it_is_built():
    # The lines of these two are run below.
    run_elsewhere = {"index.md", "from-fluid.md"}
    for path in BOOK.rglob("*.md"):
        shown = {info.split()[0] for info, _ in fenced_blocks(path) if info}
        if path.name not in run_elsewhere:
            assert not shown & CODE, f"{path}: use {{run}} or {{code-cell}}, so that it is run"


def test_every_guide_shows_blocks_that_are_run_and_of_no_other_kind_but_one():
    pages = sorted((BOOK / "guides").glob("*.md"))
    assert len(pages) >= 6
    for page in pages:
        kinds = [info for info, _ in fenced_blocks(page)]
        others = [kind for kind in kinds if not re.fullmatch(r"\{run\} (?:sh|python)", kind)]
        # A proxy is configured, not run; the page says so.
        assert others == (["nginx"] if page.stem == "many-machines" else []), page
        assert kinds or page.stem == "reproduce-every-figure"


def test_the_proxy_of_the_guide_asks_for_what_the_service_has(tmp_path):
    guide = (BOOK / "guides/many-machines.md").read_text()
    settings = Settings()
    assert f"client_max_body_size {settings.max_body // 1_000_000}m;" in guide
    assert "`/v2/health/ready`" in guide
    write_page(tmp_path / "http.md")
    assert "/v2/health/ready" in (tmp_path / "http.md").read_text()


def test_ssh_in_the_guides_runs_the_command_here(tmp_path):
    prepare(tmp_path)
    assert run_block("sh", "ssh machine-1 'echo $((1 + 2)) > three' && cat three", tmp_path) == (
        0,
        "3",
    )


def test_a_block_that_fails_is_noticed(tmp_path):
    (tmp_path / ".bin").mkdir()
    assert run_block("sh", "echo first\nfalse\necho last", tmp_path) == (1, "first")
    code, output = run_block("python", "print(1 / 0)", tmp_path)
    assert code == 1
    assert "ZeroDivisionError" in output


def test_a_long_output_is_shortened_in_its_middle():
    assert shortened("1\n2\n3\n4\n5", 4) == "1\n2\n…\n5"
    assert shortened("1\n2", 4) == "1\n2"


@pytest.mark.parametrize("page", [README, BOOK / "index.md"], ids=str)
def test_every_line_for_the_shell_works(page, pictures, on_the_sample):
    lines = [
        line.partition(" #")[0].strip()
        for info, content in fenced_blocks(page)
        if info == "sh"
        for line in content.splitlines()
        if line.partition(" #")[0].strip()
    ]
    assert len(lines) >= 3
    for line in lines:
        words = shlex.split(line)
        match words[0]:
            case "make":
                _check_target(words[1])
            case "pip":
                _check_install(words)
            case "inkdigits":
                _run(line, words, pictures, on_the_sample)
            case _:
                pytest.fail(f"{page}: nothing here knows how to run '{line}'")


def test_the_readme_has_no_blocks_but_those_that_are_run_here():
    assert {info for info, _ in fenced_blocks(README)} == {"sh", "python"}


def test_every_python_block_of_the_readme_runs(pictures, on_the_sample):
    blocks = [content for info, content in fenced_blocks(README) if info == "python"]
    assert blocks
    for block in blocks:
        done = _python(block.replace('"default"', '"fast"'), pictures, on_the_sample)
        assert done.returncode == 0, done.stderr


def test_the_program_from_fluid_to_here_runs(pictures, on_the_sample):
    page = BOOK / "from-fluid.md"
    imports = [content for info, content in fenced_blocks(page) if info == "python"]
    rows = re.findall(
        r"^\| (?!the tutorial|---)(.*) \| (.*) \| `([^`]+)` \|$", page.read_text(), re.M
    )
    table = re.findall(r"^\| [`(].*$", page.read_text(), re.M)
    assert len(rows) == len(table) >= 30
    calls = " ".join(row[0] for row in rows)
    for call in (
        "mnist.train",
        "reader.shuffle",
        "paddle.batch",
        "layers.fc",
        "conv2d",
        "pool2d",
        "batch_norm",
        "cross_entropy",
        "layers.accuracy",
        "optimizer.Adam",
        "DataFeeder",
        "Executor",
        "clone(for_test=True)",
        "Ploter",
        "save_inference_model",
        "load_inference_model",
        "scope_guard",
        "argsort",
    ):
        assert call in calls, call
    check = [
        "assert prediction.shape == (64, 10) and 0 <= acc <= 1",
        "assert best == min(costs, key=lambda cost: cost[1])[0]",
        "assert reading.value == 7 and probabilities.shape == (5, 10)",
        "assert fc(pixels.flatten(1)).shape == (64, 200)",
        "assert norm(block(pixels)).shape == (64, 20, 12, 12)",
    ]
    program = "\n".join([*imports, *(row[2] for row in rows), *check])
    done = _python(program, pictures, on_the_sample)
    assert done.returncode == 0, done.stderr


def _check_target(name):
    text = Path("Makefile").read_text()
    assert re.search(rf"^{name}:", text, re.M), f"make {name}: no such target"


def _check_install(words):
    for extra in re.findall(r"\[([a-z,]+)\]", " ".join(words)):
        assert set(extra.split(",")) <= set(PROJECT["optional-dependencies"])


def _run(line, words, folder, environment):
    assert words[1] in COMMANDS
    if words[1] == "serve":
        _serve(words, folder, environment)
        return
    if "…" in line:  # a folder that is named by the time of its making
        network = re.search(r"runs/([a-z-]+)-…", line)[1]
        made = next((folder / "runs").glob(f"{network}-*"))
        line = line.replace(f"runs/{network}-…", f"runs/{made.name}")
    shorter = "" if "--resume" in words else SHORTER.get(words[1], "")
    # The classic methods take most of a minute, and the tests of `compare` run them.
    line = line.replace(" --classics", "")
    path = f"{folder / '.bin'}{os.pathsep}{environment['PATH']}"
    done = subprocess.run(
        ["sh", "-c", f"{line} {shorter}"],
        cwd=folder,
        env=environment | {"PATH": path, "PYTHONPATH": str(Path("src").resolve())},
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"


def _serve(words, folder, environment):
    command = [sys.executable, "-m", "inkdigits", *words[1:], "--port", "0"]
    command = [word for word in command if word != "--open"]
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment | {"PYTHONPATH": str(Path("src").resolve())},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        # A person is told where it serves, a log has the event.
        ready = ("serving at", '"event": "ready"')
        lines = iter(process.stdout.readline, "")
        assert any(words in line for line in lines for words in ready)
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


def _python(program, folder, environment):
    return subprocess.run(
        [sys.executable, "-W", "error::SyntaxWarning", "-c", program],
        cwd=folder,
        env=environment | {"PYTHONPATH": str(Path("src").resolve())},
        capture_output=True,
        text=True,
        timeout=280,
    )
