"""Downloads survive bad mirrors, broken connections, killed processes and each other."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from inkdigits.data.download import MIRRORS, fetch
from inkdigits.data.reachability import reachable
from inkdigits.errors import DownloadError, StorageError

IMAGES = "train-images-idx3-ubyte"


def assert_complete(folder: Path, small) -> None:
    """All files are there and whole, and nothing is left over but the lock."""
    for name, content in small.plain.items():
        assert (folder / name).read_bytes() == content
    left = {path.name for path in folder.iterdir()} - set(small.plain)
    assert left <= {".lock"}


def test_files_are_fetched_decompressed_and_told_about(small, mirror, tmp_path: Path):
    told = []
    fetch(
        small.files,
        tmp_path / "new" / "cache",
        [mirror.at("good")],
        on_progress=lambda *news: told.append(news),
    )
    assert_complete(tmp_path / "new" / "cache", small)
    size = len(small.packed(IMAGES))
    news = [(done, total) for name, done, total in told if name == IMAGES]
    assert news[0] == (0, size)
    assert news[-1] == (size, size)
    assert [done for done, _ in news] == sorted(done for done, _ in news)
    assert {name for name, _, _ in told} == set(small.plain)


def test_a_mirror_may_send_the_file_uncompressed(small, mirror, tmp_path: Path):
    fetch(small.files, tmp_path, [mirror.at("plain")])
    assert_complete(tmp_path, small)


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        ("missing", "HTTP 404 Not Found"),
        ("other", "it sent another file"),
        ("page", "it sent another file"),
        ("huge", "it offers 1,000,000,000,000 bytes"),
        ("endless", "it sends more than"),
        ("silent", "no answer in 0.3 s"),
        ("stall", "no answer in 0.3 s"),
        ("drip", "it is too slow"),
        ("cut-no-range", "it was cut short after 20,000 of"),
    ],
)
def test_a_bad_mirror_is_left_for_the_next_one(small, mirror, tmp_path: Path, behaviour, reason):
    bad = mirror.at(behaviour)
    began = time.monotonic()
    with pytest.raises(DownloadError) as caught:
        fetch(small.files, tmp_path / "alone", [bad], timeout=0.3)
    assert f"no mirror delivered {IMAGES}: {reason}" in str(caught.value)
    assert time.monotonic() - began < 10
    fetch(small.files, tmp_path / "both", [bad, mirror.at("good")], timeout=0.3)
    assert_complete(tmp_path / "both", small)
    # The mirror that delivered is asked first for the other files.
    after = [kind for kind, name, _ in mirror.requests if name != f"{IMAGES}.gz"]
    assert after == ["good"] * 3


def test_a_broken_connection_is_resumed_where_it_broke(small, mirror, tmp_path: Path):
    fetch(small.files, tmp_path, [mirror.at("cut")])
    assert_complete(tmp_path, small)
    ranges = [asked for _, name, asked in mirror.requests if name == f"{IMAGES}.gz"]
    assert ranges == [None, *(f"bytes={20_000 * n}-" for n in range(1, len(ranges)))]
    assert len(ranges) > 3


@pytest.mark.parametrize("behaviour", ["good", "no-range", "wrong-range"])
def test_a_partial_file_is_resumed_or_the_file_begun_again(small, mirror, tmp_path, behaviour):
    part = tmp_path / f"{IMAGES}.gz.part"
    part.write_bytes(small.packed(IMAGES)[:5_000])
    fetch(small.files, tmp_path, [mirror.at(behaviour)])
    assert_complete(tmp_path, small)
    assert mirror.requests[0] == (behaviour, f"{IMAGES}.gz", "bytes=5000-")
    asked = [asked for _, name, asked in mirror.requests if name == f"{IMAGES}.gz"]
    assert len(asked) == (2 if behaviour == "wrong-range" else 1)


@pytest.mark.parametrize("length", [5_000, 200_000])
def test_a_partial_file_of_something_else_is_begun_again(small, mirror, tmp_path, length):
    # 200,000 bytes are more than the file has: the server answers 416.
    (tmp_path / f"{IMAGES}.gz.part").write_bytes(b"x" * length)
    fetch(small.files, tmp_path, [mirror.at("good")])
    assert_complete(tmp_path, small)


def test_what_is_intact_is_not_fetched_again(small, mirror, tmp_path: Path):
    fetch(small.files, tmp_path, [mirror.at("good")])
    mirror.requests.clear()
    fetch(small.files, tmp_path, [mirror.at("good")])
    assert mirror.requests == []


CODE = """
import sys
from pathlib import Path
from inkdigits.data.download import fetch
from inkdigits.data.mnist_files import PublishedFile
folder, mirror, *files = sys.argv[1:]
files = [PublishedFile(n, s, int(b)) for n, s, b in (file.split() for file in files)]
fetch(files, Path(folder), [mirror])
"""


def start(small, folder: Path, address: str, **environment: str) -> subprocess.Popen[str]:
    files = [f"{file.name} {file.sha256} {file.size}" for file in small.files]
    return subprocess.Popen(
        [sys.executable, "-c", CODE, str(folder), address, *files],
        env={"PYTHONPATH": ":".join(sys.path), **environment},
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_processes_at_once_fetch_once_and_corrupt_nothing(small, mirror, tmp_path: Path):
    processes = [start(small, tmp_path / "cache", mirror.at("slow")) for _ in range(2)]
    for process in processes:
        assert process.communicate(timeout=60)[1] == ""
        assert process.returncode == 0
    assert_complete(tmp_path / "cache", small)
    assert sorted(name for _, name, _ in mirror.requests) == sorted(f"{n}.gz" for n in small.plain)


def test_a_killed_process_leaves_no_lock_and_its_bytes_are_used(small, mirror, tmp_path: Path):
    process = start(small, tmp_path, mirror.at("slow"))
    part = tmp_path / f"{IMAGES}.gz.part"
    deadline = time.monotonic() + 30
    while not (part.exists() and part.stat().st_size > 10_000):
        assert time.monotonic() < deadline, "the download did not begin"
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    arrived = part.stat().st_size
    assert arrived < len(small.packed(IMAGES))
    mirror.requests.clear()
    fetch(small.files, tmp_path, [mirror.at("good")])
    assert_complete(tmp_path, small)
    assert mirror.requests[0][2] == f"bytes={arrived}-"


def test_a_cache_that_can_not_be_written_is_one_clear_error(small, mirror, tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError, match="set INKDIGITS_CACHE to another folder"):
        fetch(small.files, tmp_path / "file" / "cache", [mirror.at("good")])
    (tmp_path / "cache" / f"{IMAGES}.gz.part").mkdir(parents=True)
    with pytest.raises(StorageError, match=r"can't write .*part"):
        fetch(small.files, tmp_path / "cache", [mirror.at("good")])


def test_addresses_that_are_not_http_are_never_opened(small, mirror, tmp_path: Path):
    secret = tmp_path / f"{IMAGES}.gz"
    secret.write_bytes(small.packed(IMAGES))
    with pytest.raises(DownloadError):
        fetch(small.files, tmp_path / "cache", [f"file://{tmp_path}/"])
    # Nor where another mirror is in reach.
    fetch(small.files, tmp_path / "cache", [f"file://{tmp_path}/", mirror.at("good")])
    assert len(mirror.requests) == 4


@pytest.fixture
def dropping():
    """An address that drops packets as a firewall does: a listener whose queue is full."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        callers = [socket.socket() for _ in range(4)]
        for caller in callers:
            caller.setblocking(False)
            caller.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        for caller in callers:
            caller.close()


def test_a_firewall_costs_one_time_out_however_many_mirrors_there_are(dropping, small, tmp_path):
    began = time.monotonic()
    with pytest.raises(DownloadError, match=r"can be reached: no answer in 0.5 s"):
        fetch(small.files, tmp_path, [dropping + str(n) for n in range(8)], timeout=0.5)
    assert time.monotonic() - began < 1.5


def test_a_silent_mirror_is_not_waited_for_when_another_answers(dropping, mirror):
    began = time.monotonic()
    good, reasons = reachable([dropping, mirror.at("good"), "http://127.0.0.1:9/"], timeout=20)
    assert time.monotonic() - began < 5
    assert good == [mirror.at("good"), dropping]
    assert reasons == ["127.0.0.1: connection refused"]


def test_a_name_server_that_never_answers_costs_one_time_out(monkeypatch):
    # The one thing here that is feigned: getaddrinfo can't be interrupted, so it must not be
    # waited for.
    over = threading.Event()

    def silent(*_: object, **__: object) -> list[object]:
        over.wait(30)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    began = time.monotonic()
    good, reasons = reachable(MIRRORS, timeout=0.3)
    assert time.monotonic() - began < 2
    over.set()
    assert good == []
    assert all(reason.endswith("no answer in 0.3 s") for reason in reasons)
    assert len(reasons) == len(MIRRORS)


def test_an_unknown_name_fails_at_once_and_is_said_in_words():
    began = time.monotonic()
    good, reasons = reachable(["https://no.such.name.invalid/mnist/"], timeout=20)
    assert good == []
    assert reasons == ["no.such.name.invalid: name can't be resolved"]
    assert time.monotonic() - began < 15


def test_a_proxy_is_used_where_the_environment_names_one(small, mirror, tmp_path: Path):
    # In its own process: urllib asks for proxies once in a process's life.
    proxy = mirror.at("").rstrip("/")
    process = start(small, tmp_path, "http://mirror.invalid/good/", http_proxy=proxy)
    assert process.communicate(timeout=60)[1] == ""
    assert_complete(tmp_path, small)


def test_the_mirrors_are_addresses_to_which_a_name_can_be_added():
    assert all(re.fullmatch(r"https?://[^ ]+/", mirror) for mirror in MIRRORS)
    assert len(set(MIRRORS)) >= 3
