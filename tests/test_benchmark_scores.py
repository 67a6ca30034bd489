"""The scores of the benchmark on pictures count what they say, and a folder is scored whole."""

import csv

import numpy as np
import pytest
from benchmarks.pictures import scores
from benchmarks.pictures.folder import open_folder
from benchmarks.pictures.measure import measure
from benchmarks.pictures.readers import Reader
from benchmarks.pictures.report import write_report
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

_TEXT = st.text("0123", max_size=8)


@given(_TEXT, _TEXT, _TEXT)
def test_edit_distance_is_a_distance(one, other, third):
    between = scores.edit_distance(one, other)
    assert between == scores.edit_distance(other, one)
    assert (between == 0) == (one == other)
    assert between <= scores.edit_distance(one, third) + scores.edit_distance(third, other)
    assert abs(len(one) - len(other)) <= between <= max(len(one), len(other))


@pytest.mark.parametrize(
    ("true", "read", "exact"),
    [
        (["12", "34"], ["12", "34"], 2),
        (["12", "34"], ["34"], 1),
        (["12", "34"], ["34", "12"], 1),
        (["12", "12"], ["12"], 1),
        (["12"], [], 0),
    ],
)
def test_rows_count_in_their_order(true, read, exact):
    assert scores.rows_exact(true, read) == exact


def test_small_sources_count_as_much_as_large_ones():
    right, sources = [True, True, True, False], ["a", "a", "a", "b"]
    assert scores.pooled(right) == 0.75
    assert scores.source_mean(right, sources) == 0.5


def test_risk_falls_where_the_unsure_half_is_wrong():
    risks = scores.risk_at_coverage([True, True, False, False], [0.9, 0.8, 0.2, 0.1], [0.5, 1.0])
    assert risks == {0.5: 0.0, 1.0: 0.5}


def test_a_folder_is_scored_and_every_mistake_reported(tmp_path):
    _folder(tmp_path)
    # A reader by brightness: white pictures are sevens, others are nothing.
    reader = Reader(
        "brightness",
        lambda p: (7, 0.9) if p.mean() > 200 else (None, 0.0),
        lambda p, least: (["7"], [0.9]) if p.mean() > 200 else ([], []),
    )
    result = measure(reader, open_folder(tmp_path), None, lambda part: None)
    figures = result.figures
    assert figures["single"]["pooled"] == 0.5
    assert figures["sets"]["tiny"]["accuracy"] == 0.25
    assert figures["pages"]["rows_exact"] == 0.5
    assert figures["pages"]["digit_error_rate"] == pytest.approx(2 / 3)
    assert figures["rejection"]["at_confidence"]["0.9"]["others_read"] == 1.0
    assert figures["rejection"]["at_confidence"]["0.95"]["digits_refused"] == 1.0
    assert [m.part for m in result.mistakes] == ["single", *["tiny"] * 3, "multi", "other"]
    page = write_report(tmp_path / "report", result).read_text()
    assert page.count("<figure>") == 6


def test_a_folder_without_manifests_is_refused(tmp_path):
    with pytest.raises(SystemExit, match="manifest"):
        open_folder(tmp_path)


def _folder(folder):
    white, black = (Image.new("L", (30, 20), level) for level in (255, 0))
    lines = {
        "single": [
            {"file": "w.png", "label": 7, "source": "a"},
            {"file": "b.png", "label": 3, "source": "b"},
        ],
        "multi": [{"file": "w.png", "rows": "7|12"}],
        "other": [{"file": "w.png"}],
    }
    for part, manifest in lines.items():
        (folder / part).mkdir()
        white.save(folder / part / "w.png")
        black.save(folder / part / "b.png")
        with (folder / part / "manifest.csv").open("w", newline="") as content:
            table = csv.DictWriter(content, list(manifest[0]))
            table.writeheader()
            table.writerows(manifest)
    (folder / "sets").mkdir()
    images = np.zeros((4, 8, 8), np.uint8)
    images[0] = 255
    np.savez(folder / "sets" / "tiny.npz", images=images, labels=np.array([7, 1, 2, 3], np.uint8))
