"""What a worker does with several requests at once gives what each would get alone."""

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest

from inkdigits.errors import PictureError
from inkdigits.inference import Recognizer
from inkdigits.interfaces.http.models import Models
from inkdigits.interfaces.http.problems import Problem
from inkdigits.interfaces.http.singles import SingleJob, read_singles
from inkdigits.pictures import open_picture, read_single


def png(pixels) -> bytes:
    return cv2.imencode(".png", pixels)[1].tobytes()


def test_pictures_in_a_batch_are_read_as_each_alone(ten):
    softmax, cnn = Recognizer.load("softmax", threads=1), Recognizer.load("cnn", threads=1)
    contents = [png(255 - digit) for digit in ten]
    # The simplest network is seldom sure, so that these are looked at again.
    contents += [png(255 - np.roll(digit, 3, axis=0)) for digit in ten]
    contents += [b"no picture", png(np.full((28, 28), 255, np.uint8)), contents[0][:60]]
    jobs = [
        SingleJob(content, (softmax, cnn)[number % 2], 50_000_000)
        for number, content in enumerate(contents)
    ]
    results = read_singles(jobs)
    assert [isinstance(result, PictureError) for result in results[-3:]] == [True, False, True]
    for job, result in zip(jobs, results, strict=True):
        if isinstance(result, Exception):
            continue
        alone = read_single(open_picture(job.content), job.recognizer.classify)
        assert result.reading.value == alone.value
        assert result.reading.box == alone.box
        assert np.array_equal(result.reading.crop, alone.crop)
        assert np.allclose(result.reading.probabilities, alone.probabilities, atol=1e-5)
    assert results[-2].reading.reason == "no ink found"


def test_a_model_that_several_ask_for_at_first_is_loaded_once():
    models = Models()
    assert models["best"] is models["residual-network"]
    with ThreadPoolExecutor(4) as pool:
        loaded = list(pool.map(lambda _: models["cnn"], range(8)))
    assert all(model is loaded[0] for model in loaded)
    with pytest.raises(Problem, match="there are best, cnn, mlp"):
        models["nothing"]
