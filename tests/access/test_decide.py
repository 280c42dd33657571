"""The decision, as a table of near-misses: from what is allowed, one fact is changed at a time."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from espace.access.facts import Facts, Standing
from espace.access.rules import decide
from espace.enrolment.facts import State
from espace.kernel.reasons import Reason, care, feeding, national, stating, teams
from espace.kernel.reasons import decisions as reasons
from espace.kernel.values import replace
from espace.kernel.words import CARING as CARE_PURPOSES
from espace.kernel.words import ActorKind, Purpose, Verb

RULED = {Purpose.FEED, Purpose.HOLDER, Purpose.PROXY, Purpose.SUPPORT, Purpose.EXTRACTION, Purpose.APP}
"""And care; PROXY and SUPPORT have a file of their own (test_helping.py)."""
FEEDING = Facts(ActorKind.ORGANISATION, Purpose.FEED, Verb.DEPOSIT, own_record=False, state=State.OPENED)
CARING = Facts(
    ActorKind.PROFESSIONAL,
    Purpose.CARE,
    Verb.READ,
    own_record=False,
    state=State.ACTIVATED,
    standing=Standing.IN_FORCE,
)
HOLDING = Facts(ActorKind.HOLDER, Purpose.HOLDER, Verb.READ, own_record=True, state=State.ACTIVATED)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, reasons.FEED_AUTHORISED),
        ({"verb": Verb.OWN_DEPOSITS}, reasons.OWN_DEPOSITS),
        ({"state": State.ACTIVATED}, reasons.FEED_AUTHORISED),
        ({"state": State.SUSPENDED}, reasons.FEED_AUTHORISED),
        ({"state": State.NOT_INVITED}, reasons.SPACE_NOT_OPEN),
        ({"state": State.INFORMED}, reasons.SPACE_NOT_OPEN),
        ({"state": State.OPPOSED}, reasons.SPACE_OPPOSED),
        ({"state": State.CLOSED}, reasons.SPACE_NOT_OPEN),
        ({"state": State.ERASURE_REQUESTED}, reasons.SPACE_NOT_OPEN),
        ({"state": State.ERASED}, reasons.SPACE_NOT_OPEN),
        ({"state": State.DECEASED}, reasons.SPACE_NOT_OPEN),
        ({"state": None}, reasons.SPACE_UNKNOWN),
        ({"verb": Verb.READ}, reasons.ORGANISATION_CANNOT_READ),
        ({"verb": Verb.LIST}, reasons.ORGANISATION_CANNOT_READ),
        ({"verb": Verb.DOWNLOAD}, reasons.ORGANISATION_CANNOT_READ),
        ({"verb": Verb.HISTORY}, reasons.ORGANISATION_CANNOT_READ),
        ({"actor": ActorKind.HOLDER}, reasons.HOLDER_CANNOT_FEED),
        ({"verb": Verb.AMEND}, care.AUTHOR_AMENDS),
        ({"verb": Verb.STATUS}, national.FEEDER_KNOWS),
        ({"verb": Verb.STATUS, "state": State.OPPOSED}, reasons.SPACE_OPPOSED),
        ({"verb": Verb.STATUS, "within_budget": False}, care.ORGANISATION_FROZEN),
        ({"verb": Verb.STATUS, "actor": ActorKind.PROFESSIONAL}, reasons.NO_RULE_ALLOWS),
        ({"verb": Verb.CONSENT}, reasons.ORGANISATION_CANNOT_READ),
        ({"verb": Verb.MASK}, reasons.ORGANISATION_CANNOT_READ),
        ({"actor": ActorKind.PROFESSIONAL}, care.PROFESSIONAL_FEEDS),
        ({"actor": ActorKind.PROFESSIONAL, "blocked": True}, care.PROFESSIONAL_FEEDS),
        ({"actor": ActorKind.PROFESSIONAL, "verb": Verb.AMEND}, care.AUTHOR_AMENDS),
        ({"actor": ActorKind.PROFESSIONAL, "verb": Verb.READ}, reasons.NO_RULE_ALLOWS),
        ({"actor": ActorKind.PROFESSIONAL, "state": State.CLOSED}, reasons.SPACE_NOT_OPEN),
        ({"actor": ActorKind.PROFESSIONAL, "within_budget": False}, care.ACCOUNT_FROZEN),
        ({"verb": Verb.OWN_DEPOSITS, "within_budget": False}, care.ORGANISATION_FROZEN),
        ({"objected": True}, feeding.FEEDING_OBJECTED),
        ({"objected": True, "actor": ActorKind.PROFESSIONAL}, feeding.FEEDING_OBJECTED),
        ({"objected": True, "state": State.OPPOSED}, reasons.SPACE_OPPOSED),
        ({"objected": True, "state": None}, reasons.SPACE_UNKNOWN),
        ({"objected": True, "verb": Verb.AMEND}, care.AUTHOR_AMENDS),
        ({"objected": True, "verb": Verb.OWN_DEPOSITS}, reasons.OWN_DEPOSITS),
        ({"objected": True, "verb": Verb.FEEDING_WISH}, feeding.FEEDING_STATED),
        ({"verb": Verb.MAIL}, feeding.MAIL_ROUTED),
        ({"verb": Verb.MAIL, "objected": True}, feeding.MAIL_ROUTED),
        ({"verb": Verb.MAIL, "actor": ActorKind.PROFESSIONAL}, feeding.MAIL_ROUTED),
        ({"verb": Verb.MAIL, "state": State.CLOSED}, reasons.SPACE_NOT_OPEN),
        ({"verb": Verb.FEEDING_WISH, "state": State.OPPOSED}, reasons.SPACE_OPPOSED),
        ({"verb": Verb.FEEDING_WISH, "actor": ActorKind.PROFESSIONAL}, reasons.NO_RULE_ALLOWS),
        ({"actor": ActorKind.APP}, reasons.NO_RULE_ALLOWS),
        ({"actor": ActorKind.SYSTEM}, reasons.NO_RULE_ALLOWS),
        ({"actor": ActorKind.SYSTEM, "verb": Verb.ANNOUNCE}, care.HOLD_ENDED),
        ({"actor": ActorKind.SYSTEM, "verb": Verb.ANNOUNCE, "state": State.CLOSED}, care.HOLD_ENDED),
        ({"actor": ActorKind.SYSTEM, "verb": Verb.ANNOUNCE, "state": None}, reasons.SPACE_UNKNOWN),
        ({"actor": ActorKind.SYSTEM, "verb": Verb.AMEND}, reasons.NO_RULE_ALLOWS),
        ({"verb": Verb.ANNOUNCE}, reasons.ORGANISATION_CANNOT_READ),
        ({"purpose": Purpose.CARE}, reasons.ORGANISATION_CANNOT_READ),
        ({"purpose": Purpose.HOLDER}, reasons.NOT_THE_HOLDER),
    ],
)
def test_feeding(change: dict[str, object], reason: Reason) -> None:
    assert decide(replace(FEEDING, **change)) is reason  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, reasons.HOLDER_OWN_RECORD),
        ({"verb": Verb.LIST}, reasons.HOLDER_OWN_RECORD),
        ({"verb": Verb.DOWNLOAD}, reasons.HOLDER_OWN_RECORD),
        ({"verb": Verb.HISTORY}, reasons.HOLDER_OWN_RECORD),
        ({"verb": Verb.COPY}, reasons.HOLDER_OWN_RECORD),
        ({"verb": Verb.TAKE_COPY}, reasons.HOLDER_OWN_RECORD),
        ({"verb": Verb.TAKE_COPY, "own_record": False}, reasons.NOT_THE_HOLDER),
        ({"verb": Verb.SEE_AS}, reasons.HOLDER_OWN_RECORD),
        ({"verb": Verb.SEE_AS, "own_record": False}, reasons.NOT_THE_HOLDER),
        ({"verb": Verb.ADD}, reasons.HOLDER_OWN_DOCUMENTS),
        ({"verb": Verb.DESCRIBE}, reasons.HOLDER_OWN_DOCUMENTS),
        ({"verb": Verb.ARRANGE}, reasons.HOLDER_OWN_DOCUMENTS),
        ({"verb": Verb.REMOVE}, reasons.HOLDER_OWN_DOCUMENTS),
        ({"verb": Verb.RESTORE}, reasons.HOLDER_OWN_DOCUMENTS),
        ({"verb": Verb.STATE}, reasons.HOLDER_OWN_DOCUMENTS),
        ({"verb": Verb.EXTRACT}, reasons.NO_RULE_ALLOWS),
        ({"verb": Verb.DEPOSIT}, reasons.NO_RULE_ALLOWS),
        ({"verb": Verb.OWN_DEPOSITS}, reasons.NO_RULE_ALLOWS),
        ({"verb": Verb.MASK}, care.HOLDER_DECIDES),
        ({"verb": Verb.UNMASK}, care.HOLDER_DECIDES),
        ({"verb": Verb.BLOCK}, care.HOLDER_DECIDES),
        ({"verb": Verb.UNBLOCK}, care.HOLDER_DECIDES),
        ({"verb": Verb.NAME_DOCTOR}, care.HOLDER_DECIDES),
        ({"verb": Verb.SETTINGS}, care.HOLDER_DECIDES),
        ({"verb": Verb.VISIBILITY}, care.HOLDER_DECIDES),
        ({"verb": Verb.ANNOUNCE}, reasons.NO_RULE_ALLOWS),
        ({"verb": Verb.MASK, "own_record": False}, reasons.NOT_THE_HOLDER),
        ({"verb": Verb.MASK, "state": State.SUSPENDED}, reasons.SPACE_SUSPENDED),
        ({"verb": Verb.CONSENT}, reasons.NO_RULE_ALLOWS),
        ({"verb": Verb.AMEND}, reasons.NO_RULE_ALLOWS),
        ({"purpose": Purpose.CARE}, reasons.HOLDER_CANNOT_FEED),
        ({"own_record": False}, reasons.NOT_THE_HOLDER),
        ({"actor": ActorKind.ORGANISATION}, reasons.NOT_THE_HOLDER),
        ({"actor": ActorKind.PROFESSIONAL}, reasons.NOT_THE_HOLDER),
        ({"state": State.SUSPENDED}, reasons.SPACE_SUSPENDED),
        ({"state": State.CLOSED}, reasons.SPACE_NOT_OPEN),
        ({"state": State.OPPOSED}, reasons.SPACE_OPPOSED),
        ({"state": None}, reasons.SPACE_UNKNOWN),
        ({"purpose": Purpose.FEED}, reasons.HOLDER_CANNOT_FEED),
    ],
)
def test_the_holder(change: dict[str, object], reason: Reason) -> None:
    assert decide(replace(HOLDING, **change)) is reason  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, stating.APP_AUTHORISED),
        *(({"verb": verb}, reasons.NO_RULE_ALLOWS) for verb in Verb if verb is not Verb.STATE),
        *(({"actor": kind}, reasons.NO_RULE_ALLOWS) for kind in ActorKind if kind is not ActorKind.APP),
        ({"own_record": False}, reasons.NO_RULE_ALLOWS),
        ({"purpose": Purpose.HOLDER}, reasons.NOT_THE_HOLDER),
        ({"purpose": Purpose.FEED}, reasons.NO_RULE_ALLOWS),
        ({"state": State.SUSPENDED}, reasons.SPACE_SUSPENDED),
        ({"state": State.CLOSED}, reasons.SPACE_NOT_OPEN),
        ({"state": State.OPPOSED}, reasons.SPACE_OPPOSED),
        ({"state": None}, reasons.SPACE_UNKNOWN),
    ],
)
def test_an_application(change: dict[str, object], reason: Reason) -> None:
    """It adds measures to the space of whoever let it in, and does nothing else."""
    measuring = replace(HOLDING, actor=ActorKind.APP, purpose=Purpose.APP, verb=Verb.STATE)
    assert decide(replace(measuring, **change)) is reason  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, care.CONSENT_IN_FORCE),
        ({"verb": Verb.LIST}, care.CONSENT_IN_FORCE),
        ({"verb": Verb.DOWNLOAD}, care.CONSENT_IN_FORCE),
        ({"attending": True}, care.ATTENDING_DOCTOR),
        ({"attending": True, "standing": Standing.NONE}, care.ATTENDING_DOCTOR),
        ({"standing": Standing.LAPSED}, care.CONSENT_LAPSED),
        ({"standing": Standing.NONE}, care.CONSENT_MISSING),
        ({"blocked": True}, care.PROFESSIONAL_BLOCKED),
        ({"blocked": True, "attending": True}, care.PROFESSIONAL_BLOCKED),
        ({"blocked": True, "verb": Verb.CONSENT}, care.PROFESSIONAL_BLOCKED),
        ({"blocked": True, "verb": Verb.STATUS}, care.SPACE_STATUS),
        ({"standing": Standing.NONE, "verb": Verb.STATUS}, care.SPACE_STATUS),
        ({"standing": Standing.NONE, "verb": Verb.CONSENT}, care.CONSENT_RECORDED),
        ({"standing": Standing.NONE, "verb": Verb.WITHDRAW}, care.CONSENT_WITHDRAWN),
        ({"within_budget": False}, care.ACCOUNT_FROZEN),
        ({"within_budget": False, "attending": True}, care.ACCOUNT_FROZEN),
        ({"within_budget": False, "state": None}, care.ACCOUNT_FROZEN),
        ({"within_budget": False, "verb": Verb.STATUS}, care.ACCOUNT_FROZEN),
        ({"state": None}, reasons.SPACE_UNKNOWN),
        ({"state": State.OPPOSED}, reasons.SPACE_OPPOSED),
        ({"state": State.OPPOSED, "verb": Verb.STATUS}, reasons.SPACE_OPPOSED),
        ({"state": State.SUSPENDED}, reasons.SPACE_SUSPENDED),
        ({"state": State.CLOSED, "attending": True}, reasons.SPACE_NOT_OPEN),
        ({"verb": Verb.HISTORY}, teams.NOT_AN_ADMINISTRATOR),
        ({"verb": Verb.MASK}, reasons.NO_RULE_ALLOWS),
        ({"verb": Verb.BLOCK}, teams.NOT_AN_ADMINISTRATOR),
        ({"verb": Verb.DEPOSIT}, reasons.NO_RULE_ALLOWS),
        ({"actor": ActorKind.ORGANISATION}, reasons.ORGANISATION_CANNOT_READ),
        ({"actor": ActorKind.HOLDER}, reasons.HOLDER_CANNOT_FEED),
        ({"actor": ActorKind.APP}, reasons.NO_RULE_ALLOWS),
        ({"purpose": Purpose.HOLDER}, reasons.NOT_THE_HOLDER),
        ({"purpose": Purpose.BREAK_GLASS}, reasons.NO_RULE_ALLOWS),
        ({"purpose": Purpose.DISPATCH}, reasons.NO_RULE_ALLOWS),
        ({"purpose": Purpose.SUPPORT}, reasons.NO_RULE_ALLOWS),
    ],
)
def test_care(change: dict[str, object], reason: Reason) -> None:
    assert decide(replace(CARING, **change)) is reason  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, reasons.FACTS_EXTRACTED),
        ({"state": State.SUSPENDED}, reasons.FACTS_EXTRACTED),
        ({"state": State.CLOSED}, reasons.SPACE_NOT_OPEN),
        ({"state": State.OPPOSED}, reasons.SPACE_OPPOSED),
        ({"state": None}, reasons.SPACE_UNKNOWN),
        *(({"verb": verb}, reasons.NO_RULE_ALLOWS) for verb in Verb if verb is not Verb.EXTRACT),
        *(({"actor": actor}, reasons.NO_RULE_ALLOWS) for actor in ActorKind if actor is not ActorKind.SYSTEM),
        ({"purpose": Purpose.FEED}, reasons.NO_RULE_ALLOWS),
        ({"purpose": Purpose.HOLDER}, reasons.NOT_THE_HOLDER),
        ({"purpose": Purpose.POPULATION}, reasons.NO_RULE_ALLOWS),
    ],
)
def test_extracting(change: dict[str, object], reason: Reason) -> None:
    """The platform itself, for that alone: nobody reads by this purpose."""
    itself = Facts(ActorKind.SYSTEM, Purpose.EXTRACTION, Verb.EXTRACT, own_record=False, state=State.ACTIVATED)
    assert decide(replace(itself, **change)) is reason  # type: ignore[arg-type]


@pytest.mark.parametrize("purpose", sorted(set(Purpose) - RULED - CARE_PURPOSES))
def test_a_purpose_without_rules_is_always_refused(purpose: Purpose) -> None:
    for actor, verb, own, state in product(ActorKind, Verb, (True, False), (*State, None)):
        assert decide(Facts(actor, purpose, verb, own, state)) is reasons.NO_RULE_ALLOWS


def everything() -> Iterator[tuple[tuple[Any, ...], Facts]]:
    """A million values, and the facts that they are: the same object with other flags, for to make one takes ten
    times as long as to decide."""
    for first in product(ActorKind, Purpose, Verb, (True, False), (*State, None), Standing):
        facts = Facts(*first)
        for flags in product((True, False), repeat=3):
            for name, flag in zip(("attending", "blocked", "within_budget"), flags, strict=True):
                object.__setattr__(facts, name, flag)
            yield (*first, *flags), facts


def test_what_is_allowed_is_a_short_list() -> None:
    """Everything that exists, counted, each for its own record and another's where that makes no difference:
    feeding, 3 states × 6 verbs for an organisation and × 4 for a professional, 10 × 2 for time itself; the
    holder, 2 states × 35 verbs, and 2 states from which they take their space back;
    care, 2 states × 6 verbs, where reading asks for one of 3 standings or for the attending doctor.
    Nobody here declared an emergency (test_emergency.py)."""
    allowed = {values for values, facts in everything() if decide(facts).allows}
    feeding = {facts[:5] for facts in allowed if facts[1] is Purpose.FEED}
    holding = {facts[:5] for facts in allowed if facts[1] is Purpose.HOLDER}
    caring = {facts[2:3] + facts[4:] for facts in allowed if facts[1] is Purpose.CARE}
    assert (len(feeding) // 2, len(holding)) == (50, 72)
    assert len({one for one in caring if one[0] is Verb.STATUS}) == 2 * 3 * 2 * 2
    assert len({one for one in caring if one[0] in (Verb.CONSENT, Verb.WITHDRAW)}) == 2 * 2 * 3 * 2
    assert len({one for one in caring if one[0] in (Verb.LIST, Verb.READ, Verb.DOWNLOAD)}) == 2 * 3 * (3 + 1)
    assert {facts[-1] for facts in allowed if facts[0] is ActorKind.PROFESSIONAL} == {True}
    assert {facts[:5] for facts in allowed if facts[1] is Purpose.APP} == {
        (ActorKind.APP, Purpose.APP, Verb.STATE, True, state) for state in (State.OPENED, State.ACTIVATED)
    }
    ruled = {Purpose.FEED, Purpose.HOLDER, Purpose.CARE, Purpose.SUPPORT, Purpose.EXTRACTION, Purpose.APP}
    assert {facts[1] for facts in allowed} == ruled
