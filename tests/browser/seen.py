"""Pages looked at: no fault for axe, nothing wider than the screen, nothing said in the console; pictures are kept of
what is looked at in one process (-n0), and of all of it with ESPACE_PICTURES=1."""

import json
import os
from dataclasses import dataclass
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page

from browser.conftest import SHOTS

WIDE, NARROW = (1280, 900), (320, 640)
LOOKS = (("light", WIDE), ("dark", WIDE), ("light", NARROW), ("dark", NARROW))


COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules of axe that a theme can change: the dark sheet gives the tokens other colours and does nothing else
(tests/looks/test_sheet.py)."""
SETTLED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""Two frames: what was resized has been painted. Without them a long picture can have an empty band in its middle."""
PICTURES = os.environ.get("ESPACE_PICTURES") == "1" or "PYTEST_XDIST_WORKER" not in os.environ
"""Nothing is judged by a picture, and the five hundred of the whole suite take most of a minute: people ask."""
FOUND = """options => axe.run(document, options).then(found => JSON.stringify([
    found.violations, document.documentElement.scrollWidth - window.innerWidth, document.querySelectorAll("h1").length,
]))"""
"""As a text: Playwright takes every value that crosses in its hands, and axe tells of thousands where all is right."""


@dataclass(frozen=True)
class Seen:
    """A page, and what it said in the console."""

    page: Page
    said: list[str]

    def look(self, name: str) -> None:
        """Wide and at 320 px, in light and dark."""
        self.page.wait_for_load_state("load")
        for theme, (width, height) in LOOKS:
            self.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            self.picture(f"{name}-{theme}", width, height, rules=COLOURS if theme == "dark" else None)
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
        assert self.said == []

    def picture(self, name: str, width: int, height: int, *, rules: list[str] | None = None) -> None:
        """At this width: whole, without a fault by those rules (all of them for None), with one h1."""
        self.page.set_viewport_size({"width": width, "height": height})
        keep(self.page, f"{name}-{width}")
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        faults, overflow, titles = json.loads(self.page.evaluate(FOUND, asked(rules)))
        assert not faults, AxeResults({"violations": faults}).generate_report()
        assert overflow <= 0, f"{name} is {overflow} px wider than {width}"
        assert titles == 1


def asked(rules: list[str] | None) -> dict[str, Any]:
    """The options of axe for those rules, or for all."""
    return {"resultTypes": ["violations"]} | ({"runOnly": rules} if rules else {})


def listening(page: Page) -> Seen:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return Seen(page, said)


def keep(page: Page, name: str) -> None:
    """Its picture, where pictures are asked for."""
    if not PICTURES:
        return
    page.evaluate(SETTLED)
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
