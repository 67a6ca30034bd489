"""From any picture to the digits in it: opening, finding ink, normalising, reading, showing.

The names below are loaded on first use, so that reading one digit does not load what reads pages.
The one exception is `normalise`, whose module has the same name and would hide it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from inkdigits.pictures.normalise import normalise

if TYPE_CHECKING:
    from inkdigits.pictures.ink import Ink, find_ink
    from inkdigits.pictures.opening import Picture, Source, each_page, open_pages, open_picture
    from inkdigits.pictures.page import read_page
    from inkdigits.pictures.reading import PageOptions, PageReading
    from inkdigits.pictures.review import write_review
    from inkdigits.pictures.show import draw_single
    from inkdigits.pictures.show_page import draw_reading as draw_page
    from inkdigits.pictures.single import SingleReading, read_single

__all__ = [
    "Ink",
    "PageOptions",
    "PageReading",
    "Picture",
    "SingleReading",
    "Source",
    "draw_page",
    "draw_single",
    "each_page",
    "find_ink",
    "normalise",
    "open_pages",
    "open_picture",
    "read_page",
    "read_single",
    "write_review",
]

_HOMES = {
    "Ink": "ink",
    "PageOptions": "reading",
    "PageReading": "reading",
    "Picture": "opening",
    "SingleReading": "single",
    "Source": "opening",
    "draw_page": "show_page",
    "draw_single": "show",
    "each_page": "opening",
    "find_ink": "ink",
    "open_pages": "opening",
    "open_picture": "opening",
    "read_page": "page",
    "read_single": "single",
    "write_review": "review",
}
# What is called otherwise where it is at home.
_THERE = {"draw_page": "draw_reading"}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        home = import_module(f"inkdigits.pictures.{_HOMES[name]}")
        return getattr(home, _THERE.get(name, name))
    raise AttributeError(f"module 'inkdigits.pictures' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
