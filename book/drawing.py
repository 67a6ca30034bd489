"""Figures of the book: one style, drawn once for light pages and once for dark ones.

    show(lambda figure, colours: ..., alt="what is to be seen")

The function draws into an empty figure with the colours of the page; both pictures go into the
notebook, and the site shows the one that fits. Colours are told apart by colour-blind people
(Okabe & Ito 2008, "Color Universal Design").
"""

import base64
import html
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from IPython.display import HTML
from matplotlib import rc_context
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from PIL import Image

_DOTS = 200  # an inch; figures are shown at 100, so that they are sharp on fine screens


@dataclass(frozen=True)
class Colours:
    """What a figure is drawn in.

    Attributes:
        text: of words and axes.
        faint: of grids and frames.
        paper: of the page, for text boxes.
        lines: six colours for series, in this order.
        ink: a colour map from no ink to full ink.
        signed: a colour map from negative to positive, the page's colour at zero.
    """

    text: str
    faint: str
    paper: str
    lines: tuple[str, ...]
    ink: LinearSegmentedColormap
    signed: LinearSegmentedColormap


def _map(*stops: str) -> LinearSegmentedColormap:
    return LinearSegmentedColormap.from_list("book", stops)


LIGHT = Colours(
    text="#30343b",
    faint="#d9dce1",
    paper="#ffffff",
    lines=("#0072b2", "#d55e00", "#009e73", "#b3478c", "#8a6d00", "#56616e"),
    ink=_map("#f4f5f7", "#1d2430"),
    signed=_map("#0b4f82", "#6aa6d6", "#fafafa", "#e9945a", "#a84300"),
)
DARK = Colours(
    text="#d5d9e0",
    faint="#3c424c",
    paper="#131416",
    lines=("#56b4e9", "#f0944d", "#35c496", "#e08bc0", "#e3c04a", "#9aa5b3"),
    ink=_map("#1f2226", "#f1f3f6"),
    signed=_map("#8ecbf5", "#2d75ab", "#1b1d20", "#b8601f", "#ffb27a"),
)


def show(
    draw: Callable[[Figure, Colours], object],
    *,
    alt: str,
    width: float = 6.8,
    height: float = 3.2,
) -> HTML:
    """Draw a figure for light and for dark pages.

    Args:
        draw: called with an empty figure and the colours to use.
        alt: the figure in words, for those who do not see it.
        width: inches; a page is 7 wide.
        height: inches.
    """
    pictures = []
    for colours, name, hidden in ((LIGHT, "only-light", ""), (DARK, "only-dark", " hidden")):
        data = base64.b64encode(_picture(draw, colours, width, height)).decode()
        pictures.append(
            f'<img class="{name}" src="data:image/webp;base64,{data}" alt="{html.escape(alt)}" '
            f'width="{round(width * 100)}" height="{round(height * 100)}"{hidden}>'
        )
    # A wide figure is scrolled on a narrow screen, and so it must be reachable by keyboard.
    return HTML(f'<div class="drawing" tabindex="0">{"".join(pictures)}</div>')


def _picture(
    draw: Callable[[Figure, Colours], object], colours: Colours, width: float, height: float
) -> bytes:
    with rc_context(_style(colours)):
        figure = Figure(figsize=(width, height), layout="constrained")
        draw(figure, colours)
        png = io.BytesIO()
        figure.savefig(png, format="png", dpi=_DOTS, transparent=True)
    webp = io.BytesIO()
    Image.open(png).save(webp, "WEBP", lossless=True, method=2)
    return webp.getvalue()


def _style(colours: Colours) -> dict[str, Any]:
    from cycler import cycler

    return {
        "font.family": "DejaVu Sans",
        "font.size": 9,
        "axes.titlesize": 9.5,
        "axes.edgecolor": colours.faint,
        "axes.labelcolor": colours.text,
        "axes.titlecolor": colours.text,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": False,
        "axes.axisbelow": True,
        "grid.color": colours.faint,
        "grid.linewidth": 0.6,
        "text.color": colours.text,
        "xtick.color": colours.text,
        "ytick.color": colours.text,
        "legend.frameon": False,
        "lines.linewidth": 1.8,
        "axes.prop_cycle": cycler(color=list(colours.lines)),
        "image.cmap": "gray",
    }


def image(axes: Any, pixels: Any, colours: Colours, title: str = "", **options: Any) -> None:
    """Draw one image of a digit without axes: full ink is 255 unless `vmax` says otherwise."""
    settings = {"cmap": colours.ink, "vmin": 0, "vmax": 255, "interpolation": "nearest"} | options
    axes.imshow(pixels, **settings)
    axes.set_axis_off()
    if title:
        axes.set_title(title, fontsize=8, pad=3)


def tiles(
    axes: Any,
    images: Any,
    colours: Colours,
    columns: int,
    titles: Sequence[str] = (),
    rows: Sequence[str] = (),
    **options: Any,
) -> None:
    """Draw many images of one size as tiles of one drawing: axes for each would take seconds.

    Args:
        axes: where.
        images: [n, height, width].
        colours: of the page.
        columns: tiles in a row.
        titles: above the tiles; there is room for one line each.
        rows: beside the rows.
        options: of matplotlib's `imshow`.
    """
    images = np.asarray(images, np.float64)
    count, height, width = images.shape
    gap = max(1, height // 12)
    head = round(height * 0.42) if len(titles) else gap
    down, across = height + head, width + gap
    sheet = np.full((-(-count // columns) * down, columns * across - gap), np.nan)
    for index, tile in enumerate(images):
        top, left = index // columns * down + head, index % columns * across
        sheet[top : top + height, left : left + width] = tile
        if index < len(titles):
            axes.text(
                left + width / 2 - 0.5,
                top - 1.5,
                titles[index],
                ha="center",
                va="bottom",
                fontsize=7.5,
            )
    for index, name in enumerate(rows):
        middle = index * down + head + height / 2
        axes.text(-gap - 1, middle, name, ha="right", va="center", fontsize=8.5)
    image(axes, np.ma.masked_invalid(sheet), colours, **options)
