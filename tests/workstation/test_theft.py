"""Nineteen stolen accounts walk through the numbers in order (N13): stopped, told of, and nobody else is slowed."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from cast import Holder, asks_about_nobody, caring, holder, names_doctor, professional
from door import call, professional_token
from espace import edge
from espace.access.facts import AlertKind
from espace.access.queries import open_alerts, opened_lately
from espace.identity.facts import Ins, Professional
from espace.identity.rules import ins_key
from workstation.desk import Desk

pytestmark = pytest.mark.usefixtures("db")

ACCOUNTS = 19
SAID = {
    "space_unknown": "Aucun espace n’existe pour cette identité",
    "account_frozen": "Votre compte est gelé pour de nouveaux patients",
}
FIFTY_A_SECOND = timedelta(milliseconds=20)


def in_order(first: int) -> Iterator[Ins]:
    """The numbers of one birthplace, one after the other; whether anybody bears them, the walker learns."""
    for number in range(first, 1000):
        body = f"1850375119{number:03d}"
        yield Ins(body + ins_key(body), "1.2.250.1.213.1.4.10")


def asks(desk: Desk, token: str, ins: Ins, turn: int) -> str:
    """At the workstation and by program, in turn: what was said."""
    if turn % 2:
        page = desk.post("/pro/", {"ins": ins.number}).content.decode()
        return next((said for said, words in SAID.items() if words in page), "")
    query = f"patient.identifier=urn:oid:{ins.authority}|{ins.number}"
    return call("GET", "/fhir/DocumentReference", token=token, query=query).codes[0]


def alerts_of(who: Professional) -> set[AlertKind]:
    return {one.kind for one in open_alerts() if one.professional == who.id}


def cost_of_a_reading(doctor: Professional, of: Holder) -> int:
    desk = Desk(doctor)
    with CaptureQueriesContext(connections["default"]) as said:
        assert desk.get(f"/pro/patients/{of.patient}/").status_code == 200
    return len(said.captured_queries)


def test_nineteen_accounts_at_both_doors_are_frozen_and_told_of(settings: Any) -> None:
    """With a small budget: what an account may open is what stops it, whatever it is."""
    settings.ESPACE_BUDGET_HOUR = 2
    patients = [holder() for _ in range(2)]
    doctor = professional("Roux", "Lise")
    for one in patients:
        names_doctor(one, doctor, at=edge.now())
    before = cost_of_a_reading(doctor, patients[0])
    answers = {}
    stolen = [professional("Volé", f"Compte {rank}") for rank in range(ACCOUNTS)]
    for rank, who in enumerate(stolen):
        desk, token, walk = Desk(who), professional_token(who), in_order(50 * rank)
        answers[who.id] = [asks(desk, token, ins, turn) for turn, ins in zip(range(4), walk, strict=False)]
    assert {tuple(said) for said in answers.values()} == {("space_unknown",) * 2 + ("account_frozen",) * 2}
    assert [alerts_of(who) for who in stolen] == [{AlertKind.FROZEN}] * ACCOUNTS
    assert {opened_lately(who.id, edge.now()).day for who in stolen} == {2}
    assert cost_of_a_reading(doctor, patients[1]) == before
    assert alerts_of(doctor) == set()


def test_an_account_at_fifty_a_second_is_frozen_in_two_seconds_and_seen_before() -> None:
    """The budgets that come with the program, a clock that is the test's: 60 patients, not 200."""
    who = professional("Volé", "Compte")
    begun, passed, told = edge.now(), 0, {}
    for turn, ins in enumerate(in_order(0)):
        at = begun + turn * FIFTY_A_SECOND
        if asks_about_nobody(caring(who), ins.number, at=at) == "account_frozen":
            break
        passed += 1
        for kind in alerts_of(who) - set(told):
            told[kind] = passed
    assert (passed, at - begun) == (60, 60 * FIFTY_A_SECOND)
    assert told == {AlertKind.IN_A_ROW: 12, AlertKind.BURST: 30}
    assert alerts_of(who) == {AlertKind.IN_A_ROW, AlertKind.BURST, AlertKind.FROZEN}
