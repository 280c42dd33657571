"""Who acts for whom: the decision, as a table of near-misses."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from espace.access.facts import Facts
from espace.access.rules import decide
from espace.enrolment.facts import State
from espace.identity.facts.mandates import Helps, MandateState, Scope
from espace.kernel.reasons import Reason, advising, helping
from espace.kernel.reasons import decisions as reasons
from espace.kernel.values import replace
from espace.kernel.words import ActorKind, Purpose, Verb

DAY = timedelta(days=1)
READINGS = (Verb.LIST, Verb.READ, Verb.DOWNLOAD)
ADDING = (Verb.ADD, Verb.DESCRIBE, Verb.ARRANGE, Verb.STATE)
ARRANGING = (*ADDING, Verb.REMOVE, Verb.RESTORE)

HELPING = Facts(
    ActorKind.HOLDER,
    Purpose.PROXY,
    Verb.READ,
    own_record=False,
    state=State.ACTIVATED,
    helps=Helps.CARER,
    help_state=MandateState.IN_FORCE,
    scope=Scope.ACT,
)
PARENT = {"helps": Helps.PARENT}
GUARDIAN = {"helps": Helps.GUARDIAN}
ADVISER = {"helps": Helps.ADVISER}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, helping.CARER_ACTS),
        ({"verb": Verb.LIST}, helping.CARER_ACTS),
        ({"verb": Verb.ADD}, helping.CARER_ACTS),
        ({"verb": Verb.ADD, "scope": Scope.READ}, helping.HELPER_READS_ONLY),
        ({"verb": Verb.DOWNLOAD, "scope": Scope.READ}, helping.CARER_ACTS),
        ({"verb": Verb.END_HELP, "scope": Scope.READ}, helping.CARER_ACTS),
        ({"verb": Verb.END_HELP, "state": State.SUSPENDED}, helping.CARER_ACTS),
        ({"verb": Verb.HISTORY}, helping.HELPER_MAY_NOT),
        ({"verb": Verb.MASK}, helping.HELPER_MAY_NOT),
        ({"verb": Verb.COPY}, helping.HELPER_MAY_NOT),
        ({"verb": Verb.TAKE_COPY}, helping.HELPER_MAY_NOT),
        ({**PARENT, "verb": Verb.COPY}, helping.PARENT_ACTS),
        ({**PARENT, "verb": Verb.TAKE_COPY}, helping.PARENT_ACTS),
        ({"verb": Verb.BLOCK}, helping.HELPER_MAY_NOT),
        ({"verb": Verb.SETTINGS}, helping.HELPER_MAY_NOT),
        ({"verb": Verb.INVITE}, helping.HELPER_MAY_NOT),
        ({"verb": Verb.CONTEST}, helping.HELPER_MAY_NOT),
        ({"verb": Verb.ANSWER}, helping.HELPS_ALREADY),
        ({"verb": Verb.DEPOSIT}, reasons.NO_RULE_ALLOWS),
        ({"verb": Verb.CONSENT}, reasons.NO_RULE_ALLOWS),
        ({"verb": Verb.STATE_HELP}, reasons.NO_RULE_ALLOWS),
        (PARENT, helping.PARENT_ACTS),
        ({**PARENT, "verb": Verb.HISTORY}, helping.PARENT_ACTS),
        ({**PARENT, "verb": Verb.BLOCK}, helping.PARENT_ACTS),
        ({**PARENT, "verb": Verb.INVITE}, helping.PARENT_ACTS),
        ({**PARENT, "verb": Verb.CONTEST}, helping.PARENT_ACTS),
        ({**GUARDIAN, "verb": Verb.MASK}, helping.GUARDIAN_ACTS),
        ({**GUARDIAN, "verb": Verb.INVITE}, helping.HELPER_MAY_NOT),
        ({**GUARDIAN, "verb": Verb.MASK, "scope": Scope.READ}, helping.HELPER_READS_ONLY),
        ({"verb": Verb.ADVISE}, helping.HELPER_MAY_NOT),
        ({**PARENT, "verb": Verb.ADVISE}, helping.HELPER_MAY_NOT),
        ({**GUARDIAN, "verb": Verb.ADVISE}, helping.HELPER_MAY_NOT),
        (ADVISER, advising.ADVISER_ACTS),
        ({**ADVISER, "verb": Verb.LIST, "scope": Scope.READ}, advising.ADVISER_ACTS),
        ({**ADVISER, "verb": Verb.DOWNLOAD}, advising.ADVISER_TAKES_NOTHING),
        ({**ADVISER, "verb": Verb.DOWNLOAD, "help_state": MandateState.OVER}, advising.ADVISING_OVER),
        ({**ADVISER, "verb": Verb.ADD}, advising.ADVISER_ACTS),
        ({**ADVISER, "verb": Verb.ARRANGE, "scope": Scope.READ}, helping.HELPER_READS_ONLY),
        *(
            ({**ADVISER, "verb": verb}, helping.HELPER_MAY_NOT)
            for verb in (
                *(Verb.REMOVE, Verb.RESTORE, Verb.HISTORY, Verb.MASK, Verb.BLOCK, Verb.SETTINGS, Verb.SWITCHES),
                *(Verb.INVITE, Verb.ADVISE, Verb.COPY, Verb.TAKE_COPY, Verb.SEE_AS, Verb.NOTICES, Verb.GIVE_ACCESS),
            )
        ),
        ({**ADVISER, "verb": Verb.ANSWER}, helping.HELPS_ALREADY),
        ({**ADVISER, "verb": Verb.DEPOSIT}, reasons.NO_RULE_ALLOWS),
        ({**ADVISER, "verb": Verb.END_HELP, "scope": Scope.READ}, advising.ADVISER_ACTS),
        ({**ADVISER, "help_state": MandateState.WAITING}, helping.HELP_WAITING),
        ({**ADVISER, "help_state": MandateState.WAITING, "verb": Verb.ANSWER}, advising.ADVISER_ACTS),
        ({**ADVISER, "help_state": MandateState.WAITING, "own_record": True}, helping.NOT_A_HELPER),
        ({**ADVISER, "help_state": MandateState.OVER}, advising.ADVISING_OVER),
        ({**ADVISER, "help_state": MandateState.ENDED}, advising.ADVISING_OVER),
        ({**ADVISER, "help_state": MandateState.ENDED, "verb": Verb.ANSWER}, advising.ADVISING_OVER),
        ({**ADVISER, "state": State.SUSPENDED}, reasons.SPACE_SUSPENDED),
        ({"helps": None}, helping.NOT_A_HELPER),
        ({"helps": None, "invited": True}, helping.INVITATION_UNKNOWN),
        ({"own_record": True}, helping.NOT_A_HELPER),
        ({"own_record": True, "invited": True}, helping.HELP_ONESELF),
        ({"own_record": True, "invited": True, "helps": None}, helping.INVITATION_UNKNOWN),
        ({"actor": ActorKind.PROFESSIONAL}, helping.NOT_A_HELPER),
        ({"actor": ActorKind.SYSTEM}, helping.NOT_A_HELPER),
        ({"help_state": MandateState.WAITING}, helping.HELP_WAITING),
        ({"help_state": MandateState.WAITING, "verb": Verb.ANSWER}, helping.HELP_ANSWERED),
        ({"help_state": MandateState.WAITING, "verb": Verb.END_HELP}, helping.HELP_WAITING),
        ({"help_state": MandateState.OVER}, helping.HELP_OVER),
        ({"help_state": MandateState.OVER, **PARENT}, helping.CAME_OF_AGE),
        ({"help_state": MandateState.OVER, **PARENT, "verb": Verb.ANSWER}, helping.CAME_OF_AGE),
        ({"help_state": MandateState.ENDED}, helping.HELP_ENDED),
        ({"help_state": MandateState.REFUSED}, helping.HELP_ENDED),
        ({"help_state": MandateState.LAPSED}, helping.HELP_ENDED),
        ({"state": None}, reasons.SPACE_UNKNOWN),
        ({"state": State.OPPOSED}, reasons.SPACE_OPPOSED),
        ({"state": State.SUSPENDED}, reasons.SPACE_SUSPENDED),
        ({"state": State.CLOSED, **PARENT}, reasons.SPACE_NOT_OPEN),
        ({"purpose": Purpose.HOLDER}, reasons.NOT_THE_HOLDER),
        ({"purpose": Purpose.CARE}, reasons.HOLDER_CANNOT_FEED),
    ],
)
def test_who_helps(change: dict[str, Any], reason: Reason) -> None:
    assert decide(replace(HELPING, **change)) is reason


def test_what_a_helper_may_do_is_a_short_list() -> None:
    """A carer reads and arranges; a digital adviser reads on the page, adds and arranges, takes nothing away; a parent
    and a guardian do what the holder does, but for what is nobody else's; who only reads changes nothing. Nothing is
    allowed to who only was, or is not yet, a helper."""
    everything = product(Verb, Helps, MandateState, Scope)
    allowed = {
        words
        for words in everything
        if decide(
            replace(HELPING, verb=words[0], helps=words[1], help_state=words[2], scope=words[3])
        ).allows
    }
    waiting = {words for words in allowed if words[2] is not MandateState.IN_FORCE}
    assert {words[0] for words in waiting} == {Verb.ANSWER}
    assert {words[2] for words in waiting} == {MandateState.WAITING}
    in_force = allowed - waiting

    def may(kind: Helps, scope: Scope) -> set[Verb]:
        return {words[0] for words in in_force if words[1] is kind and words[3] is scope}

    reads = {*READINGS, Verb.END_HELP}
    assert [may(kind, Scope.READ) for kind in (Helps.PARENT, Helps.GUARDIAN, Helps.CARER)] == [reads, reads, reads]
    assert may(Helps.ADVISER, Scope.READ) == {Verb.LIST, Verb.READ, Verb.END_HELP}
    assert may(Helps.ADVISER, Scope.ACT) == {*may(Helps.ADVISER, Scope.READ), *ADDING}
    assert may(Helps.CARER, Scope.ACT) == {*reads, *ARRANGING}
    assert may(Helps.PARENT, Scope.ACT) - may(Helps.GUARDIAN, Scope.ACT) == {Verb.INVITE}
    own = {verb for verb in Verb if decide(Facts(ActorKind.HOLDER, Purpose.HOLDER, verb, True, State.OPENED)).allows}
    assert may(Helps.PARENT, Scope.ACT) <= own


SUPPORTING = Facts(ActorKind.SYSTEM, Purpose.SUPPORT, Verb.STATE_HELP, own_record=False, state=State.OPENED)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, helping.STATED_BY_AUTHORITY),
        ({"verb": Verb.END_HELP}, helping.ENDED_BY_OPERATOR),
        ({"verb": Verb.END_HELP, "state": State.CLOSED}, helping.ENDED_BY_OPERATOR),
        ({"state": State.CLOSED}, reasons.SPACE_NOT_OPEN),
        ({"state": State.OPPOSED}, reasons.SPACE_OPPOSED),
        ({"state": None}, reasons.SPACE_UNKNOWN),
        ({"verb": Verb.READ}, reasons.NO_RULE_ALLOWS),
        ({"verb": Verb.LIST}, reasons.NO_RULE_ALLOWS),
        ({"actor": ActorKind.HOLDER}, reasons.NO_RULE_ALLOWS),
        ({"actor": ActorKind.PROFESSIONAL}, reasons.NO_RULE_ALLOWS),
    ],
)
def test_the_operator_enters_and_ends_and_reads_nothing(change: dict[str, Any], reason: Reason) -> None:
    assert decide(replace(SUPPORTING, **change)) is reason
