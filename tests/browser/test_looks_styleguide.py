"""The style guide as a picture and before axe, in light and dark: the page is made here and given to the browser."""

import pytest
from django.test import Client
from playwright.sync_api import Page, Route
from pytest_django.fixtures import Settings

from browser.every import VISITOR
from browser.seen import COLOURS, NARROW, WIDE, Seen

pytestmark = pytest.mark.usefixtures("db")


def test_the_style_guide_is_without_a_fault(tabs: dict[str, Page], settings: Settings) -> None:
    """The server of these tests is no demonstration, and rightly has no such page: the answers come from here."""
    settings.ESPACE_DEMONSTRATION = True
    client, page = Client(), tabs[VISITOR]

    def answer(route: Route) -> None:
        found = client.get("/styleguide/" + route.request.url.partition("/styleguide/")[2])
        route.fulfill(status=found.status_code, headers=dict(found.items()), body=found.content)

    page.route("**/styleguide/**", answer)
    page.goto("/styleguide/")
    Seen(page, []).picture("styleguide", *WIDE)
    page.goto("/styleguide/sombre/")
    Seen(page, []).picture("styleguide-sombre", *NARROW, rules=COLOURS)
