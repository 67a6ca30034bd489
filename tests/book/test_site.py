"""The built site: whole, offline, linked, searchable, and right about the figures it shows."""

import json
import re
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from book.figures import figures

from tests.book.conftest import BOOK

# The first of these tests waits until the site is built.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]
RESULTS = Path("benchmarks/results")
LOADED = {"img": "src", "script": "src", "link": "href", "source": "srcset", "iframe": "src"}


class Page(HTMLParser):
    """What a page links to, loads and names."""

    def __init__(self, text):
        super().__init__()
        self.links, self.loads, self.names, self.pictures = [], [], {""}, []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.names |= {values.get("id"), values.get("name")}
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        if values.get(LOADED.get(tag, "")):
            self.loads.append(values[LOADED[tag]])
        if tag == "img":
            self.pictures.append(values)


@pytest.fixture(scope="module")
def pages(site):
    return {path: Page(path.read_text()) for path in site.rglob("*.html")}


def test_every_page_of_the_book_is_built(site):
    sources = {path.relative_to(BOOK).with_suffix("") for path in BOOK.rglob("*.md")}
    assert len(sources) > 25
    for source in sources:
        assert (site / source.with_name(f"{source.name}.html")).is_file(), source


def test_nothing_is_loaded_from_outside(site, pages):
    for path, page in pages.items():
        outside = [url for url in page.loads if re.match(r"(?:[a-z]+:)?//", url)]
        assert outside == [], path
    for path in [*site.rglob("*.css"), *site.rglob("*.js")]:
        text = path.read_text(errors="replace")
        loaded = re.findall(r"""(?:@import|url\()\s*["']?((?:https?:)?//[^"')]+)""", text)
        assert loaded == [], path
        assert not re.search(r"""(?:fetch|importScripts)\(\s*["'`]https?://""", text), path


def test_every_link_leads_somewhere(site, pages):
    broken = []
    for path, page in pages.items():
        for link in page.links + page.loads:
            parts = urlsplit(link)
            if parts.scheme in ("http", "https", "mailto", "data"):
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path.resolve()
            if not target.is_file():
                broken.append((path.name, link))
            elif parts.fragment and target.suffix == ".html":
                known = pages[site / target.relative_to(site.resolve())].names
                if unquote(parts.fragment) not in known:
                    broken.append((path.name, link))
    assert broken == []


def test_every_picture_says_what_is_to_be_seen(pages):
    silent = [
        (path.name, picture.get("src", "")[:60])
        for path, page in pages.items()
        for picture in page.pictures
        if "alt" not in picture or ("only-" in picture.get("class", "") and not picture["alt"])
    ]
    assert silent == []


def test_a_drawing_is_there_for_light_and_for_dark(pages):
    drawn = 0
    for page in pages.values():
        classes = [picture.get("class", "") for picture in page.pictures]
        light = sum("only-light" in names for names in classes)
        assert light == sum("only-dark" in names for names in classes)
        drawn += light
    assert drawn > 20


def test_pages_fit_a_phone_and_both_colour_schemes(site):
    text = (site / "chapter/convolution.html").read_text()
    assert 'name="viewport"' in text
    assert 'name="color-scheme" content="light dark"' in text


def test_equations_are_mathml_that_is_well_formed(site):
    found = re.findall(
        r"<math .*?</math>", (site / "chapter/softmax-regression.html").read_text(), re.S
    )
    assert len(found) > 10
    for equation in found:
        ElementTree.fromstring(re.sub(r"&(?!#|amp;|lt;|gt;)\w+;", "", equation))


def test_the_search_finds_what_the_book_speaks_of(site):
    index = (site / "searchindex.js").read_text()
    for word in ("softmax", "pool", "mnist", "overfit", "onnx"):
        assert re.search(rf'"?{word}"?:', index), word


def test_the_opening_page_shows_the_figures_of_the_benchmarks(site):
    text = (site / "index.html").read_text()
    measured = figures(RESULTS)
    for name in ("single_ours", "single_chapter", "cnn_default", "mlp_default"):
        assert measured[name] in text, name
    runs = json.loads((RESULTS / "accuracy.json").read_text())["runs"]
    right = [r["test_accuracy"] for r in runs if (r["network"], r["recipe"]) == ("cnn", "default")]
    assert f"{sum(right) / len(right):.2%}" == measured["cnn_default"]


def test_no_page_tells_where_it_was_built(site, pages):
    here = str(Path.cwd())
    for path in pages:
        text = path.read_text()
        assert here not in text, path
        assert "Traceback" not in text, path


def test_a_printed_line_is_one_line_however_slowly_it_came(site):
    assert "cnn | MNIST sample train | fast | seed 1\n" in re.sub(
        r"<[^>]+>", "", (site / "chapter/training.html").read_text()
    )


def test_the_sample_is_said_to_be_one(site):
    assert "ONLY A SAMPLE" in (site / "chapter/digits.html").read_text()
