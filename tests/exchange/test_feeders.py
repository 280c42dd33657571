"""The software of an organisation reads nothing, but learns of each number that it states whether there is a space: it
is counted, told to the operator, and no deposit waits for that."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from cast import Holder, fresh_ins, holder, opposed, organisation
from door import Answer, deposit_of, feeder_token, form, send
from espace.access.facts import AlertKind, Budget
from espace.access.queries import open_alerts
from espace.identity.facts import Ins, Organisation
from espace.identity.rules import ins_key
from espace.kernel.values import replace

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital() -> Organisation:
    """One that nobody else in these tests is."""
    return organisation()


def few(settings: Any, hour: int) -> None:
    settings.ESPACE_BUDGETS = replace(settings.ESPACE_BUDGETS, organisation=Budget(hour, 1000))


def follows(of: Holder, by: Organisation) -> Answer:
    said = {"patient.identifier": f"urn:oid:{of.ins.authority}|{of.ins.number}"}
    return form("/fhir/DocumentReference/_search", token=feeder_token(by), **said)


def told_of(by: Organisation) -> list[AlertKind]:
    return [one.kind for one in open_alerts() if one.organisation == by.id]


def in_order() -> Iterator[Ins]:
    month = f"{uuid4().int % 12 + 1:02d}"
    for number in range(1, 1000):
        body = f"129{month}75119{number:03d}"
        yield Ins(body + ins_key(body), "1.2.250.1.213.1.4.10")


def openings(of: Organisation) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(count), 0) FROM access_tally WHERE scope = %s", [of.id])
        return int(cursor.fetchone()[0])


def test_it_follows_as_many_people_as_its_budget_has(settings: Any, hospital: Organisation) -> None:
    few(settings, 2)
    known, other = holder(), holder()
    asked = [follows(one, hospital) for one in (known, replace(other, ins=fresh_ins()), opposed(), known)]
    assert [one.status for one in asked] == [200, 422, 429, 200]
    assert (asked[1].codes, asked[2].codes) == (["space_unknown"], ["organisation_frozen"])
    assert told_of(hospital) == [AlertKind.FEEDER]
    assert send(deposit_of(other), hospital).status == 200


def test_deposits_that_are_refused_are_told_of_where_their_numbers_are_in_order(hospital: Organisation) -> None:
    someone, walk = holder(), in_order()
    for asked in range(1, 12):
        assert send(deposit_of(replace(someone, ins=next(walk))), hospital).codes == ["space_unknown"]
        assert (asked, told_of(hospital)) == (asked, [])
    assert send(deposit_of(replace(someone, ins=next(walk))), hospital).codes == ["space_unknown"]
    assert told_of(hospital) == [AlertKind.FEEDER]
    assert send(deposit_of(someone), hospital).status == 200
    assert openings(hospital) == 0


def test_deposits_stop_for_no_budget(settings: Any, hospital: Organisation) -> None:
    few(settings, 1)
    someone, nobody = holder(), [replace(holder(), ins=fresh_ins()) for _ in range(3)]
    assert [send(deposit_of(one), hospital).status for one in (*nobody, someone)] == [422, 422, 422, 200]
    assert told_of(hospital) == [AlertKind.FEEDER]


def test_a_deposit_that_is_sent_again_and_again_counts_once(settings: Any, hospital: Organisation) -> None:
    few(settings, 2)
    nobody = replace(holder(), ins=fresh_ins())
    assert [send(deposit_of(nobody), hospital).status for _ in range(4)] == [422] * 4
    assert told_of(hospital) == []


def test_what_was_taken_costs_nothing(settings: Any, hospital: Organisation) -> None:
    few(settings, 1)
    assert [send(deposit_of(holder()), hospital).status for _ in range(3)] == [200] * 3
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_seen WHERE professional_id = %s", [hospital.id])
        assert cursor.fetchone() == (0,)
    assert told_of(hospital) == []
