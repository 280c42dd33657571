"""A person at a counter, helped by a digital adviser, each in their own browser: the code, the band, the end."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, expect

from browser.seen import COLOURS, WIDE, Seen, listening
from browser.test_holder_journey import furnished, type_sign_in
from espace.identity.actions.advising import name_adviser
from portal.helpers import SECRET, member

pytestmark = pytest.mark.usefixtures("db")
PHONE = (390, 844)


@pytest.fixture
def two(chromium: Browser, site: str) -> Iterator[tuple[Seen, Seen]]:
    """The telephone of whom is helped, and the adviser's computer."""
    with ExitStack() as stack:
        contexts = [chromium.new_context(base_url=site, locale="fr-FR") for _ in range(2)]
        for one in contexts:
            stack.callback(one.close)
            one.set_default_timeout(20_000)
        hers, his = (listening(one.new_page()) for one in contexts)
        yield hers, his


def look(seen: Seen, name: str) -> None:
    """Pages that no address alone leads to, on a telephone; the dark sheet changes colours alone."""
    seen.page.wait_for_load_state("networkidle")
    seen.picture(f"{name}-light", *PHONE)
    seen.page.emulate_media(color_scheme="dark")
    seen.picture(f"{name}-dark", *PHONE, rules=COLOURS)
    seen.page.emulate_media(color_scheme="light")
    seen.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    assert seen.said == []


def test_an_adviser_helps_and_the_holder_sees_it_and_ends_it(two: tuple[Seen, Seen]) -> None:
    (phone, desk), (hers, his) = two, (one.page for one in two)
    camille, noemie = furnished(), member(given="NOÉMIE")
    name_adviser(account=noemie.account, structure="France services de Saint-Junien")
    # Given two people who are signed in
    type_sign_in(hers, camille.identifier, SECRET)
    type_sign_in(his, noemie.identifier, SECRET)
    # When she asks for a code, and the adviser types it
    hers.goto("/partage/proches/")
    hers.get_by_role("link", name="Être aidé par un conseiller numérique").click()
    hers.get_by_label("Il peut aussi ajouter et ranger mes documents").check()
    hers.get_by_role("button", name="Obtenir un code").click()
    look(phone, "conseiller-1-code")
    code = hers.locator(".session-code").inner_text()
    his.get_by_role("link", name="Aider quelqu’un").click()
    his.get_by_label("Le code que la personne vous donne").fill(code.lower())
    his.keyboard.press("Enter")
    # Then he is in her space, and she sees it on every page
    expect(his.get_by_role("heading", level=1)).to_contain_text("L’espace de Camille Duval")
    look(desk, "conseiller-2-chez-elle")
    his.get_by_role("link", name="Lettre de liaison à la sortie").first.click()
    expect(his.get_by_role("link", name="Télécharger")).to_have_count(0)
    hers.get_by_role("link", name="Le code est donné : continuer").click()
    band = hers.get_by_role("region", name="vous aide jusqu’à")
    expect(band).to_contain_text("Noémie Duval, conseiller numérique (France services de Saint-Junien), vous aide")
    expect(hers.get_by_role("main")).to_contain_text("Lettre de liaison à la sortie")
    look(phone, "conseiller-3-seance")
    # When she ends it from the band of another page, with the keyboard alone, then his next click is refused
    hers.goto("/documents/")
    band.get_by_role("button", name="Mettre fin").focus()
    hers.keyboard.press("Enter")
    expect(hers.get_by_role("status")).to_contain_text("Noémie Duval ne vous aide plus")
    expect(band).to_have_count(0)
    his.reload()
    expect(his.get_by_role("main")).to_contain_text("Cette séance d’aide est terminée.")
