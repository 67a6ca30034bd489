"""The command `inkdigits`: finds the subcommand, loads only that one, and reports errors.

Exit codes: 0 done, 1 the work failed, 2 bad input or usage, 130 interrupted.
"""

import os
import sys
from importlib import import_module
from typing import NoReturn

import click

from inkdigits._version import __version__
from inkdigits.errors import InkdigitsError

# Name: (what `--help` says, the module that holds a click command called `command`).
COMMANDS = {
    "train": ("Train a network and save a model file.", "train"),
    "compare": ("Train the chapter's three classifiers and compare them.", "compare"),
    "evaluate": ("Measure a model file on the test set.", "evaluate"),
    "quantize": ("Save a model file in int8, for small processors.", "quantize"),
    "read": ("Read the digits in pictures.", "read"),
    "serve": ("Serve pictures and arrays over HTTP, with a web page.", "serve"),
    "data": ("Show the data that is there, and fetch what is not.", "data"),
    "models": ("List the models that come with inkdigits.", "models"),
}


class _LazyGroup(click.Group):
    """Knows its commands by name and loads a command's module when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"inkdigits.interfaces.cli.{COMMANDS[cmd_name][1]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (about, _) in COMMANDS.items()])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="inkdigits")
def group() -> None:
    """Recognise handwritten digits: train, compare, deploy, and read real pictures."""


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    try:
        sys.exit(group.main(prog_name="inkdigits", standalone_mode=False))
    except InkdigitsError as error:
        _fail(str(error), error.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        sys.exit(0)
    except click.UsageError as error:
        hint = f" (see '{error.ctx.command_path} --help')" if error.ctx else ""
        _fail(error.format_message() + hint, 2)
    except click.ClickException as error:
        _fail(error.format_message(), error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        _fail("interrupted", 130)
    except BrokenPipeError:
        # The reader of our output has gone (`| head`): not an error, but stop Python from
        # complaining about it when it flushes standard output on the way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except MemoryError:
        _fail("not enough memory for this; give a smaller input", 1)
    except Exception as error:  # the last resort: a person never sees a traceback unasked
        if os.environ.get("INKDIGITS_DEBUG"):
            raise
        _fail(
            f"this should not have happened: {type(error).__name__}: {error}; "
            "set INKDIGITS_DEBUG=1 to see where, and please report it",
            1,
        )


def _fail(message: str, exit_code: int) -> NoReturn:
    click.echo("inkdigits: " + " ".join(message.split()), err=True)
    sys.exit(exit_code)
