"""The comparison as a table on a terminal: 80 columns are enough for it."""

from rich.console import Console
from rich.table import Table

from inkdigits.interfaces.report import figures
from inkdigits.interfaces.report.comparison import Comparison

_WIDTH = 80  # what a terminal has; in a pipe and in a wider one it is the same


def print_comparison(comparison: Comparison) -> None:
    """Print a row for each classifier on standard output, the chosen one in bold."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="")
    # Only the name may be broken over lines: a figure that is cut is no figure.
    table.add_column("classifier", overflow="fold")
    for head in ("test %", "95 % interval", "chapter", "cost", "parameters", "seconds"):
        table.add_column(head, justify="right", no_wrap=True)
    for entry in comparison.entries:
        table.add_row(
            entry.name,
            _bare(figures.percent(entry.test.accuracy)),
            _bare(figures.interval(entry.test.interval)),
            _bare(figures.percent(entry.chapter_accuracy)),
            figures.cost(entry.cost),
            figures.count(entry.parameters),
            figures.seconds(entry.seconds),
            style="bold" if entry is comparison.best else None,
        )
    Console(width=_WIDTH).print(table)


def _bare(percent: str) -> str:
    """Without the sign, which the column's head has."""
    return percent.removesuffix("\N{NO-BREAK SPACE}%")
