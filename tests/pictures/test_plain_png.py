"""The fast way for usual small PNG files gives Pillow's pixels, and leaves all else to Pillow."""

import io
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from inkdigits.errors import PictureError
from inkdigits.pictures import open_picture
from inkdigits.pictures.plain_png import plain_png

GREY = np.random.default_rng(0).integers(0, 256, (28, 31), np.uint8)
COLOURS = np.random.default_rng(1).integers(0, 256, (17, 23, 3), np.uint8)


def encoded(image, **options):
    content = io.BytesIO()
    image.save(content, "PNG", **options)
    return content.getvalue()


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def made(width, height, data, *more):
    """A PNG of 8 bits of grey with this data in its IDAT, and more chunks before it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = [chunk(b"IHDR", header), *more, chunk(b"IDAT", data), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


ROWS = zlib.compress(b"".join(b"\0" + bytes([10 * n] * 5) for n in range(4)))


@pytest.mark.parametrize("pixels", [GREY, COLOURS, np.tile(GREY, (9, 9)), GREY[:1, :1]])
def test_usual_files_have_pillows_pixels(pixels):
    assert np.array_equal(plain_png(encoded(Image.fromarray(pixels)), 10**6), pixels)


@given(st.binary(min_size=6, max_size=600), st.integers(1, 20))
def test_any_grey_picture_comes_back(values, width):
    rows = np.frombuffer(values, np.uint8)[: len(values) // width * width].reshape(-1, width)
    if rows.size:
        assert np.array_equal(plain_png(encoded(Image.fromarray(rows)), 10**6), rows)


@pytest.mark.parametrize(
    "more",
    [
        chunk(b"gAMA", struct.pack(">I", 45455)),
        chunk(b"sRGB", b"\0"),
        chunk(b"pHYs", struct.pack(">IIB", 3000, 3000, 1)),
    ],
    ids=["gamma", "sRGB", "resolution"],
)
def test_gamma_colour_space_and_resolution_change_no_pixel(more):
    content = made(5, 4, ROWS, more)
    with Image.open(io.BytesIO(content)) as image:
        expected = np.asarray(image)
    assert np.array_equal(plain_png(content, 100), expected)


def special():
    turned = Image.Exif()
    turned[0x0112] = 6
    text = PngImagePlugin.PngInfo()
    text.add_text("Software", "a scanner")
    grey = Image.fromarray(GREY)
    return {
        "palette": encoded(Image.fromarray(COLOURS).quantize(8)),
        "alpha": encoded(Image.fromarray(COLOURS).convert("RGBA")),
        "transparent colour": encoded(grey, transparency=7),
        "one bit": encoded(grey.convert("1")),
        "sixteen bits": encoded(Image.fromarray(GREY.astype(np.uint16) * 257)),
        "turned by EXIF": encoded(grey, exif=turned),
        "text": encoded(grey, pnginfo=text),
    }


@pytest.mark.parametrize("name", special())
def test_special_files_are_left_to_pillow(name):
    content = special()[name]
    assert plain_png(content, 10**6) is None
    assert open_picture(content).pixels.size


@pytest.mark.parametrize(
    "content",
    [
        encoded(Image.fromarray(GREY))[:-20],
        encoded(Image.fromarray(GREY)).replace(b"IDAT", b"IDAX"),
        made(5, 4, ROWS[:-6]),
        made(5, 40, ROWS),
        made(5, 4, zlib.compress(b"\7" * 24)),
        made(5, 4, b"no zlib"),
        made(0, 4, ROWS),
    ],
    ids=[
        "cut",
        "checksum",
        "stream cut",
        "too few rows",
        "no such filter",
        "no stream",
        "no width",
    ],
)
def test_damaged_files_are_left_to_pillow(content):
    assert plain_png(content, 10**6) is None


@pytest.mark.parametrize(
    "content",
    [b"", b"\x89PNG\r\n\x1a\n", made(5, 4, ROWS)[:30], b"\x89PNG\r\n\x1a\n" + chunk(b"IDAT", ROWS)],
)
def test_what_is_no_whole_png_is_not_decoded(content):
    assert plain_png(content, 10**6) is None


def test_a_picture_with_more_pixels_than_allowed_is_refused():
    content = encoded(Image.fromarray(GREY))
    assert plain_png(content, GREY.size) is not None
    with pytest.raises(PictureError, match="more than the limit"):
        open_picture(content, max_pixels=GREY.size - 1)


def test_a_bomb_is_not_inflated():
    content = made(5, 4, zlib.compress(b"\0" * 50_000_000))
    assert plain_png(content, 10**9) is None


def test_reading_a_usual_file_loads_no_pillow(tmp_path):
    path = tmp_path / "digit.png"
    path.write_bytes(encoded(Image.fromarray(GREY)))
    program = (
        "import sys; from inkdigits import Recognizer; "
        f"Recognizer.load('cnn').read({str(path)!r}, single=True); "
        "print({'PIL', 'numpy.ma', 'inkdigits.data'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
