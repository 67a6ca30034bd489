"""A validation set is stratified, repeatable and complete."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdigits.data import Digits, default_validation, split_validation
from inkdigits.errors import UsageError


def numbered(labels: list[int]) -> Digits:
    """Digits whose first pixels hold their place, so that each can be told from the others."""
    images = np.zeros((len(labels), 28, 28), np.uint8)
    places = np.arange(len(labels))
    images[:, 0, 0], images[:, 0, 1] = places % 256, places // 256
    return Digits(images, np.array(labels, np.uint8), "numbered")


def places(digits: Digits) -> list[int]:
    return (digits.images[:, 0, 0] + 256 * digits.images[:, 0, 1].astype(int)).tolist()


@given(st.data(), st.lists(st.integers(0, 9), min_size=2, max_size=400))
def test_every_split_is_exact_stratified_disjoint_and_whole(data, labels):
    digits = numbered(labels)
    count = data.draw(st.integers(1, len(labels) - 1))
    train, validation = split_validation(digits, count, data.draw(st.integers(0, 2**40)))
    assert len(validation) == count
    assert sorted(places(train) + places(validation)) == list(range(len(labels)))
    wanted = np.bincount(labels, minlength=10) * count / len(labels)
    assert np.all(np.abs(np.bincount(validation.labels, minlength=10) - wanted) < 1)
    for part in (train, validation):
        assert places(part) == sorted(places(part))
        assert part.labels.tolist() == [labels[place] for place in places(part)]


def test_the_seed_decides_and_nothing_else():
    digits = numbered(list(range(10)) * 30)
    first = places(split_validation(digits, 50, seed=1)[1])
    np.random.seed(7)  # noqa: NPY002 - the global state must not matter
    assert places(split_validation(digits, 50, seed=1)[1]) == first
    assert places(split_validation(digits, 50, seed=2)[1]) != first


def test_the_split_is_the_same_as_ever():
    # Guards against a change that would silently move digits between training and validation.
    validation = split_validation(numbered(list(range(10)) * 3), 10, seed=0)[1]
    assert places(validation) == [2, 3, 6, 11, 15, 17, 18, 19, 20, 24]


@pytest.mark.parametrize("count", [-1, 0, 20, 21])
def test_a_count_out_of_range_is_refused(count):
    with pytest.raises(UsageError, match="choose 1 to 19"):
        split_validation(numbered([3] * 20), count)


def test_a_negative_seed_is_refused():
    with pytest.raises(UsageError, match="seed must be 0 or more"):
        split_validation(numbered([3] * 20), 5, seed=-1)


def test_the_default_is_5000_or_a_tenth():
    def of(count: int) -> int:
        images = np.broadcast_to(np.uint8(0), (count, 28, 28))
        return default_validation(Digits(images, np.zeros(count, np.uint8)))

    assert [of(60_000), of(50_000), of(49_999), of(4_000), of(5)] == [5_000, 5_000, 4_999, 400, 1]
