"""Files are written whole or not at all: a temporary name, flushed to disk, then renamed."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from inkdigits.errors import StorageError


def write_whole(path: Path, content: bytes | Callable[[IO[bytes]], object]) -> None:
    """Write a file so that a reader sees the old content or the new, never a part.

    Args:
        path: where to write; its folder must exist.
        content: the bytes, or a function that writes them to an open binary file.

    Raises:
        StorageError: the disk is full, or the folder is gone or not writable.
    """
    temporary = None
    try:
        descriptor, name = tempfile.mkstemp(
            dir=path.parent, prefix=f".{path.name}.", suffix=".part"
        )
        temporary = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            if isinstance(content, bytes):
                file.write(content)
            else:
                content(file)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except OSError as error:
        raise StorageError(
            f"can't write {path}: {error.strerror or error}; "
            "free some space or choose another folder"
        ) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def make_folder(path: Path) -> None:
    """Make a folder and those above it; one that is there already is left as it is.

    Raises:
        StorageError: it can't be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"can't make the folder {path}: {error.strerror or error}; choose another"
        ) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
