"""Opens a picture, whatever form it comes in, or says in one line why it can't be opened.

A source is a path, `-` (standard input), the bytes of a file, an array, or a Pillow image. Files
are recognised by their content, not their name: PNG, JPEG, WebP, TIFF, BMP, GIF, PPM, and with the
extra `formats` also PDF and HEIC. Nothing else is ever given to a decoder. The size in the header
is held against `max_pixels` before anything is decoded, so that a decompression bomb costs nothing.
"""

import io
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeAlias, Union

import numpy as np
import numpy.typing as npt

from inkdigits.errors import PictureError
from inkdigits.pictures.pixels import Pixels, pixels_of_array, pixels_of_image
from inkdigits.pictures.plain_png import plain_png

# Pillow is loaded when something comes that needs it: most small PNG files do not.
if TYPE_CHECKING:
    from PIL import Image

Source: TypeAlias = Union[Path, str, bytes, npt.NDArray[np.generic], "Image.Image"]

MAX_PIXELS = 50_000_000
MAX_BYTES = 200_000_000
MAX_PAGES = 1_000

_FORMATS = "PNG, JPEG, WebP, TIFF, BMP, GIF, PPM, PDF or HEIC"
# Pillow warns through Python's warning filters, which are one for the whole process.
_filters = threading.Lock()


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture as a person sees it: upright, without transparency.

    Attributes:
        pixels: uint8 [h, w, 3] (RGB) or [h, w] (grey).
        name: where it came from; of a file with several pages `scan.pdf#page=2`.
    """

    pixels: Pixels
    name: str = "picture"

    @property
    def height(self) -> int:
        """Rows of pixels."""
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        """Columns of pixels."""
        return int(self.pixels.shape[1])


def open_picture(source: Source, max_pixels: int = MAX_PIXELS, name: str | None = None) -> Picture:
    """Open a picture; of a file with several pages the first, of an animation the first frame.

    Raises:
        PictureError: it can't be opened, is damaged, or has more than `max_pixels` pixels.
        MissingExtraError: it is PDF or HEIC, and the library for that is not installed.
    """
    return next(each_page(source, max_pixels, name))


def open_pages(
    source: Source, max_pixels: int = MAX_PIXELS, name: str | None = None
) -> list[Picture]:
    """Open all pages of a TIFF or PDF file; anything else is one page. Raises as `open_picture`."""
    return list(each_page(source, max_pixels, name))


def each_page(
    source: Source, max_pixels: int = MAX_PIXELS, name: str | None = None
) -> Iterator[Picture]:
    """As `open_pages`, one page at a time, so that a thick file needs the memory of one page."""
    if isinstance(source, np.ndarray):
        height, width = (*source.shape, 0, 0)[:2]
        _check_size(width, height, max_pixels, "array")
        yield Picture(pixels_of_array(source), name or "array")
    elif isinstance(source, str | bytes | PathLike):
        content, name = _content(source, name)
        yield from _each_page_of_file(content, max_pixels, name)
    else:
        name = name or getattr(source, "filename", "") or "image"
        _check_size(*source.size, max_pixels, name)
        with _decoding(name):
            pixels = pixels_of_image(source)
        yield Picture(pixels, name)


def _each_page_of_file(content: bytes, max_pixels: int, name: str) -> Iterator[Picture]:
    kind = _kind(content)
    if kind is None:
        what = "is empty" if not content else f"is not a picture in {_FORMATS}"
        raise PictureError(f"{name} {what}; give a picture file")
    if kind == "PDF":
        from inkdigits.pictures.documents import pdf_pages

        pages = pdf_pages(content, max_pixels, name)
    elif kind == "HEIF":
        from inkdigits.pictures.documents import heic_pictures

        pages = heic_pictures(content, max_pixels, name)
    else:
        pages = _frames(content, kind, max_pixels, name)
    for number, (pixels, count) in enumerate(pages, 1):
        if number > MAX_PAGES:
            raise PictureError(f"{name} has more than {MAX_PAGES:,} pages; split the file")
        yield Picture(pixels, f"{name}#page={number}" if count > 1 else name)


def _frames(content: bytes, kind: str, max_pixels: int, name: str) -> Iterator[tuple[Pixels, int]]:
    """The pixels of each page, with the number of pages."""
    if kind == "PNG" and (plain := plain_png(content, max_pixels)) is not None:
        yield plain, 1
        return
    from PIL import Image

    formats = ["JPEG", "MPO"] if kind == "JPEG" else [kind]
    with _decoding(name):
        image = Image.open(io.BytesIO(content), formats=formats)
        _check_size(*image.size, max_pixels, name)
        pixels = pixels_of_image(image)
        count = getattr(image, "n_frames", 1) if kind == "TIFF" else 1
    yield pixels, count
    for number in range(1, count):
        with _decoding(f"page {number + 1} of {name}"):
            image.seek(number)
            _check_size(*image.size, max_pixels, name)
            pixels = pixels_of_image(image)
        yield pixels, count


@contextmanager
def _decoding(name: str) -> Iterator[None]:
    """Turn whatever a decoder throws or warns of into one PictureError."""
    with _filters, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from PIL import Image, UnidentifiedImageError

        try:
            yield
        except PictureError:
            raise
        except Image.DecompressionBombError as error:
            raise PictureError(f"{name} has far too many pixels; make it smaller") from error
        except MemoryError as error:
            raise PictureError(f"{name} needs more memory than there is; shrink it") from error
        except Exception as error:  # decoders raise nearly every kind there is
            # Pillow's message for an unknown inside names an object in memory.
            unknown = isinstance(error, UnidentifiedImageError)
            message = "it ends too soon or is no picture inside" if unknown else str(error)
            why = " ".join(message.split())[:200] or type(error).__name__
            raise PictureError(
                f"{name} is damaged or can't be decoded ({why}); save it anew, as PNG or JPEG"
            ) from error


def _check_size(width: int, height: int, max_pixels: int, name: str) -> None:
    if width * height > max_pixels:
        raise PictureError(
            f"{name} has {width:,} x {height:,} = {width * height:,} pixels, more than the limit "
            f"of {max_pixels:,}; make it smaller or raise the limit"
        )


def _kind(content: bytes) -> str | None:
    """The format by the first bytes of the file; None: none that is read here."""
    starts = {
        b"\x89PNG\r\n\x1a\n": "PNG",
        b"\xff\xd8\xff": "JPEG",
        b"GIF87a": "GIF",
        b"GIF89a": "GIF",
        b"BM": "BMP",
        b"II*\0": "TIFF",
        b"MM\0*": "TIFF",
        b"II+\0": "TIFF",
        b"MM\0+": "TIFF",
    }
    for start, kind in starts.items():
        if content.startswith(start):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    if content[:1] == b"P" and content[1:2] in b"123456" and content[2:3].isspace():
        return "PPM"
    if content[4:8] == b"ftyp" and content[8:12] in (
        *(b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"),
    ):
        return "HEIF"
    return "PDF" if b"%PDF-" in content[:1024] else None


def _content(source: Path | str | bytes, name: str | None) -> tuple[bytes, str]:
    if isinstance(source, bytes):
        content, name = source, name or "picture"
    elif str(source) == "-":
        name = name or "standard input"
        content = sys.stdin.buffer.read(MAX_BYTES + 1)
    else:
        path = Path(source)
        name = name or str(source)
        try:
            if path.is_dir():
                raise PictureError(f"{name} is a folder; name the pictures in it")
            with path.open("rb") as file:
                content = _read(file)
        except FileNotFoundError as error:
            raise PictureError(f"{name} does not exist; check the name") from error
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise PictureError(f"can't read {name}: {why}") from error
    if len(content) > MAX_BYTES:
        raise PictureError(
            f"{name} is larger than {MAX_BYTES // 1_000_000} MB; save the picture smaller"
        )
    return content, name


def _read(file: IO[bytes]) -> bytes:
    """The file up to just over the limit; of one that is no picture only the start."""
    start = file.read(1024)
    if len(start) < 1024 or _kind(start) is None:
        return start
    size = file.seek(0, io.SEEK_END) if file.seekable() else 0
    if size > MAX_BYTES:
        return bytes(MAX_BYTES + 1)
    if size:
        file.seek(1024)
    return start + file.read(MAX_BYTES + 1 - len(start))
