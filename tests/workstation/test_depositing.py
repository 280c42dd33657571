"""Depositing at the workstation: what is written, what is refused, what is sent twice."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from cast import consents, holder, opposed, organisation, professional
from espace import edge
from espace.access import gate
from espace.identity.facts import Professional
from espace.identity.rules import ins_key
from espace.kernel.values import replace
from espace.kernel.words import Purpose, Verb, Visibility
from espace.record import queries as documents
from espace.trace import queries as trace
from espace.wire.cda import parse
from portal.helpers import PARIS, PDF, cda
from workstation.desk import Desk

pytestmark = pytest.mark.usefixtures("db")
MASKED = frozenset({Visibility.MASQUE_PS})
HELD = frozenset({Visibility.INVISIBLE_PATIENT})
AGREED = {"how": "oral", "term": "visit", "informed": "on"}


def record_of(who: object) -> str:
    return f"/pro/patients/{who.patient}/"  # type: ignore[attr-defined]


def deposit(desk: Desk, of: object, **fields: object) -> object:
    given = {
        "file": SimpleUploadedFile("lettre.pdf", PDF, "application/pdf"),
        "born": "1985-03-07",
        "type": "34874-8",
        "title": "Lettre au chirurgien",
        "happened": "2026-03-01",
        "visibility": "",
    }
    return desk.post(f"{record_of(of)}deposer/", {**given, **fields})


def stored(of: object) -> list[tuple[str, bytes]]:
    who = of.actor  # type: ignore[attr-defined]
    with gate.open_record(
        actor=who, patient=who.patient, purpose=Purpose.HOLDER, verb=Verb.READ, at=edge.now()
    ) as grant:
        found = documents.documents(grant)
        return [(one.entry.title, documents.content(grant, one.id).data) for one in found]


def test_a_pdf_becomes_a_cda_of_level_one_with_a_whole_header() -> None:
    camille, anne = holder(), professional()
    done = deposit(Desk(anne), camille)
    assert done.status_code == 302  # type: ignore[attr-defined]
    assert done["Location"].startswith(f"{record_of(camille)}deposer/?fait=")  # type: ignore[index]
    [(title, content)] = stored(camille)
    read = parse(content, zone=PARIS)
    assert title == "Lettre au chirurgien"
    assert (read.problems, read.warnings) == ((), ())
    assert read.document is not None
    assert read.document.body_level == 1
    assert read.document.media[0].data == PDF
    assert read.document.patient.number == camille.ins.number
    assert read.document.entry.authors[0].person_id == anne.national_id
    assert "Le document est déposé." in Desk(anne).get(done["Location"]).content.decode()  # type: ignore[index]


def test_one_form_sent_twice_is_one_document_and_another_file_another() -> None:
    camille, desk = holder(), Desk(professional())
    page = desk.get(f"{record_of(camille)}deposer/").content.decode()
    sending = page.split('name="envoi" value="')[1].split('"')[0]
    for _ in range(2):
        assert deposit(desk, camille, envoi=sending).status_code == 302  # type: ignore[attr-defined]
    assert len(stored(camille)) == 1
    another = SimpleUploadedFile("autre.pdf", PDF + b"%autre", "application/pdf")
    assert deposit(desk, camille, envoi=sending, file=another).status_code == 302  # type: ignore[attr-defined]
    assert len(stored(camille)) == 2


@pytest.mark.parametrize("spoil", [lambda token: token[:-1], lambda token: "", lambda token: "x" * 5000])
def test_a_sending_that_is_not_ours_is_a_new_one(spoil: Callable[[str], str]) -> None:
    camille, desk = holder(), Desk(professional())
    page = desk.get(f"{record_of(camille)}deposer/").content.decode()
    sending = page.split('name="envoi" value="')[1].split('"')[0]
    for _ in range(2):
        assert deposit(desk, camille, envoi=spoil(sending)).status_code == 302  # type: ignore[attr-defined]
    assert len(stored(camille)) == 2


def test_a_cda_is_taken_as_it_is_and_once() -> None:
    camille = holder()
    anne = professional(at=organisation())
    sent = cda(camille)
    for _ in range(2):
        answer = deposit(Desk(anne), camille, file=SimpleUploadedFile("bilan.xml", sent, "text/xml"))
        assert answer.status_code == 302  # type: ignore[attr-defined]
    assert stored(camille) == [("Analyses de sang", sent)]


def test_a_cda_kept_by_another_organisation_is_not_ours_to_deposit() -> None:
    camille = holder()
    kept_elsewhere = cda(camille).replace(b'extension="1990000017"', b'extension="1990000025"')
    anne = professional(at=organisation())
    answer = deposit(Desk(anne), camille, file=SimpleUploadedFile("bilan.xml", kept_elsewhere, "text/xml"))
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert stored(camille) == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"born": "1985-03-08"}, "Ce n’est pas la date de naissance de ce patient"),
        ({"born": ""}, "date de naissance"),
        ({"title": ""}, "Écrivez un titre."),
        ({"happened": "2099-01-01"}, "dans l’avenir"),
        ({"happened": "0001-01-01"}, "trop ancienne"),
        ({"title": "a\x01b"}, "ne se lisent pas"),
        ({"title": "a\ufffeb"}, "ne se lisent pas"),
        ({"title": "Lettre \u202eFDP"}, "ne se lisent pas"),
        ({"title": "\u200b"}, "ne se lisent pas"),
        ({"title": "…"}, "ne se lisent pas"),
        ({"type": "nimporte"}, "genre de la liste"),
        ({"file": SimpleUploadedFile("vide.pdf", b"", "application/pdf")}, "vide"),
        ({"file": SimpleUploadedFile("notes.txt", b"bonjour", "text/plain")}, "Choisissez un PDF ou un CDA"),
        ({"file": SimpleUploadedFile("x.xml", b"<ClinicalDocument/>", "text/xml")}, "n’a pas été déposé"),
    ],
)
def test_what_cannot_be_deposited_says_why_and_keeps_nothing(fields: dict[str, object], words: str) -> None:
    camille = holder()
    answer = deposit(Desk(professional()), camille, **fields)
    assert answer.status_code in (200, 422)  # type: ignore[attr-defined]
    assert words in answer.content.decode()  # type: ignore[attr-defined]
    assert stored(camille) == []


def test_guessing_a_birth_date_ends_after_five() -> None:
    camille, anne = holder(), professional()
    desk = Desk(anne)
    for day in range(8, 13):
        answer = deposit(desk, camille, born=f"1985-03-{day:02d}")
        assert "Ce n’est pas la date de naissance de ce patient" in answer.content.decode()  # type: ignore[attr-defined]
    for born in ("1985-03-13", "1985-03-07"):
        answer = deposit(desk, camille, born=born)
        assert (answer.status_code, stored(camille)) == (422, [])  # type: ignore[attr-defined]
        assert "trop d’identités qui ne concordent pas" in answer.content.decode()  # type: ignore[attr-defined]
    consents(camille, anne, at=edge.now())
    assert deposit(desk, camille).status_code == 302  # type: ignore[attr-defined]


def test_a_cda_of_somebody_else_is_refused() -> None:
    camille, paule = holder(), holder(birth_name="MARTIN", given_names=("PAULE",))
    answer = deposit(Desk(professional()), camille, file=SimpleUploadedFile("bilan.xml", cda(paule), "text/xml"))
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert stored(camille) == []


def test_a_document_held_from_the_patient_leaves_no_line_for_them() -> None:
    camille = holder()
    deposit(Desk(professional()), camille, visibility="INVISIBLE_PATIENT")
    with gate.open_record(
        actor=camille.actor, patient=camille.patient, purpose=Purpose.HOLDER, verb=Verb.HISTORY, at=edge.now()
    ) as grant:
        lines = [one.event for one in trace.history(grant) if one.event.verb is Verb.DEPOSIT]
    assert [one.hidden_from for one in lines] == [HELD]
    assert stored(camille) == []


def test_an_upload_tells_nothing_of_who_else_has_a_space() -> None:
    """Somebody with a space, somebody who objected, and nobody: the same refusal, and the same budget."""
    camille, other, objected = holder(), holder(birth_name="MARTIN"), opposed()
    anne = professional(at=organisation())
    nobody = replace(other, ins=replace(other.ins, number=unused(other.ins.number)))
    told = []
    for who in (other, objected, nobody):
        answer = deposit(Desk(anne), camille, file=SimpleUploadedFile("bilan.xml", cda(who), "text/xml"))
        page = answer.content.decode()  # type: ignore[attr-defined]
        told.append((answer.status_code, page[page.index('role="alert"') : page.index("<form class=")]))  # type: ignore[attr-defined]
    assert told[0] == told[1] == told[2]
    assert told[0][0] == 422
    assert seen_by(anne) == 1


def unused(number: str) -> str:
    body = f"{number[:12]}{(int(number[12]) + 5) % 10}"
    return body + ins_key(body)


def seen_by(who: Professional) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_seen WHERE professional_id = %s", [who.id])
        [(count,)] = cursor.fetchall()
    return int(count)


def test_the_form_asks_whose_record_it_is_and_opens_nothing_else() -> None:
    """The line of a search is left each time, and none that tells of a document held from the patient."""
    camille = holder()
    desk = Desk(professional())
    desk.get(f"{record_of(camille)}deposer/")
    desk.get(deposit(desk, camille, visibility="INVISIBLE_PATIENT")["Location"])  # type: ignore[index]
    with gate.open_record(
        actor=camille.actor, patient=camille.patient, purpose=Purpose.HOLDER, verb=Verb.HISTORY, at=edge.now()
    ) as grant:
        lines = [one.event for one in trace.history(grant)]
        assert [one.verb for one in lines if HELD.isdisjoint(one.hidden_from)] == [Verb.STATUS, Verb.STATUS]
        assert [one.verb for one in lines] == [Verb.STATUS, Verb.DEPOSIT, Verb.STATUS]


def test_the_reading_page_says_who_deposited() -> None:
    camille, anne = holder(), professional()
    deposit(Desk(anne), camille)
    consents(camille, anne, at=edge.now())
    desk = Desk(anne)
    page = desk.get(record_of(camille)).content.decode()
    place = page[page.index(f"{record_of(camille)}documents/") :].partition('"')[0]
    assert "par Anne Morel, Cabinet des Tilleuls." in desk.get(place).content.decode()
