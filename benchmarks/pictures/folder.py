"""The folder of pictures to score on, as its manifests describe it.

    single/manifest.csv   file, label, source, …   pictures of one digit each
    multi/manifest.csv    file, rows, …            rows parted by "|", digits in reading order
    other/manifest.csv    file, …                  pictures without any digit
    sets/NAME.npz         images uint8 [n, h, w] (ink bright), labels uint8 [n]

Any of the four may be missing. Whose picture it is, where that is told, stands under source, or as
the owner of a repo.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Single:
    """A picture of one digit."""

    path: Path
    label: int
    source: str


@dataclass(frozen=True)
class Page:
    """A picture of several digits: the true rows."""

    path: Path
    rows: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Other:
    """A picture without any digit."""

    path: Path
    source: str


@dataclass(frozen=True)
class Pictures:
    """Everything in the folder; `sets` are paths of .npz files."""

    singles: tuple[Single, ...]
    pages: tuple[Page, ...]
    others: tuple[Other, ...]
    sets: tuple[Path, ...]


def open_folder(folder: Path) -> Pictures:
    """What the manifests list; a folder with nothing to score is refused."""
    pictures = Pictures(
        tuple(
            Single(folder / "single" / line["file"], int(line["label"]), line["source"])
            for line in _manifest(folder / "single")
        ),
        tuple(
            Page(folder / "multi" / line["file"], tuple(line["rows"].split("|")), _source(line))
            for line in _manifest(folder / "multi")
        ),
        tuple(
            Other(folder / "other" / line["file"], _source(line))
            for line in _manifest(folder / "other")
        ),
        tuple(sorted((folder / "sets").glob("*.npz"))),
    )
    if not (pictures.singles or pictures.pages or pictures.others or pictures.sets):
        raise SystemExit(
            f"{folder} holds nothing to score: it needs single/, multi/ or other/ with a "
            "manifest.csv, or sets/*.npz"
        )
    return pictures


def open_set(path: Path, most: int | None) -> tuple[np.ndarray, np.ndarray]:
    """Images and labels of a set; at most so many, evenly spread over it."""
    with np.load(path) as content:
        images, labels = content["images"], content["labels"]
    if most is not None and len(images) > most:
        chosen = np.linspace(0, len(images) - 1, most).astype(int)
        images, labels = images[chosen], labels[chosen]
    return images, labels


def _source(line: dict[str, str]) -> str:
    """Whose picture it is: the source, or the owner of the repository it is from."""
    return line.get("source") or (line.get("repo") or line["file"]).split("/")[0]


def _manifest(folder: Path) -> list[dict[str, str]]:
    path = folder / "manifest.csv"
    if not path.is_file():
        return []
    with path.open(newline="") as lines:
        return list(csv.DictReader(lines))
