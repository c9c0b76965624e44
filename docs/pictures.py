"""Takes the README's pictures of a running app over the samples: python docs/pictures.py [http://127.0.0.1:8501]."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

IMAGES = Path(__file__).parent / "images"
QUESTION = "Wie werden die Gehäuseschrauben angezogen?"
SIZE: Any = {"width": 1440, "height": 900}
_WAIT_MS = 120_000


def main(address: str) -> None:
    """Write chat.png and quality.png; the quality page wants a kept run (copilot eval run)."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox", "--disable-dev-shm-usage"],
        )
        for name, locale, draw in (("chat", "de-DE", _chat), ("quality", "en-GB", _quality)):
            context = browser.new_context(locale=locale, reduced_motion="reduce", viewport=SIZE, color_scheme="light")
            page = context.new_page()
            draw(page, address)
            page.screenshot(path=IMAGES / f"{name}.png")
            context.close()
        browser.close()


def _chat(page: Page, address: str) -> None:
    page.goto(address)
    box = page.get_by_test_id("stChatInputTextArea")
    box.wait_for(timeout=_WAIT_MS)
    box.fill(QUESTION)
    box.press("Enter")
    page.locator("[class*='st-key-actions_']").wait_for(timeout=_WAIT_MS)
    page.locator(".view img, .view mark, .view tr.quoted").first.wait_for(timeout=_WAIT_MS)
    page.mouse.move(5, 890)
    page.wait_for_timeout(2000)


def _quality(page: Page, address: str) -> None:
    page.goto(f"{address}/quality")
    page.get_by_test_id("stDataFrame").last.wait_for(timeout=_WAIT_MS)
    page.wait_for_timeout(3000)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8501")
