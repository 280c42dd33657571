"""The holder's journey in a real browser: activate, sign in, find, read, see who did what; seen, and by keyboard.

Every page is checked by axe in light and dark, wide and at 320 px, and its picture kept in artefacts/pages.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from browser.seen import NARROW, WIDE, Seen, keep, listening
from cast import consents, holder, organisation, professional
from espace import edge
from espace.enrolment import actions as enrolment
from espace.kernel.words import Visibility
from portal.helpers import PASSWORD, PDF, SECRET, Member, cda, cda_with_file, code_at, file, member

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def context(chromium: Browser, site: str) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=site, viewport={"width": WIDE[0], "height": WIDE[1]}, locale="fr-FR")
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def seen(context: BrowserContext) -> Seen:
    return listening(context.new_page())


def type_sign_in(page: Page, identifier: str, secret: str, *, later: int = 0) -> None:
    page.goto("/connexion/")
    page.get_by_label("Identifiant").fill(identifier)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Code à six chiffres").fill(code_at(edge.now() + timedelta(seconds=later), secret))
    page.get_by_role("button", name="Ouvrir mon espace").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bonjour")


def furnished() -> Member:
    """A member whose record has every sort of document."""
    camille = member()
    now = edge.now()
    laboratory, hospital = organisation("Laboratoire des Tilleuls"), organisation("Hôpital Saint-Aubin")
    file(camille.of, cda(camille.of), title="Analyses de sang", by=laboratory, on=now, at=now)
    file(
        camille.of, cda_with_file(camille.of, PDF, "application/pdf"), title="Lettre de liaison à la sortie",
        by=hospital, type_code="11490-0", on=now - timedelta(days=40), at=now - timedelta(days=39),
    )  # fmt: skip
    file(
        camille.of, cda(camille.of), title="Ordonnance de lunettes, verres progressifs et monture de remplacement",
        by=hospital, type_code="57833-6", on=now - timedelta(days=75), at=now - timedelta(days=70),
        visibility=frozenset({Visibility.MASQUE_PS}),
    )  # fmt: skip
    return camille


def test_from_the_mailed_link_to_the_space(seen: Seen, monkeypatch: pytest.MonkeyPatch) -> None:
    page, someone, token = seen.page, holder(), edge.new_token()
    with monkeypatch.context() as patched:
        patched.setattr(edge, "new_token", lambda: token)
        enrolment.invite(patient=someone.patient, at=edge.now())
    page.goto(f"/activation/{token}/")
    seen.look("activation-1-naissance")
    for label, value in (("Jour", "7"), ("Mois", "3"), ("Année", "1985")):
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Continuer").click()
    seen.look("activation-2-application")
    secret = re.sub(r"\s", "", page.locator(".secret").inner_text())
    page.get_by_label("Code à six chiffres").fill(code_at(edge.now(), secret))
    page.get_by_role("button", name="Continuer").click()
    seen.look("activation-3-mot-de-passe")
    identifier = f"camille.{someone.patient.hex[-10:]}"
    page.get_by_label("Choisissez un identifiant").fill(identifier)
    page.get_by_label("Choisissez un mot de passe").fill(PASSWORD)
    page.get_by_label("Écrivez-le encore une fois").fill(PASSWORD)
    page.get_by_role("button", name="Activer mon espace").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vos codes de secours")
    seen.look("activation-4-codes-de-secours")
    page.get_by_role("button", name="C’est noté").click()
    expect(page.get_by_role("heading", name="Votre espace est prêt")).to_be_visible()
    seen.look("accueil-vide")
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("link", name="Se connecter")).to_be_visible()
    type_sign_in(page, identifier, secret, later=30)


def test_find_a_document_read_it_and_see_who_did_what(seen: Seen) -> None:
    page, camille = seen.page, furnished()
    page.goto("/")
    seen.look("bienvenue")
    page.get_by_role("link", name="Se connecter").click()
    seen.look("connexion")
    type_sign_in(page, camille.identifier, SECRET)
    expect(page.get_by_text("3 documents que vous n’avez pas encore ouverts.")).to_be_visible()
    seen.look("accueil")
    page.get_by_role("link", name="Lire le plus récent").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Analyses de sang")
    expect(page.get_by_role("cell", name="13,2 g/dL")).to_be_visible()
    seen.look("lecture")
    page.get_by_role("link", name="Documents", exact=True).click()
    seen.look("documents")
    page.get_by_label("Mots du titre, du texte, ou nom de l’auteur").fill("LIAISON")
    page.get_by_role("button", name="Chercher").click()
    expect(page.get_by_text("1 document", exact=True)).to_be_visible()
    assert "liaison" not in page.url.lower()
    page.get_by_role("link", name="Lettre de liaison à la sortie").click()
    expect(page.locator("iframe.pdf")).to_be_visible()
    seen.look("lecture-pdf")
    page.get_by_role("link", name="Partage et accès").click()
    page.get_by_role("link", name="Historique").click()
    expect(page.get_by_text("Laboratoire des Tilleuls a déposé un document")).to_be_visible()
    seen.look("partage-historique")


def test_decide_who_may_read(seen: Seen) -> None:
    """See who may read, find a doctor in the directory, name them, block somebody, lift the block."""
    page, camille = seen.page, furnished()
    family, at = "Quemener-" + "".join(chr(97 + digit % 26) for digit in uuid4().bytes[:5]).title(), edge.now()
    place = organisation("Maison de santé des Lices", source_id="1.2.250.1.999.9")
    professional(family, "Maëlle", at=place)
    carer = professional("Petit", "Léa", profession="60")
    former = professional("Abgrall", "Yves")
    consents(camille.of, carer, at=at, until=at + timedelta(days=30))
    consents(camille.of, former, at=at - timedelta(days=9), until=at - timedelta(days=2))
    type_sign_in(page, camille.identifier, SECRET)
    page.get_by_role("link", name="Partage et accès").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Qui peut lire votre espace")
    page.get_by_role("link", name="Chercher un professionnel").click()
    seen.look("partage-chercher")
    page.get_by_label("Nom, prénom").fill(f"maelle {family.lower()}")
    page.get_by_role("button", name="Chercher").click()
    expect(page.get_by_role("heading", name=f"Maëlle {family}")).to_be_visible()
    assert family.lower() not in page.url.lower()
    seen.look("partage-trouve")
    page.get_by_role("link", name="Désigner comme médecin traitant").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Désigner Maëlle {family} comme médecin traitant ?")
    seen.look("partage-designer")
    page.get_by_role("button", name="Désigner comme médecin traitant").click()
    expect(page.get_by_role("status")).to_contain_text("est votre médecin traitant dans cet espace.")
    page.get_by_role("link", name="Bloquer : Léa Petit").click()
    seen.look("partage-bloquer")
    page.get_by_role("button", name="Bloquer").click()
    expect(page.get_by_role("status")).to_contain_text("Léa Petit ne peut plus lire votre espace.")
    seen.look("partage")
    page.get_by_role("link", name="Débloquer : Léa Petit").click()
    page.get_by_role("button", name="Débloquer").click()
    expect(page.get_by_role("link", name="Bloquer : Léa Petit")).to_be_visible()
    page.get_by_role("link", name="Historique").click()
    expect(page.get_by_text("Vous avez bloqué Léa Petit.")).to_be_visible()


def test_mask_a_document_and_choose_mails(seen: Seen) -> None:
    page, camille = seen.page, furnished()
    type_sign_in(page, camille.identifier, SECRET)
    page.get_by_role("link", name="Lire le plus récent").click()
    page.get_by_role("link", name="Masquer aux professionnels").click()
    seen.look("masquer")
    page.get_by_role("button", name="Masquer aux professionnels").click()
    expect(page.get_by_role("status")).to_contain_text("ce document est masqué aux professionnels")
    expect(page.get_by_role("link", name="Rendre visible")).to_be_visible()
    seen.look("lecture-masque")
    page.get_by_role("link", name="Partage et accès").click()
    seen.look("partage-vide")
    page.get_by_role("link", name="Notifications").click()
    page.get_by_label("quand un nouveau document arrive").uncheck()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("status")).to_contain_text("C’est noté")
    expect(page.get_by_label("quand un nouveau document arrive")).not_to_be_checked()
    seen.look("partage-notifications")


def test_the_whole_way_by_keyboard(seen: Seen) -> None:
    page, camille = seen.page, furnished()
    type_sign_in(page, camille.identifier, SECRET)
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Aller au contenu")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_contain_text("Lire le plus récent")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Analyses de sang")
    reached = []
    for _ in range(9):
        page.keyboard.press("Tab")
        focus = page.locator(":focus")
        reached.append(focus.inner_text().strip())
        ring = focus.evaluate("element => getComputedStyle(element).outlineStyle")
        assert ring == "solid", f"nothing shows the focus on {reached[-1]!r}"
    assert "Partage et accès" in reached
    page.get_by_role("link", name="Partage et accès").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Qui peut lire votre espace")


def test_the_same_in_english(seen: Seen) -> None:
    page, camille = seen.page, furnished()
    type_sign_in(page, camille.identifier, SECRET)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hello Camille")
    seen.look("home-english")
    page.get_by_role("link", name="Sharing and access").click()
    seen.look("sharing-english")


def test_errors_are_pages_too(seen: Seen) -> None:
    page = seen.page
    page.goto("/connexion/")
    page.get_by_label("Identifiant").fill("personne.ici")
    page.get_by_label("Mot de passe").fill("Pas-le-bon-1")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_label("Identifiant")).to_have_value("personne.ici")
    seen.said.clear()
    seen.look("connexion-erreur")
    page.goto("/activation/inconnu/")
    seen.said.clear()
    seen.look("lien-mort")
    page.goto("/nulle/part/")
    seen.said.clear()
    seen.look("page-absente")


def test_a_page_read_at_four_hundred_percent_and_on_paper(seen: Seen) -> None:
    """WCAG 1.4.10: 1280 px at 400 % are 320 px; the print sheet keeps the document and drops the rest."""
    page, camille = seen.page, furnished()
    type_sign_in(page, camille.identifier, SECRET)
    page.get_by_role("link", name="Lire le plus récent").click()
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for hidden in (".top", ".bottom", ".actions"):
        expect(page.locator(hidden).first).to_be_hidden()
    keep(page, "lecture-papier")


def test_targets_are_large_enough_for_a_finger(chromium: Browser, site: str) -> None:
    context = chromium.new_context(
        base_url=site,
        viewport={"width": NARROW[0], "height": NARROW[1]},
        has_touch=True,
        is_mobile=True,
        locale="fr-FR",
    )
    page, camille = context.new_page(), furnished()
    type_sign_in(page, camille.identifier, SECRET)
    for path in ("/", "/documents/", "/partage/", "/partage/historique/", "/partage/notifications/"):
        page.goto(path)
        small = page.evaluate("""() => [...document.querySelectorAll('button, select, input, nav a, .button, .quiet')]
            .filter(e => e.type !== 'hidden' && e.type !== 'checkbox' && e.offsetHeight && e.offsetHeight < 44)
            .map(e => e.outerHTML.slice(0, 80))""")
        assert small == [], path
    context.close()
