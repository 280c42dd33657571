"""The decision, as a table of near-misses: from what is allowed, one fact is changed at a time."""

from dataclasses import replace
from itertools import product

import pytest

from espace.access.facts import Facts
from espace.access.rules import decide
from espace.enrolment.facts import State
from espace.kernel.reasons import Reason
from espace.kernel.reasons import decisions as reasons
from espace.kernel.words import ActorKind, Purpose, Verb

FEEDING = Facts(ActorKind.ORGANISATION, Purpose.FEED, Verb.DEPOSIT, own_record=False, state=State.OPENED)
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
        ({"actor": ActorKind.PROFESSIONAL}, reasons.NO_RULE_ALLOWS),
        ({"actor": ActorKind.APP}, reasons.NO_RULE_ALLOWS),
        ({"actor": ActorKind.SYSTEM}, reasons.NO_RULE_ALLOWS),
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
        ({"verb": Verb.DEPOSIT}, reasons.NO_RULE_ALLOWS),
        ({"verb": Verb.OWN_DEPOSITS}, reasons.NO_RULE_ALLOWS),
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


@pytest.mark.parametrize("purpose", sorted(set(Purpose) - {Purpose.FEED, Purpose.HOLDER}))
def test_a_purpose_without_rules_is_always_refused(purpose: Purpose) -> None:
    for actor, verb, own, state in product(ActorKind, Verb, (True, False), (*State, None)):
        assert decide(Facts(actor, purpose, verb, own, state)) is reasons.NO_RULE_ALLOWS


def test_what_is_allowed_is_a_short_list() -> None:
    """Everything that exists, counted: 6 ways to feed (3 states × 2 verbs), 8 for the holder (2 states × 4 verbs)."""
    everything = product(ActorKind, Purpose, Verb, (True, False), (*State, None))
    allowed = [facts for facts in everything if decide(Facts(*facts)).allows]
    feeding = [facts for facts in allowed if facts[1] is Purpose.FEED]
    holding = [facts for facts in allowed if facts[1] is Purpose.HOLDER]
    assert (len(feeding) // 2, len(holding), len(allowed)) == (6, 8, 20)
