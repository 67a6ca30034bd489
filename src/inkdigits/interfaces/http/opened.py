"""Opens one page of a picture file that came over the wire."""

from itertools import islice

from inkdigits.errors import PictureError
from inkdigits.pictures import Picture, each_page


def open_page(content: bytes, max_pixels: int, page: int = 1) -> Picture:
    """Open a page of a file, counted from 1; its name says which, if the file has several.

    Raises:
        PictureError: it can't be opened, is too large, or there is no such page.
        MissingExtraError: it is PDF or HEIC, and the library for that is not installed.
    """
    pages = each_page(content, max_pixels)
    if page == 1:
        return next(pages)
    picture = next(islice(pages, page - 1, None), None)
    if picture is None:
        raise PictureError(f"the file has no page {page}; pages are counted from 1")
    return picture
