"""A professional's pages: what opens, what closes, what shows, and what a wrong address tells."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connections

from cast import blocks, consents, holder, names_doctor, opposed, professional
from espace import edge
from espace.identity import actions as identity
from espace.kernel.values import replace
from espace.kernel.words import Visibility
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
    assert f"finissant par {spaced(camille.ins.number)[-6:]}" in page and spaced(camille.ins.number) not in page
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


def test_a_datamatrix_is_compared_and_which_trait_differs_is_told_to_who_may_read() -> None:
    camille, anne = holder(), professional()
    desk = Desk(anne)
    assert desk.post("/pro/", {"ins": datamatrix(camille)})["Location"] == f"{record_of(camille)}accord/"
    wrong = desk.post("/pro/", {"ins": datamatrix(camille, family="DUPONT")})
    assert wrong.status_code == 200
    page = wrong.content.decode()
    assert "DUPONT" in page and "ne concordent pas" in page
    assert "Camille" not in page.replace("CAMILLE", "") and "birth_name" not in page
    consents(camille, anne, at=edge.now())
    page = desk.post("/pro/", {"ins": datamatrix(camille, family="DUPONT")}).content.decode()
    assert "ne concordent pas" in page and "(birth_name)" in page


def test_ending_one_s_access_twice_answers_as_once() -> None:
    camille, anne = holder(), professional()
    desk = Desk(anne)
    consents(camille, anne, at=edge.now())
    answers = [desk.post(f"{record_of(camille)}accord/fin/") for _ in range(2)]
    assert [(one.status_code, one["Location"]) for one in answers] == [(302, "/pro/")] * 2
    assert desk.get(record_of(camille)).status_code == 403


def test_a_guess_too_many_is_told_so_and_compares_no_more() -> None:
    camille, desk = holder(), Desk(professional())
    for _ in range(5):
        desk.post("/pro/", {"ins": datamatrix(camille, family="DUPONT")})
    for family in ("DUPONT", "DUVAL"):
        answer = desk.post("/pro/", {"ins": datamatrix(camille, family=family)})
        assert answer.status_code == 200
        assert "trop d’identités qui ne concordent pas" in answer.content.decode()
    assert desk.post("/pro/", {"ins": camille.ins.number})["Location"] == f"{record_of(camille)}accord/"


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
    assert "médecin traitant désigné par la personne elle-même" in page


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
