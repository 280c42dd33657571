"""Whole lives of mandates, through the gate: asked, answered, ended, contested, altered."""

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from django.db import connection, connections

from access.helped import Someone, acts, answers, asks, declares, family, lines, reads, refusal, someone, stated
from cast import AT, holder, put_state
from espace.access import gate
from espace.enrolment.facts import State
from espace.identity import actions as people
from espace.identity import queries as identity
from espace.identity.actions import mandates as helps
from espace.identity.facts.mandates import Helps, Mandate, MandateState, Proof, Protection, Scope
from espace.identity.queries.mandates import contested, mandates, representatives_of
from espace.kernel.ids import PatientId
from espace.kernel.reasons import Reason, helping
from espace.kernel.words import Actor, ActorKind, Purpose, Refused, Verb
from espace.keys import queries as keys
from espace.keys.facts import KeyKind
from espace.keys.rules import context
from espace.trace.facts import Outcome

DAY = timedelta(days=1)
READINGS = (Verb.LIST, Verb.READ, Verb.DOWNLOAD)
ARRANGING = (Verb.ADD, Verb.DESCRIBE, Verb.ARRANGE, Verb.REMOVE, Verb.RESTORE)


@pytest.fixture
def tokens(db: None, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tokens of the invitations, the last one last."""
    made, hashed = list[str](), helps.token_hash

    def token_hash(token: str) -> bytes:
        made.append(token)
        return hashed(token)

    monkeypatch.setattr(helps, "token_hash", token_hash)
    return made


def test_an_invitation_serves_once_and_both_people_are_in_the_log(tokens: list[str]) -> None:
    camille, marie = someone(), someone("MARIE")
    asked = asks(camille, marie)
    assert reads(marie, camille) == "not_a_helper"
    found = identity.invitation(tokens[0], actor=marie.actor, at=AT)
    assert found and (found.mandate.helped_name, found.mandate.asked_by) == ("Camille Duval", "Camille Duval")
    accepted = answers(marie, camille, tokens[0])
    assert (accepted.id, accepted.helper_name, accepted.accepted_at) == (asked.id, "Marie Duval", AT)
    assert reads(marie, camille) == "allowed"
    assert refusal(lambda: answers(marie, camille, tokens[0])) is helping.INVITATION_UNKNOWN
    assert identity.invitation(tokens[0], actor=marie.actor, at=AT) is None
    newest, *others = lines(camille)
    assert (newest.verb, newest.outcome, newest.actor_name) == (Verb.ANSWER, Outcome.REFUSED, "")
    told = [(one.verb, one.purpose, one.actor_name, one.reason) for one in others[:2]]
    assert told == [
        (Verb.LIST, Purpose.PROXY, "Marie Duval", "carer_acts"),
        (Verb.ANSWER, Purpose.PROXY, "Marie Duval", "help_answered"),
    ]


def test_a_foreign_an_expired_a_declined_and_a_forged_invitation_open_nothing(tokens: list[str]) -> None:
    camille, marie, thief = someone(), someone("MARIE"), someone("EVE")
    asks(camille, marie)
    late = AT + timedelta(days=14)
    assert identity.invitation(tokens[0], actor=thief.actor, at=AT) is None
    assert identity.invitation(tokens[0], actor=marie.actor, at=late) is None
    assert refusal(lambda: answers(thief, camille, tokens[0])) is helping.INVITATION_UNKNOWN
    assert refusal(lambda: answers(marie, thief, tokens[0])) is helping.INVITATION_UNKNOWN
    assert refusal(lambda: answers(marie, camille, tokens[0], at=late)) is helping.INVITATION_UNKNOWN
    assert refusal(lambda: answers(marie, camille, "forged")) is helping.INVITATION_UNKNOWN
    assert refusal(lambda: answers(camille, camille, tokens[0])) is helping.INVITATION_UNKNOWN
    answers(marie, camille, tokens[0], accepts=False)
    assert refusal(lambda: answers(marie, camille, tokens[0])) is helping.INVITATION_UNKNOWN
    assert reads(marie, camille) == "not_a_helper"


def test_nobody_is_their_own_carer_and_the_carer_of_who_helps_them(tokens: list[str]) -> None:
    camille, marie = someone(), someone("MARIE")
    asks(camille, camille)
    assert refusal(lambda: answers(camille, camille, tokens[0])) is helping.HELP_ONESELF
    asks(camille, marie)
    asks(marie, camille)
    answers(marie, camille, tokens[1])
    assert refusal(lambda: answers(camille, marie, tokens[2])) is helping.HELP_CIRCLE
    asks(camille, marie)
    assert refusal(lambda: answers(marie, camille, tokens[3])) is helping.HELPS_ALREADY


def test_three_carers_a_person_and_five_people_a_carer(tokens: list[str]) -> None:
    camille, marie = someone(), someone("MARIE")
    for _ in range(3):
        last = asks(camille, marie)
    assert refusal(lambda: asks(camille, marie)) is helping.CARERS_FULL
    acts(camille, camille, Verb.END_HELP, lambda grant: helps.end_help(grant, last.id))
    asks(camille, marie)
    others = [someone(f"PAUL{number}") for number in range(5)]
    for one in others:
        asks(one, marie)
        answers(marie, one, tokens[-1])
    assert refusal(lambda: answers(marie, camille, tokens[0])) is helping.HELPS_TOO_MANY
    assert [one.mandate.helped_name for one in identity.helped_by(marie.actor, AT)] == [
        f"Paul{number} Duval" for number in range(5)
    ]


def at_once(*works: Callable[[], Any]) -> list[object]:
    """What each answered, or why it was refused, begun together: all have read before one writes."""
    together, found = threading.Barrier(len(works)), list[object]()

    def run(work: Callable[[], Any]) -> None:
        try:
            together.wait(20)
            found.append(work())
        except Refused as refused:
            found.append(refused.reason)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_two_who_answer_each_other_at_once_make_no_circle(
    tokens: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    camille, marie = someone(), someone("MARIE")
    asks(camille, marie)
    asks(marie, camille)
    hold, both = helps._hold, threading.Barrier(2)
    looked = threading.local()

    def waits(*patients: PatientId) -> None:
        if not getattr(looked, "already", False):
            looked.already = True
            both.wait(20)
        hold(*patients)

    monkeypatch.setattr(helps, "_hold", waits)
    found = at_once(
        lambda: answers(marie, camille, tokens[0]),
        lambda: answers(camille, marie, tokens[1]),
    )
    assert [one for one in found if isinstance(one, Reason)] == [helping.HELP_CIRCLE]
    assert sorted((reads(marie, camille), reads(camille, marie)))[0] == "allowed"


def test_four_invitations_at_once_are_three(tokens: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    camille, marie = someone(), someone("MARIE")
    hold, all_there, looked = helps._hold, threading.Barrier(4), threading.local()

    def waits(*patients: PatientId) -> None:
        if not getattr(looked, "already", False):
            looked.already = True
            all_there.wait(20)
        hold(*patients)

    monkeypatch.setattr(helps, "_hold", waits)
    found = at_once(*(lambda: asks(camille, marie) for _ in range(4)))
    assert [one for one in found if isinstance(one, Reason)] == [helping.CARERS_FULL]


@pytest.mark.usefixtures("db")
def test_a_parent_acts_until_majority_and_not_a_moment_longer() -> None:
    mother, son = family()
    # midnight in Paris of the eighteenth birthday, which is summer time by no means: UTC+1
    of_age = datetime.fromisoformat("2029-03-22T00:00:00+01:00")
    assert reads(mother, son, at=of_age - timedelta(microseconds=1)) == "allowed"
    assert reads(mother, son, at=of_age) == "came_of_age"
    assert representatives_of(son.patient, AT) == (mother.patient,)
    assert representatives_of(son.patient, of_age) == ()
    assert identity.helped_by(mother.actor, of_age) == ()


@pytest.mark.usefixtures("db")
def test_what_an_authority_stated_waits_for_the_declaration() -> None:
    mother, son = someone("MARIE"), someone("LÉO", born=date(2011, 3, 22))
    assert stated(son, mother).first
    assert reads(mother, son) == "help_waiting"
    assert [one.state for one in identity.helped_by(mother.actor, AT)] == [MandateState.WAITING]
    declares(mother, son)
    assert reads(mother, son) == "allowed"
    assert refusal(lambda: declares(mother, son)) is helping.HELPS_ALREADY
    first = lines(son)[-1]
    assert (first.actor_name, first.verb) == ("Assurance maladie", Verb.STATE_HELP)
    assert first.asked["person"] == "Marie Duval"


def test_the_second_representative_is_asked_by_the_first_and_by_nobody_else(tokens: list[str]) -> None:
    mother, son = family()
    father, third = someone("YANN"), someone("PAUL")
    asks(mother, father, of=son, kind=Helps.PARENT)
    answers(father, son, tokens[0])
    assert reads(father, son) == "allowed"
    assert refusal(lambda: asks(father, third, of=son, kind=Helps.PARENT)) is helping.ONLY_THE_FIRST
    assert refusal(lambda: asks(mother, third, of=son, kind=Helps.PARENT)) is helping.REPRESENTATIVES_FULL
    assert refusal(lambda: asks(son, third, kind=Helps.GUARDIAN)) is helping.HELPER_MAY_NOT
    assert refusal(lambda: asks(son, third, kind=Helps.PARENT)) is helping.HELPER_MAY_NOT
    assert refusal(lambda: asks(mother, third, of=son, kind=Helps.GUARDIAN)) is helping.HELPER_MAY_NOT


def test_a_carer_reads_and_may_be_let_do_more(tokens: list[str]) -> None:
    camille, reader = someone(), someone("MARIE")
    asks(camille, reader, scope=Scope.READ, until=AT + DAY)
    answers(reader, camille, tokens[0])
    assert reads(reader, camille) == "allowed"
    assert refusal(lambda: acts(reader, camille, Verb.ADD, lambda grant: None)) is helping.HELPER_READS_ONLY
    assert refusal(lambda: acts(reader, camille, Verb.MASK, lambda grant: None)) is helping.HELPER_MAY_NOT
    assert refusal(lambda: asks(reader, reader, of=camille)) is helping.HELPER_MAY_NOT
    assert reads(reader, camille, at=AT + DAY) == "help_over"
    assert refusal(lambda: asks(camille, reader, until=AT)) is helping.HELP_TERM


def test_each_ends_it_and_it_is_over_at_once(tokens: list[str]) -> None:
    camille, marie = someone(), someone("MARIE")
    for who in (camille, marie):
        asked = asks(camille, marie)
        answers(marie, camille, tokens[-1])
        acts(who, camille, Verb.END_HELP, lambda grant, id=asked.id: helps.end_help(grant, id))
        assert reads(marie, camille) == "help_ended"
        (ended,) = [one for one in acts(camille, camille, Verb.HISTORY, mandates) if one.id == asked.id]
        assert (ended.ended_at, ended.ended_by) == (AT, "Camille Duval" if who is camille else "Marie Duval")
    assert refusal(
        lambda: acts(camille, camille, Verb.END_HELP, lambda grant: helps.end_help(grant, uuid4()))
    ) is helping.NOT_A_HELPER


def test_a_minor_does_not_shut_out_a_parent_who_ends_the_carers_chosen_for_them(tokens: list[str]) -> None:
    mother, son = family()
    (own,) = acts(son, son, Verb.HISTORY, mandates)
    assert refusal(
        lambda: acts(son, son, Verb.END_HELP, lambda grant: helps.end_help(grant, own.id))
    ) is helping.HELPER_MAY_NOT
    carer = someone("PAUL")
    asked = asks(mother, carer, of=son)
    assert asked.asked_by == "Marie Duval"
    answers(carer, son, tokens[0])
    assert refusal(
        lambda: acts(carer, son, Verb.END_HELP, lambda grant: helps.end_help(grant, own.id))
    ) is helping.HELPER_MAY_NOT
    acts(mother, son, Verb.END_HELP, lambda grant: helps.end_help(grant, asked.id))
    assert reads(carer, son) == "help_ended"


def test_who_is_contested_goes_on_until_the_operator_ends_it(tokens: list[str]) -> None:
    mother, son = family()
    (own,) = acts(son, son, Verb.HISTORY, mandates)
    acts(son, son, Verb.CONTEST, lambda grant: helps.contest_help(grant, own.id))
    assert reads(mother, son) == "allowed"
    (found,) = [one for one in contested() if one.reference == own.id]
    assert found.since == AT
    operator = Actor(ActorKind.SYSTEM, UUID(int=0), "L’exploitant")
    for ends in (True, False):
        with gate.open_record(
            actor=operator, patient=son.patient, purpose=Purpose.SUPPORT, verb=Verb.END_HELP, at=AT
        ) as grant:
            assert helps.operator_ends(grant, own.id) is ends
    assert reads(mother, son) == "help_ended"
    assert own.id not in {one.reference for one in contested()}


@pytest.mark.usefixtures("db")
def test_a_guardian_needs_a_decision_and_curatelle_is_none() -> None:
    camille, guardian = someone(), someone("PAUL")
    proof = Proof(Protection.TUTELLE, "TJ de Nantes, 25/00017")
    state = partial(stated, camille, guardian, kind=Helps.GUARDIAN)
    assert refusal(lambda: state()) is helping.PROOF_MISSING
    assert refusal(lambda: state(proof=Proof(Protection.CURATELLE, "TJ 1"))) is helping.ASSISTS_ONLY
    assert refusal(lambda: stated(camille, guardian)) is helping.NO_REPRESENTATIVE
    assert refusal(lambda: stated(camille, camille, kind=Helps.GUARDIAN, proof=proof)) is helping.HELP_ONESELF
    state(proof=proof, scope=Scope.READ)
    assert refusal(lambda: state(proof=proof)) is helping.HELPS_ALREADY
    declares(guardian, camille)
    assert reads(guardian, camille) == "allowed"
    assert refusal(lambda: acts(guardian, camille, Verb.MASK, lambda grant: None)) is helping.HELPER_READS_ONLY
    circle = partial(stated, guardian, camille, kind=Helps.GUARDIAN, proof=proof)
    assert refusal(lambda: circle()) is helping.HELP_CIRCLE


@pytest.mark.usefixtures("db")
def test_who_was_stated_first_makes_no_circle_with_a_carer_who_came_between(tokens: list[str]) -> None:
    camille, guardian = someone(), someone("PAUL")
    proof = Proof(Protection.TUTELLE, "TJ de Nantes, 25/00018")
    stated(camille, guardian, kind=Helps.GUARDIAN, proof=proof)
    carer = asks(guardian, camille)
    answers(camille, guardian, tokens[0])
    assert refusal(lambda: declares(guardian, camille)) is helping.HELP_CIRCLE
    assert (reads(guardian, camille), reads(camille, guardian)) == ("help_waiting", "allowed")
    acts(guardian, guardian, Verb.END_HELP, lambda grant: helps.end_help(grant, carer.id))
    declares(guardian, camille)
    assert (reads(guardian, camille), reads(camille, guardian)) == ("allowed", "help_ended")


def test_a_space_that_is_closed_is_closed_to_who_helps_too(tokens: list[str]) -> None:
    camille, marie = someone(), someone("MARIE")
    asked = asks(camille, marie)
    answers(marie, camille, tokens[0])
    put_state(camille.patient, State.SUSPENDED)
    assert reads(marie, camille) == "space_suspended"
    acts(marie, camille, Verb.END_HELP, lambda grant: helps.end_help(grant, asked.id))


def test_a_mandate_that_was_altered_or_given_to_another_lets_nobody_in(tokens: list[str]) -> None:
    camille, marie, thief = someone(), someone("MARIE"), someone("EVE")
    asked = asks(camille, marie)
    answers(marie, camille, tokens[0])
    change = "UPDATE identity_mandate SET {} WHERE patient_id = %s AND id = %s"
    with connection.cursor() as cursor:
        blind = keys.blind_index("helper", str(thief.patient))
        cursor.execute(change.format("helper = %s"), [blind, camille.patient, asked.id])
    assert reads(thief, camille) == "not_a_helper"
    assert identity.helped_by(thief.actor, AT) == ()
    with connection.cursor() as cursor:
        blind = keys.blind_index("helper", str(marie.patient))
        cursor.execute(change.format("helper = %s"), [blind, camille.patient, asked.id])
        cursor.execute(change.format("sealed = sealed || '\\x00'"), [camille.patient, asked.id])
    assert reads(marie, camille) == "not_a_helper"
    assert identity.helped_by(marie.actor, AT) == ()
    assert acts(camille, camille, Verb.HISTORY, mandates) == ()


def test_who_helps_whom_is_sealed(tokens: list[str]) -> None:
    camille, marie = someone(), someone("MARIE")
    asked = asks(camille, marie)
    answers(marie, camille, tokens[0])
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, helper, sealed FROM identity_mandate WHERE patient_id = %s", [camille.patient])
        name, helper, sealed = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM identity_help_invitation WHERE patient_id = %s", [camille.patient])
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT helps FROM identity_account WHERE patient_id = ANY(%s)", [[marie.patient]])
        assert cursor.fetchone() == (True,)
    assert name == asked.id and bytes(helper) != marie.patient.bytes and len(bytes(helper)) == 32
    assert b"Marie" not in bytes(sealed) and marie.patient.bytes not in bytes(sealed)
    at_hand = keys.patient_keys(camille.patient)
    plain = at_hand.open(KeyKind.METADATA, bytes(sealed), context("identity_mandate", name))
    assert msgspec.json.decode(plain, type=Mandate).helper_name == "Marie Duval"


@pytest.mark.usefixtures("db")
def test_an_account_made_later_knows_that_it_was_asked_to_help() -> None:
    mother, son = holder(given_names=("MARIE",)), someone("LÉO", born=date(2011, 3, 22))
    stated(son, Someone(mother, ""))
    people.add_account(
        account_id=uuid4(), identifier=uuid4().hex, password="", email="", patient=mother.patient
    )
    with connection.cursor() as cursor:
        both = [mother.patient, son.patient]
        cursor.execute("SELECT patient_id, helps FROM identity_account WHERE patient_id = ANY(%s)", [both])
        assert dict(cursor.fetchall()) == {mother.patient: True, son.patient: False}
