"""`Recognizer`: a model file, loaded and ready, without any training code.

Each recogniser has a session of its own: two of them share nothing.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Literal, overload

import numpy as np
import numpy.typing as npt
import onnxruntime

from inkdigits.errors import ModelFileError
from inkdigits.inference.bundled import bundled_model, bundled_names
from inkdigits.inference.images import as_pixels, scaled_for_model
from inkdigits.inference.model_file import INPUT, NOT_A_DIGIT_OUTPUT, OUTPUT, ModelMetadata
from inkdigits.inference.onnx_file import metadata_properties
from inkdigits.inference.sessions import open_session
from inkdigits.inference.swift import Classify, Swift
from inkdigits.processors import usable_processors

if TYPE_CHECKING:
    from inkdigits.data import Digits
    from inkdigits.inference.evaluation import Evaluation
    from inkdigits.pictures import PageOptions, PageReading, Picture, SingleReading
    from inkdigits.pictures.opening import Source
    from inkdigits.pictures.single import Preprocess

_LARGEST_FILE = 500_000_000  # bytes
# Images at once: with more the layers' values leave the processor's cache, with fewer each call
# costs more than its work.
_MOST_AT_ONCE = 128
_LEAST_AT_ONCE = 16


class Recognizer:
    """Reads 28x28 images with a model file.

    Attributes:
        name: the file's path, or the bundled model's name.
        metadata: what the file says of itself.
        rejects: whether it has learned to say what is not a digit.
    """

    def __init__(self, content: bytes, name: str, threads: int | None = None) -> None:
        self.name = name
        self.metadata = ModelMetadata.from_properties(metadata_properties(content, name), name)
        self._threads = threads or usable_processors()
        try:
            self._session = open_session(content)
        except Exception as error:  # ONNX Runtime raises classes of its own that it doesn't export
            raise ModelFileError(
                f"{name} can't be loaded: {_first_line(error)}; train it again"
            ) from error
        self.rejects = _check_shapes(self._session, name)
        self._swift = Swift(content, self._run) if self.metadata.network == "cnn" else None

    @classmethod
    def load(cls, model: str | Path = "best", *, threads: int | None = None) -> "Recognizer":
        """Load a model file.

        Args:
            model: a path, or the name of a bundled model (`inkdigits models` lists them).
            threads: how many to use; all that this process may use by default.

        Raises:
            ModelFileError: there is no such file, or it is damaged, not ours, of another shape, or
                keeps weights outside itself.
        """
        return cls(read_model(model), str(model), threads)

    def classify(self, images: npt.ArrayLike) -> npt.NDArray[np.float32]:
        """The probability of each digit in each image.

        Args:
            images: uint8 [n, 28, 28], or [28, 28] for one, ink 255 on background 0.

        Returns:
            float32 [n, 10]; each row sums to 1.

        Raises:
            InputError: the array has another shape or type.
        """
        pixels = as_pixels(images)
        run = self._swift.for_next(len(pixels)) if self._swift else self._run
        return self._in_parts(pixels, run)

    def classify_with_rejection(self, images: npt.ArrayLike) -> npt.NDArray[np.float32]:
        """The probability of each digit in each image, and of there being none.

        Args:
            images: as `classify` takes them.

        Returns:
            float32 [n, 11]; each row sums to 1, the last column is "not a digit". It is 0 for a
            model that has not learned what is none (`rejects` says so).

        Raises:
            InputError: the array has another shape or type.
        """
        if not self.rejects:
            return np.pad(self.classify(images), ((0, 0), (0, 1)))
        return self._in_parts(as_pixels(images), self._run_with_rejection, columns=11)

    def outputs(
        self, images: npt.NDArray[np.float32]
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32] | None]:
        """What the model file itself gives, for images in the form that it takes.

        Args:
            images: float32 [n, 1, 28, 28] in [-1, 1], ink +1.

        Returns:
            `probabilities`, float32 [n, 10], and `not_a_digit`, float32 [n]; None for a model that
            has not learned what is none.
        """
        if not self.rejects:
            return self._session.run([OUTPUT], {INPUT: images})[0], None
        probabilities, none = self._session.run([OUTPUT, NOT_A_DIGIT_OUTPUT], {INPUT: images})
        return probabilities, none

    @overload
    def read(
        self, source: "Source | Picture", *, single: Literal[True], preprocess: "Preprocess" = ...
    ) -> "SingleReading": ...

    @overload
    def read(
        self,
        source: "Source | Picture",
        *,
        single: Literal[False] = ...,
        options: "PageOptions | None" = ...,
    ) -> "PageReading": ...

    @overload
    def read(
        self,
        source: "Source | Picture",
        *,
        single: bool,
        preprocess: "Preprocess" = ...,
        options: "PageOptions | None" = ...,
    ) -> "SingleReading | PageReading": ...

    def read(
        self,
        source: "Source | Picture",
        *,
        single: bool = False,
        preprocess: "Preprocess" = "normalise",
        options: "PageOptions | None" = None,
    ) -> "SingleReading | PageReading":
        """Read the digits in a picture.

        Args:
            source: a path, the bytes of a file, an array, a Pillow image or an opened picture.
            single: it holds exactly one digit.
            preprocess: of a single digit: `normalise`, or `resize` as the chapter does.
            options: of a page: least confidence, and what is known of it.

        Raises:
            PictureError: it can't be opened.
        """
        from inkdigits.pictures import Picture, open_picture

        picture = source if isinstance(source, Picture) else open_picture(source)
        if single:
            from inkdigits.pictures import read_single

            return read_single(picture, self.classify, preprocess)
        from inkdigits.pictures import read_page

        classify = self.classify_with_rejection if self.rejects else self.classify
        return read_page(picture, classify, options)

    def evaluate(self, digits: "Digits") -> "Evaluation":
        """Measure it on labelled digits."""
        from inkdigits.inference.evaluation import evaluate_probabilities

        return evaluate_probabilities(self.classify(digits.images), digits.labels)

    def _in_parts(
        self,
        pixels: npt.NDArray[np.uint8],
        run: Classify,
        columns: int = 10,
    ) -> npt.NDArray[np.float32]:
        count = len(pixels)
        if not count:
            return np.empty((0, columns), np.float32)
        if count <= _LEAST_AT_ONCE:
            return run(pixels)
        size = min(max(-(-count // self._threads), _LEAST_AT_ONCE), _MOST_AT_ONCE)
        parts = [pixels[at : at + size] for at in range(0, count, size)]
        if len(parts) == 1 or self._threads == 1:
            return np.concatenate([run(part) for part in parts])
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(self._threads) as pool:
            return np.concatenate(list(pool.map(run, parts)))

    def _run(self, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        probabilities: npt.NDArray[np.float32] = self._session.run(
            [OUTPUT], {INPUT: scaled_for_model(pixels)}
        )[0]
        return probabilities

    def _run_with_rejection(self, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        names = [OUTPUT, NOT_A_DIGIT_OUTPUT]
        probabilities, none = self._session.run(names, {INPUT: scaled_for_model(pixels)})
        joined: npt.NDArray[np.float32] = np.column_stack(
            (probabilities * (1 - none[:, None]), none)
        )
        return joined


def read_model(model: str | Path) -> bytes:
    """The bytes of a model file by its path, or of a bundled model by its name.

    Raises:
        ModelFileError: there is no such file, or it can't be read.
    """
    path = Path(model)
    bundled = bundled_model(str(model)) if path.suffix != ".onnx" else None
    try:
        if bundled is not None and not path.is_file():
            return bundled.read_bytes()
        if path.is_file() and path.stat().st_size > _LARGEST_FILE:
            raise ModelFileError(f"{path} has over {_LARGEST_FILE:,} bytes; no model of ours has")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise ModelFileError(
            f"there is no model file {model}; give a path or one of {', '.join(bundled_names())}"
        ) from error
    except OSError as error:
        raise ModelFileError(f"can't read {model}: {error.strerror or error}") from error


def _check_shapes(session: onnxruntime.InferenceSession, name: str) -> bool:
    """Refuse a model of another form; True if it says what is not a digit."""
    inputs = [(i.name, i.type, i.shape[1:]) for i in session.get_inputs()]
    outputs = [(o.name, o.type, o.shape[1:]) for o in session.get_outputs()]
    digits = [(OUTPUT, "tensor(float)", [10])]
    both = [*digits, (NOT_A_DIGIT_OUTPUT, "tensor(float)", [])]
    if inputs != [(INPUT, "tensor(float)", [1, 28, 28])] or outputs not in (digits, both):
        raise ModelFileError(
            f"{name} maps {inputs} to {outputs}; a model file maps {INPUT} float32 [n, 1, 28, 28] "
            f"to {OUTPUT} float32 [n, 10], and perhaps {NOT_A_DIGIT_OUTPUT} float32 [n]"
        )
    return outputs == both


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0][:200]
