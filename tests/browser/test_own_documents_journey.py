"""A holder adds documents, arranges them, removes one and changes their mind: with the script, without it, by keyboard.

Pages that stand for the others are checked by axe and kept in artefacts/pages at 1280, 768 and 320 px, light and dark.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect

from browser.seen import NARROW, WIDE, Seen, keep, listening
from browser.test_holder_journey import furnished, type_sign_in
from portal.helpers import SECRET, Member
from portal.own import png

pytestmark = pytest.mark.usefixtures("db")
SIZES = (WIDE, (768, 1024), NARROW)


def browsing(chromium: Browser, site: str, *, script: bool = True) -> BrowserContext:
    size = {"width": WIDE[0], "height": WIDE[1]}
    context = chromium.new_context(base_url=site, viewport=size, locale="fr-FR", java_script_enabled=script)
    context.set_default_timeout(20_000)
    return context


@pytest.fixture
def seen(chromium: Browser, site: str) -> Iterator[Seen]:
    context = browsing(chromium, site)
    yield listening(context.new_page())
    context.close()


def look(seen: Seen, name: str) -> None:
    """Pictures of every width in both themes; axe on the wide and the narrow one, in light: tokens alone differ."""
    for theme in ("light", "dark"):
        seen.page.emulate_media(color_scheme=theme)
        for width, height in SIZES:
            seen.page.set_viewport_size({"width": width, "height": height})
            keep(seen.page, f"{name}-{theme}-{width}")
    seen.page.emulate_media(color_scheme="light")
    for width, height in (NARROW, WIDE):
        seen.picture(f"{name}-light", width, height)
    assert seen.said == []


def check(seen: Seen, name: str) -> None:
    """A page that stands beside one looked at: axe and a picture, narrow, where faults show first."""
    seen.picture(f"{name}-light", *NARROW)
    seen.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    assert seen.said == []


def glance(seen: Seen, name: str) -> None:
    """A picture: `test_looks_every_page` looks closely at this page, which an address alone leads to."""
    keep(seen.page, f"{name}-light-{WIDE[0]}")
    assert seen.said == []


def upload(name: str, data: bytes) -> FilePayload:
    kinds = {"pdf": "application/pdf", "png": "image/png", "txt": "text/plain"}
    return {"name": name, "mimeType": kinds[name.rpartition(".")[2]], "buffer": data}


def at_the_documents(page: Page, camille: Member) -> None:
    type_sign_in(page, camille.identifier, SECRET)
    page.get_by_role("link", name="Documents", exact=True).click()


def test_add_arrange_remove_and_change_one_s_mind(seen: Seen) -> None:
    page, camille = seen.page, furnished()
    at_the_documents(page, camille)
    page.get_by_role("link", name="Ajouter un document").click()
    glance(seen, "ajouter")
    page.get_by_role("button", name="Ajouter").click()
    expect(page.get_by_role("alert")).to_contain_text("Choisissez au moins un fichier.")
    expect(page.get_by_role("alert")).to_be_focused()
    radio, letter = upload("Radio du genou.png", png(600, 400)), upload("Courrier du kiné.txt", b"Genou.")
    page.get_by_label("Fichiers").set_input_files([radio, upload("Faux.pdf", b"MZ")])
    expect(page.get_by_text("Radio du genou.png (1 ko)")).to_be_visible()
    page.get_by_label("Qu’est-ce que c’est ?").select_option(label="Radio ou autre image médicale")
    page.get_by_label("Titre").fill("Genou droit")
    page.get_by_role("button", name="Ajouter").click()
    expect(page.get_by_role("alert")).to_contain_text("« Faux.pdf » :")
    expect(page.get_by_label("Titre")).to_have_value("Genou droit")
    look(seen, "ajouter-erreur")
    page.get_by_label("Fichiers").set_input_files([radio, letter])
    page.get_by_label("Titre").fill("")
    page.get_by_role("button", name="Ajouter").click()
    expect(page.get_by_role("status").first).to_contain_text("2 documents sont ajoutés")
    check(seen, "preciser")
    page.get_by_label("Titre").nth(1).fill("Courrier du kinésithérapeute")
    page.get_by_label("Qu’est-ce que c’est ?").nth(1).select_option(label="Compte rendu de consultation ou d’examen")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vos documents")
    for title in ("Radio du genou", "Courrier du kinésithérapeute"):
        page.get_by_label(f"Cocher : {title}").check()
    glance(seen, "documents-coches")
    page.get_by_role("button", name="Ranger").click()
    page.get_by_label("Un nouveau dossier").check()
    page.get_by_label("Nom du dossier").fill("Mon genou")
    check(seen, "ranger-plusieurs")
    page.get_by_role("button", name="Enregistrer").click()
    pin_by_keyboard(page, "Radio du genou")
    expect(page.get_by_role("heading", level=2).first).to_have_text("Épinglés")
    look(seen, "documents-ranges")
    remove_and_change_one_s_mind(seen)


def pin_by_keyboard(page: Page, title: str) -> None:
    """Next to the link of a document is its box; Space ticks it, the button below takes Enter."""
    page.get_by_role("link", name=title).focus()
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("name", "document")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Épingler", exact=True).focus()
    page.keyboard.press("Enter")


def remove_and_change_one_s_mind(seen: Seen) -> None:
    page = seen.page
    page.get_by_role("link", name="Radio du genou").click()
    check(seen, "lecture-ajoute")
    page.get_by_role("link", name="Modifier").click()
    glance(seen, "modifier")
    page.go_back()
    page.get_by_role("link", name="Ranger").click()
    glance(seen, "ranger")
    page.go_back()
    page.get_by_role("link", name="Supprimer").click()
    check(seen, "supprimer")
    page.get_by_role("button", name="Supprimer").click()
    glance(seen, "documents-annuler")
    page.get_by_role("button", name="Annuler la suppression").click()
    expect(page.get_by_role("status").first).to_contain_text("de nouveau dans l’espace")
    page.get_by_role("link", name="Radio du genou").click()
    page.get_by_role("link", name="Supprimer").click()
    page.get_by_role("button", name="Supprimer").click()
    page.get_by_role("link", name="Documents supprimés").click()
    glance(seen, "supprimes")
    page.get_by_role("button", name="Remettre : Radio du genou").click()
    page.get_by_role("link", name="Vos dossiers").click()
    glance(seen, "dossiers")
    page.get_by_role("link", name="Renommer : Mon genou").click()
    glance(seen, "dossier-renommer")
    page.get_by_role("link", name="Ne rien changer").click()
    page.get_by_role("link", name="Supprimer : Mon genou").click()
    glance(seen, "dossier-supprimer")
    page.get_by_role("button", name="Supprimer le dossier").click()
    expect(page.get_by_role("heading", name="Aucun dossier pour l’instant")).to_be_visible()
    glance(seen, "dossiers-vides")


def heavy(path: Path) -> Path:
    with path.open("wb") as file:
        file.truncate(27_000_000)
    return path


def test_the_same_without_a_script_and_too_heavy(chromium: Browser, site: str, tmp_path: Path) -> None:
    """The form is the page's own; a body over the bound gets its page, not a broken line."""
    context = browsing(chromium, site, script=False)
    page, camille = context.new_page(), furnished()
    at_the_documents(page, camille)
    page.get_by_role("link", name="Ajouter un document").click()
    kind = page.get_by_label("Qu’est-ce que c’est ?")
    page.get_by_label("Fichiers").set_input_files([heavy(tmp_path / name) for name in ("a.txt", "b.txt")])
    kind.select_option(label="Certificat")
    page.get_by_role("button", name="Ajouter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est trop lourd")
    keep(page, "ajouter-trop-lourd-light-1280")
    page.get_by_role("link", name="Choisir d’autres fichiers").click()
    page.get_by_label("Fichiers").set_input_files([upload("Certificat de vaccination.txt", b"Vu.")])
    kind.select_option(label="Certificat")
    page.get_by_role("button", name="Ajouter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Certificat de vaccination")
    expect(page.get_by_role("status").first).to_contain_text("le document est ajouté")
    context.close()
