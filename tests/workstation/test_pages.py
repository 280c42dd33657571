"""A professional's pages: what opens, what closes, what shows, and what a wrong address tells."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections

from cast import blocks, consents, holder, names_doctor, opposed, organisation, professional
from espace import edge
from espace.access import gate
from espace.identity import actions as identity
from espace.identity.facts import Professional
from espace.identity.rules import ins_key
from espace.kernel.words import Purpose, Verb, Visibility
from espace.record import queries as documents
from espace.trace import queries as trace
from espace.wire.cda import parse
from portal.helpers import PARIS, PDF, cda
from workstation.desk import Desk, file

pytestmark = pytest.mark.usefixtures("db")
MASKED = frozenset({Visibility.MASQUE_PS})
HELD = frozenset({Visibility.INVISIBLE_PATIENT})
AGREED = {"how": "oral", "term": "visit", "informed": "on"}


def record_of(who: object) -> str:
    return f"/pro/patients/{who.patient}/"  # type: ignore[attr-defined]


def spaced(number: str) -> str:
    return f"{number[:1]} {number[1:3]} {number[3:5]} {number[5:7]} {number[7:10]} {number[10:13]} {number[13:]}"


def test_a_typed_ins_leads_to_consent_then_to_the_record() -> None:
    camille, anne = holder(), professional()
    file(camille, "Glycémie à jeun")
    desk = Desk(anne)
    found = desk.post("/pro/", {"ins": spaced(camille.ins.number)})
    assert (found.status_code, found["Location"]) == (302, f"{record_of(camille)}accord/")
    page = desk.get(found["Location"]).content.decode()
    assert "Camille" not in page and "1985" not in page
    assert "Aucun accord de ce patient n’est enregistré pour vous." in page
    agreed = desk.post(found["Location"], AGREED)
    assert (agreed.status_code, agreed["Location"]) == (302, record_of(camille))
    page = desk.get(record_of(camille)).content.decode()
    assert "Camille Duval" in page
    assert "Glycémie à jeun" in page
    assert "Le patient a donné son accord, et cet accord est en cours" in page
    assert desk.post("/pro/", {"ins": camille.ins.number})["Location"] == record_of(camille)


def datamatrix(of: object, *, family: str = "DUVAL") -> str:
    ins, traits = of.ins, of.traits  # type: ignore[attr-defined]
    return (
        f"IS010000000000000000000000S1{ins.number}S2{ins.authority}\x1dS3{' '.join(traits.given_names)}\x1d"
        f"S4{family}\x1dS5{traits.sex}S6{traits.birth_date:%d-%m-%Y}S7{traits.birth_place}"
    )


def test_a_datamatrix_is_compared_trait_by_trait() -> None:
    camille = holder()
    desk = Desk(professional())
    assert desk.post("/pro/", {"ins": datamatrix(camille)})["Location"] == f"{record_of(camille)}accord/"
    wrong = desk.post("/pro/", {"ins": datamatrix(camille, family="DUPONT")})
    assert wrong.status_code == 200
    assert "DUPONT" in wrong.content.decode()
    assert "Camille" not in wrong.content.decode().replace("CAMILLE", "")


@pytest.mark.parametrize(
    "text",
    ["", "1", "IS01", "185037544109", "S1S2S3S4", "1" * 700, "' OR 1=1 --", "<script>", "IS01" + "\x1d" * 300, "\x00"],
)
def test_rubbish_is_refused_with_a_sentence(text: str) -> None:
    answer = Desk(professional()).post("/pro/", {"ins": text})
    assert answer.status_code == 200
    assert "Erreur" in answer.content.decode()


def test_an_opposed_space_and_none_are_told_alike() -> None:
    nobody, objected = holder(), opposed()
    number = nobody.ins.number
    unknown = f"{number[:12]}{(int(number[12]) + 1) % 10}"
    key = 97 - int(unknown) % 97
    pages = []
    for ins in (f"{unknown}{key:02d}", objected.ins.number):
        answer = Desk(professional()).post("/pro/", {"ins": ins})
        page = answer.content.decode().replace(ins, "INS")
        start = page.index('<form class="form find"')
        pages.append((answer.status_code, page[start : page.index("</form>", start)]))
    assert [status for status, _ in pages] == [200, 200]
    assert "Aucun espace n’existe pour cette identité." in pages[0][1]
    assert _without_token(pages[0][1]) == _without_token(pages[1][1])


def _without_token(page: str) -> str:
    head, _, rest = page.partition('name="csrfmiddlewaretoken" value="')
    return head + rest.partition('"')[2]


def test_nothing_opens_without_consent_and_the_page_says_how_to_get_it() -> None:
    camille = holder()
    document = file(camille, "Glycémie à jeun")
    desk = Desk(professional())
    answer = desk.get(record_of(camille))
    assert answer.status_code == 403
    assert f"{record_of(camille)}accord/" in answer.content.decode()
    reading = desk.get(f"{record_of(camille)}documents/{document}/")
    assert reading.status_code == 403
    assert "Glycémie" not in answer.content.decode() + reading.content.decode()


def test_a_consent_that_lapses_and_a_block_close_an_open_session(monkeypatch: pytest.MonkeyPatch) -> None:
    camille, anne = holder(), professional()
    document = file(camille, "Glycémie à jeun")
    desk = Desk(anne)
    consents(camille, anne, at=edge.now(), until=edge.now() + timedelta(hours=1))
    place = f"{record_of(camille)}documents/{document}/"
    assert desk.get(place).status_code == 200
    blocks(camille, anne, at=edge.now())
    assert desk.get(place).status_code == 403
    assert desk.get(record_of(camille)).status_code == 403
    assert "ne vous donne pas accès" in desk.get(f"{record_of(camille)}accord/").content.decode()
    assert desk.post(f"{record_of(camille)}accord/", AGREED).status_code == 403

    lise = professional("Le Goff", "Lise")
    consents(camille, lise, at=edge.now() - timedelta(hours=2), until=edge.now() - timedelta(hours=1))
    assert Desk(lise).get(place).status_code == 403


@pytest.mark.parametrize("end", ["", "telecharger/", "pieces/1/"])
def test_masked_absent_and_foreign_documents_answer_alike(end: str) -> None:
    camille, paule, anne = holder(), holder(), professional()
    consents(camille, anne, at=edge.now())
    consents(paule, anne, at=edge.now())
    masked, foreign = file(camille, "Masqué", visibility=MASKED), file(paule, "Ailleurs")
    desk = Desk(anne)
    answers = [desk.get(f"{record_of(camille)}documents/{one}/{end}") for one in (masked, foreign, uuid4())]
    assert [one.status_code for one in answers] == [404, 404, 404]
    pages = {_without_token(one.content.decode()).split("<main")[1] for one in answers}
    assert len(pages) == 1


def test_what_is_masked_is_nowhere_but_for_its_author_and_the_attending_doctor() -> None:
    camille, anne, lise = holder(), professional(), professional("Le Goff", "Lise")
    file(camille, "Clair")
    file(camille, "Secret partagé", visibility=MASKED, author=lise.national_id)
    for who in (anne, lise):
        consents(camille, who, at=edge.now())
    page = Desk(anne).get(record_of(camille)).content.decode()
    assert "Secret" not in page
    assert "1 document" in page
    page = Desk(lise).get(record_of(camille)).content.decode()
    assert "Secret partagé" in page
    names_doctor(camille, anne, at=edge.now())
    page = Desk(anne).get(record_of(camille)).content.decode()
    assert "Secret partagé" in page
    assert "Masqué aux professionnels" in page
    assert "médecin traitant de ce patient" in page


def test_filters_find_by_words_kind_and_year() -> None:
    camille, anne = holder(), professional()
    consents(camille, anne, at=edge.now())
    file(camille, "Glycémie à jeun")
    file(camille, "Ordonnance du soir", type_code="57833-6")
    desk = Desk(anne)
    found = desk.post(record_of(camille), {"mots": "glycemie"})
    assert "glycemie" not in found["Location"]
    page = desk.get(found["Location"]).content.decode()
    assert "Glycémie à jeun" in page
    assert "Ordonnance du soir" not in page
    elsewhere = Desk(professional()).get(found["Location"])
    assert elsewhere.status_code == 403


def test_ending_ones_own_access() -> None:
    camille, anne = holder(), professional()
    consents(camille, anne, at=edge.now())
    desk = Desk(anne)
    assert desk.post(f"{record_of(camille)}accord/fin/").status_code == 302
    assert desk.get(record_of(camille)).status_code == 403


def test_a_budget_that_is_spent_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ESPACE_BUDGET_HOUR", 1)
    first, second = holder(), holder()
    desk = Desk(professional())
    desk.post("/pro/", {"ins": first.ins.number})
    page = desk.post("/pro/", {"ins": second.ins.number}).content.decode()
    assert "Votre compte est gelé pour de nouveaux patients" in page
    assert desk.get(f"{record_of(second)}accord/").status_code == 429


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
    assert (done.status_code, done["Location"]) == (302, f"{record_of(camille)}deposer/?fait=1")  # type: ignore[attr-defined,index]
    [(title, content)] = stored(camille)
    read = parse(content, zone=PARIS)
    assert title == "Lettre au chirurgien"
    assert (read.problems, read.warnings) == ((), ())
    assert read.document is not None
    assert read.document.body_level == 1
    assert read.document.media[0].data == PDF
    assert read.document.patient.number == camille.ins.number
    assert read.document.entry.authors[0].person_id == anne.national_id
    assert "Le document est déposé." in Desk(anne).get(f"{record_of(camille)}deposer/?fait=1").content.decode()


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
        ({"born": "1985-03-08"}, "n’a pas été déposé"),
        ({"born": ""}, "date de naissance"),
        ({"title": ""}, "n’a pas été déposé"),
        ({"happened": "2099-01-01"}, "dans l’avenir"),
        ({"happened": "0001-01-01"}, "trop ancienne"),
        ({"title": "a\x01b"}, "ne se lisent pas"),
        ({"title": "a\ufffeb"}, "ne se lisent pas"),
        ({"title": "Lettre \u202eFDP"}, "ne se lisent pas"),
        ({"title": "\u200b"}, "ne se lisent pas"),
        ({"title": "…"}, "ne se lisent pas"),
        ({"type": "nimporte"}, "genre de la liste"),
        ({"file": SimpleUploadedFile("vide.pdf", b"", "application/pdf")}, "vide"),
        ({"file": SimpleUploadedFile("notes.txt", b"bonjour", "text/plain")}, "n’a pas été déposé"),
        ({"file": SimpleUploadedFile("x.xml", b"<ClinicalDocument/>", "text/xml")}, "n’a pas été déposé"),
    ],
)
def test_what_cannot_be_deposited_says_why_and_keeps_nothing(fields: dict[str, object], words: str) -> None:
    camille = holder()
    answer = deposit(Desk(professional()), camille, **fields)
    assert answer.status_code in (200, 422)  # type: ignore[attr-defined]
    assert words in answer.content.decode()  # type: ignore[attr-defined]
    assert stored(camille) == []


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


@pytest.mark.parametrize("end", ["", "accord/", "deposer/", "documents/01a200f4-eac4-7d56-ba8b-b26341e7e282/"])
def test_nobody_signed_in_sees_nothing(end: str) -> None:
    from django.test import Client

    camille = holder()
    answer = Client().get(f"{record_of(camille)}{end}")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/pro/?suite=")


def test_the_help_page_tells_the_matrix() -> None:
    page = Desk(professional()).get("/pro/acces/").content.decode()
    assert "Comment obtenir l’accès" in page


def test_the_reading_page_says_who_deposited() -> None:
    camille, anne = holder(), professional()
    deposit(Desk(anne), camille)
    consents(camille, anne, at=edge.now())
    desk = Desk(anne)
    page = desk.get(record_of(camille)).content.decode()
    place = page[page.index(f"{record_of(camille)}documents/") :].partition('"')[0]
    assert "par Anne Morel, Cabinet des Tilleuls." in desk.get(place).content.decode()


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


def test_the_form_opens_nothing_and_leaves_no_line() -> None:
    camille = holder()
    desk = Desk(professional())
    desk.get(f"{record_of(camille)}deposer/")
    deposit(desk, camille, visibility="INVISIBLE_PATIENT")
    desk.get(f"{record_of(camille)}deposer/?fait=1")
    with gate.open_record(
        actor=camille.actor, patient=camille.patient, purpose=Purpose.HOLDER, verb=Verb.HISTORY, at=edge.now()
    ) as grant:
        assert [one.event.verb for one in trace.history(grant)] == [Verb.DEPOSIT]


def test_two_consents_at_once_are_one() -> None:
    camille, anne = holder(), professional()
    barrier = Barrier(3)

    def agree(_number: int) -> int:
        desk = Desk(anne)
        barrier.wait(10)
        try:
            return int(desk.post(f"{record_of(camille)}accord/", AGREED).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(agree, range(3))) == [302, 302, 302]
    assert Desk(anne).get(record_of(camille)).status_code == 200


def test_an_attending_doctor_who_is_no_doctor_any_more_needs_consent() -> None:
    camille, anne = holder(), professional()
    names_doctor(camille, anne)
    assert Desk(anne).get(record_of(camille)).status_code == 200
    identity.put_professional(replace(anne, profession="60"))
    assert Desk(anne).get(record_of(camille)).status_code == 403
