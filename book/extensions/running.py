"""The directive `run`: a block of the guides that is run while the book is built.

    ```{run} sh
    :picture: seen.png
    inkdigits read page.jpg --show seen.png
    ```

The block is shown with its language's colours, what it printed stands below, and a picture that it
wrote can follow; `:save: NAME` keeps the block itself as a file. Blocks of one page run in order,
in one folder that starts with the example pictures. A block that fails (or does not leave with the
exit code it is said to) stops the build: what the guides show is what happens.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

ROOT = Path(__file__).parents[2]
# The names that the guides use for the pictures in examples/.
PICTURES = {
    "page.png": "pages/numbers.png",
    "seven.jpg": "seven-on-paper.jpg",
    "five.png": "five-in-pale-pencil.png",
    "three.jpg": "three-in-chalk.jpg",
    "two.png": "two-on-transparent.png",
    "six.jpg": "six-on-its-side-by-exif.jpg",
}
_SECONDS = 600
_folders: dict[str, tempfile.TemporaryDirectory[str]] = {}  # of the pages that are being read


def setup(app: Sphinx) -> ExtensionMetadata:
    """Enter the directive."""
    app.add_directive("run", Run)
    app.connect("doctree-read", _tidy)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _tidy(app: Sphinx, _: nodes.document) -> None:
    """Remove the folder of a page that has been read."""
    if app.env.docname in _folders:
        _folders.pop(app.env.docname).cleanup()


class Run(SphinxDirective):
    """Runs its content with sh or Python, and shows both the content and what it printed."""

    has_content = True
    required_arguments = 1
    option_spec = {  # noqa: RUF012 (docutils looks it up on the class)
        "picture": directives.unchanged,
        "alt": directives.unchanged,
        "lines": directives.nonnegative_int,
        "exit": directives.nonnegative_int,
        "save": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        """The nodes that stand in the block's place."""
        language, text = self.arguments[0], "\n".join(self.content)
        folder = self._folder()
        if "save" in self.options:  # for the blocks below, as a module for example
            (folder / self.options["save"]).write_text(f"{text}\n")
        code, output = run_block(language, text, folder)
        if code != self.options.get("exit", 0):
            raise ExtensionError(
                f"{self.env.docname}, line {self.lineno}: exit code {code} from\n{text}\n{output}"
            )
        result: list[nodes.Node] = [nodes.literal_block(text, text, language=language)]
        output = shortened(output, self.options.get("lines"))
        if output:
            result.append(nodes.literal_block(output, output, language="text", classes=["output"]))
        if "picture" in self.options:
            result.append(self._picture(folder / self.options["picture"]))
        return result

    def _folder(self) -> Path:
        """One folder for all blocks of a page."""
        page = self.env.docname
        if page not in _folders:
            _folders[page] = tempfile.TemporaryDirectory(prefix="inkdigits-book-")
            prepare(Path(_folders[page].name))
        return Path(_folders[page].name)

    def _picture(self, path: Path) -> nodes.Node:
        # Beside the page, so that Sphinx finds it as it finds any picture.
        place = Path(self.env.srcdir) / "_pictures" / self.env.docname.replace("/", "-")
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place / path.name)
        uri = f"/{(place / path.name).relative_to(self.env.srcdir).as_posix()}"
        return nodes.image(uri=uri, alt=self.options.get("alt", ""), classes=["result"])


def prepare(folder: Path) -> None:
    """Put the example pictures there, the command `inkdigits` of this very Python, and an `ssh`."""
    for name, example in PICTURES.items():
        shutil.copy(ROOT / "examples" / example, folder / name)
    tools = folder / ".bin"
    tools.mkdir()
    scripts = {
        "inkdigits": f'exec "{sys.executable}" -m inkdigits "$@"',
        "python": f'exec "{sys.executable}" "$@"',
        # No other machine is asked: what is said to it is done here, by a shell as there.
        "ssh": 'shift\nexec sh -c "$*"',
    }
    for name, lines in scripts.items():
        script = tools / name
        script.write_text(f"#!/bin/sh\n{lines}\n")
        script.chmod(0o755)


def run_block(language: str, text: str, folder: Path) -> tuple[int, str]:
    """Run a block in a prepared folder: its exit code, and what it printed."""
    command = ["sh", "-euc", text] if language == "sh" else [sys.executable, "-c", text]
    environment = os.environ | {
        "PATH": f"{folder / '.bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), os.environ.get("PYTHONPATH", ""))),
        "COLUMNS": "88",
    }
    for name in ("no_proxy", "NO_PROXY"):  # a service on this machine is asked without a proxy
        environment[name] = ",".join(filter(None, (os.environ.get(name), "127.0.0.1")))
    done = subprocess.run(  # noqa: S603
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    return done.returncode, re.sub(r"\x1b\[[0-9;]*m", "", done.stdout).rstrip()


def shortened(output: str, lines: int | None) -> str:
    """The first and the last lines of a long output."""
    parts = output.splitlines()
    if lines is None or len(parts) <= lines:
        return output
    return "\n".join([*parts[: lines - 2], "…", parts[-1]])
