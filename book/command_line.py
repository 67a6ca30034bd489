"""The command line's reference page, made from the commands themselves.

    python -m book.command_line    write book/reference/command-line.md again

A test compares the page with the commands, so that it can't be out of date.
"""

from importlib import import_module
from pathlib import Path

import click

from inkdigits.interfaces.cli.main import COMMANDS, group

PAGE = Path(__file__).parent / "reference" / "command-line.md"
_HEAD = """# Command line

<!-- Made by: python -m book.command_line -->

Every command takes `--help` and `--json`. With `--json` the result goes to standard output as JSON
and everything for people to standard error.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | the work failed |
| 2 | bad input or usage; one line on standard error says what is wrong and what to do |
| 130 | interrupted; a training can be resumed |

| variable | meaning |
|---|---|
| `INKDIGITS_DATA` | a folder with the four MNIST files, plain or `.gz`; used before the cache |
| `INKDIGITS_CACHE` | where downloads are kept; the platform's cache folder by default |
| `INKDIGITS_DEBUG` | set it to 1 to see where an unexpected error came from |
"""


def page() -> str:
    """The whole page in Markdown."""
    return "\n".join([_HEAD, *(_section(name, about) for name, (about, _) in COMMANDS.items())])


def _section(name: str, about: str) -> str:
    command: click.Command = import_module(f"inkdigits.interfaces.cli.{COMMANDS[name][1]}").command
    # A help page depends on nothing but the command: width fixed, no terminal asked.
    context = click.Context(
        command,
        info_name=name,
        parent=click.Context(group, info_name="inkdigits"),
        terminal_width=88,
        max_content_width=88,
    )
    return f"## inkdigits {name}\n\n{about}\n\n```text\n{command.get_help(context).rstrip()}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(page())
