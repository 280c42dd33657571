"""TD0.9: an address asked for by a professional's software opens their workstation at the patient, once."""

import re
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from pytest_django.fixtures import Settings

import soap_door as soap
from carded import authorities
from cast import Holder, caring, consents, holder, opposed, professional
from door import lines_of
from espace import edge
from espace.access import gate
from espace.access.actions import hand_over, purge_handovers, take_over
from espace.access.facts import Handover, Shown
from espace.identity.facts import Organisation, Professional
from espace.kernel.words import Purpose, Verb
from exchange.xds.national_asking import asks_address, said
from soap_door import as_doctor, as_feeder
from workstation.desk import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _trusting(settings: Settings, tmp_path: Path) -> None:
    settings.ESPACE_AUTHORITIES = authorities(tmp_path)


@pytest.fixture
def place() -> Organisation:
    return soap.hospital("Cabinet des Tilleuls")


@pytest.fixture
def anne(place: Organisation) -> Professional:
    return professional(at=place)


@pytest.fixture
def camille() -> Holder:
    return holder()


def asked(who: Professional, at: Organisation, of: Holder, page: str = "") -> str:
    """The path of the address that was answered."""
    told = said(asks_address(as_doctor(who, at), of, page))
    assert told["status"] == "OK"
    return re.sub(r"^https?://[^/]+", "", told["adresse"])


def token_of(who: Professional, of: Holder, shown: Shown = Shown.RECORD) -> str:
    with gate.open_record(
        actor=caring(who), patient=of.patient, purpose=Purpose.CARE, verb=Verb.STATUS, at=edge.now()
    ) as grant:
        return hand_over(grant, shown)[0]


def pressed(desk: Desk, path: str) -> tuple[int, str]:
    answer: Any = desk.post(path)
    return answer.status_code, answer.headers.get("Location", "")


LEADS = {
    "": "/pro/patients/{}/",
    "TABLEAU_DE_BORD": "/pro/patients/{}/",
    "DOCUMENTS": "/pro/patients/{}/#all",
    "HISTORIQUE": "/pro/patients/{}/historique/",
    "DROITS": "/pro/patients/{}/accord/",
}


def test_the_address_leads_its_professional_to_the_page_asked_for_once(
    camille: Holder, anne: Professional, place: Organisation
) -> None:
    desk = Desk(anne)
    for page, leads in LEADS.items():
        path = asked(anne, place, camille, page)
        assert camille.ins.number not in path and str(camille.patient) not in path
        assert pressed(desk, path) == (302, leads.format(camille.patient))
    assert pressed(desk, path)[0] == 404


def test_looking_at_an_address_uses_nothing_and_shows_nobody(
    camille: Holder, anne: Professional, place: Organisation
) -> None:
    path, desk = asked(anne, place, camille), Desk(anne)
    shown = [desk.get(path) for _ in range(2)]
    assert [one.status_code for one in shown] == [200, 200]
    assert "Duval" not in shown[0].content.decode()
    assert pressed(desk, path)[0] == 302


def test_the_decision_is_taken_anew_where_it_leads(camille: Holder, anne: Professional, place: Organisation) -> None:
    path, desk = asked(anne, place, camille), Desk(anne)
    _, leads = pressed(desk, path)
    refused = desk.get(leads)
    assert refused.status_code == 403 and "Il faut l’accord du patient" in refused.content.decode()
    consents(camille, anne, at=edge.now())
    assert desk.get(leads).status_code == 200


def body(desk: Desk, path: str) -> tuple[int, str]:
    answer: Any = desk.post(path)
    return answer.status_code, re.sub(r'(csrf\w*" value|request)="[^"]*"', "", answer.content.decode())


def test_used_foreign_late_and_made_up_are_one_page_and_use_it_up(
    camille: Holder, anne: Professional, place: Organisation
) -> None:
    desk, stranger = Desk(anne), Desk(professional("Morel", "Anne"))
    used, foreign, late = (asked(anne, place, camille) for _ in range(3))
    pressed(desk, used)
    with edge.clock_at(edge.now() + timedelta(seconds=61)):
        told = [body(desk, late)]
    told += [body(desk, used), body(stranger, foreign), body(desk, foreign), body(desk, "/pro/ouvrir/made-up/")]
    assert {status for status, _ in told} == {404}
    pages = {re.sub(r"[0-9a-f-]{36}", "", text.replace(path, "")) for _, text in told for path in (used, foreign, late)}
    assert "a déjà servi, a trop attendu" in told[0][1]
    assert len({re.sub(r"/pro/ouvrir/[^/]+/", "", one) for one in pages}) == 1


def test_nobody_who_is_signed_out_uses_an_address(camille: Holder, anne: Professional, place: Organisation) -> None:
    path = asked(anne, place, camille)
    for method in ("get", "post"):
        answer = getattr(Client(), method)(path)
        assert answer.status_code == 302 and answer.headers["Location"].startswith("/pro/")
    assert pressed(Desk(anne), path)[0] == 302


def test_a_form_forged_elsewhere_uses_nothing(camille: Holder, anne: Professional, place: Organisation) -> None:
    path, desk = asked(anne, place, camille), Desk(anne)
    desk.handler.enforce_csrf_checks = True
    assert pressed(desk, path)[0] == 403
    desk.handler.enforce_csrf_checks = False
    assert pressed(desk, path)[0] == 302


def test_an_organisation_and_an_opposed_patient_get_none(anne: Professional, place: Organisation) -> None:
    assert asks_address(as_feeder(place), holder()).fault[2] == "organisation_cannot_read"
    assert said(asks_address(as_doctor(anne, place), opposed())) == {"status": "ERREUR", "error": "space_unknown"}
    wrong = said(asks_address(as_doctor(anne, place), holder(), "PRESCRIPTIONS"))
    assert wrong == {"status": "ERREUR", "error": "national_malformed"}


def test_asking_leaves_the_line_of_a_status(camille: Holder, anne: Professional, place: Organisation) -> None:
    asked(anne, place, camille)
    [line] = [one for one in lines_of(camille) if one.verb is Verb.STATUS]
    assert (line.reason, line.actor_id) == ("space_status", anne.id)


def test_what_is_kept_tells_neither_token_nor_person(camille: Holder, anne: Professional) -> None:
    token = token_of(anne, camille)
    with connection.cursor() as cursor:
        cursor.execute("SELECT token_hash, sealed FROM access_handover")
        kept = b"".join(bytes(cell) for row in cursor.fetchall() for cell in row)
    ids = [each for one in (camille.patient, anne.id) for each in (str(one).encode(), one.bytes)]
    assert not [one for one in (token.encode(), *ids) if one in kept]


def test_a_row_that_was_altered_leads_nowhere(camille: Holder, anne: Professional) -> None:
    token, other = token_of(anne, camille), token_of(anne, holder())
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM access_handover WHERE token_hash = %s", [sha256(other.encode()).digest()])
        [sealed] = cursor.fetchone()
        cursor.execute(
            "UPDATE access_handover SET sealed = %s WHERE token_hash = %s", [sealed, sha256(token.encode()).digest()]
        )
    assert take_over(token, by=caring(anne), at=edge.now()) is None


@pytest.mark.django_db(transaction=True)
def test_of_two_presses_at_once_one_leads_on(camille: Holder, anne: Professional) -> None:
    token, actor, start = token_of(anne, camille), caring(anne), Barrier(2)
    led: list[Handover | None] = []

    def press() -> None:
        start.wait()
        led.append(take_over(token, by=actor, at=edge.now()))
        connections.close_all()

    presses = [Thread(target=press) for _ in range(2)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    assert sorted(one is None for one in led) == [False, True]


def test_what_waits_no_more_is_forgotten(camille: Holder, anne: Professional) -> None:
    while purge_handovers(at=edge.now() + timedelta(days=1), limit=1000):
        pass
    token_of(anne, camille)
    token_of(anne, camille)
    assert [purge_handovers(at=edge.now(), limit=1)] == [0]
    at = edge.now() + timedelta(minutes=2)
    assert [purge_handovers(at=at, limit=1) for _ in range(3)] == [1, 1, 0]
