"""A network that is used often is run in another form: the same function, faster.

Making the other forms takes as long as reading a few hundred digits, so that it is done when so
many have been read. They are used only if they give what the model file gives.
"""

from collections.abc import Callable
from threading import Lock

import numpy as np
import numpy.typing as npt

from inkdigits.inference.model_file import INPUT, OUTPUT

# Images uint8 [n, 28, 28] to probabilities float32 [n, 10].
Classify = Callable[[npt.NDArray[np.uint8]], npt.NDArray[np.float32]]

_MANY = 12  # images in a run, from which on minimal filtering takes less time
_CHECKED = 24
_LARGEST_DIFFERENCE = 1e-4  # of a probability


class Swift:
    """Other forms of a model file, made when it has been used enough.

    Args:
        content: of the model file.
        plain: what the model file itself gives.
        after: images that have to be classified before.
    """

    def __init__(self, content: bytes, plain: Classify, after: int = 500) -> None:
        self._content: bytes | None = content
        self._plain, self._after = plain, after
        self._seen = 0
        self._lock = Lock()
        self._classify: Classify | None = None

    def for_next(self, count: int) -> Classify:
        """What classifies the next so many images."""
        if self._classify is not None:
            return self._classify
        self._seen += count
        if self._seen < self._after:
            return self._plain
        with self._lock:
            if self._classify is None:
                assert self._content is not None
                self._classify = _made(self._content, self._plain) or self._plain
                self._content = None
        return self._classify


def _made(content: bytes, plain: Classify) -> Classify | None:
    """Classifies with the other forms; None for another network than theirs."""
    from inkdigits.inference.onnx_graph import read_graph
    from inkdigits.inference.sessions import open_session
    from inkdigits.inference.swift_cnn import direct_form, filtering_form, weights_of
    from inkdigits.processors import floats_in_a_vector

    try:
        weights = weights_of(read_graph(content))
    except ValueError:
        return None
    if weights is None:
        return None
    few = open_session(direct_form(weights, floats_in_a_vector()))
    many = open_session(filtering_form(weights))

    def classify(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        if len(pixels) < _MANY:
            found: npt.NDArray[np.float32] = few.run([OUTPUT], {INPUT: pixels[:, None]})[0]
        else:
            found = many.run([OUTPUT], {INPUT: pixels})[0]
        return found

    generator = np.random.default_rng(0)
    images = generator.integers(0, 256, (_CHECKED, 28, 28), np.uint8)
    images *= generator.random(images.shape) < 0.2  # about as much ink as digits have
    expected = plain(images)
    for size in (1, _CHECKED):
        found = np.concatenate([classify(part) for part in np.split(images, _CHECKED // size)])
        # Written so that what is not a number is refused too.
        if not np.abs(found - expected).max() <= _LARGEST_DIFFERENCE:
            return None
    return classify
