"""IDX files that are larger than memory, read record by record; plain or gzip.

A record is what one index of the first dimension selects, such as one image.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from inkdigits.data.idx import (
    LARGEST,
    IdxHeader,
    Stream,
    damage_told,
    decompressing,
    fill,
    parse_header,
    require_end,
)
from inkdigits.errors import DataError


class Records:
    """An open IDX file: its header, and a place in it.

    Attributes:
        header: type and shape of the whole.
        name: what errors call the file.
    """

    def __init__(self, stream: Stream, name: str) -> None:
        with damage_told(name):
            self.header: IdxHeader = parse_header(stream, name)
        self.name = name
        self._stream = stream
        if not self.header.shape:
            raise DataError(f"{name} holds a single number, not records; give another file")

    def read(self, count: int) -> npt.NDArray[Any]:
        """The next `count` records, [count, ...], in the machine's byte order.

        Raises:
            DataError: the file is damaged or ends before them.
        """
        shape = (count, *self.header.shape[1:])
        if math.prod(shape) * self.header.dtype.itemsize > LARGEST:
            raise DataError(
                f"{self.name} has records of {list(shape[1:])} elements; {count:,} of them are "
                "too many to read at once"
            )
        records = np.empty(shape, self.header.dtype)
        with damage_told(self.name):
            found = fill(records.reshape(-1).view(np.uint8).data, self._stream)
        if found < records.nbytes:
            raise DataError(
                f"{self.name} is cut short: its header announces {self.header.shape[0]:,} records, "
                "but it ends before; get it again"
            )
        return records.astype(records.dtype.newbyteorder("="), copy=False)

    def finish(self) -> None:
        """Check that nothing follows the last record; call it when all have been read.

        Raises:
            DataError: something follows, or the file's checksum is wrong.
        """
        with damage_told(self.name):
            require_end(self._stream, self.header, self.name)


@contextmanager
def open_records(path: str | Path) -> Iterator[Records]:
    """Open an IDX file to read its records one after the other.

    Raises:
        DataError: there is no such file, it can't be read, or it is no IDX file.
    """
    with damage_told(str(path)):
        file = Path(path).open("rb")  # noqa: SIM115 - the next line closes it
    with file:
        yield Records(decompressing(file), str(path))
