"""TD0.4: the patients on whom the professional who asks has an authorisation in force, and nobody else."""

from collections.abc import Iterator
from datetime import UTC, timedelta

import pytest
from django.db import OperationalError, connection, connections
from django.test.utils import CaptureQueriesContext
from psycopg.errors import SerializationFailure
from pytest_django.fixtures import Settings

import soap_door as soap
from cast import Holder, begins_team, blocks, caring, consents, holder, names_doctor, professional, put_state
from door import lines_of
from espace import edge
from espace.access import actions as access
from espace.access import gate
from espace.access.facts import Cause
from espace.access.queries import listing
from espace.enrolment.facts import State
from espace.identity import queries as identity
from espace.identity.facts import Organisation, Person, Professional
from espace.kernel.words import Grant, Purpose, Verb, Visibility
from exchange.xds.national_asking import listed, lists, said
from exchange.xds.test_td03 import SECRET
from record.secret import agrees, minor
from soap_door import as_doctor, as_feeder
from workstation.desk import file

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Organisation:
    return soap.hospital("Cabinet des Tilleuls")


@pytest.fixture
def anne(place: Organisation) -> Professional:
    return professional(at=place)


def numbers(people: list[dict[str, str]]) -> list[str]:
    return [one["ins"] for one in people]


def three(anne: Professional) -> Iterator[Holder]:
    """Authorised one after the other."""
    at = edge.now()
    for minutes in (30, 20, 10):
        one = holder()
        consents(one, anne, at=at - timedelta(minutes=minutes))
        yield one


def test_the_list_has_whom_she_may_read_the_last_authorised_first(anne: Professional, place: Organisation) -> None:
    first, second, third = three(anne)
    answer = lists(as_doctor(anne, place))
    found = listed(answer)
    assert numbers(found) == [one.ins.number for one in (third, second, first)]
    known = {key: found[0][key] for key in ("nom", "prenom", "sexe", "naissance")}
    assert known == {"nom": "DUVAL", "prenom": "CAMILLE", "sexe": "F", "naissance": "1985-03-07"}
    assert found[0]["fin"] > found[0]["depuis"]
    assert "suite" not in said(answer) and "arret" not in said(answer)
    line = next(one for one in lines_of(first) if one.actor_id == anne.id)
    assert (line.verb, line.reason) == (Verb.STATUS, "space_status")


def test_every_ground_counts_and_what_ends_one_takes_the_patient_away(
    anne: Professional, place: Organisation
) -> None:
    at = edge.now()
    hers, team, over, gone, blocked, closed, never = (holder() for _ in range(7))
    names_doctor(hers, anne, at=at)
    begins_team(team, anne, at=at)
    consents(over, anne, at=at - timedelta(days=2), until=at - timedelta(days=1))
    for one in (gone, blocked, closed):
        consents(one, anne, at=at)
    blocks(blocked, anne, at=at)
    put_state(closed.patient, State.SUSPENDED)
    with gate.open_record(
        actor=caring(anne), patient=gone.patient, purpose=Purpose.CARE, verb=Verb.WITHDRAW, at=at
    ) as grant:
        access.withdraw_consent(grant)
    found = numbers(listed(lists(as_doctor(anne, place))))
    assert sorted(found) == sorted([hers.ins.number, team.ins.number])
    for one in (over, gone, blocked, never):
        assert not [line for line in lines_of(one) if line.verb is Verb.STATUS]
    names_doctor(hers, None, at=at)
    assert numbers(listed(lists(as_doctor(anne, place)))) == [team.ins.number]


def test_an_emergency_is_in_it_for_as_long_as_it_lasts(anne: Professional, place: Organisation) -> None:
    camille, at = holder(), edge.now()
    with gate.open_record(
        actor=caring(anne), patient=camille.patient, purpose=Purpose.BREAK_GLASS, verb=Verb.BREAK_GLASS, at=at
    ) as grant:
        access.break_glass(grant, cause=Cause.UNCONSCIOUS, words="Trouvée inconsciente")
    [found] = listed(lists(as_doctor(anne, place)))
    assert found["fin"].startswith(f"{(at + timedelta(hours=4)).astimezone(UTC):%Y-%m-%dT%H:%M}")
    consents(camille, anne, at=at, until=at + timedelta(days=9))
    [found] = listed(lists(as_doctor(anne, place)))
    assert found["fin"].startswith(f"{(at + timedelta(days=9)).astimezone(UTC):%Y-%m-%d}")


def test_nobody_else_s_patients_are_in_it_and_software_has_none(anne: Professional, place: Organisation) -> None:
    list(three(professional(at=place)))
    assert listed(lists(as_doctor(anne, place))) == []
    assert lists(as_feeder(place)).fault[2] == "organisation_cannot_read"


def test_an_answer_is_bounded_and_says_where_the_next_begins(anne: Professional, place: Organisation) -> None:
    first, second, third = three(anne)
    answer = lists(as_doctor(anne, place), nombre="2")
    assert (numbers(listed(answer)), said(answer)["suite"]) == ([third.ins.number, second.ins.number], "3")
    rest = lists(as_doctor(anne, place), nombre="2", debut="3")
    assert (numbers(listed(rest)), "suite" in said(rest)) == ([first.ins.number], False)
    assert listed(lists(as_doctor(anne, place), debut="4")) == []


def test_by_the_last_document_that_she_may_see(anne: Professional, place: Organisation) -> None:
    first, second, third = three(anne)
    file(second, "Masqué", visibility=frozenset({Visibility.MASQUE_PS}))
    file(third, "Ancien")
    file(first, "Bilan")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE record_entry SET deposited_at = deposited_at + interval '1 hour' WHERE patient_id = %s",
            [first.patient],
        )
    found = listed(lists(as_doctor(anne, place), tri="DERNIER_DOCUMENT"))
    assert numbers(found) == [one.ins.number for one in (first, third, second)]
    assert ["dernierDocument" in one for one in found] == [True, True, False]
    assert next(one for one in lines_of(second) if one.actor_id == anne.id).verb is Verb.LIST


def test_the_list_stops_where_the_budget_does_and_says_so(
    anne: Professional, place: Organisation, settings: Settings
) -> None:
    _, second, third = three(anne)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM access_seen WHERE professional_id = %s", [anne.id])
    settings.ESPACE_BUDGET_HOUR = 2
    answer = lists(as_doctor(anne, place))
    assert (numbers(listed(answer)), said(answer)["arret"]) == ([third.ins.number, second.ins.number], "account_frozen")
    assert said(lists(as_doctor(anne, place), debut="3")) == {"status": "ERREUR", "error": "account_frozen"}


def test_secret_care_is_listed_in_its_own_sessions_alone(anne: Professional, place: Organisation) -> None:
    leo, camille = minor(), holder()
    agrees(leo, anne, at=edge.now())
    consents(camille, anne, at=edge.now())
    assert numbers(listed(lists(as_doctor(anne, place)))) == [camille.ins.number]
    assert numbers(listed(lists(as_doctor(anne, place, more=SECRET)))) == [leo.ins.number]


def test_each_patient_costs_the_same_number_of_statements(anne: Professional, place: Organisation) -> None:
    counts = []
    for _ in range(3):
        consents(holder(), anne, at=edge.now())
        lists(as_doctor(anne, place))
        with CaptureQueriesContext(connections["default"]) as said_:
            lists(as_doctor(anne, place))
        counts.append(len(said_))
    assert counts[2] - counts[1] == counts[1] - counts[0] <= 12


def test_what_is_over_takes_nobody_s_place_and_is_forgotten(
    anne: Professional, place: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many came since for a day, whom she follows for years is in the list."""
    followed, came, at = holder(), holder(), edge.now() - timedelta(days=3)
    names_doctor(followed, anne, at=at - timedelta(days=3))
    consents(came, anne, at=at, until=at + timedelta(hours=12))
    monkeypatch.setattr(listing, "MOST_LISTED", 1)
    assert numbers(listed(lists(as_doctor(anne, place)))) == [followed.ins.number]

    assert kept_of(anne) == 2
    while access.purge_listed(at=edge.now(), limit=1000):
        pass
    assert kept_of(anne) == 1


def kept_of(anne: Professional) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_listed WHERE professional = %s", [listing.listed_by(anne.id)])
        return int(cursor.fetchone()[0])


def test_a_conflict_at_one_patient_leaves_one_line_in_each_log(
    anne: Professional, place: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was committed for those before is not done again."""
    every, person, asked = list(three(anne)), identity.own_person, list[Grant]()

    def conflicting(grant: Grant) -> Person:
        asked.append(grant)
        if len(asked) == 3:
            raise OperationalError("conflict") from SerializationFailure()
        return person(grant)

    monkeypatch.setattr(identity, "own_person", conflicting)
    assert len(listed(lists(as_doctor(anne, place)))) == 3
    asks = [[line for line in lines_of(one) if line.verb is Verb.STATUS] for one in every]
    assert [len(lines) for lines in asks] == [1, 1, 1]


def test_what_is_kept_names_neither_and_is_no_column_of_another_table(anne: Professional) -> None:
    camille = holder()
    consents(camille, anne, at=edge.now())
    with connection.cursor() as cursor:
        cursor.execute("SELECT professional, subject, sealed FROM access_listed")
        kept = [bytes(cell) for row in cursor.fetchall() for cell in row]
        cursor.execute("SELECT professional FROM access_relation WHERE patient_id = %s", [camille.patient])
        [relation] = [bytes(row[0]) for row in cursor.fetchall()]
    names = (camille.patient.bytes, str(camille.patient).encode(), anne.id.bytes, str(anne.id).encode())
    assert not [one for one in kept for name in names if name in one] and relation not in kept


def test_what_is_out_of_bounds_is_refused(anne: Professional, place: Organisation) -> None:
    assert said(lists(as_doctor(anne, place), nombre="51")) == {"status": "ERREUR", "error": "national_malformed"}
