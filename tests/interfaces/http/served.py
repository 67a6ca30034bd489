"""A real service, in processes of its own."""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def problem(self) -> str:
        """What it says is wrong, if it is a problem in the right form."""
        assert self.headers["content-type"] == "application/problem+json", self.body
        assert self.json["status"] == self.status
        assert "\n" not in self.json["detail"]
        return self.json["detail"]


@dataclass
class Service:
    process: subprocess.Popen
    log_file: Path
    url: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> tuple[str, int]:
        host, port = self.url.removeprefix("http://").split(":")
        return host, int(port)

    def ask(self, method, path, body=None, headers=None, timeout=30) -> Answer:
        connection = http.client.HTTPConnection(*self.address, timeout=timeout)
        try:
            connection.request(method, path, body, {**self.headers, **(headers or {})})
            answer = connection.getresponse()
            names = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, names, answer.read())
        finally:
            connection.close()

    def get(self, path, headers=None) -> Answer:
        return self.ask("GET", path, headers=headers)

    def post(self, path, body=b"", headers=None) -> Answer:
        return self.ask("POST", path, body, headers)

    def wait_until_it_works_on(self, requests: int) -> None:
        """Wait until so many requests are being worked on."""
        name = "inkdigits_requests_in_progress "
        for _ in range(1000):
            self.get("/v2/health/live")  # its worker notes how many there are
            lines = self.get("/metrics").body.decode().splitlines()
            if sum(float(line.removeprefix(name)) for line in lines if line.startswith(name)) == (
                requests
            ):
                return
            time.sleep(0.01)
        raise AssertionError(f"never {requests} requests at once")

    def log(self) -> list[dict]:
        lines = self.log_file.read_text().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def stop(self, number=signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(90)


def closed_pipe() -> int:
    """The end to write into of a pipe that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    return writing


@contextlib.contextmanager
def running(folder, *options, environment=None, log_is_read=True):
    """`inkdigits serve` at a free port, ended afterwards."""
    log_file = folder / f"log-{time.monotonic_ns()}.jsonl"
    with log_file.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "inkdigits", "serve", "--port", "0", "--json", *options],
            stdout=subprocess.PIPE,
            stderr=log if log_is_read else closed_pipe(),
            # The corrections of whoever runs the tests are none of theirs.
            env={
                **os.environ,
                "INKDIGITS_CORRECTIONS": str(folder / "corrections.sqlite"),
                **(environment or {}),
            },
        )
    service = Service(process, log_file)
    try:
        line = process.stdout.readline()
        assert line, log_file.read_text()
        service.url = json.loads(line)["url"]
        yield service
    finally:
        if process.poll() is None:
            service.stop()
        process.stdout.close()
