"""The service in operation: slow clients, too many, workers that die, and the end of its work."""

import io
import os
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from served import running

# Long enough to see that somebody waits, short enough for a test.
BODY_SECONDS = 1


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A service that works on two requests at once and waits a second for a body."""
    options = ("--workers", "1", "--max-requests", "2", "--body-seconds", str(BODY_SECONDS))
    with running(tmp_path_factory.mktemp("small"), *options) as service:
        yield service


@pytest.fixture(scope="module")
def long_page(ten):
    """A PNG that takes a while to read: 150 digits."""
    rng = np.random.default_rng(3)
    rows = [np.hstack([np.pad(ten[i], 6) for i in rng.integers(10, size=15)]) for _ in range(10)]
    content = io.BytesIO()
    Image.fromarray(255 - np.vstack(rows)).save(content, "PNG")
    return content.getvalue()


def until_closed(client, send, pause=0.1, limit=90):
    """Send again and again until the other side closes; seconds that it took, and its words."""
    began, said = time.monotonic(), b""
    client.settimeout(pause)
    while time.monotonic() - began < limit:
        try:
            client.sendall(send)
            part = client.recv(5000)
            if not part:
                break
            said += part
        except TimeoutError:
            continue
        except OSError:
            break
    return time.monotonic() - began, said


@pytest.mark.parametrize(
    ("start", "drip", "answered"),
    [
        (b"POST /v1/read HTTP/1.1\r\nhost: localhost\r\ncontent-length: 900\r\n\r\n", b"x", True),
        (b"POST /v1/read HTTP/1.1\r\nhost: localhost\r\n", b"x", False),
        (b"", b"\r\n", False),
    ],
    ids=["body", "headers", "blank lines"],
)
def test_a_client_that_sends_too_slowly_is_closed_and_others_are_unharmed(
    small, seven, start, drip, answered
):
    with socket.create_connection(small.address) as client:
        client.sendall(start)
        with ThreadPoolExecutor(1) as pool:
            slow = pool.submit(until_closed, client, drip)
            while not slow.done():
                assert small.post("/v1/read?single=1", seven).json["rows"] == ["7"]
                time.sleep(0.1)
    seconds, said = slow.result()
    assert BODY_SECONDS - 0.1 <= seconds < 90  # it was closed: 90 is when we give up
    assert (b" 408 " in said) == answered
    assert (b"application/problem+json" in said) == answered


def test_slow_bodies_take_no_room_from_others(small, seven):
    start = b"POST /v1/read HTTP/1.1\r\nhost: localhost\r\ncontent-length: 900\r\n\r\n"
    clients = [socket.create_connection(small.address) for _ in range(30)]
    for client in clients:
        client.sendall(start)
    assert small.post("/v1/read?single=1", seven).status == 200
    for client in clients:
        client.close()


def test_beyond_its_limit_a_service_refuses_at_once_and_recovers(small, seven, long_page):
    with ThreadPoolExecutor(12) as pool:
        reading = [pool.submit(small.post, "/v1/read", long_page) for _ in range(2)]
        small.wait_until_it_works_on(2)
        refused = list(pool.map(lambda _: small.post("/v1/read?single=1", seven), range(8)))
        alive = small.get("/v2/health/live")
        assert not all(future.done() for future in reading), "the page was read too soon"
    assert {answer.status for answer in refused} == {503}
    assert all(answer.headers["retry-after"] == "1" for answer in refused)
    assert "2 requests are being worked on" in refused[0].problem
    assert alive.status == 200
    assert [future.result().status for future in reading] == [200, 200]
    assert small.post("/v1/read?single=1", seven).status == 200


def test_a_client_that_goes_away_is_noticed_and_harms_nobody(small, seven):
    with socket.create_connection(small.address) as client:
        client.sendall(b"POST /v1/read HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\nx")
        time.sleep(0.1)
    assert small.post("/v1/read?single=1", seven).status == 200
    until = time.monotonic() + 60
    while 499 not in {entry.get("status") for entry in small.log()}:
        assert time.monotonic() < until, "it was not noticed"
        time.sleep(0.02)


def test_figures_for_prometheus_count_what_was_done(small, seven):
    def count():
        text = small.get("/metrics").body.decode()
        start = 'inkdigits_requests_total{method="POST",path="/v1/read",status="200"} '
        (line,) = [line for line in text.splitlines() if line.startswith(start)]
        return float(line.removeprefix(start))

    small.post("/v1/read?single=1", seven)
    before = count()
    small.post("/v1/read?single=1", seven)
    assert count() == before + 1


@pytest.mark.parametrize(("workers", "number"), [(1, signal.SIGINT), (2, signal.SIGTERM)])
def test_a_signal_lets_running_requests_finish(tmp_path, long_page, workers, number):
    with running(tmp_path, "--workers", str(workers)) as service:
        with ThreadPoolExecutor(1) as pool:
            reading = pool.submit(service.post, "/v1/read", long_page)
            service.wait_until_it_works_on(1)
            code = service.stop(number)
        assert reading.result().status == 200
        assert len(reading.result().json["digits"]) > 100
        assert code == 0
        with pytest.raises(ConnectionError):
            service.get("/v2/health/live")


def test_a_worker_that_dies_is_started_again_and_takes_no_other_with_it(tmp_path, seven):
    with running(tmp_path, "--workers", "2") as service:
        workers = children(service.process.pid)
        assert len(workers) == 2
        os.kill(workers[0], signal.SIGKILL)
        # Whoever connects meanwhile waits for the new worker, or is served by the other one.
        for _ in range(20):
            assert service.post("/v1/read?single=1", seven).json["rows"] == ["7"]
        after = children(service.process.pid)
        assert len(after) == 2
        assert workers[0] not in after
        assert workers[1] in after
        assert service.stop() == 0
    events = [entry["event"] for entry in service.log()]
    assert events.count("worker died") == 1


def test_figures_of_all_workers_are_added_up(tmp_path):
    with running(tmp_path, "--workers", "2", "--no-access-log") as service:
        for _ in range(40):  # the kernel spreads connections over both
            service.get("/v1/models")
        text = service.get("/metrics").body.decode()
    assert 'inkdigits_requests_total{method="GET",path="/v1/models",status="200"} 40.0' in text


def test_workers_stop_when_their_supervisor_is_killed(tmp_path):
    with running(tmp_path, "--workers", "2") as service:
        workers = children(service.process.pid)
        service.process.kill()
        service.process.wait()
        until = time.monotonic() + 60
        while any(is_running(pid) for pid in workers) and time.monotonic() < until:
            time.sleep(0.05)
        assert not any(is_running(pid) for pid in workers)


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_running(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_memory_and_threads_do_not_grow_with_requests(small, seven):
    pid = small.process.pid

    def figures():
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        fields = dict(line.split(":", 1) for line in lines)
        return int(fields["VmRSS"].split()[0]) / 1000, int(fields["Threads"])

    for _ in range(50):
        small.post("/v1/read?single=1", seven)
    before, threads = figures()
    for _ in range(200):
        small.post("/v1/read?single=1", seven)
    after, threads_after = figures()
    assert after < before + 5
    assert threads_after == threads
    assert threads < 20
    assert threading.active_count() < 30


def test_a_log_that_nobody_reads_any_more_stops_no_request(tmp_path, seven):
    with running(tmp_path, "--workers", "1", log_is_read=False) as service:
        for _ in range(3):
            assert service.post("/v1/read?single=1", seven).json["rows"] == ["7"]
        assert service.stop() == 0
