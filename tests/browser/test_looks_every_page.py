"""Every page of both doors, for every role: light and wide by all the rules, dark and at 320 px by those on colours."""

import pytest
from playwright.sync_api import Page

from browser.every import DOCTOR, HOLDER, VISITOR, World, pages
from browser.seen import COLOURS, NARROW, WIDE, Seen

pytestmark = pytest.mark.usefixtures("db")


def test_every_page_is_without_a_fault_in_both_themes(world: World, tabs: dict[str, Page]) -> None:
    looked = pages(world)
    assert {one.role for one in looked} == {VISITOR, HOLDER, DOCTOR} and len(looked) > 30
    for visit in looked:
        page = tabs[visit.role]
        page.emulate_media(color_scheme="light")
        page.goto(visit.path)
        seen = Seen(page, [])
        seen.picture(f"every-{visit.label}-light", *WIDE)
        page.emulate_media(color_scheme="dark")
        seen.picture(f"every-{visit.label}-dark", *NARROW, rules=COLOURS)
