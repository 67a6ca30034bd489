"""Corrections over HTTP and in their file: kept, listed, exported, deleted, and never half."""

import base64
import io
import json
import stat
import threading
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkdigits.data import parse_idx
from inkdigits.errors import StorageError
from inkdigits.inference.recognizer import read_model
from inkdigits.interfaces.http.correction_store import CorrectionStore, corrections_path

PATH = "/v1/corrections"


def image(seed):
    return np.random.default_rng(seed).integers(0, 256, 784, np.uint8).tobytes()


def body(seed, read=1, label=7):
    return {"image": base64.b64encode(image(seed)).decode(), "read": read, "label": label}


@pytest.fixture
def store(tmp_path):
    return CorrectionStore(tmp_path / "deep" / "corrections.sqlite")


def test_corrections_come_back_as_they_were_given(ask, no_corrections):
    for seed in (1, 2):
        status, answer = ask("POST", PATH, body(seed, label=seed + 3))
        assert status == 200
    listed = json.loads(ask("GET", PATH)[1])
    assert listed["count"] == 2
    assert listed["corrections"][0] == json.loads(answer)
    assert [row["label"] for row in listed["corrections"]] == [5, 4]
    assert ask("DELETE", f"{PATH}/{listed['corrections'][0]['id']}")[0] == 200
    assert ask("DELETE", f"{PATH}/{listed['corrections'][0]['id']}")[0] == 404
    assert ask("DELETE", f"{PATH}/{2**70}")[0] == 404
    assert json.loads(ask("DELETE", PATH)[1]) == {"deleted": 1}
    assert json.loads(ask("GET", PATH)[1])["corrections"] == []


def test_the_export_is_a_data_set_in_the_order_of_making(ask, no_corrections):
    assert ask("GET", f"{PATH}/export")[0] == 404
    for seed in (3, 1, 2):
        ask("POST", PATH, body(seed, label=seed))
    images = np.stack([np.frombuffer(image(seed), np.uint8) for seed in (3, 1, 2)])
    exported = np.load(io.BytesIO(ask("GET", f"{PATH}/export")[1]))
    assert exported["labels"].tolist() == [3, 1, 2]
    assert exported["images"].dtype == np.uint8
    assert np.array_equal(exported["images"].reshape(3, 784), images)

    with zipfile.ZipFile(io.BytesIO(ask("GET", f"{PATH}/export?format=idx")[1])) as archive:
        assert archive.namelist() == ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"]
        idx = [parse_idx(archive.read(name)) for name in archive.namelist()]
    assert np.array_equal(idx[0].reshape(3, 784), images)
    assert idx[1].tolist() == [3, 1, 2]
    assert ask("GET", f"{PATH}/export?format=csv")[0] == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        [],
        {"image": "no base64!", "read": 1, "label": 7},
        {**body(1), "image": "AAAA"},
        {**body(1), "label": 10},
        {**body(1), "label": -1},
        {**body(1), "label": True},
        {**body(1), "read": "1"},
        {**body(1), "read": None},
    ],
)
def test_what_is_no_correction_is_refused_with_its_form(ask, wrong):
    status, answer = ask("POST", PATH, json.dumps(wrong).encode())
    assert status == 422
    assert "784 bytes in base64" in json.loads(answer)["detail"]


def test_a_body_that_another_page_could_send_unasked_is_refused(ask):
    status, _ = ask("POST", PATH, json.dumps(body(1)).encode(), "text/plain")
    assert status == 415


def test_a_model_file_is_given_out_as_it_is_and_nothing_else(ask):
    assert ask("GET", "/v1/models/cnn/file") == (200, read_model("cnn"))
    assert ask("GET", "/v1/models/README.md/file")[0] == 404
    assert ask("GET", "/v1/models/..%2Fcnn/file")[0] == 404


def test_the_same_image_put_right_again_has_one_label(store):
    store.add(image(1), 1, 7)
    store.add(image(2), 1, 7)
    store.add(image(1), 1, 4)
    assert store.digits().labels.tolist() == [7, 4]
    assert store.count() == 2


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.binary(min_size=784, max_size=784), st.integers(0, 9)), max_size=8))
def test_any_images_come_back_whole(tmp_path_factory, corrections):
    store = CorrectionStore(tmp_path_factory.mktemp("any") / "corrections.sqlite")
    for pixels, label in corrections:
        store.add(pixels, 0, label)
    last = dict(corrections)
    digits = store.digits()
    assert {i.tobytes(): int(n) for i, n in zip(digits.images, digits.labels, strict=True)} == last


def test_nothing_is_made_on_the_disk_before_the_first_correction(store):
    assert (store.count(), store.latest(5), len(store.digits())) == (0, [], 0)
    assert (store.delete(1), store.delete_all()) == (False, 0)
    assert not store.path.parent.exists()


def test_the_file_is_for_its_owner_alone_and_forgets_what_is_deleted(store):
    store.add(image(1), 1, 7)
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    assert image(1)[:60] in store.path.read_bytes()
    store.delete_all()
    assert image(1)[:60] not in store.path.read_bytes()


def test_many_can_write_at_once(store):
    threads = [
        threading.Thread(target=lambda n=n: [store.add(image(10 * n + i), 1, n) for i in range(5)])
        for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert np.bincount(store.digits().labels).tolist() == [5, 5, 5, 5]


def test_a_file_that_is_something_else_is_left_alone(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("not a database, and longer than the header of one would be: " + "x" * 200)
    before = path.read_bytes()
    with pytest.raises(StorageError, match="INKDIGITS_CORRECTIONS"):
        CorrectionStore(path).add(image(1), 1, 7)
    assert path.read_bytes() == before


def test_the_environment_names_the_file(monkeypatch, tmp_path):
    monkeypatch.setenv("INKDIGITS_CORRECTIONS", str(tmp_path / "mine.sqlite"))
    assert corrections_path() == tmp_path / "mine.sqlite"
    monkeypatch.delenv("INKDIGITS_CORRECTIONS")
    assert corrections_path().name == "corrections.sqlite"
