"""What a professional's budget pays for must not tell what the answers keep to themselves."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from cast import AUTHORITY, Holder, blocks, consents, fresh_ins, holder, opposed, professional, put_state
from door import call, professional_token
from espace import edge
from espace.enrolment.facts import State
from espace.identity.facts import Ins, Professional
from espace.identity.queries.people import ins_index
from espace.kernel.words import Visibility
from workstation.desk import Desk, file

pytestmark = pytest.mark.usefixtures("db")
MASKED = frozenset({Visibility.MASQUE_PS})
DOORS = ("workstation", "documents", "patient")


def cost(who: Professional) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT subject) FROM access_seen WHERE professional_id = %s", [who.id])
        return int(cursor.fetchone()[0])


def another_ins(of: Holder) -> Ins:
    """One that this person bore before."""
    ins = fresh_ins()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO identity_ins (blind, patient_id, since) VALUES (%s, %s, %s)",
            [ins_index(ins), of.patient, edge.now()],
        )
    return ins


def asks(who: Professional, ins: Ins, door: str) -> int:
    """Ask about an INS at one door; the status of the answer."""
    if door == "workstation":
        return int(Desk(who).post("/pro/", {"ins": ins.number}).status_code)
    path, name = {
        "documents": ("/fhir/DocumentReference", "patient.identifier"),
        "patient": ("/fhir/Patient", "identifier"),
    }[door]
    token = professional_token(who, scope="user/DocumentReference.cruds user/Patient.rs")
    return call("GET", path, token=token, query=f"{name}=urn:oid:{ins.authority}|{ins.number}").status


@pytest.mark.parametrize("door", DOORS)
def test_two_ins_of_somebody_who_objected_cost_what_two_of_nobody_do(door: str) -> None:
    gone = opposed()
    pairs = {"opposed": (gone.ins, another_ins(gone)), "nobody": (fresh_ins(), fresh_ins())}
    seen: dict[str, tuple[list[int], int]] = {}
    for name, pair in pairs.items():
        anne = professional()
        seen[name] = [asks(anne, ins, door) for ins in (*pair, *pair)], cost(anne)
    assert seen["opposed"] == seen["nobody"]
    assert seen["nobody"][1] == 2


@pytest.mark.parametrize("state", [State.OPENED, State.CLOSED, State.SUSPENDED])
def test_two_ins_of_somebody_whose_space_is_told_cost_one_place(state: State) -> None:
    camille, anne = holder(), professional()
    pair = (camille.ins, another_ins(camille))
    put_state(camille.patient, state)
    for ins in pair:
        asks(anne, ins, "documents")
    assert cost(anne) == 1


def test_an_ins_of_who_objected_is_one_place_at_all_doors() -> None:
    gone, anne = opposed(), professional()
    for door in DOORS:
        asks(anne, gone.ins, door)
    assert gone.ins.authority == AUTHORITY
    assert cost(anne) == 1


def reads(who: Professional, document: UUID) -> list[int]:
    token = professional_token(who)
    paths = [f"/fhir/{kind}/{document}" for kind in ("DocumentReference", "Binary", "List")]
    return [call("GET", path, token=token).status for path in paths]


def test_the_id_of_what_stays_closed_costs_what_one_of_nothing_does() -> None:
    """Closed for want of consent, by a block, or masked in a record that is open: nothing, as where nothing is."""
    closed, blocked, readable, anne = holder(), holder(), holder(), professional()
    at = edge.now()
    consents(readable, anne, at=at)
    blocks(blocked, anne, at=at)
    forget(anne)
    ids = [file(closed, "Bilan"), file(blocked, "Bilan"), file(readable, "Masqué", visibility=MASKED), uuid4()]
    assert [reads(anne, one) for one in ids] == [[404, 404, 404]] * 4
    assert cost(anne) == 0


def test_the_id_of_what_is_answered_costs_its_patient_once() -> None:
    camille, anne = holder(), professional()
    consents(camille, anne, at=edge.now())
    forget(anne)
    for title in ("Bilan", "Radio"):
        assert reads(anne, file(camille, title))[:2] == [200, 200]
    assert cost(anne) == 1


def test_without_room_what_could_be_read_by_its_id_answers_as_nothing(settings: Any) -> None:
    camille, anne = holder(), professional()
    consents(camille, anne, at=edge.now())
    document = file(camille, "Bilan")
    forget(anne)
    settings.ESPACE_BUDGET_HOUR = 0
    assert reads(anne, document)[:2] == [404, 404]
    assert cost(anne) == 0


def forget(who: Professional) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM access_seen WHERE professional_id = %s", [who.id])
