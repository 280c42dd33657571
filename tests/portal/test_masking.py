"""The holder masks a document to professionals and shows it again, from its page."""

from uuid import UUID, uuid4

import pytest

from cast import AT, caring, consents, holder, professional
from espace.access import gate
from espace.identity.facts import Professional
from espace.kernel.words import Purpose, Verb, Visibility
from espace.record import queries as record
from portal.helpers import Member, cda, file, member, signed_in
from portal.test_reading_pages import text

MARK = '<span class="mark">Masqué aux professionnels</span>'


def seen_by(who: Professional, of: Member) -> set[UUID]:
    with gate.open_record(
        actor=caring(who), patient=of.of.patient, purpose=Purpose.CARE, verb=Verb.LIST, at=AT
    ) as grant:
        return {one.id for one in record.documents(grant)}


def test_a_document_is_masked_and_shown_again() -> None:
    camille, petit = member(), professional("Petit", "Léa", profession="10")
    consents(camille.of, petit)
    one = file(camille.of, cda(camille.of))
    browser = signed_in(camille)
    assert f'href="/documents/{one}/masquer/"' in browser.get(f"/documents/{one}/").content.decode()
    asked = text(browser.get(f"/documents/{one}/masquer/"))
    for words in ("Analyses de sang", "Qui l’a écrit le verra toujours.", "Votre médecin traitant", "le verra aussi"):
        assert words in asked
    assert seen_by(petit, camille) == {one}
    done = browser.post(f"/documents/{one}/masquer/", follow=True)
    assert "C’est fait : ce document est masqué aux professionnels." in text(done)
    assert MARK in done.content.decode()
    assert MARK in browser.get("/documents/").content.decode()
    assert seen_by(petit, camille) == set()
    assert f'href="/documents/{one}/montrer/"' in done.content.decode()
    assert "Ce qu’ils auront lu ou copié ne pourra pas être repris." in text(browser.get(f"/documents/{one}/montrer/"))
    shown = browser.post(f"/documents/{one}/montrer/", follow=True)
    assert "C’est fait : ce document est visible" in text(shown) and MARK not in shown.content.decode()
    assert seen_by(petit, camille) == {one}


def test_the_history_says_it() -> None:
    camille = member()
    one = file(camille.of, cda(camille.of))
    browser = signed_in(camille)
    browser.post(f"/documents/{one}/masquer/")
    browser.post(f"/documents/{one}/montrer/")
    page = text(browser.get("/partage/historique/"))
    assert "Vous avez masqué un document aux professionnels Analyses de sang" in page
    assert "Vous avez rendu un document visible aux professionnels Analyses de sang" in page


@pytest.mark.parametrize("act", ["masquer", "montrer"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_absent_hidden_and_somebody_else_s_documents_answer_alike(act: str, method: str) -> None:
    camille, other = member(), holder()
    browser = signed_in(camille)
    held = file(camille.of, cda(camille.of), visibility=frozenset({Visibility.INVISIBLE_PATIENT}))
    answers = {}
    for one in (uuid4(), held, file(other, cda(other))):
        path = f"/documents/{one}/{act}/"
        answer = getattr(browser, method)(path)
        assert answer.status_code == 404
        answers[text(answer).replace(path, "PATH")] = one
    assert len(answers) == 1


def test_asking_is_not_reading() -> None:
    """« Nouveau » stays: the page that asks shows the title, which the list shows too."""
    camille = member()
    one = file(camille.of, cda(camille.of))
    browser = signed_in(camille)
    browser.get(f"/documents/{one}/masquer/")
    assert "Nouveau" in text(browser.get("/documents/"))
