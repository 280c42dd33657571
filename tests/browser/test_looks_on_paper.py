"""Pages on paper: whose and when at the top, no navigation, nothing to click, nothing cut, black on white in any theme.

The PDFs that Chromium makes of them are kept in artefacts/pages beside the pictures, where pictures are.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from io import BytesIO

import pikepdf
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from browser.conftest import SHOTS
from browser.every import DOCTOR, HOLDER, World, the
from browser.seen import PICTURES, Seen
from cast import consents, holder, organisation, professional
from clinical.scene import deposit, frame, stated
from espace import edge
from espace.kernel.values import replace
from espace.wire.cda_writing import Medicine, Procedure, Summary, prescription, synthesis
from espace.wire.cda_writing.models.reconciliation import Reconciled, Reconciliation, reconciliation
from espace.wire.clinical_statements.values import Concept
from espace.wire.nomenclature.systems import ATC
from espace.wire.xds import Coded
from portal.helpers import member, signed_in
from portal.test_health import TYPED, states
from workstation.desk import Desk
from workstation.test_reconciling_pages import RAMIPRIL

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


@contextmanager
def on_paper(chromium: Browser, site: str, client: Client, path: str) -> Iterator[Page]:
    """A page as it is printed, whoever that browser is."""
    context = chromium.new_context(base_url=site, locale="fr-FR", viewport={"width": 680, "height": 960})
    context.set_default_timeout(10_000)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
    page = context.new_page()
    page.goto(path)
    page.emulate_media(media="print")
    yield page
    context.close()


def medicine(number: int, letter: str = "C") -> Medicine:
    return replace(
        RAMIPRIL, name=f"Produit{number}{letter} 5 mg", atc=f"{letter}09AA{number:02}", substance=f"Sub{number}{letter}"
    )


def kept(page: Page, name: str) -> bytes:
    data = page.pdf(format="A4", prefer_css_page_size=True)
    if PICTURES:
        SHOTS.mkdir(parents=True, exist_ok=True)
        (SHOTS / f"{name}.pdf").write_bytes(data)
    return data


def test_the_emergency_sheet_of_who_has_the_most_of_everything_is_one_page(
    db: None, chromium: Browser, site: str
) -> None:
    found = member()
    acts = [
        Procedure(
            Coded(f"NEKA{n:03}", "1.2.250.1.213.2.5", f"Remplacement numéro {n} de l’articulation"), date(2019, n, 1)
        )
        for n in range(1, 11)
    ]
    every = [medicine(n) for n in range(24)]
    deposit(found.of, organisation(), stated(synthesis(frame(found.of), Summary(procedures=tuple(acts)))))
    deposit(found.of, organisation(), stated(prescription(frame(found.of), tuple(every))))
    stops = [Reconciled(Concept(one.atc, ATC.oid, one.substance, one.name), one.name) for one in every[:8]]
    deposit(found.of, organisation(), stated(reconciliation(frame(found.of), Reconciliation(stopped=tuple(stops)))))
    for n in range(12):
        states(found, "allergies", name=f"Produit {n}")
        states(found, "sujets", name=f"Maladie chronique {n}")
    for n in range(6):
        states(found, "entourage", name=f"Personne {n}", role="trusted" if n < 2 else "emergency")
        states(found, "volontes", kind="directives", text="Pas de machine pour me garder en vie. " * 40)
    states(found, "groupe-sanguin")
    with on_paper(chromium, site, signed_in(found), "/sante/fiche-urgence/") as page:
        expect(page.get_by_text("Dits arrêtés dans un document plus récent")).to_be_visible()
        assert page.get_by_text("dans l’espace").count() > 4
        with pikepdf.open(BytesIO(kept(page, "paper-emergency-full"))) as printed:
            assert len(printed.pages) == 1


def test_what_the_first_screen_and_the_treatments_fold_is_printed(db: None, chromium: Browser, site: str) -> None:
    found, anne = holder(), professional("Morel", "Anne")
    consents(found, anne, at=edge.now())
    for days in (9, 5, 0):
        every = [replace(medicine(n), since=RAMIPRIL.since - timedelta(days=days)) for n in range(9)]
        deposit(found, organisation(), stated(prescription(frame(found), tuple(every))))
    place, desk = f"/pro/patients/{found.patient}/", Desk(anne)
    with on_paper(chromium, site, desk, place) as page:
        treatments = page.locator("section[aria-labelledby=treatments]")
        for n in range(9):
            expect(treatments.get_by_text(f"Produit{n}C 5 mg", exact=True)).to_be_visible()
        expect(treatments.locator("summary").first).to_be_hidden()
        others = treatments.locator("details.sources li")
        assert [one.is_visible() for one in others.all()] == [True] * 18
        kept(page, "paper-first-screen-full")
    with on_paper(chromium, site, desk, f"{place}traitements/") as page:
        others = page.locator("details.sources li")
        assert [one.is_visible() for one in others.all()] == [True] * 18
        kept(page, "paper-medicines-full")


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
