"""What the tests of several commands need."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def corrections_elsewhere(tmp_path_factory):
    """No test touches the corrections of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        path = tmp_path_factory.mktemp("corrections") / "corrections.sqlite"
        patch.setenv("INKDIGITS_CORRECTIONS", str(path))
        yield path


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
