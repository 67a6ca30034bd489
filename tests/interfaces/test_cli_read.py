"""`inkdigits read`: JSON Lines, text and drawings on the way out, one line for each bad picture."""

import json
import sys

import numpy as np
import pytest
from PIL import Image

import inkdigits.inference
from inkdigits.errors import ModelFileError
from inkdigits.interfaces.cli.main import main
from inkdigits.pictures import read_page, read_single


class KnownDigits:
    """A recogniser that knows one digit of each kind and reads by the likeness to them."""

    models = None

    @classmethod
    def load(cls, model):
        if model != "best":
            raise ModelFileError(f"there is no model file {model}; give a path")
        return cls()

    def classify(self, images):
        scores = 30 * _unit(images) @ _unit(self.models).T
        exponentials = np.exp(scores - scores.max(1, keepdims=True))
        return (exponentials / exponentials.sum(1, keepdims=True)).astype(np.float32)

    def read(self, picture, *, single=False, preprocess="normalise", options=None):
        if single:
            return read_single(picture, self.classify, preprocess)
        return read_page(picture, self.classify, options)


def _unit(images):
    flat = images.reshape(len(images), -1).astype(np.float32)
    return flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6)


@pytest.fixture
def folder(few_digits, tmp_path, monkeypatch):
    """A folder with seven.png, two.png, row.png (the digits 2, 7, 2 7) and blank.png."""
    digits = few_digits.train
    ten = np.stack([digits.images[np.flatnonzero(digits.labels == v)[2]] for v in range(10)])
    monkeypatch.setattr(KnownDigits, "models", ten)
    monkeypatch.setattr(inkdigits.inference, "Recognizer", KnownDigits)
    monkeypatch.chdir(tmp_path)
    Image.fromarray(255 - ten[7]).save("seven.png")
    Image.fromarray(255 - ten[2]).save("two.png")
    gap = np.zeros((28, 60), np.uint8)
    row = np.hstack([ten[2], ten[7], gap, ten[2], ten[7]])
    row = np.pad(row, 20)
    Image.fromarray(255 - np.kron(row, np.ones((2, 2), np.uint8))).save("row.png")
    Image.new("L", (60, 40), 230).save("blank.png")
    return tmp_path


@pytest.fixture
def run(folder, monkeypatch, capsys):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["inkdigits", "read", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main()
        printed = capsys.readouterr()
        return left.value.code or 0, printed.out, printed.err

    return run


def test_each_picture_gives_a_line_of_json_in_the_order_given(run):
    code, out, err = run("--single", "--json", "two.png", "seven.png")
    assert (code, err) == (0, "")
    two, seven = map(json.loads, out.splitlines())
    assert set(two) == {"picture", "rows", "groups", "digits", "rejected", "size"}
    assert (two["picture"], two["rows"], two["size"]) == ("two.png", ["2"], [28, 28])
    assert (seven["picture"], seven["rows"]) == ("seven.png", ["7"])
    (digit,) = seven["digits"]
    assert set(digit) == {"value", "confidence", "box", "row", "group", "probabilities"}
    assert len(digit["box"]) == 4
    assert len(digit["probabilities"]) == 10


def test_a_page_gives_rows_and_groups(run):
    code, out, _ = run("--json", "row.png")
    assert code == 0
    page = json.loads(out)
    assert page["rows"] == ["2727"]
    assert page["groups"] == [["27", "27"]]
    assert [digit["group"] for digit in page["digits"]] == [0, 0, 1, 1]
    assert [digit["value"] for digit in page["digits"]] == [2, 7, 2, 7]
    assert page["size"] == [424, 136]


def test_people_get_text_and_tables_get_tabs(run):
    assert run("row.png") == (0, "2727\n", "")
    assert run("--table", "row.png") == (0, "27\t27\n", "")
    assert run("--single", "two.png", "seven.png")[1] == "two.png\t2\nseven.png\t7\n"


def test_a_picture_without_ink_is_said_to_have_none(run):
    code, out, err = run("--single", "blank.png")
    assert (code, out) == (0, "")
    assert err == "inkdigits: blank.png: no digits found (no ink found)\n"
    assert json.loads(run("--single", "--json", "blank.png")[1])["rows"] == []


def test_a_bad_picture_among_others_is_said_and_the_others_go_on(run):
    code, out, err = run("--single", "--json", "two.png", "missing.png", "seven.png")
    assert code == 2
    two, missing, seven = map(json.loads, out.splitlines())
    assert missing == {
        "picture": "missing.png",
        "error": "missing.png does not exist; check the name",
    }
    assert (two["rows"], seven["rows"]) == (["2"], ["7"])
    assert err == "inkdigits: missing.png does not exist; check the name\n"


def test_show_draws_into_the_file_that_is_named(run, folder):
    assert run("--single", "seven.png", "--show", "shown.png")[0] == 0
    with Image.open(folder / "shown.png") as image:
        assert (image.format, image.mode) == ("PNG", "RGB")
        assert image.width > 900
    assert run("row.png", "--show", "page.jpg")[0] == 0
    with Image.open(folder / "page.jpg") as image:
        assert image.format == "JPEG"


def test_show_draws_several_pictures_into_a_folder(run, folder):
    assert run("--single", "seven.png", "two.png", "--show", "shown")[0] == 0
    assert {path.name for path in (folder / "shown").iterdir()} == {
        "seven.png.png",
        "two.png.png",
    }


def test_each_page_of_a_file_is_read_and_drawn(run, folder):
    pages = [Image.open("seven.png"), Image.open("two.png")]
    pages[0].save("scan.tiff", save_all=True, append_images=pages[1:])
    code, out, _ = run("--single", "--json", "scan.tiff", "--show", "shown.png")
    assert code == 0
    lines = list(map(json.loads, out.splitlines()))
    assert [line["picture"] for line in lines] == ["scan.tiff#page=1", "scan.tiff#page=2"]
    assert [line["rows"] for line in lines] == [["7"], ["2"]]
    assert {path.name for path in folder.glob("shown*")} == {"shown-1.png", "shown-2.png"}


def test_review_writes_a_page_for_a_person(run, folder):
    code, _, err = run("row.png", "--review", "doubts")
    assert code == 0
    assert "doubtful digits to check" in err
    assert {"index.csv", "index.html"} <= {path.name for path in (folder / "doubts").iterdir()}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "Missing argument"),
        (["two.png", "seven.png", "--show", "one.png"], "name a folder"),
        (["two.png", "--show", "one.gif"], "--show writes .png"),
        (["two.png", "--show", "nowhere/one.png"], "the folder nowhere for --show is not there"),
        (["two.png", "seven.png", "--show", "two"], None),
        (["two.png", "--preprocess", "resize"], "needs --single"),
        (["two.png", "--single", "--expect", "3"], "go without --single"),
        (["two.png", "--single", "--review", "x"], "go without --single"),
        (["two.png", "--expect", "0"], "0 is not in the range"),
        (["two.png", "--min-confidence", "2"], "is not in the range"),
        (["two.png", "--model", "nowhere.onnx"], "there is no model file nowhere.onnx"),
        (["two.png", "--max-pixels", "100"], "more than the limit"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(run, folder, arguments, says):
    if says is None:
        (folder / "two").write_text("a file where a folder should be")
        says = "is not a folder"
    before = sorted(folder.iterdir())
    code, out, err = run(*arguments)
    assert code == 2
    assert out == ""
    assert len(err.splitlines()) == 1
    assert err.startswith("inkdigits: ")
    assert says in err
    assert sorted(folder.iterdir()) == before
