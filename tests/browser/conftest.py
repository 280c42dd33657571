"""A real browser, and what it looks at: the live server is `site`, of the whole suite."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from serving import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.plugin import DjangoDbBlocker

    from browser.every import World

SHOTS = ROOT / "artefacts" / "pages"
UNWANTED = (
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints",
    "PaintHolding", "ThirdPartyStoragePartitioning", "Translate", "WebUIOmniboxPopup", "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
)  # fmt: skip
"""What Playwright turns off (the last flag is the one that counts), and the pages that Chromium loads behind the
address bar of every new window: a second of CPU for each, and here nobody types an address."""
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", f"--disable-features={','.join(UNWANTED)}",
    "--js-flags=--always-sparkplug",
]  # fmt: skip
"""Axe is read anew in each page, where most of it runs a few times only: V8 compiles it without waiting to see what is
hot, which saves a sixth of the CPU of a page that is looked at."""


class Started:
    """One browser for all the tests of this folder that follow each other.

    Playwright runs a loop in this thread until it is closed: the cast is still made by ordinary calls, and no test of
    another folder runs meanwhile.
    """

    def __init__(self) -> None:
        self._open = ExitStack()
        self._browser: Browser | None = None

    def browser(self) -> "Browser":
        """Debian's Chromium, or the one that ESPACE_CHROMIUM names; another one when it has died."""
        if self._browser is None or not self._browser.is_connected():
            self.close()
            self._browser = self._start()
        return self._browser

    def _start(self) -> "Browser":
        from playwright.sync_api import sync_playwright

        path = os.environ.get("ESPACE_CHROMIUM") or shutil.which("chromium") or ""
        self._open.enter_context(pytest.MonkeyPatch.context()).setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        playwright = self._open.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        self._open.callback(browser.close)
        return browser

    def close(self) -> None:
        self._browser = None
        self._open.close()


STARTED = Started()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """The browser goes with the last of the tests of this folder that follow each other."""
    if nextitem is None or Path(__file__).parent not in nextitem.path.parents:
        STARTED.close()


@pytest.fixture(scope="session")
def started() -> Iterator[Started]:
    yield STARTED
    STARTED.close()


@pytest.fixture
def chromium(started: Started) -> "Browser":
    return started.browser()


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: "DjangoDbBlocker") -> "World":
    """A furnished space and who looks at it, made once for the tests of a file."""
    from browser.every import furnished

    with django_db_blocker.unblock():
        return furnished()


WITH_AXE = f"if (window === window.top) {{ {AXE_SCRIPT} }}"
"""Every page of these comes with axe: half a megabyte that is sent once, and not for each page that is looked at."""


class Tabs(dict[str, "Page"]):
    """A page of a browser for each role, signed in as the client of a world is; made when it is asked for."""

    def __init__(self, chromium: "Browser", site: str, world: "World") -> None:
        self._chromium, self._site, self._world = chromium, site, world

    def __missing__(self, role: str) -> "Page":
        context = self._chromium.new_context(base_url=self._site, locale="fr-FR")
        context.set_default_timeout(10_000)
        context.add_init_script(WITH_AXE)
        session = self._world.client(role).cookies.get("sessionid")
        if session:
            context.add_cookies([{"name": "sessionid", "value": session.value, "url": self._site}])
        self[role] = page = context.new_page()
        return page


@pytest.fixture
def tabs(db: None, chromium: "Browser", site: str, world: "World") -> Iterator[Tabs]:
    made = Tabs(chromium, site, world)
    yield made
    for page in made.values():
        page.context.close()
