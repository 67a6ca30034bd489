"""Model files in int8: a fraction of the size, hardly worse, and read like any other."""

from dataclasses import replace

import pytest
from click.testing import CliRunner

from inkdigits.errors import UsageError
from inkdigits.inference import Recognizer
from inkdigits.interfaces.cli.main import group
from inkdigits.training import Recipe, train
from inkdigits.training.quantization import quantize


@pytest.fixture(scope="module")
def trained(few_digits, tmp_path_factory):
    """A network of few parameters after some steps."""
    recipe = Recipe("custom", learning_rate=0.01, passes=3, batch_size=50)
    folder = tmp_path_factory.mktemp("runs") / "tiny"
    return train("tiny", few_digits, recipe, run_folder=folder, threads=1)


def test_a_model_in_int8_is_smaller_and_reads_almost_as_well(trained, few_digits):
    model = trained.model.read_bytes()
    made = quantize(model, "tiny", few_digits.train)
    assert len(made.model) < 0.7 * len(model)
    assert made.before.accuracy > 0.6
    assert made.after.accuracy > made.before.accuracy - 0.05
    said, before = (Recognizer(content, "tiny").metadata for content in (made.model, model))
    assert said.test is None
    assert said.recipe == before.recipe | {"weights": "int8"}
    assert said.validation == {"cost": made.after.cost, "accuracy": made.after.accuracy}
    assert replace(before, recipe={}, validation=None, test=None) == replace(
        said, recipe={}, validation=None
    )


def test_what_is_in_int8_already_or_was_trained_on_other_data_is_refused(trained, few_digits):
    model = trained.model.read_bytes()
    smaller = quantize(model, "tiny", few_digits.train).model
    with pytest.raises(UsageError, match="tiny is in int8 already"):
        quantize(smaller, "tiny", few_digits.train)
    with pytest.raises(UsageError, match=r"tiny was trained on other data than .*; give it that"):
        quantize(model, "tiny", few_digits.test)


def test_the_command_refuses_what_is_no_model_file_in_one_line(tmp_path):
    (tmp_path / "no.onnx").write_bytes(b"no")
    result = CliRunner().invoke(
        group, ["quantize", str(tmp_path / "no.onnx"), "--save", str(tmp_path / "out.onnx")]
    )
    assert "no.onnx" in str(result.exception)
    assert not (tmp_path / "out.onnx").exists()
