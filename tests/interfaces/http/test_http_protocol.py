"""The Open Inference Protocol: tritonclient works unchanged, and wrong requests are said so."""

import contextlib
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkdigits.inference import Recognizer
from inkdigits.interfaces.http.problems import Problem
from inkdigits.interfaces.http.tensors import parse_request

triton = pytest.importorskip("tritonclient.http", reason="needs tritonclient[http]")


@pytest.fixture
def client(service):
    client = triton.InferenceServerClient(service.url.removeprefix("http://"))
    yield client
    client.close()


@pytest.fixture(scope="module")
def images(ten):
    return ten[:, None].astype(np.float32) / 127.5 - 1


def wanted(images, binary=True):
    tensor = triton.InferInput("img", images.shape, "FP32")
    tensor.set_data_from_numpy(images, binary_data=binary)
    return [tensor]


def test_a_triton_client_learns_about_server_and_models(client):
    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.is_model_ready("best")
    assert client.is_model_ready("mlp", "1")
    assert not client.is_model_ready("nothing")
    assert not client.is_model_ready("mlp", "2")
    assert client.get_server_metadata()["name"] == "inkdigits"
    assert "binary_tensor_data" in client.get_server_metadata()["extensions"]
    metadata = client.get_model_metadata("mlp")
    assert metadata["inputs"] == [{"name": "img", "datatype": "FP32", "shape": [-1, 1, 28, 28]}]
    assert metadata["outputs"][0]["name"] == "probabilities"


@pytest.mark.parametrize("sent_binary", [True, False])
@pytest.mark.parametrize("got_binary", [True, False, None])
def test_a_triton_client_gets_the_probabilities(client, images, ten, sent_binary, got_binary):
    outputs = None
    if got_binary is not None:
        outputs = [triton.InferRequestedOutput("probabilities", binary_data=got_binary)]
    result = client.infer("mlp", wanted(images, sent_binary), outputs=outputs, request_id="a")
    assert result.get_response()["id"] == "a"
    expected = Recognizer.load("mlp").classify(ten)
    np.testing.assert_allclose(result.as_numpy("probabilities"), expected, atol=1e-5)


def test_a_triton_client_is_told_what_is_wrong(client, images):
    with pytest.raises(Exception, match="outside"):
        client.infer("best", wanted(images * 255))
    with pytest.raises(Exception, match="there is no output 'logits'"):
        client.infer("best", wanted(images), outputs=[triton.InferRequestedOutput("logits")])
    with pytest.raises(Exception, match="no model 'nothing'"):
        client.infer("nothing", wanted(images))


def test_bytes_with_ink_255_are_taken_as_they_are(service, ten):
    tensor = {"name": "img", "datatype": "UINT8", "shape": [10, 28, 28], "data": ten.tolist()}
    answer = service.post("/v2/models/mlp/versions/1/infer", json.dumps({"inputs": [tensor]}))
    (output,) = answer.json["outputs"]
    assert output["shape"] == [10, 10]
    expected = Recognizer.load("mlp").classify(ten)
    np.testing.assert_allclose(np.reshape(output["data"], (10, 10)), expected, atol=1e-5)


def one(**changes):
    tensor = {"name": "img", "datatype": "FP32", "shape": [1, 1, 28, 28], "data": [0] * 784}
    return {"inputs": [{**tensor, **changes}]}


@pytest.mark.parametrize(
    ("request_", "status", "says"),
    [
        ("nonsense", 400, "no JSON"),
        ({}, 422, 'no "inputs"'),
        ({"inputs": []}, 422, "one input"),
        (one(name="image"), 422, "one input"),
        (one(datatype="FP64"), 422, "datatype FP64"),
        (one(shape=[1, 784]), 422, "shape [1, 784]"),
        (one(shape=[-1, 1, 28, 28]), 422, "shape"),
        (one(shape=[2, 1, 28, 28]), 422, "784 values"),
        (one(shape=[20_000, 1, 28, 28]), 413, "more than 10,000"),
        (one(data=["a"] * 784), 422, "must be numbers"),
        (one(data=[5] * 784), 422, "outside [-1, 1]"),
        (one(data=[float("nan")] * 784), 422, "outside [-1, 1]"),
        (one(datatype="UINT8", data=[256] * 784), 422, "0 to 255"),
        (one(parameters={"binary_data_size": 3136}), 422, "0 bytes came"),
        (one(parameters={"shared_memory_region": "x"}), 422, "shared memory"),
        ({**one(), "id": 5}, 422, '"id"'),
        ({**one(), "outputs": [{"name": "logits"}]}, 422, "no output 'logits'"),
    ],
    ids=range(17),
)
def test_a_wrong_request_is_a_problem_and_an_error_of_the_protocol(service, request_, status, says):
    body = request_ if isinstance(request_, str) else json.dumps(request_)
    answer = service.post("/v2/models/best/infer", body)
    assert answer.status == status
    assert says in answer.problem
    assert answer.json["error"] == answer.problem


def test_a_length_of_the_json_that_is_none_is_refused(service):
    for length in ("-1", "99999", "x", "9" * 30):
        headers = {"inference-header-content-length": length}
        answer = service.post("/v2/models/best/infer", json.dumps(one()), headers)
        assert (answer.status, "bytes of the JSON" in answer.problem) == (400, True)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
)


@settings(max_examples=100)
@given(
    st.dictionaries(st.sampled_from(["name", "datatype", "shape", "data", "parameters"]), anything),
    st.dictionaries(st.sampled_from(["id", "outputs", "parameters"]), anything),
    st.binary(max_size=8),
)
def test_no_request_crashes_the_parser(tensor, rest, binary):
    head = json.dumps({**rest, **one(**tensor)}).encode()
    with contextlib.suppress(Problem):
        asked = parse_request(head + binary, str(len(head)), 10)
        assert asked.images.shape[1:] == (1, 28, 28)
        assert asked.images.dtype == np.float32
