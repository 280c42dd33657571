"""The style guide as a picture and before axe, in light and dark: the page is made here and given to the browser."""

import pytest
from django.test import Client
from playwright.sync_api import Browser, Route
from pytest_django.fixtures import Settings

from browser.seen import COLOURS, NARROW, WIDE, Seen

pytestmark = pytest.mark.usefixtures("db")


def test_the_style_guide_is_without_a_fault(chromium: Browser, site: str, settings: Settings) -> None:
    """The server of these tests is no demonstration, and rightly has no such page: the answers come from here."""
    settings.ESPACE_DEMONSTRATION = True
    client, context = Client(), chromium.new_context(base_url=site, locale="fr-FR")
    context.set_default_timeout(10_000)
    page = context.new_page()

    def answer(route: Route) -> None:
        found = client.get("/styleguide/" + route.request.url.partition("/styleguide/")[2])
        route.fulfill(status=found.status_code, headers=dict(found.items()), body=found.content)

    page.route("**/styleguide/**", answer)
    page.goto("/styleguide/")
    Seen(page, []).picture("styleguide", *WIDE)
    page.goto("/styleguide/sombre/")
    Seen(page, []).picture("styleguide-sombre", *NARROW, rules=COLOURS)
    context.close()
