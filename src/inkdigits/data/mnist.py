"""MNIST from wherever it can be had: `mnist()`.

The order: the folder that is named (argument or INKDIGITS_DATA), the cache, a download, and where
there is no network the embedded sample. A named folder that doesn't hold MNIST is an error, and the
sample is never used silently: `Mnist.note` then says so, and why, and interfaces print it.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from inkdigits.data.digits import Digits
from inkdigits.data.mnist_files import FILES, LocalFile, find_file, load_folder
from inkdigits.data.sample import find_sample, load_sample
from inkdigits.errors import DataError, DownloadError

Origin = Literal["folder", "cache", "download", "sample"]


@dataclass(frozen=True, eq=False)
class Mnist:
    """MNIST, and where it came from.

    Attributes:
        train: 60,000 training digits; of the sample, 4,000.
        test: 10,000 test digits; of the sample, 1,000.
        origin: `folder` (named by you), `cache`, `download` (just now), or `sample`.
        note: empty, or the line that tells people that this is only the sample, and why.
        location: the folder that holds the files, or the sample's file.
        files: the four files, whose checksums were found right; the one file of the sample.
    """

    train: Digits
    test: Digits
    origin: Origin
    note: str
    location: str
    files: tuple[LocalFile, ...]


def mnist(
    folder: str | Path | None = None,
    *,
    cache: str | Path | None = None,
    download: bool = True,
    on_progress: Callable[[str, int, int | None], object] | None = None,
    mirrors: Sequence[str] | None = None,
) -> Mnist:
    """MNIST, verified by checksum each time.

    Args:
        folder: has the four IDX files, plain or `.gz`; INKDIGITS_DATA if not given.
        cache: where downloads are kept; INKDIGITS_CACHE, or the platform's cache folder.
        download: whether the network may be used.
        on_progress: called during a download with (file name, bytes done, bytes in all or None).
        mirrors: addresses to download from, each ending in `/`; well-known ones if not given.

    Raises:
        DataError: the named folder doesn't hold MNIST, or there is no MNIST, no leave to download
            it, and no sample.
        DownloadError: there is no MNIST, no mirror delivers it, and there is no sample.
        StorageError: the cache can't be written.
    """
    named = folder if folder is not None else os.environ.get("INKDIGITS_DATA") or None
    if named is not None:
        return _from_folder(_expanded(named), "folder")
    cache_path = cache_folder(cache)
    damage = ""
    if all(find_file(cache_path, file) for file in FILES):
        try:
            return _from_folder(cache_path, "cache")
        except DataError as error:
            damage = f"{error}; "
    if not download:
        return _sample(
            f"{damage}MNIST is not in {cache_path} and a download is not allowed", DataError
        )
    # Imported late: the network's libraries are not needed where the files are there.
    from inkdigits.data.download import MIRRORS, fetch

    try:
        fetch(FILES, cache_path, MIRRORS if mirrors is None else mirrors, on_progress=on_progress)
    except DownloadError as error:
        return _sample(f"{damage}{error}", DownloadError)
    return _from_folder(cache_path, "download")


def cache_folder(cache: str | Path | None = None) -> Path:
    """The folder of downloaded MNIST files: `mnist/` within the cache; it need not exist."""
    named = cache if cache is not None else os.environ.get("INKDIGITS_CACHE") or None
    if named is None:
        from platformdirs import user_cache_dir

        named = user_cache_dir("inkdigits", appauthor=False)
    return _expanded(named) / "mnist"


def _expanded(path: str | Path) -> Path:
    """The path with the home folder for `~`; in some containers there is none."""
    try:
        return Path(path).expanduser()
    except RuntimeError as error:
        raise DataError(
            f"can't tell what {path} stands for, as no home folder is known; "
            "set INKDIGITS_DATA or INKDIGITS_CACHE to a full path"
        ) from error


def _from_folder(folder: Path, origin: Origin) -> Mnist:
    train, test, files = load_folder(folder, FILES)
    return Mnist(train, test, origin, "", str(folder), files)


def _sample(reason: str, error: type[DataError] | type[DownloadError]) -> Mnist:
    path = find_sample()
    if path is None:
        raise error(
            f"{reason}; set INKDIGITS_DATA to a folder with the four MNIST files, "
            "or install inkdigits[train], which brings a sample"
        )
    train, test, file = load_sample(path)
    note = (
        f"ONLY A SAMPLE: {len(train):,} training and {len(test):,} test digits instead of MNIST's "
        f"60,000 and 10,000, so figures will be worse ({reason}); "
        "for MNIST set INKDIGITS_DATA to a folder with its four files"
    )
    return Mnist(train, test, "sample", note, str(path), (file,))
