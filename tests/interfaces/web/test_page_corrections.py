"""Correcting a digit on the page: it is kept, listed, exported and deleted."""

import base64
import json

import numpy as np
from tests.interfaces.web.browser import ONE, SEVEN, draw, keep_screenshot, wait_for_number


def test_a_digit_that_is_corrected_is_found_in_the_store(visit, no_corrections, ask):
    page = visit()
    draw(page, ONE)
    draw(page, SEVEN)
    wait_for_number(page, ["17"])
    page.locator("#number .digit").first.click()
    page.keyboard.press("4")
    wait_for_number(page, ["47"])
    page.wait_for_selector("#corrections-list li")
    [kept] = json.loads(ask("GET", "/v1/corrections")[1])["corrections"]
    assert (kept["read"], kept["label"]) == (1, 4)
    image = np.frombuffer(base64.b64decode(kept["image"]), np.uint8)
    assert image.size == 784
    assert image.max() == 255

    page.locator("#number .digit").last.click()
    page.locator("#keys .key").nth(2).click()
    wait_for_number(page, ["42"])
    page.wait_for_function("() => document.querySelectorAll('#corrections-list li').length === 2")
    # More ink, and the digits that were corrected stay as the person said.
    draw(page, [[(0.8, 0.15), (0.8, 0.5)]])
    wait_for_number(page, ["421"])
    page.wait_for_selector("#stepper-card:not([hidden])")
    keep_screenshot(page, "desktop-light-corrections", at="#corrections")

    with page.expect_download() as download:
        page.click("#export")
    exported = np.load(download.value.path())
    assert exported["labels"].tolist() == [4, 2]
    assert np.array_equal(exported["images"][0].ravel(), image)

    page.locator("#corrections-list .remove").first.click()
    wait_for_number(page, ["471"])
    page.click("#delete-all")
    assert json.loads(ask("GET", "/v1/corrections")[1])["count"] == 1  # the first click asks
    page.click("#delete-all")
    wait_for_number(page, ["171"])
    assert json.loads(ask("GET", "/v1/corrections")[1])["count"] == 0


def test_a_service_with_a_token_asks_the_person_for_it(visit, service):
    page = visit()
    draw(page, SEVEN)
    wait_for_number(page, ["7"])
    refused = {"status": 401, "json": {"detail": "no token"}}
    seen = []

    def answer(route):
        seen.append(route.request.headers.get("authorization"))
        route.fulfill(**refused) if seen[-1] is None else route.continue_()

    page.route("**/v1/read*", answer)
    page.click("#clear")
    draw(page, ONE)
    page.fill("#token", "secret")
    page.keyboard.press("Enter")
    wait_for_number(page, ["1"])
    assert seen[-1] == "Bearer secret"
    page.errors.clear()  # the browser logs the refusal
