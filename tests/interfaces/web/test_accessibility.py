"""axe-core looks at the page in each of its states."""

import pytest
from tests.interfaces.web.browser import SEVEN, draw, drop, wait_for_number

axe = pytest.importorskip(
    "axe_playwright_python.sync_playwright",
    reason="accessibility is NOT tested: pip install 'inkdigits[dev]'",
)


@pytest.mark.parametrize(("width", "height", "scheme"), [(360, 740, "light"), (1280, 860, "dark")])
def test_axe_finds_nothing(visit, ask, width, height, scheme):
    crop = "A" * 1046 + "=="
    ask("POST", "/v1/corrections", {"image": crop, "read": 1, "label": 7})
    page = visit(width, height, color_scheme=scheme)
    if scheme == "dark":
        assert violations(page) == []
    draw(page, SEVEN)
    wait_for_number(page, ["7"])
    page.locator("#inside").scroll_into_view_if_needed()
    page.wait_for_selector("#stepper-card:not([hidden])")
    page.wait_for_timeout(300)  # until the bars stand still
    assert violations(page) == []
    if scheme == "dark":
        return
    drop(page, "examples/pages/numbers.png")
    page.wait_for_selector(".box:nth-child(30)")
    page.wait_for_timeout(300)
    assert violations(page) == []


def violations(page):
    """What axe finds: the rule, and where."""
    found = axe.Axe().run(page).response["violations"]
    return [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found]
