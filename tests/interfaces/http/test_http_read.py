"""`POST /v1/read`: any picture over HTTP gives what the command line gives."""

import io
from pathlib import Path

import pytest
from PIL import Image

from inkdigits.inference import Recognizer

EXAMPLES = sorted(Path("examples").glob("*.*g"))


@pytest.fixture(scope="module")
def recognizer():
    return Recognizer.load("best")


def test_there_are_example_pictures():
    assert len(EXAMPLES) > 4


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_a_picture_of_one_digit_is_read_as_the_library_reads_it(service, recognizer, path):
    answer = service.post("/v1/read?single=1", path.read_bytes())
    assert answer.status == 200
    expected = recognizer.read(path, single=True).as_dict()
    assert answer.json.pop("picture") == "picture"
    got = answer.json
    assert (got["rows"], got["size"]) == (expected["rows"], expected["size"])
    for digit, other in zip(got["digits"], expected["digits"], strict=True):
        assert digit["box"] == other["box"]
        assert digit["probabilities"] == pytest.approx(other["probabilities"], abs=2e-4)


def test_a_page_is_read_as_the_library_reads_it(service, recognizer, row):
    answer = service.post("/v1/read", row, {"content-type": "image/png"})
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json == {"picture": "picture", **recognizer.read(row).as_dict()}
    assert answer.json["rows"] == ["2737"]


def test_the_options_of_the_command_line_are_obeyed(service, recognizer, row, seven):
    resized = service.post("/v1/read?single=true&preprocess=resize", seven).json
    expected = recognizer.read(seven, single=True, preprocess="resize").as_dict()
    assert resized["digits"][0]["box"] == [0, 0, 28, 28] == expected["digits"][0]["box"]
    assert len(service.post("/v1/read?expect=2", row).json["digits"]) == 2
    assert service.post("/v1/read?min_confidence=1", row).json["digits"] == []
    softmax = service.post("/v1/read?single=1&model=softmax-regression", seven).json
    assert softmax != service.post("/v1/read?single=1&model=cnn", seven).json


def test_each_page_of_a_file_can_be_asked_for(service, row, seven):
    pages = [Image.open(io.BytesIO(content)) for content in (row, seven)]
    scan = io.BytesIO()
    pages[0].save(scan, "TIFF", save_all=True, append_images=pages[1:])
    scan = scan.getvalue()
    first = service.post("/v1/read", scan).json
    assert (first["picture"], first["rows"]) == ("picture#page=1", ["2737"])
    second = service.post("/v1/read?single=1&page=2", scan).json
    assert (second["picture"], second["rows"]) == ("picture#page=2", ["7"])
    assert "no page 3" in service.post("/v1/read?page=3", scan).problem


def test_a_blank_picture_has_no_digits_and_says_why(service):
    blank = io.BytesIO()
    Image.new("L", (60, 40), 230).save(blank, "PNG")
    answer = service.post("/v1/read?single=1", blank.getvalue())
    assert answer.status == 200
    assert answer.json["rows"] == []
    assert answer.json["rejected"][0]["reason"] == "no ink found"


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ("?model=nothing", 404, "there is no model 'nothing'; there are best, cnn, mlp"),
        ("?model=/etc/passwd", 404, "there is no model"),
        ("?single=2", 400, "single must be 0 or 1"),
        ("?colour=1", 400, "there is no parameter 'colour'"),
        ("?single=1&single=0", 400, "given twice"),
        ("?single=1&expect=3", 400, "goes without single=1"),
        ("?preprocess=resize", 400, "goes with single=1"),
        ("?single=1&preprocess=squeeze", 400, "must be normalise or resize"),
        ("?expect=0", 400, "a whole number from 1"),
        ("?expect=9999999999999999999999", 400, "a whole number from 1"),
        ("?min_confidence=nan", 400, "a number from 0 to 1"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_said(service, seven, query, status, says):
    answer = service.post(f"/v1/read{query}", seven)
    assert answer.status == status
    assert says in answer.problem


def test_what_is_no_picture_is_refused(service, seven):
    assert "is empty" in service.post("/v1/read").problem
    text = service.post("/v1/read", b"seven")
    assert (text.status, "not a picture" in text.problem) == (422, True)
    cut = service.post("/v1/read?single=1", seven[:90])
    assert (cut.status, "damaged" in cut.problem) == (422, True)
    form = service.post("/v1/read", seven, {"content-type": "multipart/form-data; boundary=x"})
    assert (form.status, "the picture's bytes" in form.problem) == (415, True)


def test_a_decompression_bomb_costs_nothing(service):
    bomb = io.BytesIO()
    Image.new("1", (9_000, 9_000)).save(bomb, "PNG")
    answer = service.post("/v1/read", bomb.getvalue())
    assert answer.status == 422
    assert "more than the limit of 50,000,000" in answer.problem


def test_a_bad_picture_in_a_batch_spoils_no_other(service, seven):
    from concurrent.futures import ThreadPoolExecutor

    bodies = [seven, b"bad", seven, seven[:60], seven] * 6
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda body: service.post("/v1/read?single=1", body), bodies))
    assert [a.status for a in answers] == [200, 422, 200, 422, 200] * 6
    assert all(a.json["rows"] == ["7"] for a in answers if a.status == 200)
