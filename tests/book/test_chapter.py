"""The chapter's notebooks run from top to bottom on the sample, their own checks included.

Here they are plain programs of this process, which share what is loaded and draw coarsely; the site
runs them as notebooks.
"""

import pytest
from book.programs import BOOK, cells, notebooks, run


@pytest.fixture
def coarse_drawings(monkeypatch):
    from book import drawing

    monkeypatch.setattr(drawing, "_DOTS", 40)


@pytest.mark.parametrize("page", notebooks(), ids=lambda page: page.stem)
def test_a_notebook_runs(page, on_the_sample, coarse_drawings, tmp_path, monkeypatch, capsys):
    import torch

    for name in ("INKDIGITS_DATA", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in on_the_sample.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    # Two threads on so few digits would wait for each other, and on a busy machine for long.
    monkeypatch.setattr("inkdigits.training.loop.usable_processors", lambda: 1)
    with torch.random.fork_rng(devices=[]):
        assert run(page)
    if "print(data.note or" in page.read_text():
        assert "ONLY A SAMPLE" in capsys.readouterr().out


def test_all_pages_of_the_chapter_but_the_references_are_notebooks():
    pages = {path for path in (BOOK / "chapter").glob("*.md") if path.stem != "references"}
    assert pages == {path for path in notebooks() if path.parent.name == "chapter"}
    assert len(pages) >= 12


def test_a_cell_that_fails_tells_its_line_of_the_page(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# A page\n\n```{code-cell} ipython3\n:tags: [hide-input]\nx = 1\nx / 0\n```\n")
    assert [cell.strip() for cell in cells(page)] == ["x = 1\nx / 0"]
    with pytest.raises(ZeroDivisionError) as failed:
        run(page)
    assert failed.traceback[-1].lineno == 5  # counted from 0: the sixth line of the page
