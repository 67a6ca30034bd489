"""IDX files, the form in which MNIST is published: read and written.

An IDX file is two zero bytes, a byte for the type of its elements, a byte for its rank, one
big-endian uint32 for each dimension, then the elements, big-endian, last dimension fastest
(LeCun, Cortes, Burges: "The MNIST database", section "File formats"). Any of the six types and any
rank up to 32 is read; a file may be compressed by gzip, which its content tells, not its name.

A file is judged by its header before memory is taken, and no more is decompressed than the header
announces, so neither a lying header nor a gzip bomb can fill the memory.
"""

import gzip
import io
import math
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

import numpy as np
import numpy.typing as npt

from inkdigits.errors import DataError
from inkdigits.files import write_whole

_TYPES: dict[int, np.dtype[Any]] = {
    0x08: np.dtype(">u1"),
    0x09: np.dtype(">i1"),
    0x0B: np.dtype(">i2"),
    0x0C: np.dtype(">i4"),
    0x0D: np.dtype(">f4"),
    0x0E: np.dtype(">f8"),
}
_CODES: dict[np.dtype[Any], int] = {dtype.newbyteorder("="): code for code, dtype in _TYPES.items()}
_HIGHEST_RANK = 32  # what every supported NumPy can hold
LARGEST = 2**32  # bytes of elements; larger files are for `open_records`
# Deflate can't shrink anything further than this (zlib's technical details: 1032:1).
_BEST_DEFLATE_RATIO = 1032
_GZIP_MAGIC = b"\x1f\x8b"


class Stream(Protocol):
    """What a file and a decompressor have in common."""

    def read(self, size: int, /) -> bytes:
        """At most this many bytes; none at the end."""

    def readinto(self, buffer: memoryview, /) -> int:
        """Fill the buffer as far as one step goes; the number of bytes, 0 at the end."""


@dataclass(frozen=True)
class IdxHeader:
    """What the first bytes of an IDX file announce.

    Attributes:
        dtype: of one element, big-endian as in the file.
        shape: the dimensions.
        length: bytes of the header itself.
    """

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    length: int

    @property
    def content_length(self) -> int:
        """Bytes of all elements."""
        return math.prod(self.shape) * self.dtype.itemsize


def read_idx(path: str | Path) -> npt.NDArray[Any]:
    """Read an IDX file, plain or gzip, into an array of the machine's byte order.

    Raises:
        DataError: there is no such file, or it isn't a whole and sound IDX file.
    """
    return as_array(read_whole(path), str(path))


def parse_idx(content: bytes, name: str = "IDX data") -> npt.NDArray[Any]:
    """Read the bytes of an IDX file, plain or gzip; `name` is what errors call them.

    Raises:
        DataError: these are not the bytes of a whole and sound IDX file.
    """
    with damage_told(name):
        whole = _whole(io.BytesIO(content), len(content), name)
    return as_array(whole, name)


def write_idx(path: str | Path, array: npt.ArrayLike) -> None:
    """Write an array as an IDX file, by gzip if the name ends in `.gz`.

    The same array always gives the same bytes.

    Raises:
        DataError: IDX has no type for the array's elements.
        StorageError: the file can't be written.
    """
    path = Path(path)
    array = np.asarray(array)
    code = _CODES.get(array.dtype.newbyteorder("="))
    if code is None:
        raise DataError(
            f"{path}: IDX has no type for {array.dtype}; "
            "convert to uint8, int8, int16, int32, float32 or float64"
        )
    if array.ndim > _HIGHEST_RANK or max(array.shape, default=0) >= 2**32:
        raise DataError(f"{path}: an array of shape {list(array.shape)} is too large for IDX")
    header = bytes([0, 0, code, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    elements = np.ascontiguousarray(array, _TYPES[code]).tobytes()

    def compress(file: IO[bytes]) -> None:
        # No name and no time of writing inside, so that equal content gives equal files.
        with gzip.GzipFile("", "wb", compresslevel=6, fileobj=file, mtime=0) as packed:
            packed.write(header + elements)

    write_whole(path, compress if path.suffix == ".gz" else header + elements)


def read_whole(path: str | Path) -> bytearray:
    """The decompressed bytes of an IDX file: its header, and exactly what the header announces.

    Raises:
        DataError: there is no such file, or it isn't a whole and sound IDX file.
    """
    with damage_told(str(path)), Path(path).open("rb") as file:
        return _whole(file, os.fstat(file.fileno()).st_size, str(path))


def parse_header(stream: Stream, name: str) -> IdxHeader:
    """Read the header at the stream's beginning and leave the stream behind it."""
    magic = stream.read(4)
    if len(magic) < 4:
        raise DataError(f"{name} is cut short: {len(magic)} bytes are no IDX header; get it again")
    dtype = _TYPES.get(magic[2])
    if magic[:2] != b"\0\0" or dtype is None:
        raise DataError(
            f"{name} is not an IDX file: it begins with {magic.hex(' ')}, not with 00 00 and a type"
        )
    rank = magic[3]
    if rank > _HIGHEST_RANK:
        raise DataError(
            f"{name} says that it has {rank} dimensions; at most {_HIGHEST_RANK} can be"
        )
    dimensions = stream.read(4 * rank)
    if len(dimensions) < 4 * rank:
        raise DataError(f"{name} is cut short within its header; get it again")
    shape = tuple(int(dimension) for dimension in np.frombuffer(dimensions, ">u4"))
    return IdxHeader(dtype, shape, 4 + 4 * rank)


def as_array(whole: bytearray, name: str) -> npt.NDArray[Any]:
    """The array in the bytes that `read_whole` gives; bytes are shared, not copied, if they can."""
    header = parse_header(io.BytesIO(whole[: 4 + 4 * _HIGHEST_RANK]), name)
    elements = np.frombuffer(whole, header.dtype, offset=header.length)
    return elements.reshape(header.shape).astype(header.dtype.newbyteorder("="), copy=False)


def _whole(file: io.BufferedReader | io.BytesIO, size: int, name: str) -> bytearray:
    stream = decompressing(file)
    header = parse_header(stream, name)
    wanted = header.content_length
    most = size - header.length if stream is file else size * _BEST_DEFLATE_RATIO
    if wanted > most:
        raise DataError(
            f"{name} is cut short: its header announces {wanted:,} bytes of elements "
            f"({_dimensions(header)}), more than the file can hold; get it again"
        )
    if wanted > LARGEST:
        raise DataError(
            f"{name} announces {wanted:,} bytes of elements ({_dimensions(header)}); "
            f"more than {LARGEST:,} are not read at once, use inkdigits.data.open_records"
        )
    whole = bytearray(header.length + wanted)
    whole[:4] = bytes([0, 0, _CODES[header.dtype.newbyteorder("=")], len(header.shape)])
    whole[4 : header.length] = np.array(header.shape, ">u4").tobytes()
    found = fill(memoryview(whole)[header.length :], stream)
    if found < wanted:
        raise DataError(
            f"{name} is cut short: its header announces {wanted:,} bytes of elements "
            f"({_dimensions(header)}), but there are {found:,}; get it again"
        )
    require_end(stream, header, name)
    return whole


def require_end(stream: Stream, header: IdxHeader, name: str) -> None:
    """Refuse bytes behind the last element; at the end of gzip this also checks its checksum."""
    if stream.read(1):
        raise DataError(
            f"{name} has bytes left over behind the {header.content_length:,} that its header "
            f"announces ({_dimensions(header)}); it is damaged or not plain IDX, get it again"
        )


def fill(view: memoryview, stream: Stream) -> int:
    """Fill the view from the stream as far as it goes; the number of bytes found."""
    done = 0
    while done < len(view):
        count = stream.readinto(view[done:])
        if not count:
            break
        done += count
    return done


def decompressing(file: io.BufferedReader | io.BytesIO) -> Stream:
    """The file itself, or a stream that decompresses it if its content is gzip."""
    packed = file.read(2) == _GZIP_MAGIC
    file.seek(0)
    if not packed:
        return file
    return gzip.GzipFile(fileobj=file)


def _dimensions(header: IdxHeader) -> str:
    sides = " x ".join(map(str, header.shape)) or "one"
    return f"{sides} {header.dtype.newbyteorder('=').name}"


@contextmanager
def damage_told(name: str) -> Iterator[None]:
    """Turn what Python raises for unreadable files and damaged gzip into a line for people."""
    try:
        yield
    except EOFError as error:
        raise DataError(
            f"{name} is cut short: its gzip data ends too early; get it again"
        ) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"{name} is damaged gzip ({error}); get it again") from error
    except FileNotFoundError as error:
        raise DataError(f"there is no file {name}; check the path") from error
    except OSError as error:
        raise DataError(f"can't read {name} ({error.strerror or error}); check the path") from error
