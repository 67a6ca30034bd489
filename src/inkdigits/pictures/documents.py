"""PDF pages and HEIC photos, through the optional libraries of the extra `formats`.

pypdfium2 renders a PDF page at 200 dots an inch (less where the page is larger than the pixel
limit allows); pillow-heif decodes HEIC and sets it upright itself.
"""

import io
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import numpy as np

from inkdigits.errors import MissingExtraError, PictureError
from inkdigits.pictures.pixels import Pixels, pixels_of_image

_DOTS_PER_INCH = 200
_POINTS_PER_INCH = 72
# A page smaller than this in both directions is drawn larger: a lone digit needs pixels too.
_LEAST_SIDE = 200


def pdf_pages(content: bytes, max_pixels: int, name: str) -> Iterator[tuple[Pixels, int]]:
    """Each page of a PDF file, uint8 [h, w, 3], with the number of pages.

    Raises:
        MissingExtraError: pypdfium2 is not installed.
        PictureError: the file is damaged or wants a password.
    """
    pdfium = _library("pypdfium2", f"{name} is PDF")
    try:
        document = pdfium.PdfDocument(content)
    except Exception as error:
        raise PictureError(f"{name} can't be opened as PDF: {_line(error)}") from error
    try:
        for number in range(len(document)):
            try:
                page = document[number]
                width, height = page.get_size()
                scale = _scale(width, height, max_pixels)
                bitmap = page.render(scale=scale, rev_byteorder=True, fill_color=(255,) * 4)
                pixels = np.array(bitmap.to_numpy()[:, :, :3])
            except Exception as error:
                raise PictureError(
                    f"page {number + 1} of {name} can't be drawn: {_line(error)}"
                ) from error
            yield pixels, len(document)
    finally:
        document.close()


def heic_pictures(content: bytes, max_pixels: int, name: str) -> Iterator[tuple[Pixels, int]]:
    """The main picture of a HEIC file, uint8 [h, w, 3], and that it is the only one.

    Raises:
        MissingExtraError: pillow-heif is not installed.
        PictureError: the file is damaged or has too many pixels.
    """
    heif = _library("pillow_heif", f"{name} is HEIC")
    try:
        photo = heif.open_heif(io.BytesIO(content), convert_hdr_to_8bit=True)
        width, height = photo.size
        if width * height > max_pixels:
            raise PictureError(
                f"{name} has {width * height:,} pixels, more than the limit of {max_pixels:,}; "
                "make it smaller or raise the limit"
            )
        image = photo.to_pillow()
        image.info.pop("exif", None)  # the library has set it upright already
        pixels = pixels_of_image(image)
    except PictureError:
        raise
    except Exception as error:
        raise PictureError(f"{name} can't be opened as HEIC: {_line(error)}") from error
    yield pixels, 1


def _scale(width: float, height: float, max_pixels: int) -> float:
    scale = _DOTS_PER_INCH / _POINTS_PER_INCH
    scale = max(scale, _LEAST_SIDE / max(width, height, 1e-3))
    return float(min(scale, (0.99 * max_pixels / max(width * height, 1e-3)) ** 0.5))


def _library(module: str, why: str) -> Any:
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingExtraError(
            f"{why}, which needs another library; pip install 'inkdigits[formats]'"
        ) from error


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
