"""A running service, and a browser that looks at its page."""

import json
import signal
import subprocess
import sys
import urllib.request

import pytest
from tests.interfaces.web.browser import open_page, started_browser


@pytest.fixture(scope="session")
def service(corrections_elsewhere):
    """The address of `inkdigits serve`, which keeps corrections where the tests do."""
    process = subprocess.Popen(
        [sys.executable, "-m", "inkdigits", "serve", "--port=0", "--workers=1", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with process:
        try:
            yield json.loads(process.stdout.readline())["url"].rstrip("/")
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


@pytest.fixture
def ask(service):
    """A function that asks the service: (method, path, body, type) to (status, content)."""

    def asking(method, path, body=None, kind="application/json"):
        if isinstance(body, dict):
            body = json.dumps(body).encode()
        headers = {"content-type": kind} if body is not None else {}
        request = urllib.request.Request(service + path, body, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    return asking


@pytest.fixture
def no_corrections(ask):
    """Nothing is corrected yet."""
    assert ask("DELETE", "/v1/corrections")[0] == 200


@pytest.fixture(scope="session")
def chromium():
    with started_browser("the page") as browser:
        yield browser


@pytest.fixture
def visit(service, chromium):
    """A function that opens the page in a new window, and in the end checks for errors on it."""
    contexts, pages = [], []

    def visiting(width=1280, height=860, **options):
        contexts.append(
            chromium.new_context(viewport={"width": width, "height": height}, **options)
        )
        pages.append(open_page(contexts[-1], service))
        return pages[-1]

    yield visiting
    errors = [error for page in pages for error in page.errors]
    for context in contexts:
        context.close()
    assert errors == []
