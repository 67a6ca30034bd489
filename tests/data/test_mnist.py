"""MNIST comes from the folder, the cache, a mirror or the sample, in this order, never silently."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from inkdigits.data import cache_folder, mnist
from inkdigits.data.mnist_files import FILES
from inkdigits.errors import DataError, DownloadError

NOWHERE = ["http://127.0.0.1:9/"]  # the discard port, where nothing listens


def same(found, small) -> bool:
    parts = (found.train.images, found.train.labels, found.test.images, found.test.labels)
    return all(np.array_equal(part, array) for part, array in zip(parts, small.arrays, strict=True))


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("dotted", [False, True])
def test_a_named_folder_is_read_whichever_way_its_files_are_called(
    small_is_mnist, tmp_path: Path, packed, dotted
):
    folder = tmp_path / "mine"
    folder.mkdir()
    for stem in small_is_mnist.plain:
        name = stem.replace("-idx", ".idx") if dotted else stem
        content = small_is_mnist.packed(stem) if packed else small_is_mnist.plain[stem]
        (folder / (name + ".gz" * packed)).write_bytes(content)
    found = mnist(folder)
    assert same(found, small_is_mnist)
    assert (found.origin, found.note, found.location) == ("folder", "", str(folder))
    assert [file.path.parent for file in found.files] == [folder] * 4
    assert [file.size for file in found.files] == [file.path.stat().st_size for file in found.files]


def test_the_order_is_folder_environment_cache_download(
    small_is_mnist, mirror, tmp_path: Path, monkeypatch
):
    cache = tmp_path / "cache"
    asked = {"cache": cache, "mirrors": [mirror.at("good")]}
    assert mnist(**asked).origin == "download"
    fetched = len(mirror.requests)
    assert fetched == 4
    again = mnist(**asked)
    assert (again.origin, again.location) == ("cache", str(cache / "mnist"))
    assert same(again, small_is_mnist)
    monkeypatch.setenv("INKDIGITS_DATA", str(small_is_mnist.write(tmp_path / "environment")))
    assert mnist(**asked).location == str(tmp_path / "environment")
    small_is_mnist.write(tmp_path / "argument")
    assert mnist(tmp_path / "argument", **asked).location == str(tmp_path / "argument")
    assert len(mirror.requests) == fetched


def test_an_empty_variable_counts_as_unset(small_is_mnist, mirror, tmp_path, monkeypatch):
    monkeypatch.setenv("INKDIGITS_DATA", "")
    monkeypatch.setenv("INKDIGITS_CACHE", str(tmp_path / "cache"))
    assert mnist(mirrors=[mirror.at("good")]).location == str(tmp_path / "cache" / "mnist")
    monkeypatch.setenv("INKDIGITS_CACHE", "")
    assert cache_folder().parts[-2:] == ("inkdigits", "mnist")


def test_a_home_folder_may_be_written_with_a_tilde(small_is_mnist, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    small_is_mnist.write(tmp_path / "mine")
    assert mnist("~/mine").location == str(tmp_path / "mine")


def test_a_home_folder_that_nobody_has_is_a_clear_error():
    with pytest.raises(DataError, match="no home folder is known; set INKDIGITS_DATA"):
        mnist("~no-such-person/mnist")


def test_a_named_folder_that_is_not_mnist_is_an_error_and_never_another_source(
    small_is_mnist, tmp_path: Path, monkeypatch
):
    small_is_mnist.write(cache_folder(tmp_path).parent / "mnist")
    folder = tmp_path / "mine"
    with pytest.raises(DataError, match="there is no folder"):
        mnist(folder, cache=tmp_path)
    small_is_mnist.write(folder)
    (folder / "t10k-labels-idx1-ubyte").unlink()
    monkeypatch.setenv("INKDIGITS_DATA", str(folder))
    with pytest.raises(DataError, match=r"mine lacks t10k-labels-idx1-ubyte \(plain or .gz\)"):
        mnist(cache=tmp_path)
    content = bytearray(small_is_mnist.plain["t10k-labels-idx1-ubyte"])
    content[-1] = 1
    (folder / "t10k-labels-idx1-ubyte").write_bytes(content)
    with pytest.raises(DataError, match="is not the published t10k-labels-idx1-ubyte"):
        mnist(cache=tmp_path)
    (folder / "t10k-labels-idx1-ubyte").write_bytes(content[:-1])
    with pytest.raises(DataError, match="cut short"):
        mnist(cache=tmp_path)


def test_without_a_network_there_is_the_sample_and_it_says_so(small_is_mnist, tmp_path: Path):
    found = mnist(cache=tmp_path / "cache", mirrors=NOWHERE)
    assert (found.origin, len(found.train), len(found.test)) == ("sample", 4_000, 1_000)
    assert found.note.startswith("ONLY A SAMPLE: 4,000 training and 1,000 test digits")
    assert "connection refused" in found.note
    assert "INKDIGITS_DATA" in found.note
    assert "\n" not in found.note
    assert not (tmp_path / "cache").exists()


def test_a_download_can_be_forbidden(small_is_mnist, mirror, tmp_path: Path):
    found = mnist(cache=tmp_path, download=False, mirrors=[mirror.at("good")])
    assert found.origin == "sample"
    assert "a download is not allowed" in found.note
    assert mirror.requests == []


def test_a_damaged_cache_is_mended_by_fetching_what_is_damaged(small_is_mnist, mirror, tmp_path):
    mnist(cache=tmp_path, mirrors=[mirror.at("good")])
    (tmp_path / "mnist" / "t10k-images-idx3-ubyte").write_bytes(b"\0\0\x08\x03")
    mirror.requests.clear()
    found = mnist(cache=tmp_path, mirrors=[mirror.at("good")])
    assert same(found, small_is_mnist)
    assert [name for _, name, _ in mirror.requests] == ["t10k-images-idx3-ubyte.gz"]
    (tmp_path / "mnist" / "t10k-images-idx3-ubyte").write_bytes(b"\0\0\x08\x03")
    assert "cut short" in mnist(cache=tmp_path, mirrors=NOWHERE).note


def test_without_network_and_sample_one_line_says_what_to_do(
    small_is_mnist, tmp_path: Path, monkeypatch
):
    monkeypatch.setattr(sys, "path", [path for path in sys.path if "site-packages" not in path])
    sys.path_importer_cache.clear()
    with pytest.raises(DownloadError) as caught:
        mnist(cache=tmp_path, mirrors=NOWHERE)
    assert "set INKDIGITS_DATA" in str(caught.value)
    assert "install inkdigits[train]" in str(caught.value)
    with pytest.raises(DataError, match="install inkdigits"):
        mnist(cache=tmp_path, download=False)


@pytest.mark.skipif(not os.environ.get("INKDIGITS_DATA"), reason="INKDIGITS_DATA is not set")
def test_mnist_itself_is_read():
    found = mnist()
    assert (len(found.train), len(found.test)) == (60_000, 10_000)
    assert np.bincount(found.train.labels).tolist() == [
        5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949,
    ]  # fmt: skip
    assert [file.sha256 for file in found.files] == [file.sha256 for file in FILES]
    assert found.train.images.flags.writeable
    assert found.train.labels.flags.writeable
