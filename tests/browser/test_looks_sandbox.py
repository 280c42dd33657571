"""The pages of the sandbox as pictures and before axe: asked, wrongly filled, given; both themes, wide and narrow."""

from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, Route
from pytest_django.fixtures import Settings

from browser.seen import COLOURS, NARROW, WIDE, Seen

pytestmark = pytest.mark.usefixtures("db")
HERE = "/demo/bac-a-sable/"
RIGHT = {"organisation": "Hôpital d’essai des Deux-Rives et du Canal-Vert", "software": "Dossier 2"}
WRONG = {"organisation": "", "software": "7"}


def test_the_sandbox_is_without_a_fault(chromium: Browser, site: str, settings: Settings, tmp_path: Path) -> None:
    """The server of these tests is no demonstration, and rightly has no such page: the answers come from here."""
    settings.ESPACE_DEMONSTRATION, settings.ESPACE_MAIL_FOLDER = True, tmp_path
    client, context = Client(), chromium.new_context(base_url=site, locale="fr-FR")
    context.set_default_timeout(10_000)
    page = context.new_page()
    shown = {"1": client.get(HERE), "2": client.post(HERE, WRONG), "3": client.post(HERE, RIGHT)}

    def answer(route: Route) -> None:
        found = shown[route.request.url.rpartition("?")[2]]
        route.fulfill(status=found.status_code, headers=dict(found.items()), body=found.content)

    page.route("**/bac-a-sable/**", answer)
    for number, name in (("1", "asked"), ("2", "wrong"), ("3", "given")):
        page.goto(f"{HERE}?{number}")
        page.emulate_media(color_scheme="light")
        Seen(page, []).picture(f"sandbox-{name}", *WIDE)
        page.emulate_media(color_scheme="dark")
        Seen(page, []).picture(f"sandbox-{name}-dark", *NARROW, rules=COLOURS)
    context.close()
