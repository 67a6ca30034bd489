"""Streaming readers compose, lose nothing, repeat themselves exactly and hold little in memory."""

import gc
import gzip
import tracemalloc
import weakref
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdigits.data import Digits, Reader, open_records, read_idx, stream, stream_idx, write_idx
from inkdigits.errors import DataError, UsageError


def numbered(count: int) -> Digits:
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 0, 0], images[:, 0, 1] = np.arange(count) % 256, np.arange(count) // 256
    return Digits(images, (np.arange(count) % 10).astype(np.uint8))


def place(item) -> int:
    image, label = item
    number = int(image[0, 0]) + 256 * int(image[0, 1])
    assert label == number % 10
    return number


@given(st.integers(0, 300), st.integers(1, 400), st.integers(0, 2**40))
def test_a_shuffle_is_a_permutation(count, buffer, seed):
    order = [place(item) for item in stream(numbered(count)).shuffle(buffer, seed)]
    assert sorted(order) == list(range(count))


@given(st.integers(0, 300), st.integers(1, 70), st.booleans())
def test_batches_lose_nothing_and_keep_the_order(count, size, drop_last):
    digits = numbered(count)
    batches = list(stream(digits).batch(size, drop_last=drop_last))
    kept = count - count % size if drop_last else count
    assert all(len(images) == len(labels) == size for images, labels in batches[:-1])
    assert sum(len(labels) for _, labels in batches) == kept
    if batches:
        images, labels = (np.concatenate(parts) for parts in zip(*batches, strict=True))
        assert images.dtype == labels.dtype == np.uint8
        np.testing.assert_array_equal(images, digits.images[:kept])
        np.testing.assert_array_equal(labels, digits.labels[:kept])


def test_each_pass_has_another_order_and_the_passes_repeat():
    def passes(reader: Reader) -> list[list[int]]:
        return [[place(item) for item in reader] for _ in range(3)]

    first = passes(stream(numbered(100)).shuffle(20, seed=5))
    assert first[0] != first[1] != first[2] != first[0]
    assert passes(stream(numbered(100)).shuffle(20, seed=5)) == first
    assert passes(stream(numbered(100)).shuffle(20, seed=6)) != first
    later = stream(numbered(100)).shuffle(20, seed=5)
    assert [place(item) for item in later.of_pass(2)] == first[2]
    assert passes(later) == first


def test_composition_passes_the_number_of_the_pass_on():
    reader = stream(numbered(100)).shuffle(20, seed=5).batch(7)
    first = [labels.tolist() for _, labels in reader]
    second = [labels.tolist() for _, labels in reader]
    assert first != second
    assert [labels.tolist() for _, labels in reader.of_pass(1)] == second


def test_a_pass_that_is_given_up_does_not_disturb_the_next():
    reader = stream(numbered(100)).shuffle(20, seed=5)
    whole = [place(item) for item in reader.of_pass(1)]
    next(iter(reader))
    assert [place(item) for item in reader] == whole


def test_a_reader_is_left_as_it_was_by_what_is_built_on_it():
    reader = stream(numbered(30))
    assert len(list(reader.take(5))) == 5
    assert len(list(reader.batch(10).take(2))) == 2
    assert [place(item) for item in reader] == list(range(30))


def test_a_shuffle_mixes():
    order = np.array([place(item) for item in stream(numbered(2000)).shuffle(500)])
    moved = np.abs(order - np.arange(2000))
    assert moved.mean() > 100
    assert (order - np.arange(2000)).max() < 500  # no item comes earlier than its buffer allows


def test_map_works_on_items_and_on_batches():
    scaled = stream(numbered(10)).map(lambda item: (item[0].astype(np.float32) / 255, item[1]))
    images, labels = next(iter(scaled.batch(4)))
    assert images.dtype == np.float32
    assert labels.tolist() == [0, 1, 2, 3]
    counts = stream(numbered(10)).batch(4).map(lambda batch: len(batch[1]))
    assert list(counts) == [4, 4, 2]


def test_functions_and_lists_are_sources_and_a_lone_iterator_is_not():
    pairs = list(stream(numbered(12)))
    for reader in (stream(pairs), stream(lambda: iter(pairs)), stream(lambda: pairs)):
        assert [place(item) for item in reader] == list(range(12))
        assert [place(item) for item in reader] == list(range(12))
    with pytest.raises(UsageError, match="can be read only once"):
        stream(iter(pairs))
    with pytest.raises(UsageError, match="stream_idx"):
        stream("train-images-idx3-ubyte")


def test_a_shuffle_and_a_batch_hold_no_more_than_they_say():
    alive: dict[int, weakref.ref[np.ndarray]] = {}
    numbers: list[int] = []
    most = 0

    def endless():
        nonlocal most
        while True:
            image = np.zeros((28, 28), np.uint8)
            number = len(numbers)
            numbers.append(number)
            alive[number] = weakref.ref(image, lambda _, number=number: alive.pop(number))
            most = max(most, len(alive))
            yield image, 3
            del image

    gc.collect()
    for _ in stream(endless).shuffle(buffer=50).batch(16).take(100):
        pass
    assert 60 <= most <= 50 + 16 + 1  # and the one that is under way


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    digits = numbered(700)
    write_idx(tmp_path / "images.gz", digits.images)
    write_idx(tmp_path / "labels", digits.labels)
    return tmp_path / "images.gz", tmp_path / "labels"


def test_a_pair_of_idx_files_is_streamed(pair):
    reader = stream_idx(*pair)
    assert [place(item) for item in reader] == list(range(700))
    images, labels = next(iter(stream_idx(*map(str, pair)).batch(64)))
    assert images.shape == (64, 28, 28)
    assert images.dtype == labels.dtype == np.uint8


def test_files_larger_than_memory_take_little_of_it(tmp_path: Path):
    count = 15_000  # 12 MB of images
    write_idx(tmp_path / "images.gz", np.zeros((count, 28, 28), np.uint8))
    write_idx(tmp_path / "labels.gz", np.zeros(count, np.uint8))
    reader = stream_idx(tmp_path / "images.gz", tmp_path / "labels.gz").shuffle(500).batch(64)
    tracemalloc.start()
    try:
        assert sum(len(labels) for _, labels in reader) == count
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


def test_files_that_do_not_belong_together_are_refused(pair, tmp_path: Path):
    images, labels = pair
    write_idx(tmp_path / "fewer", np.zeros(699, np.uint8))
    write_idx(tmp_path / "wide", np.zeros((700, 32, 32), np.uint8))
    write_idx(tmp_path / "words", np.zeros(700, np.int32))
    write_idx(tmp_path / "single", np.uint8(3))
    with pytest.raises(DataError, match=r"700 images, but .*fewer has 699 labels"):
        stream_idx(images, tmp_path / "fewer")
    with pytest.raises(DataError, match="the images' file first"):
        stream_idx(labels, images)
    with pytest.raises(DataError, match=r"uint8 \[700, 32, 32\], not uint8 \['n', 28, 28\]"):
        stream_idx(tmp_path / "wide", labels)
    with pytest.raises(DataError, match="has int32"):
        stream_idx(images, tmp_path / "words")
    with pytest.raises(DataError, match="single number"):
        stream_idx(images, tmp_path / "single")
    with pytest.raises(DataError, match="there is no file"):
        stream_idx(images, tmp_path / "nothing")


def test_damage_names_the_file_that_has_it(pair, tmp_path: Path):
    images, labels = pair
    whole = gzip.decompress(images.read_bytes())
    for content, reason in [
        (whole[:-1], "cut short: its header announces 700 records"),
        (whole + b"!", "bytes left over"),
        (gzip.compress(whole)[:-300], "gzip data ends too early"),
        (gzip.compress(whole)[:-8] + bytes(8), "damaged gzip"),
    ]:
        (tmp_path / "damaged").write_bytes(content)
        with pytest.raises(DataError, match=rf"damaged .*{reason}"):
            list(stream_idx(tmp_path / "damaged", labels))
    write_idx(tmp_path / "letters", np.full(700, 11, np.uint8))
    with pytest.raises(DataError, match="letters: label 11 is not a digit"):
        list(stream_idx(images, tmp_path / "letters"))


@pytest.mark.parametrize("label", [10, -1, 300, "7", 2.5, 1.0, None])
def test_a_batch_refuses_a_label_that_is_not_a_digit(label):
    with pytest.raises(DataError, match=f"label {label!r} is not a digit"):
        list(stream([(np.zeros((28, 28), np.uint8), label)]).batch(1))


def test_records_of_any_shape_are_read_and_absurd_ones_refused(tmp_path: Path):
    numbers = np.arange(24, dtype=np.float64).reshape(4, 3, 2)
    write_idx(tmp_path / "numbers.gz", numbers)
    with open_records(tmp_path / "numbers.gz") as records:
        np.testing.assert_array_equal(records.read(3), numbers[:3])
        last = records.read(1)
        records.finish()
    np.testing.assert_array_equal(last, numbers[3:])
    assert last.dtype.isnative
    (tmp_path / "absurd").write_bytes(b"\0\0\x0e\x04" + b"\xff" * 16)
    with (
        open_records(tmp_path / "absurd") as records,
        pytest.raises(DataError, match="too many to read at once"),
    ):
        records.read(1)


def test_a_batch_refuses_images_of_different_shapes():
    pairs = [(np.zeros((28, 28), np.uint8), 1), (np.zeros((20, 20), np.uint8), 1)]
    with pytest.raises(DataError, match=r"one shape, not \[20, 20\] and \[28, 28\]"):
        list(stream(pairs).batch(2))


def test_senseless_options_are_refused():
    reader = stream(numbered(3))
    for attempt in (
        lambda: reader.shuffle(0),
        lambda: reader.shuffle(5, seed=-1),
        lambda: reader.batch(0),
        lambda: reader.take(-1),
    ):
        with pytest.raises(UsageError, match="or more, not"):
            attempt()


def test_streaming_gives_what_reading_whole_gives(pair):
    images = np.concatenate([images for images, _ in stream_idx(*pair).batch(100)])
    np.testing.assert_array_equal(images, read_idx(pair[0]))
