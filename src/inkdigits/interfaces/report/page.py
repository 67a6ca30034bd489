"""The report: one HTML page that needs nothing from elsewhere and reads well at any width.

Scripts, fonts, pictures and styles of other places are not asked for, so the file can be kept,
mailed and opened without a network. It follows the reader's light or dark setting.
"""

from html import escape
from importlib.resources import files

from inkdigits import __version__
from inkdigits.data.digits import Digits
from inkdigits.interfaces.report import figures
from inkdigits.interfaces.report.comparison import Comparison, Entry
from inkdigits.interfaces.report.confusion import confusion_section
from inkdigits.interfaces.report.curve_svg import curve_svg
from inkdigits.interfaces.report.method import method_section
from inkdigits.interfaces.report.mistakes import mistake_gallery

_MISTAKES_SHOWN = 12


def report_html(comparison: Comparison, test: Digits) -> str:
    """The page.

    Args:
        comparison: what to report.
        test: the digits that it was measured on, for pictures of the mistakes.
    """
    style = files("inkdigits.interfaces.report").joinpath("page.css").read_text("utf-8")
    title = "Handwritten digits: classifiers compared"
    body = "".join(
        [
            _header(comparison, title),
            _results(comparison),
            _curves(comparison),
            confusion_section(comparison),
            _mistakes(comparison, test),
            method_section(comparison),
        ]
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n{body}"
        f"<footer>Made by inkdigits {escape(__version__)}"
        f"{_on(comparison.date)}.</footer>\n</body>\n</html>\n"
    )


def _header(comparison: Comparison, title: str) -> str:
    warning = ""
    if comparison.note:
        warning = f'<p class="warning" role="note">{escape(comparison.note)}</p>'
    best = comparison.best
    lede = (
        '<p class="lede">No network is chosen: there were no validation digits to choose by, and '
        "the test digits must not choose.</p>"
    )
    if best is not None:
        lede = (
            f'<p class="lede">The {escape(best.title)} is chosen: its cost on the '
            f"{comparison.data['validation']:,} validation digits is the lowest of the networks; "
            "the test digits had no say. It reads "
            f"<strong>{figures.percent(best.test.accuracy)}</strong> of "
            f"{best.test.count:,} test digits right (95 % interval "
            f"{figures.interval(best.test.interval)}); {best.test.errors:,} are read wrong.</p>"
        )
    return f"<header><h1>{title}</h1>{warning}{lede}</header>\n<main>\n"


def _results(comparison: Comparison) -> str:
    heads = (
        "Test accuracy", "95 % interval", "The chapter", "Test cost", "Parameters", "Seconds",
        "Model file",
    )  # fmt: skip
    rows = []
    for entry in comparison.entries:
        chosen = entry is comparison.best
        cells = (
            figures.percent(entry.test.accuracy),
            figures.interval(entry.test.interval),
            figures.percent(entry.chapter_accuracy),
            figures.cost(entry.cost),
            figures.count(entry.parameters),
            figures.seconds(entry.seconds),
            figures.file_size(entry.model_bytes),
        )
        columns = "".join(
            f'<td data-label="{head}"{" class=main" if number == 0 else ""}>{cell}</td>'
            for number, (head, cell) in enumerate(zip(heads, cells, strict=True))
        )
        tag = '<span class="tag">chosen</span>' if chosen else ""
        rows.append(
            f'<tr{" class=best" if chosen else ""}><th scope="row">{escape(entry.title)}{tag}</th>'
            f"{columns}</tr>"
        )
    classical = ""
    if any(entry.recipe is None for entry in comparison.entries):
        classical = (
            " The classical methods have fixed settings, so they are trained on the validation "
            "digits too."
        )
    header = "".join(f'<th scope="col">{head}</th>' for head in heads)
    return (
        '<section><h2>Results</h2><table class="results"><thead><tr>'
        f'<th scope="col">Classifier</th>{header}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
        '<p class="soft">"The chapter" is the test accuracy that PaddlePaddle\'s '
        '"Recognize Digits" reports. There the best pass is the one that is best on the test '
        "set; here passes and networks are chosen on validation digits, and each classifier is "
        f"shown the test set once, afterwards.{classical}</p></section>\n"
    )


def _curves(comparison: Comparison) -> str:
    cards = []
    for entry in comparison.entries:
        if entry.curve is None:
            continue
        caption = _curve_caption(entry)
        drawing = curve_svg(entry.curve, f"Learning curve of the {entry.title}. {caption}")
        cards.append(
            f'<figure class="card"><h3>{escape(entry.title)}</h3>{drawing}'
            f"<figcaption>{escape(caption)}</figcaption></figure>"
        )
    if not cards:
        return ""
    return (
        "<section><h2>Learning curves</h2>"
        '<ul class="legend"><li><i style="border-color:var(--train)"></i>Train cost: running mean, '
        'and mini-batches (faint)</li><li><i style="border-color:var(--validation)"></i>'
        'Validation cost</li><li><i class="ring"></i>Chosen pass</li></ul>'
        f'<div class="grid">{"".join(cards)}</div></section>\n'
    )


def _curve_caption(entry: Entry) -> str:
    curve = entry.curve
    if curve is None or curve.best is None or curve.best.accuracy is None:
        return "There is no validation split, so the last pass is taken."
    best = curve.best
    caption = (
        f"Pass {best.pass_} (counted from 0) has the lowest validation cost, {best.cost:.4f}; "
        f"validation accuracy there {figures.percent(best.accuracy)}."
    )
    if curve.label_smoothing:
        caption += (
            f" The train cost is that of smoothed labels ({curve.label_smoothing:g}), hence higher."
        )
    return caption


def _mistakes(comparison: Comparison, test: Digits) -> str:
    galleries = "".join(
        f"<h3>{escape(entry.title)}</h3>"
        + mistake_gallery(entry.test.mistakes[:_MISTAKES_SHOWN], test)
        for entry in comparison.entries
        if entry.cost is not None  # without probabilities there is no confidence
    )
    return (
        "<section><h2>The most confident mistakes</h2>"
        "<p>What the classifier saw, 28 by 28 pixels (ink shown dark), and how sure it was of the "
        "wrong digit.</p>"
        f"{galleries}</section>\n"
    )


def _on(date: str) -> str:
    return f" on {escape(date)}" if date else ""
