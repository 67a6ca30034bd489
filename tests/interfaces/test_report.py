"""The report: a page that stands alone, says where its figures are from, and hides nothing."""

import base64
import io
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.training.events_of_a_run import events

from inkdigits.inference.evaluation import evaluate_probabilities
from inkdigits.interfaces.report import Comparison, Entry, print_comparison, report_html
from inkdigits.training.learning_curve import LearningCurve

_DATA = {"name": "MNIST", "origin": "folder", "checksum": "ab12", "train": 1000, "validation": 200}
_VOID = {"meta", "link", "img", "br", "hr", "input", "path", "circle", "polyline"}


class Page(HTMLParser):
    """What a browser would make of the page: its tags, its text, and whether all is closed."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.words, self.open = [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] != ["style"]:
            self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def entry(name, test_digits, right, validation_cost, **changes):
    """A classifier that reads that share of the digits right and takes the others for a 7 or 1."""
    labels = test_digits.labels
    read = np.where(np.arange(len(labels)) < right * len(labels), labels, (labels == 7) * -6 + 7)
    probabilities = np.full((len(labels), 10), 0.02)
    probabilities[np.arange(len(labels)), read] = 0.82
    test = evaluate_probabilities(probabilities, labels)
    curve = LearningCurve()
    for event in events(Path("runs")):
        curve(event)
    values = {
        "name": name, "title": name, "test": test, "cost": test.cost, "seconds": 4.2,
        "recipe": {"name": "chapter", "learning_rate": 0.001}, "parameters": 7850,
        "model": Path(f"runs/{name}/best.onnx"), "model_bytes": 32_900, "best_pass": 1,
        "validation_cost": validation_cost, "curve": curve,
    }  # fmt: skip
    return Entry(**values | changes)


@pytest.fixture(scope="module")
def comparison(few_digits):
    return Comparison(
        entries=(
            entry("softmax-regression", few_digits.test, 0.9, 0.3),
            entry("mlp", few_digits.test, 0.98, 0.2),
            entry("cnn", few_digits.test, 0.95, 0.1),
            entry(
                "support-vectors", few_digits.test, 0.97, None, cost=None, recipe=None,
                settings="RBF kernel <C = 10>", parameters=None, model=None, model_bytes=None,
                best_pass=None, curve=None,
            ),
        ),
        data=_DATA | {"test": len(few_digits.test)},
        seed=3,
        machine="a machine",
        date="2026-11-24",
        versions={"torch": "2.13"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def page(comparison, few_digits):
    return Page(report_html(comparison, few_digits.test))


def test_the_page_is_whole(page):
    assert page.open == []
    assert [attributes["lang"] for attributes in page.all("html")] == ["en"]
    assert len(page.all("h1")) == 1


def test_nothing_is_loaded_from_elsewhere(comparison, page, few_digits):
    html = report_html(comparison, few_digits.test)
    assert not re.search(r"https?://|@import|url\(", html)
    assert not page.all("script")
    assert not page.all("link")
    for _, attributes in page.tags:
        for name in ("src", "href", "srcset", "xlink:href", "data"):
            assert attributes.get(name, "data:").startswith("data:")


def test_every_picture_says_in_words_what_it_shows(page):
    assert page.all("img")
    for attributes in page.all("img"):
        assert re.fullmatch(r"A \d that was read as \d", attributes["alt"])
    drawings = page.all("svg")
    assert len(drawings) == 3
    for attributes in drawings:
        assert attributes["role"] == "img"
        assert "lowest validation cost" in attributes["aria-label"]


def test_the_page_suits_dark_rooms_and_narrow_screens(comparison, page, few_digits):
    html = report_html(comparison, few_digits.test)
    assert "prefers-color-scheme: dark" in html
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in page.all(
        "meta"
    )


def test_pictures_of_mistakes_are_the_test_digits_themselves(page, comparison, few_digits):
    first = comparison.entries[0].test.mistakes[0]
    encoded = page.all("img")[0]["src"].removeprefix("data:image/png;base64,")
    shown = np.asarray(Image.open(io.BytesIO(base64.b64decode(encoded))))
    assert np.array_equal(255 - shown, few_digits.test.images[first.index])
    assert f"true {first.label}, read {first.read} 82.00 % sure test no. {first.index:,}" in (
        page.text
    )


def test_each_network_stands_beside_what_the_chapter_reports(page):
    for accuracy in ("92.34 %", "97.66 %", "99.20 %"):
        assert accuracy in page.text


def test_validation_chooses_even_where_the_test_set_says_otherwise(comparison, page):
    by_test = max(comparison.entries, key=lambda entry: entry.test.accuracy)
    assert (comparison.best.name, by_test.name) == ("cnn", "mlp")
    assert "The cnn is chosen: its cost on the 200 validation digits is the lowest" in page.text
    assert page.text.count("cnn chosen") == 1


def test_without_validation_nothing_is_chosen(few_digits):
    unvalidated = Comparison(
        (entry("cnn", few_digits.test, 0.9, None),),
        _DATA | {"validation": 0, "test": len(few_digits.test)},
    )
    assert unvalidated.best is None
    text = Page(report_html(unvalidated, few_digits.test)).text
    assert "No network is chosen: there were no validation digits to choose by" in text


def test_the_page_says_how_its_figures_came_about(page):
    for words in (
        "Looks at the test set 4: one for each classifier",
        "1,000 to train on, 200 to choose by, 400 to test on",
        "Seed 3",
        "torch 2.13",
        "a machine",
        "learning rate 0.001",
        "RBF kernel <C = 10>",
        "SHA-256 of the training data ab12",
    ):
        assert words in page.text


def test_a_confusion_matrix_counts_every_test_digit(comparison, few_digits):
    html = report_html(comparison, few_digits.test)
    tables = re.findall(r'<table class="confusion">.*?</table>', html)
    assert len(tables) == 4
    for table in tables:
        assert sum(map(int, re.findall(r"<td[^>]*>(\d+)</td>", table))) == len(few_digits.test)


def test_the_sample_is_said_loudly_and_the_whole_is_not(comparison, page, few_digits):
    sample = Comparison(comparison.entries, comparison.data, note="ONLY A SAMPLE: <4,000 digits>")
    told = Page(report_html(sample, few_digits.test))
    assert told.text.index("ONLY A SAMPLE: <4,000 digits>") < told.text.index("Results")
    assert "ONLY A SAMPLE" not in page.text


def test_a_classifier_without_mistakes_has_none_to_show(few_digits):
    perfect = Comparison(
        (entry("cnn", few_digits.test, 1.0, 0.1),), _DATA | {"test": len(few_digits.test)}
    )
    shown = Page(report_html(perfect, few_digits.test))
    assert "There is none." in shown.text
    assert not shown.all("img")


def test_the_table_on_a_terminal_keeps_to_80_columns_and_stays_aligned(comparison, capsys):
    print_comparison(comparison)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 5
    assert max(map(len, lines)) <= 80
    assert lines[1].split()[0] == "softmax-regression"
    assert "90.00" in lines[1]
    ends = [line.index(".") for line in lines[1:]]
    assert len(set(ends)) == 1
