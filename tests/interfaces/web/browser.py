"""A person at the page: draws, drops, presses keys, looks, and keeps a screenshot."""

import base64
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# Strokes in shares of the paper's width, each a list of corners.
SEVEN = [[(0.38, 0.15), (0.60, 0.15), (0.46, 0.52)]]
ONE = [[(0.20, 0.15), (0.20, 0.50)]]
FOUR = [[(0.72, 0.15), (0.64, 0.36), (0.84, 0.36)], [(0.78, 0.24), (0.77, 0.55)]]


def find_browser() -> str | None:
    """A Chromium on this machine, or None."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


@contextmanager
def started_browser(untested):
    """A browser; the test is skipped, and says what goes untested, where there is none."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason=f"{untested} is NOT tested: pip install 'inkdigits[dev]'"
    )
    path = find_browser()
    if path is None:
        pytest.skip(f"{untested} is NOT tested: no Chromium on this machine (apt install chromium)")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


def open_page(context, url):
    """The page, ready for use; whatever goes wrong on it fails the test."""
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("console", lambda said: said.type == "error" and page.errors.append(said.text))
    page.goto(url)
    page.wait_for_selector("html[data-ready]")
    return page


def draw(page, strokes):
    """Draw strokes with the mouse."""
    for places in _on_screen(page, strokes):
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place, steps=3)
        page.mouse.up()


def draw_with_finger(page, strokes):
    """Draw strokes on a touch screen."""
    touch = page.context.new_cdp_session(page)
    for places in _on_screen(page, strokes):
        for number, (x, y) in enumerate(places):
            kind = "touchMove" if number else "touchStart"
            points = [{"x": x, "y": y}]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def _on_screen(page, strokes):
    """The corners of strokes in pixels of the window, once the paper is in sight."""
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    box = page.locator("#pad").bounding_box()
    return [
        [(box["x"] + x * box["width"], box["y"] + y * box["width"]) for x, y in stroke]
        for stroke in strokes
    ]


def wait_for_number(page, rows):
    """Wait until the page shows these rows of digits."""
    page.wait_for_function(
        "rows => [...document.querySelectorAll('#number .row')]"
        ".map(row => row.textContent).join(' ') === rows",
        arg=" ".join(rows),
    )


def drop(page, path):
    """Drop a file on the page."""
    content = base64.b64encode(Path(path).read_bytes()).decode()
    page.evaluate(
        """([content, name]) => {
            const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([bytes], name, { type: "image/png" }));
            for (const type of ["dragenter", "dragover", "drop"]) {
                const how = { dataTransfer, bubbles: true, cancelable: true };
                document.body.dispatchEvent(new DragEvent(type, how));
            }
        }""",
        [content, Path(path).name],
    )


def keep_screenshot(page, name, whole=False, at=None):
    """Keep a picture of the page, or of where it is scrolled to, for people to look at."""
    if at:
        page.evaluate(
            "at => document.querySelector(at).scrollIntoView({ behavior: 'instant' })", at
        )
    folder = Path(os.environ.get("INKDIGITS_SCREENSHOTS") or "build/screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    page.wait_for_timeout(250)  # bars move to their places
    page.screenshot(path=folder / f"{name}.png", full_page=whole)
