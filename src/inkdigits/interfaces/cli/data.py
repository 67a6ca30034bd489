"""`inkdigits data`: shows the data that is there, where it came from, and how it looks."""

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inkdigits.errors import UsageError
from inkdigits.interfaces.cli.options import (
    folder_option,
    json_option,
)

if TYPE_CHECKING:
    from inkdigits.data import Digits, Mnist

# Suffix: (Pillow's name of the format, options that keep thin strokes clean).
_PICTURES: dict[str, tuple[str, dict[str, Any]]] = {
    ".png": ("PNG", {}),
    ".jpg": ("JPEG", {"quality": 92, "subsampling": 0}),
    ".jpeg": ("JPEG", {"quality": 92, "subsampling": 0}),
    ".webp": ("WEBP", {"lossless": True}),
}
_COLUMNS = 12  # digits of each class on the contact sheet
_ORIGINS = {
    "folder": "the folder that you named",
    "cache": "the cache",
    "download": "downloaded just now",
    "sample": "the embedded sample, NOT the whole of MNIST",
}


@click.command("data")
@folder_option
@click.option("--no-download", is_flag=True, help="Use only what is on this machine.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Write a contact sheet of training digits to this .png, .jpg or .webp file.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Which digits the contact sheet shows.",
)
@json_option
def command(
    folder: Path | None, no_download: bool, out: Path | None, seed: int, as_json: bool
) -> None:
    """Show the data that is there, and fetch what is not.

    MNIST comes from --folder or INKDIGITS_DATA, else from the cache (INKDIGITS_CACHE), else from
    a mirror, else there is the embedded sample. Every file is checked against the published
    SHA-256.
    """
    from inkdigits.interfaces.cli.fetching import fetch_mnist

    if out is not None:
        _require_picture_path(out)
    found = fetch_mnist(folder, download=not no_download)
    if out is not None:
        _write_sheet(out, found.train, seed)
    if as_json:
        click.echo(json.dumps(_as_dict(found, out), ensure_ascii=False))
    else:
        click.echo(_in_words(found))
    if out is not None:
        click.echo(f"contact sheet: {out}", err=as_json)


def _as_dict(found: "Mnist", out: Path | None) -> dict[str, Any]:
    return {
        "origin": found.origin,
        "location": found.location,
        "note": found.note,
        "files": [
            {"path": str(file.path), "bytes": file.size, "sha256": file.sha256, "verified": True}
            for file in found.files
        ],
        "train": _counts(found.train),
        "test": _counts(found.test),
        "contact_sheet": None if out is None else str(out),
    }


def _counts(digits: "Digits") -> dict[str, Any]:
    return {"name": digits.name, "count": len(digits), "per_class": _per_class(digits)}


def _per_class(digits: "Digits") -> list[int]:
    return [int((digits.labels == label).sum()) for label in range(10)]


def _in_words(found: "Mnist") -> str:
    files = [["file", "bytes", "SHA-256"]] + [
        [file.path.name, f"{file.size:,}", "verified"] for file in found.files
    ]
    digits = [["digit", *map(str, range(10)), "all"]] + [
        [name, *(f"{count:,}" for count in _per_class(part)), f"{len(part):,}"]
        for name, part in (("train", found.train), ("test", found.test))
    ]
    return "\n".join(
        [
            f"origin  {_ORIGINS[found.origin]}",
            f"place   {found.location}",
            "",
            *_aligned(files),
            "",
            *_aligned(digits),
        ]
    )


def _aligned(table: list[list[str]]) -> list[str]:
    """Lines with columns of even width: the first to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return [
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in table
    ]


def _require_picture_path(out: Path) -> None:
    """Refuse before any work is done what could not be written at the end."""
    if out.suffix.lower() not in _PICTURES:
        raise UsageError(f"can't write {out} as a picture; let its name end in .png, .jpg or .webp")
    if not out.parent.is_dir():
        raise UsageError(f"there is no folder {out.parent}; make it or choose another for --out")
    if out.is_dir():
        raise UsageError(f"{out} is a folder; give --out the name of a file")


def _write_sheet(out: Path, digits: "Digits", seed: int) -> None:
    """A row for each digit, so that a wrong label stands out; the same seed, the same sheet."""
    import numpy as np

    from inkdigits.data import contact_sheet
    from inkdigits.files import write_whole

    generator = np.random.default_rng(seed)
    rows = [
        generator.permutation(np.flatnonzero(digits.labels == label))[:_COLUMNS]
        for label in range(10)
    ]
    picture = contact_sheet(
        digits.subset(np.concatenate(rows), f"{digits.name}, seed {seed}"), columns=_COLUMNS
    )
    picture_format, options = _PICTURES[out.suffix.lower()]
    content = io.BytesIO()
    picture.save(content, picture_format, **options)
    write_whole(out, content.getvalue())
