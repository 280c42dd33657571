"""Through the gate: an emergency opens a record for some hours, unless its holder objected; everybody learns of it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cast import (
    AT,
    Holder,
    blocks,
    caring,
    consents,
    document,
    entry,
    holder,
    names_doctor,
    opposed,
    organisation,
    professional,
    sender,
    submission,
)
from espace.access import actions as access
from espace.access import gate, queries
from espace.access.facts import Cause, Consent, Facts, Glass, How, Relation, Standing, Switches
from espace.access.rules import closed_because, decide, gives_care, glass_standing, may_read, standing, words_of
from espace.enrolment.facts import State
from espace.identity.facts import Professional
from espace.kernel.reasons import Reason, care, decisions, emergency, teams
from espace.kernel.values import replace
from espace.kernel.words import Actor, ActorKind, Purpose, Refused, Verb, Visibility
from espace.record import actions as record
from espace.record import queries as documents
from espace.trace import queries as trace
from espace.trace.facts import TraceEvent

WORDS = "Trouvé sans connaissance dans la rue"
HOUR = timedelta(hours=1)

DECLARING = Facts(
    ActorKind.PROFESSIONAL, Purpose.BREAK_GLASS, Verb.BREAK_GLASS, own_record=False, state=State.OPENED, carer=True
)
READING = Facts(
    ActorKind.PROFESSIONAL,
    Purpose.CARE,
    Verb.READ,
    own_record=False,
    state=State.OPENED,
    carer=True,
    glass=Standing.IN_FORCE,
)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, emergency.GLASS_BROKEN),
        ({"state": State.ACTIVATED}, emergency.GLASS_BROKEN),
        ({"attending": True}, emergency.GLASS_BROKEN),
        ({"switches": Switches(dispatch=False)}, emergency.GLASS_BROKEN),
        ({"switches": Switches(break_glass=False)}, emergency.EMERGENCY_OBJECTED),
        ({"blocked": True}, care.PROFESSIONAL_BLOCKED),
        ({"carer": False}, emergency.NOT_A_CARER),
        ({"within_budget": False}, care.ACCOUNT_FROZEN),
        ({"state": None}, decisions.SPACE_UNKNOWN),
        ({"state": State.OPPOSED}, decisions.SPACE_OPPOSED),
        ({"state": State.SUSPENDED}, decisions.SPACE_SUSPENDED),
        ({"actor": ActorKind.ORGANISATION}, decisions.ORGANISATION_CANNOT_READ),
        ({"actor": ActorKind.HOLDER}, decisions.HOLDER_CANNOT_FEED),
        ({"actor": ActorKind.APP}, decisions.NO_RULE_ALLOWS),
        ({"verb": Verb.READ}, decisions.NO_RULE_ALLOWS),
        ({"verb": Verb.READ, "glass": Standing.IN_FORCE}, decisions.NO_RULE_ALLOWS),
        ({"verb": Verb.CONSENT}, decisions.NO_RULE_ALLOWS),
    ],
)
def test_who_may_declare_an_emergency(change: dict[str, Any], reason: Reason) -> None:
    assert decide(replace(DECLARING, **change)) is reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, emergency.GLASS_IN_FORCE),
        ({"verb": Verb.LIST}, emergency.GLASS_IN_FORCE),
        ({"verb": Verb.DOWNLOAD}, emergency.GLASS_IN_FORCE),
        ({"standing": Standing.LAPSED}, emergency.GLASS_IN_FORCE),
        ({"standing": Standing.IN_FORCE}, care.CONSENT_IN_FORCE),
        ({"attending": True}, care.ATTENDING_DOCTOR),
        ({"glass": Standing.LAPSED}, emergency.GLASS_ENDED),
        ({"glass": Standing.NONE}, care.CONSENT_MISSING),
        ({"switches": Switches(break_glass=False)}, emergency.EMERGENCY_OBJECTED),
        ({"blocked": True}, care.PROFESSIONAL_BLOCKED),
        ({"carer": False}, emergency.NOT_A_CARER),
        ({"state": State.CLOSED}, decisions.SPACE_NOT_OPEN),
        ({"verb": Verb.CONSENT}, care.CONSENT_RECORDED),
        ({"verb": Verb.HISTORY}, teams.NOT_AN_ADMINISTRATOR),
    ],
)
def test_what_a_declared_emergency_opens(change: dict[str, Any], reason: Reason) -> None:
    assert decide(replace(READING, **change)) is reason


CALLED = replace(DECLARING, purpose=Purpose.DISPATCH, regulates=True)
HANDLING = replace(READING, dispatched=True, regulates=True)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, emergency.DISPATCH_OPENED),
        ({"blocked": True}, emergency.DISPATCH_OPENED),
        ({"switches": Switches(break_glass=False)}, emergency.DISPATCH_OPENED),
        ({"switches": Switches(dispatch=False)}, emergency.DISPATCH_OBJECTED),
        ({"regulates": False}, emergency.NOT_A_REGULATOR),
        ({"within_budget": False}, care.ACCOUNT_FROZEN),
        ({"state": None}, decisions.SPACE_UNKNOWN),
        ({"state": State.OPPOSED}, decisions.SPACE_OPPOSED),
        ({"verb": Verb.READ}, decisions.NO_RULE_ALLOWS),
        ({"actor": ActorKind.ORGANISATION}, decisions.ORGANISATION_CANNOT_READ),
        ({"purpose": Purpose.BREAK_GLASS, "blocked": True}, care.PROFESSIONAL_BLOCKED),
    ],
)
def test_who_may_open_for_a_call(change: dict[str, Any], reason: Reason) -> None:
    assert decide(replace(CALLED, **change)) is reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, emergency.DISPATCH_IN_FORCE),
        ({"blocked": True}, emergency.DISPATCH_IN_FORCE),
        ({"blocked": True, "glass": Standing.LAPSED}, care.PROFESSIONAL_BLOCKED),
        ({"blocked": True, "verb": Verb.CONSENT}, care.PROFESSIONAL_BLOCKED),
        ({"blocked": True, "dispatched": False}, care.PROFESSIONAL_BLOCKED),
        ({"regulates": False}, emergency.NOT_A_REGULATOR),
        ({"regulates": False, "blocked": True}, care.PROFESSIONAL_BLOCKED),
        ({"blocked": True, "attending": True}, emergency.DISPATCH_IN_FORCE),
        ({"blocked": True, "attending": True, "regulates": False}, care.PROFESSIONAL_BLOCKED),
        ({"switches": Switches(dispatch=False)}, emergency.DISPATCH_OBJECTED),
        ({"glass": Standing.LAPSED}, emergency.GLASS_ENDED),
        ({"standing": Standing.IN_FORCE}, care.CONSENT_IN_FORCE),
        ({"verb": Verb.HISTORY}, teams.NOT_AN_ADMINISTRATOR),
    ],
)
def test_what_a_call_opens(change: dict[str, Any], reason: Reason) -> None:
    assert decide(replace(HANDLING, **change)) is reason


def test_health_professions_give_care_and_no_other() -> None:
    assert [code for code in ("10", "21", "40", "50", "60", "70", "35", "41", "", "99") if gives_care(code)] == [
        "10", "21", "40", "50", "60", "70",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (WORDS, WORDS),
        ("  chute \n\n dans\tl’escalier\x00 ", "chute dans l’escalier"),
        ("...", ""),
        ("ab", ""),
        ("1234567", ""),
        ("", ""),
        ("a" * 400, "a" * 300),
    ],
)
def test_the_reason_is_one_line_that_says_something(text: str, kept: str) -> None:
    assert words_of(text) == kept


@given(st.text())
def test_whatever_is_written_is_one_bounded_line(text: str) -> None:
    kept = words_of(text)
    assert len(kept) <= 300
    assert kept.isprintable()
    assert words_of(kept) == kept


def declares(of: Holder, who: Professional, *, at: datetime = AT, words: str = WORDS) -> None:
    with gate.open_record(
        actor=caring(who), patient=of.patient, purpose=Purpose.BREAK_GLASS, verb=Verb.BREAK_GLASS, at=at
    ) as grant:
        access.break_glass(grant, cause=Cause.UNCONSCIOUS, words=words)


def titles(of: Holder, who: Professional, *, hours: float = 0) -> list[str]:
    with gate.open_record(
        actor=caring(who), patient=of.patient, purpose=Purpose.CARE, verb=Verb.LIST, at=AT + hours * HOUR
    ) as grant:
        return sorted(one.entry.title for one in documents.documents(grant))


def refusal(of: Holder, who: Professional, *, hours: float = 0) -> str:
    with pytest.raises(Refused) as caught:
        titles(of, who, hours=hours)
    return caught.value.reason.code


def decides(of: Holder, wanted: Switches) -> None:
    with gate.open_record(
        actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=Verb.SWITCHES, at=AT
    ) as grant:
        access.set_switches(grant, wanted)


def file(of: Holder, title: str, visibility: frozenset[Visibility] = frozenset()) -> None:
    by = organisation()
    with gate.open_record(
        actor=sender(by), patient=of.patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=AT
    ) as grant:
        sent = submission(of, document(entry(title=title, visibility=visibility)))
        record.submit(grant, submission=sent, headers=[None])


def lines(of: Holder) -> list[TraceEvent]:
    with gate.open_record(
        actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=Verb.HISTORY, at=AT
    ) as grant:
        return [line.event for line in trace.history(grant)]


@pytest.mark.usefixtures("db")
def test_it_opens_for_four_hours_and_no_more() -> None:
    camille, anne = holder(), professional()
    file(camille, "Bilan")
    assert refusal(camille, anne) == "consent_missing"
    declares(camille, anne)
    assert titles(camille, anne) == ["Bilan"]
    assert titles(camille, anne, hours=3.99) == ["Bilan"]
    assert refusal(camille, anne, hours=4) == "glass_ended"
    declares(camille, anne, at=AT + 5 * HOUR)
    assert titles(camille, anne, hours=8.9) == ["Bilan"]


@pytest.mark.usefixtures("db")
def test_the_holder_reads_on_what_ground_each_reading_stood() -> None:
    camille, anne = holder(), professional()
    declares(camille, anne)
    titles(camille, anne)
    reading, declared = lines(camille)[:2]
    assert (reading.purpose, reading.verb, reading.reason) == (Purpose.BREAK_GLASS, Verb.LIST, "glass_in_force")
    assert (declared.verb, declared.reason, declared.asked["words"]) == (Verb.BREAK_GLASS, "glass_broken", WORDS)


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(("masked", "seen"), [(False, ["Bilan"]), (True, ["Bilan", "Secret"])])
def test_masked_documents_show_if_the_holder_wanted_them_to(masked: bool, seen: list[str]) -> None:
    camille, anne = holder(), professional()
    file(camille, "Bilan")
    file(camille, "Secret", frozenset({Visibility.MASQUE_PS}))
    decides(camille, Switches(masked=masked))
    declares(camille, anne)
    assert titles(camille, anne) == seen
    consents(camille, anne)
    assert titles(camille, anne) == ["Bilan"]


@pytest.mark.usefixtures("db")
def test_who_objected_is_not_opened_and_what_was_open_closes() -> None:
    camille, anne = holder(), professional()
    declares(camille, anne)
    decides(camille, Switches(break_glass=False))
    assert refusal(camille, anne) == "consent_missing"
    with pytest.raises(Refused) as caught:
        declares(camille, anne)
    assert caught.value.reason is emergency.EMERGENCY_OBJECTED
    assert lines(camille)[0].reason == "emergency_objected"


@pytest.mark.usefixtures("db")
def test_a_block_closes_and_an_opposed_space_is_as_none() -> None:
    camille, anne = holder(), professional()
    declares(camille, anne)
    blocks(camille, anne)
    assert refusal(camille, anne) == "professional_blocked"
    with pytest.raises(Refused) as caught:
        declares(opposed(), anne)
    assert caught.value.reason.told_code == "space_unknown"


@pytest.mark.usefixtures("db")
def test_the_doctor_of_a_call_reads_whoever_is_blocked_until_the_holder_objects_to_that() -> None:
    camille, anne = holder(), professional()
    file(camille, "Bilan")
    blocks(camille, anne)
    called = replace(caring(anne), regulates=True)
    with gate.open_record(
        actor=called, patient=camille.patient, purpose=Purpose.DISPATCH, verb=Verb.BREAK_GLASS, at=AT
    ) as grant:
        access.break_glass(grant, cause=Cause.CALL, words="Douleur dans la poitrine")

    def read(actor: Actor) -> str:
        with gate.open_record(
            actor=actor, patient=camille.patient, purpose=Purpose.CARE, verb=Verb.LIST, at=AT
        ) as grant:
            assert [one.entry.title for one in documents.documents(grant)] == ["Bilan"]
            return grant.purpose

    assert read(called) == Purpose.DISPATCH
    with pytest.raises(Refused) as caught:
        read(caring(anne))
    assert caught.value.reason is care.PROFESSIONAL_BLOCKED
    decides(camille, Switches(dispatch=False))
    with pytest.raises(Refused) as caught:
        read(called)
    assert caught.value.reason is care.PROFESSIONAL_BLOCKED


@pytest.mark.usefixtures("db")
def test_without_words_nothing_opens_and_the_attempt_is_in_the_log() -> None:
    camille, anne = holder(), professional()
    with pytest.raises(Refused):
        declares(camille, anne, words=" . ")
    assert refusal(camille, anne) == "consent_missing"
    assert [one.reason for one in lines(camille)][1:2] == ["emergency_unsaid"]


@pytest.mark.usefixtures("db")
def test_the_attending_doctor_and_nobody_else_reads_who_and_why() -> None:
    camille, anne, paul, other = holder(), professional(), professional(), professional()
    names_doctor(camille, paul)
    declares(camille, anne)
    assert [one.patient for one in queries.emergencies_of(caring(paul), AT + HOUR)] == [camille.patient]
    assert queries.emergencies_of(caring(anne), AT + HOUR) == queries.emergencies_of(caring(other), AT + HOUR) == ()
    assert queries.emergencies_of(caring(paul), AT + timedelta(days=31)) == ()
    consents(camille, other)
    assert [_told(camille, who) for who in (paul, other)] == [[(anne.name, WORDS)], []]


def _told(of: Holder, who: Professional) -> list[tuple[str, str]]:
    with gate.open_record(
        actor=caring(who), patient=of.patient, purpose=Purpose.CARE, verb=Verb.LIST, at=AT
    ) as grant:
        return [(one.name, one.glass.words) for one in queries.declared(grant) if one.glass]


HOURS = timedelta(hours=2)
_KNOWN = Relation(UUID(int=1), "Morel", "10")
_GLASS = Glass(Cause.UNCONSCIOUS, WORDS, AT, AT + HOURS)


@pytest.mark.parametrize("blocked", [False, True])
@pytest.mark.parametrize("regulates", [False, True])
@pytest.mark.parametrize("glass", [None, _GLASS, replace(_GLASS, dispatch=True), replace(_GLASS, until=AT)])
@pytest.mark.parametrize("consent", [None, Consent(How.ORAL, AT, AT + HOURS), Consent(How.ORAL, AT - HOURS, AT)])
@pytest.mark.parametrize("attending", [False, True])
def test_what_is_told_of_an_authorisation_is_what_is_decided(
    attending: bool, consent: Consent | None, glass: Glass | None, regulates: bool, blocked: bool
) -> None:
    known = replace(
        _KNOWN, attending=attending, consent=consent, glass=glass, blocked_at=AT if blocked else None
    )
    decided = decide(
        replace(
            READING,
            standing=standing(consent, AT),
            attending=attending,
            blocked=blocked,
            glass=glass_standing(glass, AT),
            dispatched=glass is not None and glass.dispatch,
            regulates=regulates,
        )
    )
    told = closed_because(known, AT, regulates=regulates)
    assert told is (None if decided.allows else decided)
    assert may_read(known, AT, regulates=regulates) is decided.allows
