"""Keeps corrected digits in one SQLite file on this machine.

An image has one label: put right again, the latest holds. Every call opens the file anew and closes
it, so that workers and threads share it without sharing a connection. What is deleted is
overwritten, since handwriting is personal.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from inkdigits.data import Digits
from inkdigits.errors import StorageError
from inkdigits.files import make_folder

MOST = 100_000  # corrections; the file then has about 85 MB
_TABLE = """
CREATE TABLE IF NOT EXISTS corrections (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    image BLOB NOT NULL UNIQUE CHECK (length(image) = 784),
    read INTEGER NOT NULL CHECK (read BETWEEN 0 AND 9),
    label INTEGER NOT NULL CHECK (label BETWEEN 0 AND 9),
    made TEXT NOT NULL
)"""
_BUSY_SECONDS = 5.0


@dataclass(frozen=True)
class Correction:
    """A digit that a person put right.

    Attributes:
        id: by which it is deleted.
        image: what the network saw: 784 bytes, row by row, ink 255 on 0.
        read: the digit that the network read.
        label: the digit that it is.
        made: when, in UTC, as ISO 8601 to the second.
    """

    id: int
    image: bytes
    read: int
    label: int
    made: str


class CorrectionStore:
    """The corrections of this machine; the file is made when there is something to keep."""

    def __init__(self, path: Path | None = None) -> None:
        """Open nothing yet.

        Args:
            path: the file; INKDIGITS_CORRECTIONS, or one in the platform's data folder.
        """
        self.path = path or corrections_path()

    def add(self, image: bytes, read: int, label: int) -> Correction:
        """Keep a correction.

        Raises:
            StorageError: the file can't be written, or has as many as it may.
        """
        made = datetime.now(UTC).isoformat(timespec="seconds")
        with self._opened() as connection:
            if _count(connection) >= MOST:
                raise StorageError(
                    f"{self.path} has {MOST:,} corrections, the most it may; "
                    "export them and delete them"
                )
            cursor = connection.execute(
                "INSERT OR REPLACE INTO corrections (image, read, label, made) VALUES (?, ?, ?, ?)",
                (image, read, label, made),
            )
            return Correction(int(cursor.lastrowid or 0), image, read, label, made)

    def count(self) -> int:
        """How many there are."""
        if not self.path.exists():
            return 0
        with self._opened() as connection:
            return _count(connection)

    def latest(self, most: int) -> list[Correction]:
        """Those made last, the newest first."""
        return self._select("ORDER BY id DESC LIMIT ?", most)

    def digits(self) -> Digits:
        """All of them as a data set, in the order in which they were made."""
        rows = self._select("ORDER BY id LIMIT ?", MOST)
        images = np.frombuffer(b"".join(row.image for row in rows), np.uint8)
        labels = np.array([row.label for row in rows], np.uint8)
        return Digits(images.reshape(-1, 28, 28), labels, "corrections")

    def delete(self, number: int) -> bool:
        """Delete the one with this id; False if there is none."""
        if not self.path.exists():
            return False
        with self._opened() as connection:
            cursor = connection.execute("DELETE FROM corrections WHERE id = ?", (number,))
            return cursor.rowcount > 0

    def delete_all(self) -> int:
        """Delete them all; how many there were."""
        if not self.path.exists():
            return 0
        with self._opened() as connection:
            return connection.execute("DELETE FROM corrections").rowcount

    def _select(self, rest: str, most: int) -> list[Correction]:
        if not self.path.exists():
            return []
        with self._opened() as connection:
            rows = connection.execute(
                f"SELECT id, image, read, label, made FROM corrections {rest}",  # noqa: S608 - ours
                (most,),
            )
            return [Correction(*row) for row in rows]

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """A connection in a transaction, which is undone where an error is raised within."""
        try:
            self._make_private()
            with closing(sqlite3.connect(self.path, timeout=_BUSY_SECONDS)) as connection:
                connection.execute("PRAGMA secure_delete = ON")
                connection.execute(_TABLE)
                with connection:
                    yield connection
        except (sqlite3.Error, OSError) as error:
            raise StorageError(
                f"can't use {self.path} for corrections: {error}; "
                "set INKDIGITS_CORRECTIONS to another file"
            ) from error

    def _make_private(self) -> None:
        """Make the file, for its owner alone, where it is not there yet."""
        if not self.path.exists():
            make_folder(self.path.parent)
            os.close(os.open(self.path, os.O_CREAT | os.O_WRONLY, 0o600))


def corrections_path() -> Path:
    """Where corrections are kept: INKDIGITS_CORRECTIONS, or the platform's data folder.

    Raises:
        StorageError: it begins with `~` and there is no home folder.
    """
    named = os.environ.get("INKDIGITS_CORRECTIONS")
    if named:
        try:
            return Path(named).expanduser()
        except RuntimeError as error:
            raise StorageError(
                f"can't tell what INKDIGITS_CORRECTIONS={named} stands for, as no home folder is "
                "known; set it to a full path"
            ) from error
    from platformdirs import user_data_path

    return user_data_path("inkdigits", appauthor=False) / "corrections.sqlite"


def _count(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM corrections").fetchone()[0])
