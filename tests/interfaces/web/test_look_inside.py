"""What the page computes of a network is what ONNX Runtime computes of it."""

import base64

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from tests.interfaces.web.browser import (
    SEVEN,
    draw,
    keep_screenshot,
    open_page,
    wait_for_number,
)

from inkdigits.inference import bundled_names
from inkdigits.inference.recognizer import read_model
from inkdigits.networks import build
from inkdigits.training.export import to_onnx

COMPUTE = """async ([file, crop]) => {
    const { bytesOf } = await import("./service.js");
    const { parseModel } = await import("./onnx.js");
    const { compute, imageOf } = await import("./network.js");
    const graph = parseModel(bytesOf(file).buffer);
    const values = compute(graph, imageOf(Uint8Array.from(crop)));
    const given = graph.nodes.flatMap((node) => node.outputs);
    return Object.fromEntries(given.filter((name) => values.has(name)).map((name) => [name, {
        shape: values.get(name).shape, data: [...values.get(name).data] }]));
}"""


def built(name, **options):
    """A network that nobody trained."""
    torch.manual_seed(1)
    return to_onnx(build(name, **options), temperature=1.5)


FLOAT = [name for name in bundled_names() if not name.endswith("-int8")]
MODELS = {name: lambda name=name: read_model(name) for name in FLOAT} | {
    "residual-network, new": lambda: built("residual-network"),
    "narrow-network, new": lambda: built("narrow-network"),
    "cnn with tanh and average": lambda: built("cnn", activation="tanh", pooling="average"),
    "cnn with sigmoid": lambda: built("cnn", activation="sigmoid"),
}


@pytest.fixture(scope="module")
def page(chromium, service):
    """One page for all networks."""
    context = chromium.new_context()
    yield open_page(context, service)
    context.close()


@pytest.mark.parametrize("name", MODELS)
def test_every_value_on_the_way_is_that_of_onnx_runtime(page, few_digits, name):
    content, crop = MODELS[name](), few_digits.train.images[3]
    file = base64.b64encode(content).decode()
    computed = page.evaluate(COMPUTE, [file, crop.ravel().tolist()])
    expected = values_of_onnx_runtime(content, crop)
    assert {"probabilities"} <= set(computed) <= set(expected)
    assert len(computed) >= 4
    for value, tensor in computed.items():
        actual = np.array(tensor["data"], np.float32).reshape(expected[value].shape)
        assert np.allclose(actual, expected[value], rtol=1e-3, atol=1e-4), value


def values_of_onnx_runtime(content, crop):
    """All values of a network for one image, by name."""
    model = onnx.load_from_string(content)
    known = {output.name for output in model.graph.output}
    for node in model.graph.node:
        extra = [name for name in node.output if name not in known]
        model.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in extra)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(model.SerializeToString(), options)
    image = crop[None, None].astype(np.float32) / 127.5 - 1
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, {"img": image}), strict=True))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_inside_follows_the_digit_at_hand(visit, scheme):
    page = visit(color_scheme=scheme)
    page.locator("#inside").scroll_into_view_if_needed()
    page.wait_for_selector("#stepper-card:not([hidden])")
    assert "an example digit" in page.inner_text("#inside .lede")
    pictures = "[...document.querySelectorAll('#stages canvas')].map((c) => c.toDataURL())"
    before = page.evaluate(pictures)
    draw(page, SEVEN)
    wait_for_number(page, ["7"])
    page.wait_for_function("() => document.getElementById('at-hand').textContent === 'your 7'")
    # The pictures follow a moment after the answer, so as not to keep it waiting.
    others = f"(before) => {pictures}.filter((picture, i) => picture !== before[i]).length > 100"
    page.wait_for_function(others, arg=before)
    assert len(before) == len(page.evaluate(pictures)) == 20 + 20 + 50 + 50
    page.wait_for_selector("#templates .strongest:nth-child(8)")
    assert page.locator("#templates li").count() == 10
    assert page.locator("#templates .strongest b").inner_text() == "7"
    keep_screenshot(page, f"desktop-{scheme}-inside", whole=True)


def test_a_window_times_the_filter_is_the_value_that_is_written(visit):
    page = visit()
    draw(page, SEVEN)
    wait_for_number(page, ["7"])
    page.locator("#inside").scroll_into_view_if_needed()
    page.wait_for_selector("#stepper-card:not([hidden])")
    page.locator("#stages button").nth(6).click()
    assert page.inner_text("#step-filter-name") == "Filter 7"
    page.locator("#step-position").focus()
    for _ in range(3):
        page.keyboard.press("PageUp")
    page.click("#step-forward")
    position = int(page.input_value("#step-position"))
    row, column = divmod(position, 24)
    text = page.inner_text("#step-equation").replace("\N{MINUS SIGN}", "-")
    assert text.startswith(f"Row {row + 1}, column {column + 1}: sum ")
    shown = float(text.split("= ")[1])
    assert shown == pytest.approx(value_of_map(page, 6, position), abs=0.006)
    page.click("#step-play")
    page.wait_for_function(f"() => document.getElementById('step-position').value > {position + 3}")
    page.click("#step-play")


def value_of_map(page, filter_, position):
    crop = page.evaluate(
        """async () => {
            const canvas = document.getElementById("seen");
            const { data } = canvas.getContext("2d").getImageData(0, 0, 28, 28);
            return Array.from({ length: 784 }, (_, at) => data[4 * at + 3]);
        }"""
    )
    values = values_of_onnx_runtime(read_model("cnn"), np.array(crop, np.uint8).reshape(28, 28))
    maps = next(value for value in values.values() if value.shape == (1, 20, 24, 24))
    return maps[0, filter_].ravel()[position]
