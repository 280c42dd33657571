"""What was done with a document stays readable once it is deleted; what the holder never could see stays unsaid."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from cast import AT, consents, document, entry, organisation, professional, sender, submission
from espace.access import gate
from espace.edge import clock_at
from espace.identity.facts import Organisation
from espace.kernel.words import Purpose, Verb, Visibility
from espace.record import actions as record
from espace.record.facts import Change
from portal.helpers import Member, cda, file, member, signed_in
from portal.sharing import reads
from portal.test_reading_pages import text
from portal.test_statements import statements

LATER = AT + timedelta(hours=1)
HELD = frozenset({Visibility.INVISIBLE_PATIENT})
HISTORY, HOME, READERS = "/partage/historique/", "/", "/partage/"


def delete(of: Member, by: Organisation, one: UUID) -> None:
    with gate.open_record(
        actor=sender(by), patient=of.of.patient, purpose=Purpose.FEED, verb=Verb.AMEND, at=LATER
    ) as grant:
        record.amend(grant, one, Change(deleted=True))


def deposit_two(of: Member, by: Organisation, *visibilities: frozenset[Visibility]) -> tuple[UUID, ...]:
    """Several documents in one deposit, one for each visibility: one line of the register."""
    sent = submission(
        of.of, *(document(entry(title="Bilan", visibility=one), str(uuid4()).encode()) for one in visibilities)
    )
    with gate.open_record(
        actor=sender(by), patient=of.of.patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=AT
    ) as grant:
        return record.submit(grant, submission=sent, headers=[None] * len(visibilities)).documents


def page(of: Member, path: str) -> str:
    with clock_at(LATER):
        return text(signed_in(of).get(path))


def lines(of: Member) -> list[str]:
    """The lines of the history, newest first, the holder's own left out."""
    with clock_at(LATER):
        html = signed_in(of).get(HISTORY).content.decode()
    found = re.findall(r'<li class="line.*?</li>', html, re.DOTALL)
    said = [re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", one)).split(" · ")[0].strip() for one in found]
    return [one for one in said if not one.startswith("Vous ")]


def test_who_deposited_read_and_deleted_stays_in_the_history() -> None:
    camille, labo, morel = member(), organisation("Labo"), professional()
    consents(camille.of, morel)
    one = file(camille.of, cda(camille.of), by=labo)
    reads(morel, camille, one)
    delete(camille, labo, one)
    assert [one for one in lines(camille) if "accord" not in one] == [
        "Labo a changé l’état ou la visibilité d’un document Document supprimé 11 h 30",
        "Anne Morel, Cabinet des Tilleuls a lu un document Document supprimé 11 h 30",
        "Labo a déposé un document Document supprimé 10 h 30",
    ]


def test_nothing_leads_to_a_deleted_document_and_its_title_is_gone() -> None:
    camille, labo = member(), organisation()
    gone, kept = (file(camille.of, cda(camille.of), title=title, by=labo) for title in ("Sérologie", "Glycémie"))
    delete(camille, labo, gone)
    with clock_at(LATER):
        for path in (HISTORY, HOME):
            html = signed_in(camille).get(path).content.decode()
            assert str(gone) not in html and "Sérologie" not in html
            assert f'<a href="/documents/{kept}/">Glycémie</a>' in html
            assert '<span class="soft">Document supprimé</span>' in html


def test_home_still_says_who_read_it() -> None:
    camille, labo, morel = member(), organisation("Labo"), professional()
    consents(camille.of, morel)
    one, _kept = (file(camille.of, cda(camille.of), by=labo) for _ in range(2))
    reads(morel, camille, one)
    delete(camille, labo, one)
    home = page(camille, HOME)
    assert "Anne Morel, Cabinet des Tilleuls a lu un document Document supprimé" in home
    assert "Labo a changé l’état ou la visibilité d’un document Document supprimé" in home


def test_the_last_access_of_a_professional_outlives_the_document() -> None:
    camille, labo, morel = member(), organisation(), professional()
    consents(camille.of, morel)
    one = file(camille.of, cda(camille.of), by=labo)
    reads(morel, camille, one)
    before = page(camille, READERS)
    assert "Dernier accès : mercredi 4 mars 2026 à 11 h 30." in before
    delete(camille, labo, one)
    assert page(camille, READERS) == before


@pytest.mark.parametrize("path", [HISTORY, HOME])
def test_it_is_said_in_english_too(path: str) -> None:
    camille, labo = member(), organisation()
    gone, _kept = (file(camille.of, cda(camille.of), by=labo) for _ in range(2))
    delete(camille, labo, gone)
    browser = signed_in(camille)
    browser.post("/langue/", {"langue": "en"})
    said = text(browser.get(path))
    assert "Deleted document" in said and "supprimé" not in said


# --- near misses: what the holder could not see is no deleted document --------------------------------------


@pytest.mark.parametrize("deleted", [False, True])
def test_a_held_document_stays_unsaid_deleted_or_not(deleted: bool) -> None:
    camille, labo, morel = member(), organisation("Labo du Secret"), professional()
    consents(camille.of, morel)
    held = file(camille.of, cda(camille.of), by=labo, visibility=HELD)
    reads(morel, camille, held)
    if deleted:
        delete(camille, labo, held)
    assert [one for one in lines(camille) if "accord" not in one] == []
    for path in (HISTORY, HOME, READERS):
        said = page(camille, path)
        assert "Secret" not in said and "supprimé" not in said
    assert "Aucun accès récent." in page(camille, READERS)


@pytest.mark.parametrize("deleted", [False, True])
def test_a_line_about_a_document_that_shows_says_nothing_of_its_held_neighbour(deleted: bool) -> None:
    camille, labo = member(), organisation("Labo")
    _shown, held = deposit_two(camille, labo, frozenset(), HELD)
    if deleted:
        delete(camille, labo, held)
    assert lines(camille) == ["Labo a déposé un document Bilan 10 h 30"]


def test_of_two_documents_of_a_line_the_deleted_one_is_said_and_the_other_keeps_its_title() -> None:
    camille, labo = member(), organisation("Labo")
    _kept, gone = deposit_two(camille, labo, frozenset(), frozenset())
    delete(camille, labo, gone)
    assert lines(camille)[1] == "Labo a déposé un document Bilan Document supprimé 10 h 30"


def test_somebody_else_s_deletion_shows_nowhere() -> None:
    camille, other, labo = member(), member(), organisation()
    delete(other, labo, file(other.of, cda(other.of), by=labo))
    assert lines(camille) == []


@pytest.mark.parametrize("path", [HISTORY, HOME, READERS])
def test_deleted_and_held_documents_cost_no_statement(path: str) -> None:
    """As many statements with and without: neither the count nor the time tells that a document is held."""
    camille, labo, morel = member(), organisation(), professional()
    consents(camille.of, morel)
    file(camille.of, cda(camille.of), by=labo)
    browser = signed_in(camille)
    few = len(statements(browser, path))
    for number in range(3):
        delete(camille, labo, file(camille.of, cda(camille.of), title=f"Document {number}", by=labo))
        file(camille.of, cda(camille.of), by=labo, visibility=HELD)
    assert len(statements(browser, path)) == few
