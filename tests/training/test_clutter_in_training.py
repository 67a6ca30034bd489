"""Training with clutter: an eleventh class beside the digits, for networks that have one."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from inkdigits.data.clutter import clutter
from inkdigits.errors import UsageError
from inkdigits.inference import Recognizer
from inkdigits.training import Recipe, train

RECIPE = Recipe(
    "custom", learning_rate=0.003, schedule="one-cycle", passes=3, clutter=0.3, averaging=0.9
)


@pytest.fixture(scope="module")
def trained(few_digits, tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "run"
    return train("residual-network", few_digits, RECIPE, run_folder=folder, threads=1)


def test_digits_are_read_and_clutter_is_told_from_them(trained, few_digits):
    assert trained.test.accuracy > 0.9
    recognizer = Recognizer.load(trained.model)
    images = torch.from_numpy(few_digits.test.images.copy())[:, None].float() / 127.5 - 1
    labels = torch.from_numpy(few_digits.test.labels.astype("int64"))
    made = clutter(images, labels, 200, torch.Generator().manual_seed(9))
    pixels = ((made[:, 0] + 1) * 127.5).round().byte().numpy()
    of_clutter = recognizer.classify_with_rejection(pixels)[:, 10]
    of_digits = recognizer.classify_with_rejection(few_digits.test.images)[:, 10]
    assert np.median(of_clutter) > 0.5 > 0.2 > np.median(of_digits)


def test_a_network_without_an_eleventh_output_is_refused_before_a_folder_is_made(
    few_digits, tmp_path
):
    with pytest.raises(UsageError, match=r"needs 11 outputs, and this one has 10; choose another"):
        train("mlp", few_digits, RECIPE, run_folder=tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_without_clutter_such_a_network_trains_too(few_digits, tmp_path):
    recipe = replace(RECIPE, passes=1, clutter=0.0)
    few = replace(few_digits, train=few_digits.train.subset(np.arange(300)))
    result = train("residual-network", few, recipe, run_folder=tmp_path / "run", threads=1)
    assert Recognizer.load(result.model).rejects
