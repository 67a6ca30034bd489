"""From any picture to the digits in it: opening, finding ink, normalising, reading, showing."""

from inkdigits.pictures.ink import Ink, find_ink
from inkdigits.pictures.normalise import normalise
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
