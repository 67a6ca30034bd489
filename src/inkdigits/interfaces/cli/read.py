"""`inkdigits read`: the digits in pictures, as text, JSON Lines, or drawn into the picture."""

import io
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inkdigits.errors import UsageError
from inkdigits.interfaces.cli.common import note, print_json
from inkdigits.interfaces.cli.many_pictures import Job, are_many, read_here, read_side_by_side
from inkdigits.processors import usable_processors

if TYPE_CHECKING:
    from typing import TypeGuard

    from PIL.Image import Image

    from inkdigits.pictures import PageReading, Picture, SingleReading
    from inkdigits.pictures.single import Preprocess

_SHOWN_AS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}
_SOME_FAILED = 2  # the exit code when a picture could not be read
_DOUBT = 0.9  # digits below this confidence are for a person to check


@click.command("read")
@click.argument("pictures", nargs=-1, required=True, metavar="PICTURE...")
@click.option("--single", is_flag=True, help="Each picture holds exactly one digit.")
@click.option(
    "--model",
    default="best",
    show_default=True,
    help="A model file, or the name of a bundled one.",
)
@click.option(
    "--preprocess",
    type=click.Choice(["normalise", "resize"]),
    default="normalise",
    show_default=True,
    help="With --single: find the ink as MNIST was made, or only resize as the chapter does.",
)
@click.option(
    "--show",
    type=click.Path(path_type=Path),
    metavar="FILE.png|FOLDER",
    help="Draw what was read, and what the network saw; a folder for several pictures.",
)
@click.option("--table", is_flag=True, help="Print rows as lines, groups separated by tabs.")
@click.option(
    "--review",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Write the doubtful digits there as crops with a list, for a person to check.",
)
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    metavar="SHARE",
    help="Reject digits below it.  [default: 0.5]",
)
@click.option("--expect", type=click.IntRange(1), metavar="DIGITS", help="So many are there.")
@click.option("--expect-rows", type=click.IntRange(1), metavar="ROWS", help="So many are there.")
@click.option(
    "--max-pixels",
    type=click.IntRange(1),
    default=50_000_000,
    show_default=True,
    help="Refuse larger pictures.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 1024),
    metavar="COUNT",
    help="Processes that read many pictures side by side.  [default: all processors]",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON Lines, one object a picture.")
def command(
    pictures: tuple[str, ...],
    single: bool,
    model: str,
    preprocess: "Preprocess",
    show: Path | None,
    table: bool,
    review: Path | None,
    min_confidence: float | None,
    expect: int | None,
    expect_rows: int | None,
    max_pixels: int,
    workers: int | None,
    as_json: bool,
) -> None:
    """Read the digits in each PICTURE (a file, or - for standard input).

    A picture that can't be read is said to be so, the others go on, and the exit code is 2.
    """
    _check_options(single, preprocess, show, len(pictures))
    if single and (min_confidence, expect, expect_rows, review) != (None, None, None, None):
        raise click.UsageError(
            "--min-confidence, --expect, --expect-rows and --review go without --single"
        )
    from inkdigits.inference import Recognizer
    from inkdigits.pictures.reading import PageOptions

    recognizer = Recognizer.load(model)
    options = PageOptions(expect=expect, expect_rows=expect_rows)
    if min_confidence is not None:
        options = replace(options, min_confidence=min_confidence)
    job = Job(model, single, preprocess, options, max_pixels)
    workers = workers or usable_processors()
    if workers > 1 and show is None and review is None and are_many(job, pictures):
        outcomes = read_side_by_side(job, pictures, workers)
    else:
        outcomes = read_here(job, pictures, recognizer)
    failed = False
    doubtful: list[tuple[Picture, PageReading]] = []
    for outcome in outcomes:
        name, result = outcome.name, outcome.result
        if result is None:
            failed = True
            error = outcome.error or ""
            if as_json:
                print_json({"picture": name, "error": error})
            note(error if name in error else f"{name}: {error}")
            continue
        if as_json:
            print_json({"picture": name, **result})
        else:
            _print_rows(name, result, table, alone=len(pictures) == 1)
        picture, reading = outcome.picture, outcome.reading
        if picture is None or reading is None:
            continue
        if show is not None:
            _save(_drawn(picture, reading), _show_path(show, name, len(pictures)))
        if review is not None and _is_doubtful(reading):
            doubtful.append((picture, reading))
    if review is not None:
        from inkdigits.files import make_folder
        from inkdigits.pictures import write_review

        make_folder(review)
        count = write_review(review, doubtful, _DOUBT)
        note(f"{count} doubtful digits to check: {review / 'index.html'}")
    if failed:
        click.get_current_context().exit(_SOME_FAILED)


def _is_doubtful(reading: "SingleReading | PageReading") -> "TypeGuard[PageReading]":
    """Whether a page has digits to check; others need not be kept."""
    from inkdigits.pictures import PageReading

    if not isinstance(reading, PageReading):
        return False
    return any(digit.confidence < _DOUBT for digit in reading.digits)


def _drawn(picture: "Picture", reading: "SingleReading | PageReading") -> "Image":
    from inkdigits.pictures import SingleReading, draw_page, draw_single

    if isinstance(reading, SingleReading):
        return draw_single(picture, reading)
    return draw_page(picture, reading)


def _check_options(
    single: bool,
    preprocess: str,
    show: Path | None,
    count: int,
) -> None:
    if not single and preprocess != "normalise":
        raise click.UsageError("--preprocess resize needs --single")
    if show is None:
        return
    if count > 1 and show.suffix:
        raise UsageError(f"--show {show} is one file and there are several pictures; name a folder")
    folder = show if count > 1 or not show.suffix else show.parent
    if show.suffix and show.suffix.lower() not in _SHOWN_AS:
        raise UsageError(f"--show writes {', '.join(_SHOWN_AS)}, not '{show.suffix}'")
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is not a folder; choose another for --show")
    if folder == show.parent and not folder.is_dir():
        raise UsageError(f"the folder {folder} for --show is not there; make it first")


def _print_rows(name: str, result: dict[str, Any], table: bool, *, alone: bool) -> None:
    groups = result["groups"] if table else [[row] for row in result["rows"]]
    start = "" if alone else f"{name}\t"
    for row in groups:
        click.echo(start + "\t".join(row))
    if not groups:
        reasons = sorted({region["reason"] for region in result["rejected"]})
        note(f"{name}: no digits found" + (f" ({', '.join(reasons)})" if reasons else ""))


def _save(image: "Image", path: Path) -> None:
    from inkdigits.files import make_folder, write_whole

    content = io.BytesIO()
    image.save(content, _SHOWN_AS[path.suffix.lower()])
    if not path.parent.is_dir():
        make_folder(path.parent)
    write_whole(path, content.getvalue())


def _show_path(show: Path, name: str, count: int) -> Path:
    if show.suffix and count == 1 and "#page=" not in name:
        return show
    page = Path(name).name.replace("#page=", "-page-")
    if show.suffix:  # one file of several pages
        return show.with_stem(f"{show.stem}-{page.rsplit('-', 1)[-1]}")
    return show / f"{page}.png"
