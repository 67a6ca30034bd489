"""The site, built once for all tests of this folder, on the sample; and pages to be run."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("myst_nb", reason="the book needs the extra docs")
pytest.importorskip("torch", reason="the book trains networks: it needs the extra train")

BOOK = Path("book")


@pytest.fixture(scope="session")
def on_the_sample(tmp_path_factory) -> dict[str, str]:
    """An environment in which only the embedded sample can be had, and nothing from the network."""
    nowhere = "http://127.0.0.1:9"  # the port that discards: a connection is refused at once
    proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), nowhere)
    kept = {name: value for name, value in os.environ.items() if name.lower() != "no_proxy"}
    kept.pop("INKDIGITS_DATA", None)
    cache = str(tmp_path_factory.mktemp("empty-cache"))
    return kept | proxies | {"INKDIGITS_CACHE": cache, "PYTHON": sys.executable}


@pytest.fixture(scope="session")
def site(on_the_sample, tmp_path_factory) -> Path:
    """The folder of the built site; a warning or a cell that fails has stopped the build."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        ["scripts/book", str(folder)],
        env=on_the_sample,
        capture_output=True,
        text=True,
        timeout=1100,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    return folder


@pytest.fixture
def pictures(tmp_path, on_the_sample) -> Path:
    """A folder with the pictures that README and the guides name."""
    from book.extensions.running import ROOT, prepare

    prepare(tmp_path)
    shutil.copy(tmp_path / "five.png", tmp_path / "digit.png")
    from PIL import Image

    page = Image.open(ROOT / "examples/pages/numbers.png").convert("RGB")
    page.save(tmp_path / "page.jpg", quality=95)
    return tmp_path


def fenced_blocks(path: Path) -> list[tuple[str, str]]:
    """The fenced blocks of a Markdown file: what stands behind the fence, and the content."""
    found = re.findall(r"^(`{3,}|:{3,})([^\n]*)\n(.*?)^\1\s*$", path.read_text(), re.M | re.S)
    return [(info.strip(), content) for _, info, content in found]
