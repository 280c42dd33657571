"""A live server for a real browser: granian on loopback, over this worker's databases."""

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from serving import ROOT, serving

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
"""What Playwright turns off (the last flag is the one that counts), and the pages that Chromium loads behind the address
bar of every new window: they cost a second of CPU for each, and here nobody types an address."""
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", f"--disable-features={','.join(UNWANTED)}",
]  # fmt: skip


@pytest.fixture(scope="session")
def site(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of two web processes that serve what the tests file in the databases."""
    with serving(tmp_path_factory.mktemp("site") / "server.log") as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator["Browser"]:
    """Debian's Chromium, or the one that ESPACE_CHROMIUM names.

    Playwright runs a loop in this thread until the module ends; the cast is still made by ordinary calls.
    """
    from playwright.sync_api import sync_playwright

    path = os.environ.get("ESPACE_CHROMIUM") or shutil.which("chromium") or ""
    with pytest.MonkeyPatch.context() as patched, sync_playwright() as playwright:
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: "DjangoDbBlocker") -> "World":
    """A furnished space and who looks at it, made once for the tests of a file."""
    from browser.every import furnished

    with django_db_blocker.unblock():
        return furnished()


@pytest.fixture
def tabs(db: None, chromium: "Browser", site: str, world: "World") -> "Iterator[dict[str, Page]]":
    """A page of a browser for each role, signed in as the client of `world` is."""
    contexts = {role: chromium.new_context(base_url=site, locale="fr-FR") for role in world.clients}
    for role, context in contexts.items():
        context.set_default_timeout(10_000)
        session = world.client(role).cookies.get("sessionid")
        if session:
            context.add_cookies([{"name": "sessionid", "value": session.value, "url": site}])
    yield {role: context.new_page() for role, context in contexts.items()}
    for context in contexts.values():
        context.close()
