"""The fit of the page reader's weights finds what tells digits from the rest, source by source."""

import numpy as np
from benchmarks.pictures import refit

from inkdigits.pictures.confidence import SIGNS


def _drawings(kind, source, network, is_digit):
    signs = np.zeros((1, len(SIGNS)))
    signs[0, 0] = network
    return refit.Drawings(kind, source, source, True, signs, np.array([float(is_digit)]))


def _pictures(generator):
    for number in range(30):
        yield _drawings("single", f"writer {number % 6}", generator.normal(5, 1), True)
        yield _drawings("other", f"camera {number % 6}", generator.normal(0, 1), False)


def test_a_sign_that_tells_gets_weight_and_holds_for_other_sources():
    drawings = list(_pictures(np.random.default_rng(0)))
    fitted = refit.fit(drawings)
    assert fitted[1] > 0.5
    assert np.abs(fitted[2:]).max() < 1e-6
    scores = refit.left_out_scores(drawings)
    of_digits = [s for s, d in zip(scores, drawings, strict=True) if d.kind == "single"]
    of_others = [s for s, d in zip(scores, drawings, strict=True) if d.kind == "other"]
    assert np.median(of_digits) > 1 > -1 > np.median(of_others)


def test_a_picture_without_drawings_is_never_read():
    empty = refit.Drawings("other", "wall", "wall", True, np.zeros((0, len(SIGNS))), np.zeros(0))
    assert refit.score(empty, np.zeros(1 + len(SIGNS))) < -20
