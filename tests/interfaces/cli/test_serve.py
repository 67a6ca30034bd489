"""`inkdigits serve`: what it says when it can't, and the browser that it opens."""

import contextlib
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest


def serve(*options, timeout=20, **environment):
    return subprocess.run(
        [sys.executable, "-m", "inkdigits", "serve", *options],
        capture_output=True,
        text=True,
        timeout=timeout,
        env={**os.environ, **environment},
        check=False,
    )


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_port_in_use_is_one_line_and_exit_code_2(workers):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = serve("--port", port, "--workers", workers)
    assert done.returncode == 2
    assert done.stderr == (
        f"inkdigits: port {port} of 127.0.0.1 is in use; stop what uses it or give another --port\n"
    )


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_bad_model_is_one_line_and_exit_code_2(tmp_path, workers):
    bad = tmp_path / "bad.onnx"
    bad.write_bytes(b"not a model")
    done = serve("--port", "0", "--workers", workers, "--model", str(bad))
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith(f"inkdigits: {bad} is cut, damaged or not an ONNX file")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--model", "nowhere.onnx"], "there is no model file nowhere.onnx"),
        (["--model", "cnn=src/inkdigits/inference/models/mlp.onnx"], "there is a model 'cnn'"),
        (["--host", "no.such.host.invalid"], "there is no address 'no.such.host.invalid'"),
        (["--host", "192.0.2.1"], "can't listen at 192.0.2.1"),
        (["--port", "70000"], "is not in the range"),
        (["--workers", "0"], "is not in the range"),
    ],
)
def test_bad_options_are_one_line_and_exit_code_2(options, says):
    done = serve("--port", "0", "--workers", "1", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert says in done.stderr


def test_models_of_the_user_are_served_by_their_names_and_the_first_is_the_default(tmp_path):
    folder = tmp_path / "cnn-20261124"
    folder.mkdir()
    model = folder / "best.onnx"
    model.write_bytes(Path("src/inkdigits/inference/models/mlp.onnx").read_bytes())
    options = ["--model", str(model), "--model", f"second={model}", "--model", "mlp"]
    with started(*options) as url, urlopen(f"{url}/v1/models") as answer:
        listing = json.load(answer)
    assert listing["default"] == "cnn-20261124"
    names = {entry["name"]: entry["network"] for entry in listing["models"]}
    assert names["second"] == names["cnn-20261124"] == "mlp"
    assert {"best", "cnn", "mlp", "softmax-regression"} <= set(names)


def test_the_page_is_opened_once_the_service_is_ready(tmp_path):
    opened = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}\n')
    browser.chmod(browser.stat().st_mode | stat.S_IXUSR)
    with started("--open", BROWSER=str(browser)) as url:
        until = time.monotonic() + 5
        while not (opened.exists() and opened.read_text()) and time.monotonic() < until:
            time.sleep(0.05)
        assert opened.read_text().strip() == url


@contextlib.contextmanager
def started(*options, **environment):
    """A service with one worker at a free port; gives its URL."""
    command = [sys.executable, "-m", "inkdigits", "serve", "--port", "0", "--json"]
    with subprocess.Popen(
        [*command, "--workers", "1", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **environment},
    ) as process:
        try:
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.send_signal(signal.SIGTERM)
