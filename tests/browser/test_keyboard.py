"""Journeys with the keyboard alone: every step is reached with Tab, shown by an outline, done with Enter or Space."""

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.every import DOCTOR, VISITOR, World
from cast import holder
from espace import edge
from portal.helpers import PASSWORD, SECRET, code_at
from workstation.desk import file

pytestmark = pytest.mark.usefixtures("db")

MOST_STEPS = 45
RING = """element => {
    const ringed = style => style.outlineStyle === 'solid' && parseFloat(style.outlineWidth) >= 2;
    return ringed(getComputedStyle(element)) || ringed(getComputedStyle(element, '::after'));
}"""
PLACE = "element => { const box = element.getBoundingClientRect(); return [box.top + scrollY, box.left] }"


def tab_to(page: Page, name: str) -> Locator:
    """Press Tab until what is focused has that name or text; all that is passed shows that it is focused."""
    passed = []
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        focus = page.locator(":focus")
        passed.append(called(focus))
        assert focus.evaluate(RING), f"nothing shows the focus on {passed[-1]!r}"
        if name in passed[-1]:
            return focus
    raise AssertionError(f"{name!r} is not reached with Tab, only {passed}")


def called(focus: Locator) -> str:
    return str(focus.evaluate("one => (one.labels?.[0]?.innerText || one.innerText || one.ariaLabel || '').trim()"))


def through(page: Page, name: str) -> None:
    """To that link or button, and through it."""
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, name: str, text: str) -> None:
    tab_to(page, name)
    page.keyboard.type(text)


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(text)


def test_sign_in_find_a_document_mask_it_and_go_back(world: World, tabs: dict[str, Page]) -> None:
    page = tabs[VISITOR]
    page.goto("/")
    through(page, "Se connecter")
    heading(page, "Se connecter")
    write(page, "Identifiant", world.camille.identifier)
    write(page, "Mot de passe", PASSWORD)
    page.keyboard.press("Enter")
    heading(page, "Votre code")
    write(page, "Code à six chiffres", code_at(edge.now(), SECRET))
    page.keyboard.press("Enter")
    heading(page, "Bonjour Camille")
    through(page, "Documents")
    heading(page, "Vos documents")
    write(page, "Mots du titre, du texte, ou nom de l’auteur", "radiographie")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 document", exact=True)).to_be_visible()
    through(page, "Radiographie du thorax")
    heading(page, "Radiographie du thorax")
    through(page, "Masquer aux professionnels")
    through(page, "Masquer aux professionnels")
    expect(page.get_by_role("status")).to_contain_text("masqué")
    through(page, "Tous vos documents")
    heading(page, "Vos documents")


def test_find_a_patient_record_consent_and_read(world: World, tabs: dict[str, Page]) -> None:
    someone = holder()
    file(someone, "Bilan du matin")
    page = tabs[DOCTOR]
    page.goto("/pro/")
    expect(page.locator("input[name=ins]")).to_be_focused()  # without a click
    page.keyboard.type(someone.ins.number)
    page.keyboard.press("Enter")
    heading(page, "Accord du patient")
    for choice in ("De vive voix", "Le temps de cette consultation", "Le patient est informé"):
        tab_to(page, choice)
        page.keyboard.press("Space")
    through(page, "Enregistrer l’accord et ouvrir")
    expect(page.get_by_text("Pourquoi vous voyez ce dossier")).to_be_visible()
    through(page, "Bilan du matin")
    heading(page, "Bilan du matin")
    through(page, "Tout le dossier")
    expect(page.get_by_text("Pourquoi vous voyez ce dossier")).to_be_visible()


def test_the_skip_link_comes_first_and_leads_to_the_content(tabs: dict[str, Page]) -> None:
    for role, path in ((VISITOR, "/"), (DOCTOR, "/pro/acces/")):
        page = tabs[role]
        page.goto(path)
        first = tab_to(page, "Aller au contenu")
        box = first.bounding_box()
        assert box is not None and box["y"] >= 0, "the skip link is seen when it has the focus"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)"), path


def test_the_order_of_tab_is_the_order_of_reading(tabs: dict[str, Page]) -> None:
    """Down the page, and along a line: nothing jumps back by more than a row."""
    page = tabs[VISITOR]
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/connexion/")
    reached = []
    for _ in range(6):
        page.keyboard.press("Tab")
        reached.append(page.locator(":focus").evaluate(PLACE))
    tops = [top for top, _ in reached[1:]]
    assert tops == sorted(tops), reached
