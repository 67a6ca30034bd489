"""The four files of MNIST: their names, their checksums, and how they are read from a folder.

Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits". The checksums are those
of the decompressed files, as mirrors compress them differently.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from inkdigits.data.digits import Digits
from inkdigits.data.idx import as_array, read_whole
from inkdigits.errors import DataError


@dataclass(frozen=True)
class PublishedFile:
    """A file as it was published: mirrors have it as `<name>.gz`, the cache keeps it as `<name>`.

    Attributes:
        name: without `.gz`.
        sha256: of the decompressed file, hexadecimal.
        size: of the decompressed file in bytes.
    """

    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class LocalFile:
    """A file of the data set on this machine, with a checksum that was found right.

    Attributes:
        path: where it is.
        size: bytes on the disk, compressed or not.
        sha256: of the decompressed file, hexadecimal.
    """

    path: Path
    size: int
    sha256: str


# In the order: training images, training labels, test images, test labels.
FILES = (
    PublishedFile(
        "train-images-idx3-ubyte",
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        47_040_016,
    ),
    PublishedFile(
        "train-labels-idx1-ubyte",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        60_008,
    ),
    PublishedFile(
        "t10k-images-idx3-ubyte",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        7_840_016,
    ),
    PublishedFile(
        "t10k-labels-idx1-ubyte",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        10_008,
    ),
)


def find_file(folder: Path, file: PublishedFile) -> Path | None:
    """Where the folder has this file: with `-idx` or `.idx` in its name, plain or as `.gz`."""
    dotted = file.name.replace("-idx", ".idx")
    try:
        for name in (file.name, dotted, f"{file.name}.gz", f"{dotted}.gz"):
            if (folder / name).is_file():
                return folder / name
    except OSError as error:
        raise DataError(
            f"can't look into {folder}: {error.strerror or error}; allow it, or give another folder"
        ) from error
    return None


def read_verified(path: Path, file: PublishedFile) -> bytearray:
    """The decompressed bytes of the file, if they are the published ones.

    Raises:
        DataError: it can't be read, is damaged, or is another file.
    """
    whole = read_whole(path)
    found = hashlib.sha256(whole).hexdigest()
    if found != file.sha256:
        raise DataError(
            f"{path} is not the published {file.name}: its SHA-256 is {found[:12]}…, "
            f"not {file.sha256[:12]}…; get the file again"
        )
    return whole


def load_folder(
    folder: Path, files: Sequence[PublishedFile] | None = None
) -> tuple[Digits, Digits, tuple[LocalFile, ...]]:
    """Read and verify the four files of a folder: (training set, test set, where they are).

    Raises:
        DataError: the folder is missing, lacks files, or has files that are not the published ones.
    """
    files = FILES if files is None else files
    if not folder.is_dir():
        raise DataError(f"there is no folder {folder}; give the folder that has the MNIST files")
    paths = [find_file(folder, file) for file in files]
    missing = [file.name for file, path in zip(files, paths, strict=True) if path is None]
    if missing:
        raise DataError(
            f"{folder} lacks {', '.join(missing)} (plain or .gz); "
            "give the folder that has all four MNIST files"
        )
    found = [(path, file) for path, file in zip(paths, files, strict=True) if path is not None]
    arrays = [as_array(read_verified(path, file), str(path)) for path, file in found]
    return (
        Digits(arrays[0], arrays[1], "MNIST train"),
        Digits(arrays[2], arrays[3], "MNIST test"),
        tuple(LocalFile(path, path.stat().st_size, file.sha256) for path, file in found),
    )
