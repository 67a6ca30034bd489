"""Confusion matrices as HTML tables, the mistakes coloured by how often they happen."""

from html import escape

import numpy as np

from inkdigits.interfaces.report.comparison import Comparison, Entry


def confusion_section(comparison: Comparison) -> str:
    """A confusion matrix for each classifier, as an HTML section."""
    cards = "".join(
        f'<div class="card"><h3>{escape(entry.title)}</h3>{_confusion(entry)}</div>'
        for entry in comparison.entries
    )
    return (
        "<section><h2>What is taken for what</h2>"
        "<p>Each row is a true digit, each column what it was read as; the more often a mistake "
        f'happens, the redder it is.</p><div class="grid">{cards}</div></section>\n'
    )


def _confusion(entry: Entry) -> str:
    matrix = entry.test.confusion
    most = max(1, int((matrix - np.diag(matrix.diagonal())).max()))
    rows = []
    for digit in range(10):
        cells = []
        for read in range(10):
            number = int(matrix[digit, read])
            if digit == read:
                cells.append(f'<td class="right">{number}</td>')
            elif number:
                # The square root keeps single mistakes visible beside frequent ones.
                strength = 0.62 * (number / most) ** 0.5
                cells.append(f'<td class="wrong" style="--strength:{strength:.2f}">{number}</td>')
            else:
                cells.append("<td></td>")
        rows.append(f'<tr><th scope="row">{digit}</th>{"".join(cells)}</tr>')
    header = "".join(f'<th scope="col">{digit}</th>' for digit in range(10))
    return (
        f'<table class="confusion"><caption>{entry.test.errors:,} errors in '
        f"{entry.test.count:,}</caption><thead><tr><td></td>{header}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
    )
