"""What the tests of several commands need."""

import pytest


@pytest.fixture(scope="module")
def sample_only(tmp_path_factory):
    """An environment with no data but the embedded sample, and a proxy that answers nothing."""
    dead = "http://127.0.0.1:9"
    return {
        "INKDIGITS_DATA": "",
        "INKDIGITS_CACHE": str(tmp_path_factory.mktemp("cache")),
        "http_proxy": dead,
        "https_proxy": dead,
    }
