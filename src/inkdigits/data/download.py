"""Published files are fetched into a folder: from the first mirror that delivers the right bytes.

What a mirror sends is first collected in `<name>.gz.part`, where a later attempt goes on; only what
decompresses to the published SHA-256 gets the file's name. The folder holds the decompressed files,
as they load in a fraction of the time. A lock lets one process at a time fetch.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from inkdigits.data.mnist_files import PublishedFile, read_verified
from inkdigits.data.reachability import host_of, reachable
from inkdigits.data.transfer import TransferError, transfer
from inkdigits.errors import DataError, DownloadError, StorageError
from inkdigits.files import write_whole

Progress = Callable[[str, int, int | None], object]

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://azureopendatastorage.blob.core.windows.net/mnist/",
    "https://raw.githubusercontent.com/fgnt/mnist/master/",
    "http://yann.lecun.com/exdb/mnist/",
)
_TIMEOUT = 5.0  # seconds
_LONGEST_WAIT = 600.0  # seconds for another process that is fetching
_SLACK = 2**16  # gzip adds at most a little to what can't be compressed


def fetch(
    files: Sequence[PublishedFile],
    folder: Path,
    mirrors: Sequence[str] = MIRRORS,
    *,
    timeout: float = _TIMEOUT,
    on_progress: Progress | None = None,
) -> None:
    """Bring the files that the folder lacks, or has damaged.

    Args:
        files: what to fetch.
        folder: where to put it; it is made if need be.
        mirrors: addresses that end in `/`; the files are there with `.gz` behind their names.
        timeout: seconds to wait for a mirror to answer or to go on.
        on_progress: called with (file name, bytes done, bytes in all or None).

    Raises:
        DownloadError: no mirror delivers; the message has each mirror's reason.
        StorageError: the folder can't be written.
    """
    open_mirrors, reasons = reachable(mirrors, timeout)
    if not open_mirrors:
        raise DownloadError(f"no mirror of MNIST can be reached: {_in_short(reasons)}")
    with _locked(folder):
        for file in files:
            if not _is_intact(folder / file.name, file):
                good = _fetch_one(file, folder, open_mirrors, timeout, on_progress)
                open_mirrors = [good, *(mirror for mirror in open_mirrors if mirror != good)]


def _fetch_one(
    file: PublishedFile,
    folder: Path,
    mirrors: Sequence[str],
    timeout: float,
    on_progress: Progress | None,
) -> str:
    """Fetch a file and say which mirror delivered it."""
    part = folder / f"{file.name}.gz.part"

    def on_bytes(done: int, total: int | None) -> None:
        if on_progress is not None:
            on_progress(file.name, done, total)

    reasons = []
    for mirror in mirrors:
        # The partial file can be another mirror's, compressed otherwise, or damaged: what doesn't
        # come out right with it gets a second chance from the first byte on.
        for _ in range(2):
            resumed = part.exists()
            try:
                transfer(
                    f"{mirror}{file.name}.gz",
                    part,
                    largest=file.size + _SLACK,
                    timeout=timeout,
                    on_bytes=on_bytes,
                )
                content = bytes(read_verified(part, file))
            except TransferError as error:
                reasons.append(f"{host_of(mirror)}: {error}")
                break
            except DataError:
                part.unlink()
                if resumed:
                    continue
                reasons.append(f"{host_of(mirror)}: it sent another file")
                break
            write_whole(folder / file.name, content)
            part.unlink()
            return mirror
    raise DownloadError(f"no mirror delivered {file.name}: {_in_short(reasons)}")


def _in_short(reasons: Sequence[str]) -> str:
    """The reasons, "host: reason", in a line; one that all hosts share is said once."""
    texts = {reason.partition(": ")[2] for reason in reasons}
    return texts.pop() if len(texts) == 1 else "; ".join(reasons)


def _is_intact(path: Path, file: PublishedFile) -> bool:
    if not path.is_file() or path.stat().st_size != file.size:
        return False
    try:
        read_verified(path, file)
    except DataError:
        return False
    return True


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / ".lock", timeout=_LONGEST_WAIT)
        lock.acquire()
    except Timeout as error:
        raise DownloadError(
            f"another process has been fetching into {folder} for {_LONGEST_WAIT:.0f} s; "
            "end it, or set INKDIGITS_CACHE to another folder"
        ) from error
    except OSError as error:
        raise StorageError(
            f"can't write into {folder}: {error.strerror or error}; "
            "set INKDIGITS_CACHE to another folder"
        ) from error
    try:
        yield
    finally:
        lock.release()
