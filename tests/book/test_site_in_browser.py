"""The built site in a browser: on a phone, light and dark, with the search, by keyboard, alone."""

import re

import pytest

from tests.interfaces.web.browser import started_browser

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]
PAGES = ("index", "chapter/convolution", "chapter/your-handwriting", "guides/many-machines")
PHONE, DESK = {"width": 360, "height": 780}, {"width": 1280, "height": 860}


@pytest.fixture(scope="module")
def browser():
    with started_browser("the site") as opened:
        yield opened


@pytest.fixture
def visit(site, browser):
    """A function that opens a page of the site; errors and calls to elsewhere fail the test."""
    contexts, wrong = [], []

    def visiting(name, viewport, scheme="light"):
        context = browser.new_context(viewport=viewport, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda asked: _is_elsewhere(asked.url) and wrong.append(asked.url))
        page.goto((site / f"{name}.html").as_uri())
        return page

    yield visiting
    for context in contexts:
        context.close()
    assert wrong == []


def _is_elsewhere(url):
    return not re.match(r"(?:file|data|blob|about):", url)


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_shows_a_page_without_scrolling_sideways(name, visit):
    page = visit(name, PHONE)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
    assert page.locator("h1").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_drawings_and_paper_follow_the_colour_scheme(scheme, visit):
    page = visit("chapter/convolution", DESK, scheme)
    other = {"light": "dark", "dark": "light"}[scheme]
    drawings = page.locator(".drawing").count()
    assert drawings >= 2
    assert page.locator(f".drawing img.only-{scheme}:visible").count() == drawings
    assert page.locator(f".drawing img.only-{other}:visible").count() == 0
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    brightness = sum(map(int, re.findall(r"\d+", paper)[:3])) / 3
    assert (brightness > 200) == (scheme == "light")


def test_what_inkdigits_does_better_is_within_one_screen(visit):
    page = visit("index", DESK)
    tiles = page.locator(".tiles > div")
    assert tiles.count() >= 4
    for tile in tiles.all():
        box = tile.bounding_box()
        assert box["y"] + box["height"] <= DESK["height"]


def test_a_word_is_found(visit):
    page = visit("search", DESK)
    page.goto(f"{page.url}?q=softmax")
    page.wait_for_selector("#search-results li a", timeout=60_000)
    assert page.locator("#search-results li a", has_text="Softmax").count() >= 1


def test_the_chapter_is_read_on_by_its_links(visit):
    page = visit("chapter/digits", DESK)
    page.get_by_role("link", name=re.compile("^Next")).first.click()
    page.wait_for_url("**/softmax-regression.html")
