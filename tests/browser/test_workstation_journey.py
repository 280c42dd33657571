"""The professional's journey in a real browser: find, record consent, read, deposit; seen at four widths.

Every page is checked by axe in light and dark, wide and narrow, and its picture kept in artefacts/pages.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from browser.seen import Seen, listening
from cast import consents, holder, names_doctor, professional
from espace import edge
from espace.kernel.words import Visibility
from portal.helpers import PDF
from workstation.desk import Desk, file

WIDTHS = ((1440, 900), (1024, 768), (768, 1024), (320, 640))

pytestmark = pytest.mark.usefixtures("db")

DOCUMENTS = (
    ("Bilan sanguin du matin", "11502-2"),
    ("Numération et plaquettes", "11502-2"),
    ("Radiographie du thorax", "18748-4"),
    ("Ordonnance de sortie", "57833-6"),
    ("Délivrance de pharmacie", "60593-1"),
    ("Lettre de liaison à la sortie", "11490-0"),
    ("Compte rendu opératoire", "34874-8"),
    ("Synthèse médicale", "SYNTH"),
    ("Vaccination contre la grippe", "87273-9"),
    ("Certificat d’aptitude au sport", "CERT_DECL"),
)


@pytest.fixture
def context(chromium: Browser, site: str) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=site, viewport={"width": 1280, "height": 900}, locale="fr-FR")
    context.set_default_timeout(10_000)
    yield context
    context.close()


def signed_in(context: BrowserContext, desk: Desk, site: str) -> Seen:
    context.add_cookies([{"name": "sessionid", "value": desk.cookies["sessionid"].value, "url": site}])
    return listening(context.new_page())


def test_find_agree_read_and_deposit(context: BrowserContext, site: str, tmp_path: Path) -> None:
    camille, anne = holder(), professional("Morel", "Anne")
    for title, code in DOCUMENTS:
        file(camille, title, type_code=code)
    file(camille, "Résultat à annoncer", visibility=frozenset({Visibility.INVISIBLE_PATIENT}))
    seen = signed_in(context, Desk(anne), site)
    page = seen.page
    page.goto("/pro/")
    seen.look("pro-find")
    page.get_by_label("INS du patient").fill("123")
    page.get_by_role("button", name="Chercher").click()
    expect(page.get_by_text("15 caractères").last).to_be_visible()
    seen.look("pro-find-refused")
    page.get_by_label("INS du patient").fill(camille.ins.number)
    page.get_by_role("button", name="Chercher").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Accord du patient")
    seen.look("pro-consent")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("alert")).to_contain_text("À corriger")
    seen.look("pro-consent-wrong")
    page.get_by_label("De vive voix").check()
    page.get_by_label("Le temps de cette consultation").check()
    page.get_by_label("Le patient est informé").check()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Pourquoi vous voyez ce dossier")).to_be_visible()
    seen.look("pro-record")
    page.get_by_role("link", name="Bilan sanguin du matin").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bilan sanguin du matin")
    seen.look("pro-reading")
    page.get_by_role("link", name="Tout le dossier").click()
    page.get_by_role("link", name="Déposer un document").click()
    letter = tmp_path / "lettre.pdf"
    letter.write_bytes(PDF)
    page.get_by_label("Fichier").set_input_files(letter)
    page.get_by_label("Date de naissance du patient").fill("1985-03-07")
    page.get_by_label("Genre de document").select_option("34874-8")
    page.get_by_label("Titre").fill("Lettre au chirurgien")
    page.get_by_label("Date de l’acte").fill("2026-03-01")
    seen.look("pro-deposit")
    page.get_by_role("button", name="Déposer").click()
    expect(page.get_by_role("status")).to_contain_text("Le document est déposé.")
    seen.look("pro-deposited")
    page.goto("/pro/acces/")
    seen.look("pro-help")


def test_the_first_screen_at_four_widths(context: BrowserContext, site: str) -> None:
    camille, anne = holder(), professional("Morel", "Anne")
    for title, code in DOCUMENTS:
        file(camille, title, type_code=code)
    names_doctor(camille, anne, at=edge.now())
    seen = signed_in(context, Desk(anne), site)
    seen.page.goto(f"/pro/patients/{camille.patient}/")
    for width, height in WIDTHS:
        seen.picture("pro-first-screen", width, height)


def test_a_refusal_is_a_page_with_a_way_out(context: BrowserContext, site: str) -> None:
    camille, anne = holder(), professional()
    seen = signed_in(context, Desk(anne), site)
    seen.page.goto(f"/pro/patients/{camille.patient}/")
    expect(seen.page.get_by_role("heading", level=1)).to_have_text("Il faut l’accord du patient")
    expect(seen.page.get_by_role("link", name="Enregistrer l’accord du patient")).to_be_visible()
    consents(camille, anne, at=edge.now())
    seen.page.reload()
    expect(seen.page.get_by_text("Aucun document à lire")).to_be_visible()
