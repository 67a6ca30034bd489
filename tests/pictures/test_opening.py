"""Any picture opens upright and flattened; anything else is one line that says why not."""

import io
import struct
import sys
import time
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from inkdigits.errors import MissingExtraError, PictureError
from inkdigits.pictures import Picture, open_pages, open_picture

# A sheet with a dark mark in the upper left, so that turning it shows.
SHEET = np.full((40, 60, 3), (240, 230, 200), np.uint8)
SHEET[4:14, 6:16] = (20, 30, 90)
COLOURS = Image.fromarray(SHEET)


def encoded(image, form, **options):
    content = io.BytesIO()
    image.save(content, form, **options)
    return content.getvalue()


def grey(picture):
    pixels = picture.pixels.astype(float)
    return pixels if pixels.ndim == 2 else pixels.mean(2)


def fault(source, **options):
    """The one line of the error, which must come at once."""
    start = time.perf_counter()
    with pytest.raises(PictureError) as raised:
        open_pages(source, **options)
    assert time.perf_counter() - start < 1
    line = str(raised.value)
    assert line.strip()
    assert "\n" not in line
    return line


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF", "PPM"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_every_format_opens_whatever_the_file_is_called(form, mode, tmp_path):
    path = tmp_path / "picture.txt"
    path.write_bytes(encoded(COLOURS.convert(mode), form))
    picture = open_picture(path)
    assert (picture.width, picture.height) == (60, 40)
    assert picture.name == str(path)
    assert picture.pixels.dtype == np.uint8
    expected = np.asarray(COLOURS.convert(mode), float)
    expected = expected if expected.ndim == 2 else expected.mean(2)
    assert np.abs(grey(picture) - expected).mean() < 3


@pytest.mark.parametrize(
    "image",
    [
        COLOURS.convert("CMYK"),
        COLOURS.convert("P", palette=Image.Palette.ADAPTIVE),
        COLOURS.convert("1", dither=Image.Dither.NONE),
        COLOURS.convert("LA"),
        COLOURS.convert("RGBA"),
        COLOURS.convert("YCbCr"),
        COLOURS.convert("HSV"),
        COLOURS.convert("I"),
        COLOURS.convert("F"),
    ],
    ids=lambda image: image.mode,
)
def test_every_way_to_store_pixels_gives_dark_ink_on_light_paper(image):
    picture = open_picture(image)
    assert picture.pixels.shape[:2] == (40, 60)
    assert grey(picture)[4:14, 6:16].max() < 80
    assert grey(picture)[20:].min() > 180


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_set_upright_by_its_exif_orientation(orientation):
    # How the camera stores the upright sheet when it writes this orientation.
    stored = {
        1: SHEET,
        2: SHEET[:, ::-1],
        3: SHEET[::-1, ::-1],
        4: SHEET[::-1],
        5: SHEET.transpose(1, 0, 2),
        6: np.rot90(SHEET),
        7: SHEET.transpose(1, 0, 2)[::-1, ::-1],
        8: np.rot90(SHEET, -1),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = encoded(Image.fromarray(np.ascontiguousarray(stored)), "PNG", exif=exif)
    assert np.array_equal(open_picture(content).pixels, SHEET)


@pytest.mark.parametrize(("ink", "ground"), [(0, 255), (255, 0)])
def test_ink_on_a_transparent_ground_gets_the_ground_that_shows_it(ink, ground):
    pixels = np.zeros((30, 30, 4), np.uint8)
    pixels[:, :, :3] = ink
    pixels[8:22, 13:17, 3] = 255
    flat = open_picture(encoded(Image.fromarray(pixels), "PNG")).pixels
    assert (flat[10, 14] == ink).all()
    assert (flat[0, 0] == ground).all()


def test_sixteen_bit_scans_keep_their_tones():
    values = np.full((20, 30), 60_000, np.uint16)
    values[5:15, 10:20] = 6_000
    picture = open_picture(encoded(Image.fromarray(values), "PNG"))
    assert picture.pixels[0, 0] > 220
    assert picture.pixels[10, 15] < 40
    twelve_bits = open_picture((values >> 4).astype(np.uint16))
    assert np.abs(twelve_bits.pixels.astype(int) - picture.pixels).max() <= 2


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((4, 5), np.uint8),
        np.zeros((4, 5, 1), np.float64),
        np.zeros((4, 5, 3), np.float32),
        np.zeros((4, 5, 4), np.uint8),
        np.zeros((4, 5), bool),
        np.full((4, 5), np.nan),
    ],
    ids=lambda array: f"{array.dtype}{list(array.shape)}",
)
def test_arrays_of_any_number_type_are_pictures(array):
    picture = open_picture(array)
    assert picture.pixels.dtype == np.uint8
    assert picture.pixels.shape[:2] == (4, 5)


@pytest.mark.parametrize(
    "array",
    [np.zeros(5), np.zeros((2, 3, 7)), np.zeros((0, 5)), np.array([["a"]]), np.array(3)],
    ids=lambda array: f"{array.dtype}{list(array.shape)}",
)
def test_arrays_of_another_form_are_refused(array):
    fault(array)


def test_each_page_of_a_tiff_opens_with_its_number(tmp_path):
    path = tmp_path / "scan.tiff"
    pages = [Image.new("L", (20, 10 + n), 100 + n) for n in range(3)]
    pages[0].save(path, save_all=True, append_images=pages[1:])
    opened = open_pages(path)
    assert [page.name for page in opened] == [f"{path}#page={n}" for n in (1, 2, 3)]
    assert [page.height for page in opened] == [10, 11, 12]
    assert [int(page.pixels[0, 0]) for page in opened] == [100, 101, 102]
    assert open_picture(path).height == 10


def test_an_animation_is_its_first_frame():
    frames = [Image.new("L", (20, 10), value) for value in (10, 200)]
    content = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    pages = open_pages(content)
    assert len(pages) == 1
    assert grey(pages[0]).max() == 10


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF", "PPM"])
def test_a_cut_off_file_is_damaged(form):
    content = encoded(COLOURS, form)
    assert "damaged" in fault(content[: len(content) // 2])


def png_header(width, height):
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunk = b"IHDR" + header
    data = b"IDAT" + zlib.compress(b"\0" * 1000)
    parts = [struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c))
             for c in (chunk, data, b"IEND")]  # fmt: skip
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def bmp_header(width, height):
    return b"BM" + struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, width, height, 1, 24, *[0] * 6)


@pytest.mark.parametrize(
    "content",
    [
        png_header(60_000, 60_000),
        png_header(2**31 - 1, 2**31 - 1),
        bmp_header(60_000, 60_000),
        b"P5 100000 100000 255\n" + bytes(100),
        b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0, 0, 0) + bytes(50),
    ],
    ids=["png", "greatest-png", "bmp", "ppm", "gif"],
)
def test_a_bomb_is_refused_before_it_is_unpacked(content):
    fault(content)


def test_the_limit_of_pixels_is_named_and_can_be_raised():
    content = encoded(COLOURS, "PNG")
    line = fault(content, max_pixels=2_399)
    assert "60 x 40" in line
    assert "2,399" in line
    assert open_picture(content, max_pixels=2_400).width == 60


def test_a_file_cut_in_its_header_is_told_of_in_words():
    with pytest.raises(PictureError, match="damaged") as caught:
        open_picture(b"\x89PNG\r\n\x1a\n" + bytes(20))
    assert "object at" not in str(caught.value)


def test_a_header_that_lies_is_damaged():
    assert "damaged" in fault(png_header(400, 400))


def test_what_is_no_picture_says_what_is_wrong(tmp_path):
    empty, text = tmp_path / "empty.png", tmp_path / "notes.png"
    empty.touch()
    text.write_text("seven\n" * 1000)
    assert "is empty" in fault(empty)
    assert "not a picture in PNG" in fault(text)
    assert "folder" in fault(tmp_path)
    assert "does not exist" in fault(tmp_path / "missing.png")
    assert fault("with\0zero.png")
    assert fault(b"")


def test_code_is_never_given_to_a_decoder():
    postscript = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\nshowpage\n"
    assert "not a picture" in fault(postscript)


def test_an_opened_picture_says_its_size():
    picture = Picture(np.zeros((3, 7, 3), np.uint8), "x")
    assert (picture.width, picture.height) == (7, 3)


SMALL = [
    encoded(COLOURS.resize((20, 12)), form)
    for form in ("PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF", "PPM")
]


@given(
    st.sampled_from(SMALL),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=8),
    st.floats(0.2, 1),
)
def test_a_damaged_file_gives_a_picture_or_one_line(content, changes, kept):
    damaged = bytearray(content[: max(1, int(len(content) * kept))])
    for place, value in changes:
        damaged[int(place * (len(damaged) - 1))] = value
    try:
        pages = open_pages(bytes(damaged), max_pixels=1_000_000)
    except PictureError as error:
        message, pages = str(error), []
    else:
        message = ""
    assert "\n" not in message
    assert bool(message) != bool(pages)
    assert all(page.pixels.dtype == np.uint8 and page.pixels.size for page in pages)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_no_picture_or_one(content):
    try:
        opened = open_picture(content, max_pixels=1_000_000).pixels.size > 0
    except (PictureError, MissingExtraError):
        opened = True
    assert opened


def test_a_pdf_without_its_library_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'inkdigits\[formats\]'"):
        open_picture(encoded(COLOURS, "PDF"))


def test_each_page_of_a_pdf_opens():
    pytest.importorskip("pypdfium2")
    content = encoded(COLOURS, "PDF", save_all=True, append_images=[COLOURS.convert("L")])
    pages = open_pages(content, name="two.pdf")
    assert [page.name for page in pages] == ["two.pdf#page=1", "two.pdf#page=2"]
    assert all(page.width / page.height == pytest.approx(1.5, abs=0.02) for page in pages)
