"""Through the gate: what opens a record to a professional, what closes it, and what its holder reads of it."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cast import (
    AT,
    Holder,
    asks_about_nobody,
    blocks,
    caring,
    consents,
    document,
    entry,
    holder,
    names_administrator,
    names_doctor,
    opposed,
    organisation,
    professional,
    sender,
    submission,
)
from espace.access import actions as access
from espace.access import gate, queries
from espace.access.facts import Consent, How, Relation
from espace.identity.facts import Professional
from espace.kernel.words import Purpose, Refused, Verb, Visibility
from espace.record import actions as record
from espace.record import queries as documents
from espace.trace import queries as trace
from espace.trace.facts import Outcome, TraceEvent

pytestmark = pytest.mark.usefixtures("db")
MASKED = frozenset({Visibility.MASQUE_PS})
HELD = frozenset({Visibility.INVISIBLE_PATIENT})


def titles(of: Holder, who: Professional, *, at: datetime = AT, verb: Verb = Verb.LIST) -> list[str]:
    with gate.open_record(actor=caring(who), patient=of.patient, purpose=Purpose.CARE, verb=verb, at=at) as grant:
        return sorted(one.entry.title for one in documents.documents(grant))


def refusal(of: Holder, who: Professional, *, at: datetime = AT, verb: Verb = Verb.LIST) -> str:
    with pytest.raises(Refused) as caught:
        titles(of, who, at=at, verb=verb)
    return caught.value.reason.code


def file(of: Holder, title: str, visibility: frozenset[Visibility] = frozenset()) -> None:
    by = organisation()
    with gate.open_record(
        actor=sender(by), patient=of.patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=AT
    ) as grant:
        sent = submission(of, document(entry(title=title, visibility=visibility)))
        record.submit(grant, submission=sent, headers=[None])


def relations(of: Holder) -> tuple[Relation, ...]:
    with gate.open_record(
        actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=Verb.HISTORY, at=AT
    ) as grant:
        return queries.relations(grant)


def lines(of: Holder) -> list[TraceEvent]:
    with gate.open_record(
        actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=Verb.HISTORY, at=AT
    ) as grant:
        return [line.event for line in trace.history(grant)]


def test_consent_opens_until_its_last_instant() -> None:
    camille, anne = holder(), professional()
    file(camille, "Bilan")
    assert refusal(camille, anne) == "consent_missing"
    consents(camille, anne, until=AT + timedelta(hours=2))
    assert titles(camille, anne) == ["Bilan"]
    assert titles(camille, anne, at=AT + timedelta(minutes=119)) == ["Bilan"]
    assert refusal(camille, anne, at=AT + timedelta(hours=2)) == "consent_lapsed"


def test_consent_is_that_of_one_professional_and_one_patient() -> None:
    camille, paule, anne, lise = holder(), holder(), professional(), professional("Le Goff", "Lise")
    consents(camille, anne)
    assert refusal(paule, anne) == "consent_missing"
    assert refusal(camille, lise) == "consent_missing"


@pytest.mark.parametrize("until", [AT, AT - timedelta(days=1), AT + timedelta(days=367)])
def test_a_term_that_is_not_allowed_keeps_nothing(until: datetime) -> None:
    camille, anne = holder(), professional()
    with pytest.raises(Refused) as caught:
        consents(camille, anne, until=until)
    assert caught.value.reason.code == "consent_term_refused"
    assert relations(camille) == ()


def test_the_holder_reads_who_recorded_consent_how_and_until_when() -> None:
    camille, anne = holder(), professional()
    consents(camille, anne, until=AT + timedelta(days=30))
    [one] = relations(camille)
    assert (one.name, one.profession, one.organisation_name) == ("Anne Morel", "10", "Cabinet des Tilleuls")
    assert one.consent is not None
    assert (one.consent.how, one.consent.at, one.consent.until) == (How.ORAL, AT, AT + timedelta(days=30))
    line = lines(camille)[1]
    assert (line.verb, line.actor_name, line.organisation_name) == (Verb.CONSENT, "Anne Morel", "Cabinet des Tilleuls")
    assert line.asked == {"how": "oral", "until": "2026-04-03T09:30:00+00:00"}


def test_a_professional_ends_their_own_access() -> None:
    camille, anne = holder(), professional()
    consents(camille, anne)
    with gate.open_record(
        actor=caring(anne), patient=camille.patient, purpose=Purpose.CARE, verb=Verb.WITHDRAW, at=AT
    ) as grant:
        access.withdraw_consent(grant)
    assert refusal(camille, anne) == "consent_missing"


def test_masked_documents_show_to_the_attending_doctor_alone_and_held_ones_to_both() -> None:
    camille, anne, lise = holder(), professional(), professional("Le Goff", "Lise")
    for title, visibility in (("Clair", frozenset()), ("Masqué", MASKED), ("Annonce", HELD)):
        file(camille, title, visibility)
    names_doctor(camille, anne)
    consents(camille, lise)
    assert titles(camille, anne) == ["Annonce", "Clair", "Masqué"]
    assert titles(camille, lise) == ["Annonce", "Clair"]


def test_one_attending_doctor_at_a_time() -> None:
    camille, anne, lise = holder(), professional(), professional("Le Goff", "Lise")
    names_doctor(camille, anne)
    names_doctor(camille, lise)
    assert refusal(camille, anne) == "consent_missing"
    assert titles(camille, lise) == []
    names_doctor(camille, None)
    assert refusal(camille, lise) == "consent_missing"
    assert [one.attending for one in relations(camille)] == [False, False]


def test_only_a_doctor_is_an_attending_doctor() -> None:
    camille, nurse = holder(), professional("Petit", "Luc", profession="60")
    with pytest.raises(Refused) as caught:
        names_doctor(camille, nurse)
    assert caught.value.reason.code == "not_a_doctor"
    assert relations(camille) == ()


def test_who_is_blocked_reads_nothing_records_no_consent_and_still_feeds() -> None:
    camille, anne = holder(), professional()
    consents(camille, anne)
    blocks(camille, anne)
    assert refusal(camille, anne) == "professional_blocked"
    with pytest.raises(Refused) as caught:
        consents(camille, anne)
    assert caught.value.reason.code == "professional_blocked"
    with gate.open_record(
        actor=caring(anne), patient=camille.patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=AT
    ) as grant:
        assert grant.reason.code == "professional_feeds"
    with gate.open_record(
        actor=camille.actor, patient=camille.patient, purpose=Purpose.HOLDER, verb=Verb.UNBLOCK, at=AT
    ) as grant:
        access.unblock(grant, anne.id)
    assert refusal(camille, anne) == "consent_missing"


def test_somebody_who_never_came_is_blocked_too_and_the_attending_doctor_loses_the_place() -> None:
    camille, anne, lise = holder(), professional(), professional("Le Goff", "Lise")
    blocks(camille, lise)
    names_doctor(camille, anne)
    blocks(camille, anne)
    assert refusal(camille, lise) == "professional_blocked"
    assert refusal(camille, anne) == "professional_blocked"
    assert [one.attending for one in relations(camille)] == [False, False]
    names_doctor(camille, anne)
    assert titles(camille, anne) == []


def test_who_is_not_blocked_cannot_be_unblocked() -> None:
    camille, anne = holder(), professional()
    with (
        pytest.raises(Refused) as caught,
        gate.open_record(
            actor=camille.actor, patient=camille.patient, purpose=Purpose.HOLDER, verb=Verb.UNBLOCK, at=AT
        ) as grant,
    ):
        access.unblock(grant, anne.id)
    assert caught.value.reason.code == "professional_unknown"


def test_an_opposed_space_answers_a_professional_as_one_that_does_not_exist() -> None:
    assert refusal(opposed(), professional(), verb=Verb.STATUS) == "space_opposed"
    with pytest.raises(Refused) as caught:
        titles(opposed(), professional(), verb=Verb.STATUS)
    assert caught.value.reason.told_code == "space_unknown"


def test_a_refusal_leaves_its_line() -> None:
    camille, anne = holder(), professional()
    refusal(camille, anne)
    line = lines(camille)[0]
    assert (line.outcome, line.reason, line.actor_name) == (Outcome.REFUSED, "consent_missing", "Anne Morel")


def test_the_budget_of_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ESPACE_BUDGET_HOUR", 2)
    anne, first, second, third = professional(), holder(), holder(), holder()
    for one in (first, second):
        assert refusal(one, anne) == "consent_missing"
    assert refusal(third, anne) == "account_frozen"
    assert refusal(third, anne, verb=Verb.STATUS) == "account_frozen"
    assert refusal(first, anne) == "consent_missing"
    assert refusal(third, professional()) == "consent_missing"
    assert refusal(third, anne, at=AT + timedelta(minutes=61)) == "consent_missing"


def test_the_budget_of_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ESPACE_BUDGET_DAY", 2)
    anne, first, second, third = professional(), holder(), holder(), holder()
    for hours, one in enumerate((first, second)):
        assert refusal(one, anne, at=AT + timedelta(hours=2 * hours)) == "consent_missing"
    later = AT + timedelta(hours=8)
    assert refusal(third, anne, at=later) == "account_frozen"
    assert refusal(first, anne, at=later) == "consent_missing"
    assert refusal(third, anne, at=AT + timedelta(hours=33)) == "consent_missing"


def test_asking_about_an_ins_that_nobody_bears_costs_as_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ESPACE_BUDGET_HOUR", 2)
    actor = caring(professional())
    told = [asks_about_nobody(actor, number, at=AT) for number in ("1", "2", "2", "3")]
    assert told == ["space_unknown"] * 3 + ["account_frozen"]


def test_consent_and_blocks_are_sealed() -> None:
    camille, anne = holder(), professional()
    consents(camille, anne)
    with connection.cursor() as cursor:
        cursor.execute("SELECT professional, sealed FROM access_relation WHERE patient_id = %s", [camille.patient])
        [(blind, sealed)] = cursor.fetchall()
    assert anne.id.bytes not in bytes(blind)
    assert b"Morel" not in bytes(sealed)


def test_within_one_opening_the_link_is_read_once_and_told_as_it_was_changed() -> None:
    camille, anne, lise = holder(), professional(), professional()
    opening = {"actor": caring(anne), "patient": camille.patient, "purpose": Purpose.CARE, "at": AT}
    until = AT + timedelta(days=1)
    with gate.open_record(verb=Verb.CONSENT, **opening) as grant:
        assert queries.relation(grant) == Relation(anne.id, anne.name, "10", caring(anne).organisation_name)
        access.record_consent(grant, how=How.ORAL, until=until)
        assert queries.relation(grant).consent == Consent(How.ORAL, AT, until)
    names_administrator(camille, anne)
    with gate.open_record(verb=Verb.BLOCK, **opening) as grant:
        known = queries.relation(grant)
        access.block(grant, lise)
        assert queries.relation(grant) == known
        assert (known.consent, known.blocked_at) == (Consent(How.ORAL, AT, until), None)
        with CaptureQueriesContext(connection) as read:
            queries.relation(grant)
        assert read.captured_queries == []
