"""A page of the book as a plain program: its code cells, run one after another in this process.

The site runs each notebook in a kernel of its own, which takes seconds to start and to load
PyTorch; here the pages share what is loaded. `python -m book.programs` runs all of them and prints
the processor time of each.
"""

import re
import time
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

BOOK = Path(__file__).parent
_CELL = re.compile(r"^```\{code-cell\}[^\n]*\n(.*?)^```\s*$", re.M | re.S)
_OPTIONS = re.compile(r"(?:---\n.*?^---\n|(?::[^\n]*\n)+)", re.M | re.S)


def notebooks() -> list[Path]:
    """The pages that have code cells, in the order of their paths."""
    return sorted(path for path in BOOK.rglob("*.md") if "kernelspec:" in path.read_text())


def cells(page: Path) -> Iterator[str]:
    """The code of each cell, below as many empty lines as put it where it stands on the page."""
    text = page.read_text()
    for found in _CELL.finditer(text):
        options = _OPTIONS.match(found[1])
        start = found.start(1) + (options.end() if options else 0)
        yield "\n" * text.count("\n", 0, start) + text[start : found.end(1)]


def run(page: Path) -> dict[str, Any]:
    """Run a page's cells and give the names that they leave; errors tell the page's own lines.

    As in a notebook, the working folder is that of the page.
    """
    names: dict[str, Any] = {"__name__": "__main__"}
    with chdir(page.parent):
        for cell in cells(page):
            exec(compile(cell, str(page), "exec"), names)  # noqa: S102 (the book's own code)
    return names


if __name__ == "__main__":
    for path in notebooks():
        start = time.process_time()
        run(path)
        print(f"{path.name:40}{time.process_time() - start:6.1f} s", flush=True)  # noqa: T201
