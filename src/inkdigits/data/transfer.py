"""One file from one address: time-outs, a size limit, and going on where a partial file ends."""

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from inkdigits._version import __version__
from inkdigits.errors import StorageError

_BLOCK = 2**16
_MOST_ATTEMPTS = 10
# A server must bring this many bytes in each stretch of three time-outs, and in each attempt but
# one, or it is given up.
_LEAST_PROGRESS = 2**14


class TransferError(Exception):
    """This address doesn't deliver; the message is the reason in a few words."""


class _BrokenError(Exception):
    """The connection broke; what has arrived is kept."""


class _Response(Protocol):
    def read1(self, amount: int, /) -> bytes: ...


def transfer(
    address: str,
    part: Path,
    *,
    largest: int,
    timeout: float,
    on_bytes: Callable[[int, int | None], object],
) -> None:
    """Bring the file at the address to `part`, going on behind the bytes that `part` has already.

    A connection that breaks is made again for as long as the attempts bring more bytes.

    Args:
        address: http or https.
        part: the file to append to; on failure it keeps what has arrived.
        largest: bytes that the file may have at most.
        timeout: seconds to wait for an answer, and then for each further piece.
        on_bytes: called with (bytes done, bytes in all or None).

    Raises:
        TransferError: the address doesn't deliver the whole file.
        StorageError: `part` can't be written.
    """
    if not address.startswith(("http://", "https://")):
        raise TransferError("not an http or https address")
    reason, poor_attempts = "", 0
    for _ in range(_MOST_ATTEMPTS):
        before = _size(part)
        try:
            _attempt(address, part, largest, timeout, on_bytes)
        except _BrokenError as error:
            reason = str(error)
        except TimeoutError:
            reason = f"no answer in {timeout:g} s"
        except (OSError, http.client.HTTPException) as error:
            reason = _in_words(error, timeout)
        else:
            return
        gained = _size(part) - before
        poor_attempts += gained < _LEAST_PROGRESS
        if gained <= 0 or poor_attempts == 2:
            break
    raise TransferError(reason)


def _attempt(
    address: str,
    part: Path,
    largest: int,
    timeout: float,
    on_bytes: Callable[[int, int | None], object],
) -> None:
    done = _size(part)
    # Without this, servers may compress once more, and then ranges would count other bytes.
    headers = {"User-Agent": f"inkdigits/{__version__}", "Accept-Encoding": "identity"}
    if done:
        headers["Range"] = f"bytes={done}-"
    request = urllib.request.Request(address, headers=headers)  # noqa: S310 - checked by `transfer`
    try:
        response = urllib.request.urlopen(request, timeout=timeout)  # noqa: S310
    except urllib.error.HTTPError as error:
        with error:
            if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and done:
                part.unlink()
                _attempt(address, part, largest, timeout, on_bytes)
                return
        raise TransferError(f"HTTP {error.code} {error.reason}") from error
    with response:
        start, total = _extent(response.status, response.headers)
        if start not in (0, done):
            if not done:
                raise TransferError("it sends a part where the whole was asked for")
            part.unlink()
            _attempt(address, part, largest, timeout, on_bytes)
            return
        if total is not None and total > largest:
            raise TransferError(f"it offers {total:,} bytes, the file has at most {largest:,}")
        _append(response, part, start, total, largest, timeout, on_bytes)


def _append(
    response: _Response,
    part: Path,
    start: int,
    total: int | None,
    largest: int,
    timeout: float,
    on_bytes: Callable[[int, int | None], object],
) -> None:
    done = start
    mark, mark_time = done, time.monotonic()
    try:
        file = part.open("ab" if start else "wb")
    except OSError as error:
        raise _not_stored(part, error) from error
    with file:
        on_bytes(done, total)
        while block := response.read1(_BLOCK):
            done += len(block)
            if done > largest:
                raise TransferError(f"it sends more than the {largest:,} bytes that the file has")
            try:
                file.write(block)
                file.flush()
            except OSError as error:
                raise _not_stored(part, error) from error
            on_bytes(done, total)
            if time.monotonic() - mark_time > 3 * timeout:
                if done - mark < _LEAST_PROGRESS:
                    raise TransferError("it is too slow")
                mark, mark_time = done, time.monotonic()
    if total is not None and done < total:
        raise _BrokenError(f"it was cut short after {done:,} of {total:,} bytes")


def _extent(status: int, headers: http.client.HTTPMessage) -> tuple[int, int | None]:
    """Where the answer begins in the file, and the bytes of the whole file, where that is told."""
    if status == http.HTTPStatus.PARTIAL_CONTENT:
        # Content-Range: bytes 100-999/1000, where the last may be * (RFC 9110, section 14.4)
        span, _, whole = headers.get("Content-Range", "").removeprefix("bytes ").partition("/")
        first = span.partition("-")[0]
        return int(first) if first.isdigit() else -1, int(whole) if whole.isdigit() else None
    length = headers.get("Content-Length", "")
    return 0, int(length) if length.isdigit() else None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _in_words(error: OSError | http.client.HTTPException, timeout: float) -> str:
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, TimeoutError):
        return f"no answer in {timeout:g} s"
    return getattr(cause, "strerror", None) or str(cause) or type(cause).__name__


def _not_stored(part: Path, error: OSError) -> StorageError:
    return StorageError(
        f"can't write {part}: {error.strerror or error}; "
        "free some space or set INKDIGITS_CACHE to another folder"
    )
