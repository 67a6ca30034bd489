"""Who may ask, what an answer carries, and that every error is a problem that says what to do."""

import asyncio
import json
import re
import socket

import pytest
from served import running
from starlette.requests import Request

from inkdigits.interfaces.http.bodies import Bodies
from inkdigits.interfaces.http.gate import Gate
from inkdigits.interfaces.http.metrics import Metrics
from inkdigits.interfaces.http.problems import Problem
from inkdigits.interfaces.http.room import Room
from inkdigits.interfaces.http.settings import Settings


def through_gate(app, settings=None, path="/v1/read", method="POST", headers=()):
    """What a gate around an application answers: status, headers, body."""
    messages = []

    async def receive():
        return {"type": "http.request", "body": b""}

    async def send(message):
        messages.append(message)

    scope = {"type": "http", "method": method, "path": path, "query_string": b""}
    scope |= {"scheme": "http", "headers": list(headers)}
    gate = Gate(app, settings or Settings(), Metrics(Room(1)))
    asyncio.run(gate(scope, receive, send))
    start, *parts = messages
    body = b"".join(part.get("body", b"") for part in parts)
    return start["status"], dict(start["headers"]), body


def whole_answer(client):
    """What comes until the service closes the connection: an answer may come in several parts."""
    return b"".join(iter(lambda: client.recv(5000), b""))


async def fine(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"fine"})


@pytest.mark.parametrize(
    ("method", "path", "status", "says"),
    [
        ("GET", "/v1/nothing", 404, "there is nothing at /v1/nothing"),
        ("GET", "/v1/read", 405, "does not take GET, but POST"),
        ("DELETE", "/v2/health/live", 405, "does not take DELETE"),
        ("POST", "/v1/read/", 404, "there is nothing at"),
    ],
)
def test_a_path_or_method_that_is_not_there_is_a_problem(service, method, path, status, says):
    answer = service.ask(method, path)
    assert answer.status == status
    assert says in answer.problem
    assert ("allow" in answer.headers) == (status == 405)


def test_a_body_that_is_too_large_is_refused_before_it_comes(service):
    with socket.create_connection(service.address, 5) as client:
        client.sendall(b"POST /v1/read HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10000001\r\n")
        client.sendall(b"expect: 100-continue\r\n\r\n")
        answer = whole_answer(client)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"larger than 10 MB" in answer


def test_a_body_without_length_is_refused_once_it_is_too_large(service):
    answer = service.post("/v1/read", (bytes(500_000) for _ in range(22)))
    assert answer.status == 413
    assert "larger than 10 MB" in answer.problem


def test_a_compressed_body_is_refused(service):
    answer = service.post("/v1/read", b"x", {"content-encoding": "gzip"})
    assert (answer.status, "is encoded (gzip)" in answer.problem) == (415, True)


def test_what_is_no_http_is_a_problem(service):
    with socket.create_connection(service.address, 5) as client:
        client.sendall(b"nonsense\r\n\r\n")
        answer = whole_answer(client)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"application/problem+json" in answer


def test_a_fault_of_ours_is_a_problem_that_gives_nothing_away(capsys):
    async def faulty(scope, receive, send):
        raise ValueError("secret")

    status, headers, body = through_gate(faulty)
    assert status == 500
    assert headers[b"content-type"] == b"application/problem+json"
    assert b"secret" not in body
    request_id = headers[b"x-request-id"].decode()
    assert request_id in json.loads(body)["detail"]
    error, request = map(json.loads, capsys.readouterr().err.splitlines())
    assert (error["event"], error["error"], error["id"]) == ("error", "ValueError", request_id)
    assert any("faulty" in place for place in error["where"])
    assert (request["event"], request["status"]) == ("request", 500)


def test_every_answer_carries_security_headers_and_an_id(service, seven):
    answers = [
        service.post("/v1/read?single=1", seven),
        service.get("/nothing"),
        service.get("/docs"),
    ]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "access-control-allow-origin" not in answer.headers
        assert "server" not in answer.headers
    assert len({answer.headers["x-request-id"] for answer in answers}) == 3


def test_the_log_is_json_and_holds_ids_and_no_contents(service, seven):
    service.post("/v1/read?single=1&model=mlp", seven, {"x-request-id": "my-own.1"})
    service.post("/v1/read", b"private words", {"x-request-id": "evil\tid"})
    for line in service.log_file.read_text().splitlines():
        assert {"time", "event"} <= set(json.loads(line))
    mine = next(entry for entry in service.log() if entry.get("id") == "my-own.1")
    assert (mine["method"], mine["path"], mine["status"]) == ("POST", "/v1/read", 200)
    assert mine["milliseconds"] > 0
    assert "private" not in service.log_file.read_text()
    assert "evil" not in service.log_file.read_text()


def test_the_docs_load_nothing_from_outside(service):
    page = service.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    text = page.body.decode()
    loaded = re.findall(r"<(?:link|script|img|iframe)[^>]*(?:href|src)=\"([^\"]*)\"", text)
    assert loaded == ["/docs/style.css"]
    style = service.get("/docs/style.css")
    assert style.status == 200
    assert "url(" not in style.body.decode()
    assert "@import" not in style.body.decode()
    document = service.get("/openapi.json").json
    assert "/v1/read" in document["paths"]
    assert all(f"</b> {path}</h2>" in text for path in document["paths"])


def test_a_token_is_asked_for_where_there_is_one():
    settings = Settings(token="secret-1")
    for headers in ((), [(b"authorization", b"Bearer secret")], [(b"authorization", b"\xff")]):
        status, answer, body = through_gate(fine, settings, headers=headers)
        assert status == 401
        assert answer[b"www-authenticate"] == b"Bearer"
        assert b"secret-1" not in body
    right = [(b"authorization", b"Bearer secret-1")]
    assert through_gate(fine, settings, headers=right)[0] == 200
    assert through_gate(fine, settings, path="/metrics")[0] == 401
    assert through_gate(fine, settings, path="/v2/models/best/infer")[0] == 401
    assert through_gate(fine, settings, path="/v2/health/ready")[0] == 200
    assert through_gate(fine, settings, path="/")[0] == 200


def test_pages_of_other_origins_are_shut_out_unless_asked_for():
    host = (b"host", b"127.0.0.1:8000")
    other = (b"origin", b"https://elsewhere.example")
    assert through_gate(fine, headers=[host, other])[0] == 403
    assert through_gate(fine, headers=[host, (b"origin", b"null")])[0] == 403
    assert through_gate(fine, headers=[host, (b"origin", b"http://127.0.0.1:8000")])[0] == 200
    asked_for = Settings(allow_origins=("https://elsewhere.example",))
    status, headers, _ = through_gate(fine, asked_for, headers=[host, other])
    assert status == 200
    assert headers[b"access-control-allow-origin"] == b"https://elsewhere.example"
    assert headers[b"vary"] == b"origin"
    another = (b"origin", b"https://another.example")
    assert through_gate(fine, asked_for, headers=[host, another])[0] == 403
    preflight = [host, other, (b"access-control-request-method", b"POST")]
    status, headers, _ = through_gate(fine, asked_for, method="OPTIONS", headers=preflight)
    assert status == 204
    assert b"POST" in headers[b"access-control-allow-methods"]
    assert through_gate(fine, method="OPTIONS", headers=preflight)[0] == 403


def test_a_service_on_this_machine_answers_only_to_its_own_names(service):
    assert service.ask("GET", "/v1/models", headers={"host": "localhost:8000"}).status == 200
    rebound = service.ask("GET", "/v1/models", headers={"host": "evil.example"})
    assert (rebound.status, "--allow-host" in rebound.problem) == (421, True)


def test_token_and_names_come_from_the_command_line(tmp_path, seven):
    environment = {"INKDIGITS_TOKEN": "from-outside"}
    options = ("--workers", "1", "--allow-host", "digits.example", "--no-access-log")
    with running(tmp_path, *options, environment=environment) as service:
        assert service.post("/v1/read", seven).status == 401
        headers = {"authorization": "Bearer from-outside", "host": "digits.example"}
        assert service.post("/v1/read?single=1", seven, headers).json["rows"] == ["7"]
        assert "from-outside" not in str(service.process.args)
    assert [entry["event"] for entry in service.log()] == ["ready", "stopped"]


def test_bodies_that_are_here_at_once_are_limited_and_forgotten_when_done():
    def arriving(*parts):
        waiting = [
            {"type": "http.request", "body": part, "more_body": number + 1 < len(parts)}
            for number, part in enumerate(parts)
        ]

        async def receive():
            return waiting.pop(0)

        return Request({"type": "http", "method": "POST", "headers": []}, receive)

    async def story():
        bodies = Bodies(Settings(max_body=900, max_held_bytes=1500))
        first = await bodies.read(arriving(bytes(400), bytes(400)))
        assert len(first) == 800
        with pytest.raises(Problem, match="too many large bodies"):
            await bodies.read(arriving(bytes(400), bytes(400)))
        with pytest.raises(Problem, match="larger than"):
            await bodies.read(arriving(bytes(901)))
        bodies.release(first)
        for _ in range(5):
            bodies.release(await bodies.read(arriving(bytes(400), bytes(400))))

    asyncio.run(story())
