"""One journey through the real app in a headless browser: ask, open the citation, see the quote on its page."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.browser
QUESTION = "Mit welchem Drehmoment werden die Gehäuseschrauben M8 angezogen?"
PHONE = {"width": 390, "height": 844}


def _asked(browser: Any, address: str, **context: Any) -> tuple[Any, list[str]]:
    """A page with the answer, and what went wrong or left this machine on the way."""
    page = browser.new_context(locale="de-DE", reduced_motion="reduce", **context).new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: None if _local(request.url) else faults.append(request.url))
    page.goto(address)
    box = page.get_by_test_id("stChatInputTextArea")
    box.wait_for(timeout=60_000)
    box.fill(QUESTION)
    box.press("Enter")
    page.locator("a[href^='#cite-'][role=button]").first.wait_for(timeout=120_000)
    return page, faults


def _local(url: str) -> bool:
    return url.startswith(("http://127.0.0.1", "ws://127.0.0.1", "blob:", "data:"))


def _inside(inner: dict[str, float], outer: dict[str, float]) -> bool:
    right = inner["x"] + inner["width"] <= outer["x"] + outer["width"] + 1
    below = inner["y"] + inner["height"] <= outer["y"] + outer["height"] + 1
    return inner["x"] >= outer["x"] - 1 and inner["y"] >= outer["y"] - 1 and right and below


def _on_page(page: Any) -> dict[str, Any]:
    """The first box's place on its page as shares, from where it is drawn, and from its points."""
    page.locator(".sheet .box").first.wait_for(timeout=30_000)
    image = page.locator(".sheet img").bounding_box()
    drawn = page.locator(".sheet .box").first.bounding_box()
    points = [float(value) for value in page.locator(".sheet .box").first.get_attribute("data-box").split()]
    ratio = page.locator(".sheet img").evaluate("node => node.naturalWidth / node.naturalHeight")
    return {"image": image, "drawn": drawn, "points": points, "ratio": ratio}


def test_cited_sentence_is_boxed_on_its_page(browser: Any, address: str) -> None:
    page, faults = _asked(browser, address, viewport={"width": 1440, "height": 900})
    page.locator("a[href^='#cite-']").first.click()
    found = _on_page(page)
    image, drawn, points = found["image"], found["drawn"], found["points"]
    width_pt = 595.28  # the samples are printed on A4
    assert abs(found["ratio"] - 595.28 / 841.89) < 0.01
    scale = image["width"] / width_pt
    assert abs(drawn["x"] - (image["x"] + points[0] * scale)) < 2
    assert abs(drawn["y"] - (image["y"] + points[1] * scale)) < 2
    assert abs(drawn["width"] - (points[2] - points[0]) * scale) < 2
    assert _inside(drawn, image) and drawn["width"] > 20
    assert _inside(drawn, page.locator(".view").bounding_box()), "the box is scrolled into sight"
    assert "24" in page.locator("blockquote").first.inner_text(), "the torque, in the sentence or in its row"
    assert faults == []


def test_pages_turn_zoom_and_panel_closes(browser: Any, address: str) -> None:
    page, faults = _asked(browser, address, viewport={"width": 1440, "height": 900})
    page.locator(".sheet img").wait_for(timeout=30_000)
    number = page.locator(".bar .page")
    before, width = number.inner_text(), page.locator(".sheet img").bounding_box()["width"]
    page.get_by_role("button", name="Nächste Seite").click()
    assert number.inner_text() != before
    page.get_by_role("button", name="Vergrößern").click()
    page.wait_for_timeout(1500)
    assert page.locator(".sheet img").bounding_box()["width"] > 1.3 * width
    page.keyboard.press("Escape")
    assert not page.locator("section.panel").is_visible()
    assert faults == []


def test_phone_shows_the_source_as_a_sheet_in_dark(browser: Any, address: str) -> None:
    page, faults = _asked(browser, address, viewport=PHONE, color_scheme="dark")
    assert not page.locator("section.panel").is_visible(), "on a phone nothing covers the answer unasked"
    page.locator("a[href^='#cite-']").first.click()
    found = _on_page(page)
    sheet = page.locator("section.panel").bounding_box()
    assert abs(sheet["y"] + sheet["height"] - PHONE["height"]) < 2 and abs(sheet["width"] - PHONE["width"]) < 2
    assert _inside(found["drawn"], found["image"])
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    back = page.locator("section.panel").evaluate("node => getComputedStyle(node).backgroundColor")
    assert back == "rgb(18, 24, 30)"
    assert faults == []


def test_answer_outlives_a_reload(browser: Any, address: str) -> None:
    page, _ = _asked(browser, address, viewport={"width": 1440, "height": 900})
    sentence = page.locator("[class*='st-key-claims_']").first.inner_text()
    page.reload()
    page.locator("[class*='st-key-claims_']").first.wait_for(timeout=60_000)
    assert page.locator("[class*='st-key-claims_']").first.inner_text() == sentence
