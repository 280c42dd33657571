"""Pages on paper: whose and when at the top, no navigation, nothing to click, nothing cut, black on white in any theme.

The PDFs that Chromium makes of them are kept in artefacts/pages beside the pictures, where pictures are.
"""

from io import BytesIO

import pikepdf
from playwright.sync_api import Page

from browser.conftest import SHOTS
from browser.every import DOCTOR, HOLDER, World, the
from browser.seen import PICTURES, Seen
from portal.test_health import TYPED, states

PRINTED = (
    (HOLDER, "reading"),
    (HOLDER, "documents"),
    (HOLDER, "history"),
    (HOLDER, "sharing"),
    (HOLDER, "health_vaccinations"),
    (HOLDER, "emergency_sheet"),
    (HOLDER, "health_overview"),
    (DOCTOR, "pro_patient"),
    (DOCTOR, "pro_reading"),
)
TO_CLICK = "nav, .top, .bottom, .skip, .button, .quiet, .back, .filters, .choices, select, input:not([type=hidden])"
SEEN = """selector => [...document.querySelectorAll(selector)].filter(one => one.checkVisibility())
    .map(one => one.outerHTML.slice(0, 90))"""
CUT = """() => [...document.querySelectorAll('main *')].filter(one => one.checkVisibility() && !one.closest('.unseen'))
    .filter(one => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== 'visible')
    .map(one => one.outerHTML.slice(0, 90))"""
PALE = """() => [...document.querySelectorAll('main *')].filter(one => one.checkVisibility())
    .filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
    .filter(one => Math.max(...getComputedStyle(one).color.match(/[0-9.]+/g).slice(0, 3).map(Number)) > 110)
    .map(one => `${getComputedStyle(one).color} ${one.outerHTML.slice(0, 90)}`)"""
A4 = {"width": 680, "height": 960}
"""What 178 mm, the width between the margins, are in CSS pixels."""


def test_what_is_printed_says_whose_and_when_and_nothing_to_click(world: World, tabs: dict[str, Page]) -> None:
    for role, name in PRINTED:
        visit = the(world, role, name)
        page = tabs[role]
        page.set_viewport_size(A4)
        page.emulate_media(media="screen", color_scheme="dark")
        page.goto(visit.path)
        page.emulate_media(media="print", color_scheme="dark")
        head = page.locator(".print-head").inner_text()
        assert head.startswith("espace-santé – Camille Duval – "), visit
        assert ("Anne Morel" in head) is (role == DOCTOR) and head[-4:].isdigit(), head
        assert page.evaluate(SEEN, TO_CLICK) == [], visit
        assert page.evaluate(CUT) == [], visit
        assert page.evaluate(PALE) == [], visit
        if PICTURES:
            SHOTS.mkdir(parents=True, exist_ok=True)
            (SHOTS / f"paper-{visit.label}.pdf").write_bytes(page.pdf(format="A4", prefer_css_page_size=True))


def test_the_emergency_sheet_is_one_page(world: World, tabs: dict[str, Page]) -> None:
    page = tabs[HOLDER]
    page.goto(the(world, HOLDER, "emergency_sheet").path)
    page.emulate_media(media="print")
    with pikepdf.open(BytesIO(page.pdf(format="A4", prefer_css_page_size=True))) as printed:
        assert len(printed.pages) == 1


def test_fourteen_sections_with_something_in_each_are_one_page(world: World, tabs: dict[str, Page]) -> None:
    for section in TYPED:
        states(world.camille, section)
    page = tabs[HOLDER]
    page.goto(the(world, HOLDER, "health_overview").path)
    Seen(page, []).look("health-overview-full")
    page.emulate_media(media="print")
    data = page.pdf(format="A4", prefer_css_page_size=True)
    if PICTURES:
        SHOTS.mkdir(parents=True, exist_ok=True)
        (SHOTS / "paper-health-overview-full.pdf").write_bytes(data)
    with pikepdf.open(BytesIO(data)) as printed:
        assert len(printed.pages) == 1


def test_a_document_that_is_a_file_says_how_to_print_it(world: World, tabs: dict[str, Page]) -> None:
    page = tabs[HOLDER]
    page.goto("/documents/")
    page.get_by_role("link", name="Lettre de liaison").click()
    page.emulate_media(media="print")
    assert page.get_by_text("imprimez-le depuis ce fichier").is_visible()
    assert not page.locator("iframe").is_visible()
