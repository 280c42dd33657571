"""Comparing a stated identity: who is told which trait differs, and what guessing costs."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction

from cast import AT, Holder, blocks, caring, consents, holder, names_doctor, organisation, professional, sender
from door import deposit_of, post, professional_token
from espace import edge
from espace.access import gate
from espace.access.actions import purge_expired
from espace.access.actions.guesses import settle, take_guess
from espace.identity import queries as identity
from espace.identity.facts import Professional
from espace.kernel.values import replace
from espace.kernel.words import Actor, Purpose, Refused, RefusedProblems, Verb
from espace.wire.xds import PatientStatement

pytestmark = pytest.mark.usefixtures("db")
HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)


def compared(of: Holder, who: Actor, *stated: PatientStatement, at: datetime = AT) -> tuple[str, list[tuple[str, str]]]:
    """The code of the refusal, "" where all agree, with each place and detail told."""
    try:
        with gate.open_record(
            actor=who, patient=of.patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=at
        ) as grant:
            identity.require_traits(grant, stated)
    except RefusedProblems as refused:
        return refused.reason.code, [(one.place, one.detail) for one in refused.problems]
    except Refused as refused:
        return refused.reason.code, [(refused.place, refused.detail)]
    return "", []


def born(of: Holder, day: int, place: str = "e0") -> PatientStatement:
    return replace(of.statement, place=place, birth_date=date(1985, 3, day))


def kept(who: Professional) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_guess WHERE professional_id = %s", [who.id])
        return int(cursor.fetchone()[0])


NOTHING, NAMED = [("", "")], [("e0", "birth_date")]
STANDINGS: dict[str, tuple[Callable[[Holder, Professional], None], list[tuple[str, str]]]] = {
    "nothing": (lambda of, who: None, NOTHING),
    "consent": (lambda of, who: consents(of, who, at=AT), NAMED),
    "attending doctor": (lambda of, who: names_doctor(of, who), NAMED),
    "consent that lapsed": (lambda of, who: consents(of, who, at=AT - DAY, until=AT), NOTHING),
    "consent, then a block": (lambda of, who: (consents(of, who), blocks(of, who), None)[-1], NOTHING),
}


@pytest.mark.parametrize("standing", STANDINGS)
def test_which_trait_differs_is_told_to_who_may_read_and_to_nobody_else(standing: str) -> None:
    link, told = STANDINGS[standing]
    camille, anne = holder(), professional()
    link(camille, anne)
    assert compared(camille, caring(anne), born(camille, 8)) == ("traits_disagree", told)


def test_an_organisation_is_told_so_that_it_puts_its_deposit_right() -> None:
    camille = holder()
    assert compared(camille, sender(organisation()), born(camille, 8)) == ("traits_disagree", NAMED)


def test_at_the_fhir_door_neither_the_place_nor_the_trait_is_told_until_they_may_read() -> None:
    camille, anne = holder(), professional()
    made = deposit_of(camille)
    made["entry"][1]["resource"]["contained"][0]["birthDate"] = "1985-03-08"
    told = []
    for _ in range(2):
        answer = post("/fhir", json.dumps(made).encode(), token=professional_token(anne))
        assert (answer.status, answer.codes) == (422, ["traits_disagree"])
        told.append((answer.places, "birth_date" in answer.body.decode()))
        consents(camille, anne, at=edge.now())
    assert told[0] == ([], False)
    assert told[1][0] and told[1][1]


def test_many_guesses_in_one_deposit_are_one_answer() -> None:
    """Were each told its place, one deposit of thirty-one documents would find the day."""
    camille, anne = holder(), professional()
    guesses = [born(camille, day, f"e{day}") for day in range(1, 32)]
    assert compared(camille, caring(anne), *guesses) == ("traits_disagree", NOTHING)
    assert kept(anne) == 1


def test_an_ins_that_was_never_theirs_is_told_without_its_place() -> None:
    camille, other, anne = holder(), holder(), professional()
    assert compared(camille, caring(anne), other.statement) == ("identities_differ", NOTHING)
    assert kept(anne) == 1


def test_an_identity_that_agrees_costs_nothing() -> None:
    camille, anne = holder(), professional()
    for _ in range(20):
        assert compared(camille, caring(anne), camille.statement) == ("", [])
    assert kept(anne) == 0


def test_beyond_five_in_an_hour_right_and_wrong_answer_alike_and_are_not_compared() -> None:
    camille, paule, anne, lise = holder(), holder(), professional(), professional("Le Goff", "Lise")
    for day in range(8, 13):
        assert compared(camille, caring(anne), born(camille, day))[0] == "traits_disagree"
    for of in (camille, paule):
        answers = [compared(of, caring(anne), stated) for stated in (born(of, 8), of.statement)]
        assert answers == [("traits_frozen", NOTHING)] * 2
    assert compared(camille, caring(lise), camille.statement) == ("", [])
    consents(paule, anne)
    assert compared(paule, caring(anne), paule.statement) == ("", [])
    assert compared(camille, caring(anne), camille.statement, at=AT + HOUR - timedelta(seconds=1))[0] == "traits_frozen"
    assert compared(camille, caring(anne), camille.statement, at=AT + HOUR) == ("", [])


def test_beyond_ten_in_a_day() -> None:
    camille, anne = holder(), professional()
    for day in range(8, 18):
        later = AT + (day - 8) // 5 * 2 * HOUR
        assert compared(camille, caring(anne), born(camille, day), at=later)[0] == "traits_disagree"
    assert compared(camille, caring(anne), camille.statement, at=AT + 12 * HOUR)[0] == "traits_frozen"
    assert compared(camille, caring(anne), camille.statement, at=AT + DAY) == ("", [])


def test_guesses_at_the_same_instant_are_counted_before_they_are_compared() -> None:
    """Ten at once at most; one of which nobody wrote the end counts as wrong after a minute."""
    anne = uuid4()
    taken = [take_guess(professional=anne, at=AT) for _ in range(11)]
    assert taken[10] is None and None not in taken[:10]
    first = taken[0]
    assert first
    settle(professional=anne, guess=first, wrong=False)
    assert take_guess(professional=anne, at=AT)
    assert take_guess(professional=anne, at=AT + MINUTE) is None


def test_a_fault_in_the_block_is_no_disagreement() -> None:
    camille, anne = holder(), professional()
    with (
        pytest.raises(ZeroDivisionError),
        gate.open_record(
            actor=caring(anne), patient=camille.patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=AT
        ),
    ):
        raise ZeroDivisionError
    assert kept(anne) == 0


def test_an_opening_that_did_not_say_that_it_compares_compares_nothing() -> None:
    """Whoever writes another page cannot forget what a guess costs."""
    camille, anne = holder(), professional()
    with (
        pytest.raises(TypeError),
        gate.open_record(
            actor=caring(anne), patient=camille.patient, purpose=Purpose.CARE, verb=Verb.STATUS, at=AT
        ) as grant,
    ):
        identity.require_traits(grant, (camille.statement,))


def test_guesses_are_forgotten_after_a_day() -> None:
    old = AT - timedelta(days=9000)
    while purge_expired(at=old + DAY, limit=1000):
        pass
    anne = uuid4()
    assert take_guess(professional=anne, at=old)
    assert purge_expired(at=old + DAY - timedelta(seconds=1), limit=10) == 0
    assert purge_expired(at=old + DAY, limit=10) == 1


def test_what_is_purged_is_found_by_its_instant() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        # The tables of the tests are too small for an index to be worth its while.
        cursor.execute("SET LOCAL enable_seqscan = off")
        for table, index in (("access_seen", "seen_long_ago"), ("access_guess", "guess_long_ago")):
            cursor.execute(f"EXPLAIN SELECT 1 FROM {table} WHERE at <= now() - interval '1 day' LIMIT 10")
            plan: Any = cursor.fetchall()
            assert index in str(plan)
