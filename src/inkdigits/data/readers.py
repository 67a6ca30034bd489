"""Streaming readers: digits that pass by one at a time, for data larger than memory.

    reader = stream_idx("images.gz", "labels.gz").shuffle(buffer=500, seed=0).batch(64)
    for images, labels in reader: ...  # uint8 [64, 28, 28], uint8 [64]

Readers compose: each method gives a new reader and leaves the old one as it was. A reader can be
read any number of times, and each pass starts from the beginning. A shuffled reader gives another
order on each pass, but always the same sequence of orders under the same seed: pass 3 of one run
is pass 3 of every other, and `of_pass(3)` gives it without reading the passes before.

Memory: a shuffle holds `buffer` items and a batch `size`, whatever the source has.
(After the reader, shuffle and batch decorators of PaddlePaddle's "Recognize Digits" chapter.)
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Generic, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from inkdigits.data.digits import Digits, Images, Labels
from inkdigits.data.idx_records import Records, open_records
from inkdigits.errors import DataError, UsageError

Image: TypeAlias = npt.NDArray[Any]
Item: TypeAlias = tuple[Image, int]
Batch: TypeAlias = tuple[Images, Labels]
Source: TypeAlias = Digits | Callable[[], Iterable[Item]] | Iterable[Item]

T = TypeVar("T")
U = TypeVar("U")

_BLOCK = 256  # records read from a file at once: 200 kB of images
_DRAWS = 4096  # random numbers drawn at once


class Reader(Generic[T]):
    """Something that can be read from the beginning any number of times; see the module."""

    def __init__(self, start: Callable[[int], Iterator[T]]) -> None:
        """Args: start: gives the items of the pass with this number, 0 for the first."""
        self._start = start
        self._next_pass = 0

    def __iter__(self) -> Iterator[T]:
        number = self._next_pass
        self._next_pass += 1
        return self._start(number)

    def of_pass(self, number: int) -> Iterator[T]:
        """The items in the order of one pass, 0 for the first, whatever has been read before."""
        return self._start(number)

    def shuffle(self, buffer: int = 500, seed: int = 0) -> "Reader[T]":
        """Mix the order within a buffer that is kept full: each item out is a random one of it.

        An item can come at most `buffer` places early, and any number late, so a source that is
        sorted by class needs a buffer of its own size; data in memory is better mixed as a whole.

        Raises:
            UsageError: the buffer is below 1 or the seed below 0.
        """
        _require_at_least("a shuffle's buffer", buffer, 1)
        _require_at_least("a seed", seed, 0)
        return Reader(lambda number: _shuffled(self._start(number), buffer, (seed, number)))

    def batch(self: "Reader[Item]", size: int, drop_last: bool = False) -> "Reader[Batch]":
        """Gather items into arrays: images [n, ...] of the images' type, labels uint8 [n].

        Args:
            size: items in a batch; the last one may have fewer.
            drop_last: leave out a last batch that isn't full.

        Raises:
            UsageError: the size is below 1.
        """
        _require_at_least("a batch's size", size, 1)
        return Reader(lambda number: _batches(self._start(number), size, drop_last))

    def map(self, function: Callable[[T], U]) -> "Reader[U]":
        """Give what the function makes of each item (or of each batch, behind `batch`)."""
        return Reader(lambda number: map(function, self._start(number)))

    def take(self, count: int) -> "Reader[T]":
        """Stop after this many items.

        Raises:
            UsageError: the count is below 0.
        """
        _require_at_least("a count of items", count, 0)
        return Reader(lambda number: islice(self._start(number), count))


def stream(source: Source) -> Reader[Item]:
    """A reader of (image, label) pairs.

    Args:
        source: `Digits`, a function that gives an iterator of (image, label) pairs each time that
            it is called, or an iterable of such pairs.

    Raises:
        UsageError: the source is an iterator, which could be read only once.
    """
    if isinstance(source, Digits):
        digits = source
        return Reader(lambda _: zip(digits.images, map(int, digits.labels), strict=True))
    if callable(source):
        function = source
        return Reader(lambda _: iter(function()))
    if isinstance(source, str | Path):
        raise UsageError(f"to stream {source}, give both files: stream_idx(images, labels)")
    if isinstance(source, Iterator):
        raise UsageError(
            "an iterator can be read only once; give the function that makes it, "
            "as in stream(lambda: pairs())"
        )
    items = source
    return Reader(lambda _: iter(items))


def stream_idx(images: str | Path, labels: str | Path) -> Reader[Item]:
    """A reader of a pair of IDX files, plain or gzip, of which little is in memory at a time.

    Args:
        images: path of uint8 [n, 28, 28].
        labels: path of uint8 [n].

    Raises:
        DataError: a file is missing, isn't IDX, or they don't fit each other. Damage further on
            is raised when a pass comes to it.
    """
    with open_records(images) as image_records, open_records(labels) as label_records:
        _require_pair(image_records, label_records)
    return Reader(lambda _: _idx_items(images, labels))


def _idx_items(images: str | Path, labels: str | Path) -> Iterator[Item]:
    with open_records(images) as image_records, open_records(labels) as label_records:
        count = _require_pair(image_records, label_records)
        for start in range(0, count, _BLOCK):
            size = min(_BLOCK, count - start)
            block_images, block_labels = image_records.read(size), label_records.read(size)
            if int(block_labels.max()) > 9:
                raise DataError(f"{labels}: label {int(block_labels.max())} is not a digit 0 to 9")
            for image, label in zip(block_images, block_labels, strict=True):
                # A copy, as a view would keep its whole block in memory while a shuffle holds it.
                yield image.copy(), int(label)
        image_records.finish()
        label_records.finish()


def _require_pair(images: Records, labels: Records) -> int:
    """The number of digits, if these files are images and their labels."""
    for records, shape in ((images, (28, 28)), (labels, ())):
        if records.header.dtype != np.uint8 or records.header.shape[1:] != shape:
            raise DataError(
                f"{records.name} has {records.header.dtype.newbyteorder('=').name} "
                f"{list(records.header.shape)}, not uint8 {['n', *shape]}; "
                "give the images' file first, then the labels'"
            )
    if images.header.shape[0] != labels.header.shape[0]:
        raise DataError(
            f"{images.name} has {images.header.shape[0]:,} images, but {labels.name} has "
            f"{labels.header.shape[0]:,} labels; give two files that belong together"
        )
    return images.header.shape[0]


def _shuffled(items: Iterator[T], buffer: int, seed: tuple[int, int]) -> Iterator[T]:
    generator = np.random.default_rng(seed)
    held = list(islice(items, buffer))
    for arrived, place in zip(items, _places(generator, buffer), strict=False):
        yield held[place]
        held[place] = arrived
    for place in generator.permutation(len(held)).tolist():
        yield held[place]


def _places(generator: np.random.Generator, buffer: int) -> Iterator[int]:
    while True:  # many at once, as one call a number would cost more than all the rest
        yield from generator.integers(buffer, size=_DRAWS).tolist()


def _batches(items: Iterator[Item], size: int, drop_last: bool) -> Iterator[Batch]:
    while held := list(islice(items, size)):
        if drop_last and len(held) < size:
            return
        images, labels = zip(*held, strict=True)
        batch = _stacked(images), _label_array(labels)
        # Let go of the single images before the next ones are gathered.
        del held, images, labels
        yield batch


def _stacked(images: tuple[Image, ...]) -> Image:
    try:
        return np.stack(images)
    except ValueError as error:
        shapes = sorted({str(list(np.shape(image))) for image in images})
        raise DataError(
            f"a batch needs images of one shape, not {' and '.join(shapes)}; "
            "bring them to one before with map"
        ) from error


def _label_array(labels: tuple[int, ...]) -> Labels:
    for label in labels:
        if not isinstance(label, int | np.integer) or not 0 <= label <= 9:
            raise DataError(f"label {label!r} is not a digit 0 to 9")
    return np.array(labels, np.uint8)


def _require_at_least(what: str, value: int, least: int) -> None:
    if value < least:
        raise UsageError(f"{what} must be {least} or more, not {value}")
