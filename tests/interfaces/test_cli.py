"""The command line as a process: results on standard output, errors in one line, exit codes."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from inkdigits.errors import InkdigitsError
from inkdigits.interfaces.cli import main as cli
from inkdigits.interfaces.cli.main import main


def inkdigits(*arguments, **environment):
    """Run the command with no network and the data that the tests have."""
    return subprocess.run(
        [sys.executable, "-m", "inkdigits", *map(str, arguments)],
        capture_output=True,
        text=True,
        env=os.environ | environment,
        timeout=200,
    )


@pytest.fixture(scope="module")
def sample_only(tmp_path_factory):
    """An environment with no data but the embedded sample, and a proxy that answers nothing."""
    dead = "http://127.0.0.1:9"
    return {
        "INKDIGITS_DATA": "",
        "INKDIGITS_CACHE": str(tmp_path_factory.mktemp("cache")),
        "http_proxy": dead,
        "https_proxy": dead,
    }


@pytest.fixture(scope="module")
def trained(sample_only, tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "softmax"
    done = inkdigits(
        "train", "softmax-regression", "--recipe", "chapter", "--passes", 2, "--every", 10,
        "--out", folder, "--save", folder.parent / "saved.onnx", "--json", **sample_only,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done, folder


def test_train_prints_the_promised_json_and_tells_people_on_standard_error(trained):
    done, folder = trained
    result = json.loads(done.stdout)
    assert set(result) == {
        "network", "recipe", "data", "passes", "best_pass", "test_cost", "test_accuracy",
        "parameters", "seconds", "model",
    }  # fmt: skip
    assert set(result["passes"][0]) == {
        "pass", "train_cost", "validation_cost", "validation_accuracy", "seconds",
    }  # fmt: skip
    assert result["parameters"] == 7850
    assert result["data"]["train"] + result["data"]["validation"] == 4000
    assert 0.5 < result["test_accuracy"] < 1
    assert result["model"] == str(folder / "best.onnx")
    assert "Pass 1, Batch 10, Cost " in done.stderr
    assert done.stderr.count("ONLY A SAMPLE") == 1


def test_the_sample_is_named_in_the_result_and_in_the_model(trained):
    done, folder = trained
    assert json.loads(done.stdout)["data"]["origin"] == "sample"
    shown = json.loads(inkdigits("models", folder / "best.onnx", "--json").stdout)
    assert shown[0]["data"]["origin"] == "sample"


def test_saving_copies_the_chosen_model(trained):
    _, folder = trained
    assert (folder.parent / "saved.onnx").read_bytes() == (folder / "best.onnx").read_bytes()


def test_evaluate_gives_the_figures_of_training_again(trained, sample_only):
    done, folder = trained
    trained_result = json.loads(done.stdout)
    evaluation = inkdigits("evaluate", folder / "best.onnx", "--json", **sample_only)
    result = json.loads(evaluation.stdout)
    assert set(result) == {
        "model", "data", "count", "errors", "accuracy", "interval", "cost", "confusion",
    }  # fmt: skip
    assert result["accuracy"] == trained_result["test_accuracy"]
    assert result["cost"] == pytest.approx(trained_result["test_cost"], abs=1e-6)
    assert result["interval"][0] < result["accuracy"] < result["interval"][1]
    assert sum(map(sum, result["confusion"])) == result["count"] == 1000


def test_evaluate_shows_people_a_confusion_matrix(trained, sample_only):
    shown = inkdigits("evaluate", trained[1] / "best.onnx", **sample_only).stdout
    assert "95 % interval" in shown
    assert len(shown.splitlines()) >= 13


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["train"], "give a NETWORK to train, or --resume FOLDER"),
        (["train", "lenet"], "there is no network 'lenet'; the networks are"),
        (["train", "mlp", "--recipe", "quick"], "recipe 'quick'"),
        (["train", "mlp", "--activation", "gelu"], "choose relu, tanh, sigmoid"),
        (["train", "mlp", "--augmentation", "magic"], "augmentation 'magic'"),
        (["train", "mlp", "--passes", "0"], "0 is not in the range"),
        (["train", "mlp", "--validation", "999999"], "999,999"),
        (["train", "mlp", "--device", "cuda"], "there is no CUDA device here"),
        (["train", "mlp", "--folder", "nowhere"], "nowhere"),
        (
            ["train", "mlp", "--save", "nowhere/x.onnx"],
            "the folder nowhere for --save is not there",
        ),
        (["train", "--resume", "nowhere"], "there is no run in nowhere"),
        (["train", "--resume", "x", "--seed", "3"], "--seed was decided when the run started"),
        (["evaluate", "nowhere.onnx"], "there is no model file nowhere.onnx"),
        (["models", "nowhere.onnx"], "there is no model file nowhere.onnx"),
        (["traim"], "No such command 'traim'"),
        (["train", "--nonsense"], "No such option"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(
    arguments, says, sample_only, monkeypatch, capsys, tmp_path
):
    monkeypatch.chdir(tmp_path)
    for name, value in sample_only.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "argv", ["inkdigits", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    printed = capsys.readouterr()
    assert left.value.code == 2, printed.err
    lines = [line for line in printed.err.splitlines() if "ONLY A SAMPLE" not in line]
    assert len(lines) == 1
    assert lines[0].startswith("inkdigits: ")
    assert says in lines[0]
    assert printed.out == ""
    assert not list(tmp_path.iterdir())


def test_bad_input_to_the_process_is_one_line_and_exit_code_2():
    done = inkdigits("traim")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "inkdigits: No such command 'traim'. (see 'inkdigits --help')\n"


def test_no_arguments_show_the_help():
    done = inkdigits()
    assert done.returncode == 0
    assert "Usage: inkdigits" in done.stdout


def test_ctrl_c_says_how_to_go_on_and_leaves_with_130(sample_only, tmp_path):
    folder = tmp_path / "run"
    process = subprocess.Popen(
        [sys.executable, "-m", "inkdigits", "train", "mlp", "--passes", "500", "--out", folder],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | sample_only,
        # Where the tests run in the background of a shell, Ctrl-C is ignored from birth.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 100
    while not (folder / "pass-00.onnx").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.splitlines()[-1] == (
        f"inkdigits: interrupted; go on with: inkdigits train --resume {folder}"
    )


def test_an_error_that_nobody_foresaw_is_one_line_too(monkeypatch, capsys):
    def fail(*_, **__):
        raise RuntimeError("a\nb")

    monkeypatch.setattr(cli.group, "main", fail)
    monkeypatch.delenv("INKDIGITS_DEBUG", raising=False)
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 1
    assert capsys.readouterr().err.startswith(
        "inkdigits: this should not have happened: RuntimeError: a b; set INKDIGITS_DEBUG=1"
    )


def test_an_error_of_ours_keeps_its_exit_code(monkeypatch, capsys):
    def fail(*_, **__):
        raise InkdigitsError("no")

    monkeypatch.setattr(cli.group, "main", fail)
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert (left.value.code, capsys.readouterr().err) == (1, "inkdigits: no\n")
