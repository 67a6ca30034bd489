"""`inkdigits compare` as a person calls it, on the embedded sample and for one pass."""

import json
import os
import subprocess
import sys

import pytest

from inkdigits.inference import Recognizer
from inkdigits.interfaces.cli.main import main


@pytest.fixture(scope="module")
def compared(sample_only, tmp_path_factory):
    """The three networks, trained by the command in a process of its own."""
    folder = tmp_path_factory.mktemp("compare")
    done = subprocess.run(
        [
            sys.executable, "-m", "inkdigits", "compare", "--recipe", "chapter", "--passes", "1",
            "--threads", "1", "--out", folder / "out", "--deploy", folder / "best.onnx", "--json",
        ],
        capture_output=True, text=True, env=os.environ | sample_only, timeout=200,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done, folder


@pytest.fixture
def compare(sample_only, monkeypatch, capsys, tmp_path):
    """Call the command in this process, in an empty folder: its exit code and what it printed."""
    monkeypatch.chdir(tmp_path)
    for name, value in sample_only.items():
        monkeypatch.setenv(name, value)

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["inkdigits", "compare", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        printed = capsys.readouterr()
        return left.value.code or 0, printed.out, printed.err

    return call


def test_compare_prints_the_promised_json_and_tells_people_on_standard_error(compared):
    done, folder = compared
    result = json.loads(done.stdout)
    assert {"data", "models", "best", "report"} <= set(result)
    assert [model["network"] for model in result["models"]] == ["softmax-regression", "mlp", "cnn"]
    for model in result["models"]:
        assert {
            "network", "recipe", "test_accuracy", "interval", "test_cost", "parameters", "seconds",
            "model_bytes", "model", "chapter_accuracy", "best_pass",
        } <= set(model)  # fmt: skip
        assert model["interval"][0] < model["test_accuracy"] < model["interval"][1]
        assert model["recipe"]["passes"] == 1
        file = folder / "out" / model["network"] / "best.onnx"
        assert (model["model"], model["model_bytes"]) == (str(file), file.stat().st_size)
    assert [m["chapter_accuracy"] for m in result["models"]] == [0.9234, 0.9766, 0.9920]
    assert [m["parameters"] for m in result["models"]] == [7850, 199210, 33620]
    assert result["data"]["origin"] == "sample"
    assert done.stderr.count("ONLY A SAMPLE") == 1
    assert "Training cnn" in done.stderr


def test_the_network_with_the_lowest_validation_cost_is_deployed(compared):
    done, folder = compared
    result = json.loads(done.stdout)
    costs = {
        model["network"]: Recognizer.load(model["model"]).metadata.validation["cost"]
        for model in result["models"]
    }
    assert result["best"] == min(costs, key=costs.get)
    chosen = folder / "out" / result["best"] / "best.onnx"
    assert (folder / "best.onnx").read_bytes() == chosen.read_bytes()


def test_the_report_lies_beside_the_runs_and_says_that_it_is_a_sample(compared):
    done, folder = compared
    assert json.loads(done.stdout)["report"] == str(folder / "out" / "report.html")
    html = (folder / "out" / "report.html").read_text("utf-8")
    assert html.startswith("<!doctype html>")
    assert html.count("ONLY A SAMPLE") == 1
    assert html.count('<svg class="curve"') == 3


def test_people_get_a_table_and_the_places_of_report_and_model(compare, tmp_path):
    code, out, err = compare(
        "--networks", "softmax-regression", "--recipe", "chapter", "--passes", "1",
        "--threads", "1", "--out", "here", "--report", "here/table.html", "--quiet",
    )  # fmt: skip
    assert code == 0, err
    lines = out.splitlines()
    assert lines[0].split()[0] == "classifier"
    assert lines[1].split()[0] == "softmax-regression"
    assert max(map(len, lines)) <= 80
    assert lines[-2:] == [
        "best by validation cost: softmax-regression, here/softmax-regression/best.onnx",
        "report: here/table.html",
    ]
    assert (tmp_path / "here/table.html").exists()
    assert [line for line in err.splitlines() if "ONLY A SAMPLE" not in line] == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--networks", "mlp,lenet"], "there is no network 'lenet'; the networks are"),
        (["--networks", " , "], "--networks names no network"),
        (["--networks", "mlp,mlp"], "names a network twice"),
        (["--recipe", "quick"], "there is no recipe 'quick'"),
        (["--passes", "0"], "0 is not in the range"),
        (["--seed", "-1"], "-1 is not in the range"),
        (["--validation", "4000"], "4,000"),
        (["--device", "cuda"], "there is no CUDA device here"),
        (["--folder", "nowhere"], "nowhere"),
        (["--deploy", "nowhere/x.onnx"], "the folder nowhere for --deploy is not there"),
        (["--report", "nowhere/x.html"], "the folder nowhere for --report is not there"),
        (["--deploy", "x.onnx", "--validation", "0"], "--deploy needs validation images"),
        (["--preprocess", "deskew"], "add --classics"),
        (["--classics", "--preprocess", "sharpen"], "'sharpen' is not one of"),
    ],
)
def test_a_wrong_value_is_one_line_before_anything_is_trained(compare, tmp_path, arguments, says):
    code, out, err = compare(*arguments)
    assert (code, out) == (2, "")
    lines = [line for line in err.splitlines() if "ONLY A SAMPLE" not in line]
    assert len(lines) == 1, err
    assert lines[0].startswith("inkdigits: ")
    assert says in lines[0]
    assert not list(tmp_path.iterdir())


def test_an_older_comparison_is_not_overwritten(compare, compared):
    code, _, err = compare("--out", str(compared[1] / "out"))
    assert code == 2
    assert "holds a comparison already; choose another folder with --out" in err


def test_without_scikit_learn_the_extra_is_named_before_training(compare, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    code, _, err = compare("--classics")
    assert code == 2
    assert err == (
        "inkdigits: the classical methods need scikit-learn; install it with: "
        "pip install 'inkdigits[classics]'\n"
    )
    assert not list(tmp_path.iterdir())
