"""IDX files are read whatever their type and rank, and refused with a reason when unsound."""

import gzip
import struct
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from inkdigits.data import parse_idx, read_idx, write_idx
from inkdigits.errors import DataError, StorageError

TYPES = ["uint8", "int8", "int16", "int32", "float32", "float64"]
IMAGES = np.arange(3 * 4 * 5, dtype=np.uint8).reshape(3, 4, 5)
HEADER = b"\0\0\x08\x03" + struct.pack(">III", 3, 4, 5)
FILE = HEADER + IMAGES.tobytes()


def packed(content: bytes) -> bytes:
    return gzip.compress(content, 1, mtime=0)


@given(
    st.sampled_from(TYPES).flatmap(
        lambda dtype: arrays(dtype, array_shapes(min_dims=0, max_dims=5, min_side=0, max_side=4))
    ),
    st.sampled_from(["digits.idx", "digits.gz"]),
)
def test_every_type_and_rank_comes_back_as_it_was_written(tmp_path_factory, array, name):
    path = tmp_path_factory.mktemp("idx") / name
    write_idx(path, array)
    again = read_idx(path)
    assert again.dtype == array.dtype
    assert again.dtype.isnative
    assert again.shape == array.shape
    assert again.tobytes() == array.tobytes()


def test_elements_are_big_endian_in_the_file(tmp_path: Path):
    write_idx(tmp_path / "numbers", np.array([1, -2], np.int16))
    assert (tmp_path / "numbers").read_bytes() == b"\0\0\x0b\x01\0\0\0\x02\0\x01\xff\xfe"
    write_idx(tmp_path / "big", np.array([1, -2], ">i2"))
    assert (tmp_path / "big").read_bytes() == (tmp_path / "numbers").read_bytes()


def test_what_is_read_can_be_written_to(tmp_path: Path):
    # torch warns about arrays that can't, and warnings are errors here.
    (tmp_path / "images").write_bytes(FILE)
    assert read_idx(tmp_path / "images").flags.writeable
    assert parse_idx(FILE).flags.writeable


def test_compression_is_recognised_by_content_not_by_name(tmp_path: Path):
    (tmp_path / "images.gz").write_bytes(FILE)
    (tmp_path / "images").write_bytes(packed(FILE))
    np.testing.assert_array_equal(read_idx(tmp_path / "images.gz"), IMAGES)
    np.testing.assert_array_equal(read_idx(str(tmp_path / "images")), IMAGES)
    np.testing.assert_array_equal(parse_idx(packed(FILE)), IMAGES)


def test_gzip_of_several_members_is_one_file():
    np.testing.assert_array_equal(parse_idx(packed(FILE[:20]) + packed(FILE[20:])), IMAGES)


def test_the_same_array_is_written_as_the_same_bytes(tmp_path: Path):
    write_idx(tmp_path / "a.gz", IMAGES)
    write_idx(tmp_path / "b.gz", IMAGES)
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()
    assert (tmp_path / "a.gz").read_bytes()[:2] == b"\x1f\x8b"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "cut short: 0 bytes are no IDX header"),
        (b"\0\0\x08", "cut short: 3 bytes are no IDX header"),
        (HEADER[:9], "cut short within its header"),
        (FILE[:-1], "cut short: its header announces 60 bytes of elements (3 x 4 x 5 uint8)"),
        (packed(FILE[:-1]), "but there are 59; get it again"),
        (FILE + b"!", "bytes left over behind the 60"),
        (packed(FILE + b"!"), "bytes left over behind the 60"),
        (b"\x89PNG" + FILE, "not an IDX file: it begins with 89 50 4e 47"),
        (b"\0\0\x07\x01" + FILE, "not an IDX file: it begins with 00 00 07 01"),
        (b"\0\0\x08\xff" + bytes(2000), "255 dimensions; at most 32"),
        (packed(FILE)[:-10], "its gzip data ends too early"),
        (packed(FILE)[:4], "its gzip data ends too early"),
        (packed(FILE)[:-8] + bytes(8), "damaged gzip (CRC check failed"),
        (packed(FILE)[:10] + b"\xff" * 40, "damaged gzip"),
        (packed(FILE) + b"junk", "damaged gzip"),
        (b"\0\0\x0e\x03" + b"\xff" * 12, "more than the file can hold"),
        (packed(b"\0\0\x0e\x03" + b"\xff" * 12), "more than the file can hold"),
    ],
)
def test_an_unsound_file_is_refused_with_its_own_reason(tmp_path: Path, content, reason):
    path = tmp_path / "images"
    path.write_bytes(content)
    for attempt in (lambda: read_idx(path), lambda: parse_idx(content, str(path))):
        with pytest.raises(DataError) as caught:
            attempt()
        assert reason in str(caught.value)
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)


@given(st.binary(max_size=40), st.sampled_from([b"", b"\0\0\x08\x01", b"\x1f\x8b\x08\0"]))
def test_no_bytes_whatever_give_another_error_than_ours(content, beginning):
    try:
        assert isinstance(parse_idx(beginning + content), np.ndarray)
    except DataError as error:
        assert "\n" not in str(error)  # noqa: PT017 - an error is one of two good outcomes


def test_a_gzip_bomb_is_not_inflated_beyond_its_header(tmp_path: Path):
    bomb = packed(FILE + bytes(50_000_000))
    tracemalloc.start()
    try:
        with pytest.raises(DataError, match="bytes left over"):
            parse_idx(bomb)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_an_absurd_header_is_refused_before_memory_is_taken(tmp_path: Path):
    path = tmp_path / "images"
    path.write_bytes(packed(b"\0\0\x08\x01" + struct.pack(">I", 2**32 - 1) + bytes(3_000_000)))
    tracemalloc.start()
    try:
        with pytest.raises(DataError, match="more than the file can hold"):
            read_idx(path)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_a_file_too_large_to_be_read_at_once_is_refused(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("inkdigits.data.idx.LARGEST", 59)  # rather than write four gigabytes
    (tmp_path / "large").write_bytes(FILE)
    with pytest.raises(DataError, match=r"use inkdigits\.data\.open_records"):
        read_idx(tmp_path / "large")


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path):
    with pytest.raises(DataError, match="there is no file"):
        read_idx(tmp_path / "nothing")
    with pytest.raises(DataError, match="Is a directory"):
        read_idx(tmp_path)


def test_what_idx_has_no_type_for_is_not_written(tmp_path: Path):
    with pytest.raises(DataError, match="no type for int64; convert to uint8"):
        write_idx(tmp_path / "wide", np.array([1, 2]))
    with pytest.raises(DataError, match="no type for bool"):
        write_idx(tmp_path / "wide", np.array([True]))
    assert list(tmp_path.iterdir()) == []


def test_writing_into_a_missing_folder_is_one_clear_error(tmp_path: Path):
    with pytest.raises(StorageError, match="can't write"):
        write_idx(tmp_path / "missing" / "images.gz", IMAGES)
