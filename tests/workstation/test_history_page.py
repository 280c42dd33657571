"""« Historique des accès » at the desk of the attending doctor and of administrators: what shows, what does not, and a
block in the patient's name."""

from functools import partial
from uuid import uuid4

import pytest

from access.test_teams import decides
from cast import consents, holder, names_doctor, professional
from espace import edge
from espace.access import actions as access
from espace.kernel.words import Verb, Visibility
from espace.record.rules import line_shown_to_professional
from espace.workstation.pages.sentences import PHRASES
from portal.test_reading_pages import text
from workstation.desk import Desk, file

pytestmark = pytest.mark.usefixtures("db")
HELD = frozenset({Visibility.INVISIBLE_PATIENT})


def test_there_is_a_sentence_for_every_line_that_shows() -> None:
    assert {verb for verb in Verb if line_shown_to_professional(verb, (), (), ())} == set(PHRASES)


def test_a_line_shows_as_its_objects_do() -> None:
    seen, unseen = uuid4(), uuid4()
    shown = partial(line_shown_to_professional, shown={seen})
    assert [shown(Verb.READ, (seen,), ()), shown(Verb.READ, (seen,), HELD), shown(Verb.READ, (unseen,), ())] == [
        True, True, False,
    ]  # fmt: skip
    assert [shown(Verb.DEPOSIT, (), ()), shown(Verb.DEPOSIT, (), HELD)] == [True, False]
    assert [shown(Verb.LIST, (unseen,), ()), shown(Verb.LIST, (unseen,), HELD)] == [True, False]
    assert not shown(Verb.SETTINGS, (), ())
    assert shown(Verb.LIST, (), (), refused="consent_missing")
    assert not shown(Verb.READ, (), (), refused="consent_missing")
    assert not shown(Verb.LIST, (), (), refused="document_unknown")


def test_the_history_names_whom_the_record_shows_and_leaves_out_what_they_do_not_see() -> None:
    camille, nurse, eve, psychiatrist = (
        holder(), professional("Petit", "Luc", profession="60"), professional("Roux", "Eve"), professional("Le Bris")
    )  # fmt: skip
    clear, unseen = file(camille, "Glycémie"), file(camille, "Suivi en psychiatrie", type_code="68599-0")
    decides(camille, Verb.NAME_ADMINISTRATOR, partial(access.name_administrator, professional=nurse), edge.now())
    for who, document in ((eve, clear), (psychiatrist, unseen)):
        consents(camille, who, at=edge.now())
        Desk(who).get(f"/pro/patients/{camille.patient}/documents/{document}/")
    desk, path = Desk(nurse), f"/pro/patients/{camille.patient}/historique/"
    assert f'href="{path}"' in desk.get(f"/pro/patients/{camille.patient}/").content.decode()
    page = text(desk.get(path))
    assert "Eve Roux, Cabinet des Tilleuls a lu un document" in page
    assert "Glycémie" in page
    assert "psychiatrie" not in page
    assert page.count("a lu un document") == 1
    assert "Anne Le Bris, Cabinet des Tilleuls a enregistré un accord" in page
    assert "Le patient a désigné un administrateur" in page


def test_a_list_is_one_consultation_though_held_documents_have_lines_of_their_own() -> None:
    camille, anne, eve = holder(), professional(), professional("Roux", "Eve")
    names_doctor(camille, anne, at=edge.now())
    consents(camille, eve, at=edge.now())
    for title, hides in (("Glycémie", frozenset()), ("Résultat", HELD), ("Biopsie", HELD)):
        file(camille, title, visibility=hides)
    record = f"/pro/patients/{camille.patient}/"
    Desk(eve).get(record)
    page = text(Desk(anne).get(f"{record}historique/"))
    assert page.count("Eve Roux, Cabinet des Tilleuls a consulté la liste") == 1
    assert "fois" not in page


def test_an_address_tried_in_vain_leaves_no_line_whether_something_is_there_or_not() -> None:
    camille, nurse = holder(), professional("Petit", "Luc", profession="60")
    unseen = file(camille, "Suivi en psychiatrie", type_code="68599-0")
    decides(camille, Verb.NAME_ADMINISTRATOR, partial(access.name_administrator, professional=nurse), edge.now())
    desk, record = Desk(nurse), f"/pro/patients/{camille.patient}/"
    before = text(desk.get(f"{record}historique/"))
    for document in (unseen, uuid4()):
        assert desk.get(f"{record}documents/{document}/").status_code == 404
    assert text(desk.get(f"{record}historique/")).count("essayé") == before.count("essayé") == 0


def test_for_everybody_else_it_is_refused_with_its_reason() -> None:
    camille, eve = holder(), professional("Roux", "Eve")
    consents(camille, eve, at=edge.now())
    record = f"/pro/patients/{camille.patient}/"
    assert "historique/" not in Desk(eve).get(record).content.decode()
    for path in ("historique/", f"historique/{uuid4()}/bloquer/"):
        answer = Desk(eve).get(f"{record}{path}")
        assert answer.status_code == 403
        assert "Seuls le médecin traitant et les administrateurs désignés par le patient font cela" in text(answer)


def test_a_block_in_the_name_of_the_patient() -> None:
    camille, anne, eve = holder(), professional(), professional("Roux", "Eve")
    names_doctor(camille, anne, at=edge.now())
    consents(camille, eve, at=edge.now())
    desk, record = Desk(anne), f"/pro/patients/{camille.patient}/"
    path = f"{record}historique/{eve.id}/bloquer/"
    assert path in desk.get(f"{record}historique/").content.decode()
    assert "lui seul peut la débloquer" in text(desk.get(path))
    for _twice in range(2):
        assert "Eve Roux ne lit plus ce dossier. Le patient en est averti." in text(desk.post(path, follow=True))
    assert Desk(eve).get(record).status_code == 403
    assert desk.post(f"{record}historique/{uuid4()}/bloquer/").status_code == 404
    assert desk.post(f"{record}historique/{anne.id}/bloquer/").status_code == 403
