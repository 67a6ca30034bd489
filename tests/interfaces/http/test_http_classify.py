"""`POST /v1/classify`: arrays as JSON or .npy, and nothing else."""

import io
import json
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkdigits.inference import Recognizer
from inkdigits.interfaces.http.classifying import images_of
from inkdigits.interfaces.http.problems import Problem


def npy(array, **options) -> bytes:
    content = io.BytesIO()
    np.save(content, array, **options)
    return content.getvalue()


@pytest.fixture(scope="module")
def expected(ten):
    return Recognizer.load("mlp").classify(ten)


@pytest.mark.parametrize(
    "form",
    [
        lambda ten: json.dumps({"images": ten.tolist()}).encode(),
        lambda ten: json.dumps(ten.tolist()).encode(),
        npy,
        lambda ten: npy(np.asfortranarray(ten)),
        lambda ten: npy(ten.astype(np.float64)),
    ],
    ids=["object", "list", "npy", "npy in Fortran order", "npy of floats"],
)
def test_images_are_classified_as_the_library_does(service, ten, expected, form):
    answer = service.post("/v1/classify?model=mlp", form(ten))
    assert answer.status == 200
    digits = answer.json["digits"]
    assert [digit["value"] for digit in digits] == expected.argmax(1).tolist()
    got = np.array([digit["probabilities"] for digit in digits])
    np.testing.assert_allclose(got, expected, atol=2e-4)


def test_one_image_and_no_image_are_fine(service, ten):
    assert len(service.post("/v1/classify", npy(ten[7])).json["digits"]) == 1
    assert service.post("/v1/classify", b"[]").status == 422
    none = service.post("/v1/classify", npy(np.empty((0, 28, 28), np.uint8)))
    assert (none.status, none.json) == (200, {"digits": []})


def test_many_images_come_back_in_order(service, few_digits):
    images = few_digits.train.images[:700]
    answer = service.post("/v1/classify?model=softmax-regression", npy(images))
    values = [digit["value"] for digit in answer.json["digits"]]
    expected = Recognizer.load("softmax-regression").classify(images).argmax(1)
    assert (np.array(values) == expected).mean() > 0.998  # sums in batches differ in the last bit


class Bomb:
    def __reduce__(self):
        return exec, ("raise SystemExit('a pickle was run')",)


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (npy(np.array([Bomb()]), allow_pickle=True), 422, "no plain .npy"),
        (pickle.dumps([1]), 422, "neither JSON nor .npy"),
        (b"", 422, "neither JSON nor .npy"),
        (b"{}", 422, '{"images": [...]}'),
        (b"[[1, 2], [3]]", 422, "not of equal length"),
        (b'["seven"]', 422, "must be"),
        (b"[" * 100_000, 422, "neither JSON nor .npy"),
        (npy(np.zeros((2, 27, 28), np.uint8)), 422, "[2, 27, 28]"),
        (npy(np.full((1, 28, 28), 0.5)), 422, "some are not"),
        (npy(np.full((1, 28, 28), np.nan)), 422, "must be"),
        (npy(np.full((1, 28, 28), 256)), 422, "some are not"),
        (npy(np.zeros((9, 28, 28), np.uint8))[:-1], 422, "no plain .npy"),
        (npy(np.zeros((10_001, 28, 28), np.uint8)), 413, "more than 10,000"),
    ],
    ids=range(13),
)
def test_what_is_no_image_is_refused(service, body, status, says):
    answer = service.post("/v1/classify", body)
    assert answer.status == status
    assert says in answer.problem


@settings(max_examples=60)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.binary(max_size=120).map(lambda tail: b"\x93NUMPY" + tail),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
        ).map(lambda value: json.dumps(value).encode()),
    )
)
def test_any_other_body_is_a_problem_and_no_crash(body):
    with pytest.raises(Problem):
        images_of(body, 10)
