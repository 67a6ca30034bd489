"""A small MNIST of random digits, and a real HTTP server that behaves as badly as it is told to."""

import gzip
import hashlib
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest

from inkdigits.data.idx import write_idx
from inkdigits.data.mnist_files import FILES, PublishedFile


class SmallMnist:
    """Four IDX files of random digits: their bytes, and the checksums that go with them."""

    def __init__(self, folder: Path) -> None:
        generator = np.random.default_rng(0)
        arrays = []
        for count in (120, 40):
            arrays.append(generator.integers(0, 256, (count, 28, 28), np.uint8))
            arrays.append(np.arange(count, dtype=np.uint8) % 10)
        self.arrays = arrays
        self.plain: dict[str, bytes] = {}
        for published, array in zip(FILES, arrays, strict=True):
            write_idx(folder / published.name, array)
            self.plain[published.name] = (folder / published.name).read_bytes()
        self.files = tuple(
            PublishedFile(name, hashlib.sha256(content).hexdigest(), len(content))
            for name, content in self.plain.items()
        )

    def packed(self, name: str) -> bytes:
        return gzip.compress(self.plain[name], mtime=0)

    def write(self, folder: Path, name: str = "{}", packed: bool = False) -> Path:
        folder.mkdir(exist_ok=True)
        for stem in self.plain:
            content = self.packed(stem) if packed else self.plain[stem]
            (folder / name.format(stem)).write_bytes(content)
        return folder


@pytest.fixture
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallMnist:
    return SmallMnist(tmp_path_factory.mktemp("published"))


@pytest.fixture
def small_is_mnist(small: SmallMnist, monkeypatch: pytest.MonkeyPatch) -> SmallMnist:
    """`mnist()` takes the small files for the published ones; the environment says nothing."""
    # The name inkdigits.data.mnist is the function; the module of that name is only here.
    monkeypatch.setattr(sys.modules["inkdigits.data.mnist"], "FILES", small.files)
    monkeypatch.delenv("INKDIGITS_DATA", raising=False)
    monkeypatch.delenv("INKDIGITS_CACHE", raising=False)
    return small


class _Handler(BaseHTTPRequestHandler):
    """Serves /<behaviour>/<file>.gz."""

    protocol_version = "HTTP/1.1"
    server: "Mirror"

    def do_GET(self) -> None:
        _, behaviour, name = urlsplit(self.path).path.split("/")
        asked = self.headers.get("Range")
        self.server.requests.append((behaviour, name, asked))
        self.close_connection = True
        if behaviour == "missing":
            self._head(404, {"Content-Length": "0"})
            return
        content = self.server.small.packed(name.removesuffix(".gz"))
        if behaviour == "plain":
            content = self.server.small.plain[name.removesuffix(".gz")]
        if behaviour == "other":
            content = gzip.compress(b"\0\0\x08\x01\0\0\0\x03abc")
        if behaviour == "page":
            content = b"<html>Log in to use this network</html>"
        if behaviour == "huge":
            self._head(200, {"Content-Length": str(10**12)})
            return
        if behaviour == "endless":
            self._head(200, {})
            while self._send(bytes(2**16)):
                pass
            return
        if behaviour == "silent":
            self.server.over.wait(20)
            return
        start, status, headers = 0, 200, {"Content-Length": str(len(content))}
        if asked is not None and behaviour not in ("no-range", "cut-no-range"):
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
            if start >= len(content):
                self._head(416, {"Content-Length": "0"})
                return
            if behaviour == "wrong-range":
                start += 1
            status = 206
            headers = {
                "Content-Length": str(len(content) - start),
                "Content-Range": f"bytes {start}-{len(content) - 1}/{len(content)}",
            }
        self._head(status, headers)
        if behaviour in ("cut", "cut-no-range"):
            self._send(content[start : start + self.server.piece])
        elif behaviour == "stall":
            self._send(content[start : start + 1000])
            self.server.over.wait(20)
        elif behaviour == "drip":
            for place in range(start, len(content)):
                if self.server.over.wait(0.05) or not self._send(content[place : place + 1]):
                    break
        elif behaviour == "slow":
            for place in range(start, len(content), 4096):
                time.sleep(0.02)
                if not self._send(content[place : min(place + 4096, len(content))]):
                    break
        else:
            self._send(content[start:])

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _send(self, content: bytes) -> bool:
        try:
            self.wfile.write(content)
            self.wfile.flush()
        except OSError:
            return False
        return True

    def log_message(self, *_: object) -> None:
        pass


class Mirror(ThreadingHTTPServer):
    """A mirror of the small MNIST; `requests` are (behaviour, file, Range)."""

    daemon_threads = True

    def __init__(self, small: SmallMnist) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.small = small
        self.requests: list[tuple[str, str, str | None]] = []
        self.over = threading.Event()
        self.piece = 20_000  # bytes that `cut` sends each time

    def at(self, behaviour: str) -> str:
        return f"http://127.0.0.1:{self.server_port}/{behaviour}/"

    def handle_error(self, *_: object) -> None:
        pass


@pytest.fixture
def mirror(small: SmallMnist, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with Mirror(small) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        server.over.set()
        server.shutdown()
        thread.join()
