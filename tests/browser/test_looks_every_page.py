"""Every page of both doors, for every role: light and wide by all the rules, dark and at 320 px by those on colours."""

from typing import Literal

import pytest
from playwright.sync_api import Page

from browser.every import DOCTOR, HOLDER, VISITOR, World, pages
from browser.seen import COLOURS, NARROW, WIDE, Seen

pytestmark = pytest.mark.usefixtures("db")

LOOKS: tuple[tuple[Literal["light", "dark"], tuple[int, int], list[str] | None], ...] = (
    ("light", WIDE, None),
    ("dark", NARROW, COLOURS),
)


def test_every_page_is_without_a_fault_in_both_themes(world: World, tabs: dict[str, Page]) -> None:
    looked = pages(world)
    assert {one.role for one in looked} == {VISITOR, HOLDER, DOCTOR} and len(looked) > 30
    turn = {role: list(LOOKS) for role in (VISITOR, HOLDER, DOCTOR)}
    for visit in looked:
        tabs[visit.role].goto(visit.path)
        for theme, size, rules in turn[visit.role]:
            tabs[visit.role].emulate_media(color_scheme=theme)
            Seen(tabs[visit.role], []).picture(f"every-{visit.label}-{theme}", *size, rules=rules)
        turn[visit.role].reverse()  # the next page begins as this one ends: a change of size and theme less
