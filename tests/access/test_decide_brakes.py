"""The decision while the budget of an organisation or of the country is spent, and of spaces that close, as tables of
near-misses. No database."""

import pytest

from espace.access.facts import Facts, Standing, Whose
from espace.access.rules import decide
from espace.enrolment.facts import State
from espace.enrolment.rules import READING
from espace.kernel.reasons import Reason, care, emergency, teams
from espace.kernel.reasons import decisions as reasons
from espace.kernel.values import replace
from espace.kernel.words import ActorKind, Purpose, Verb

BRAKED = Facts(
    ActorKind.PROFESSIONAL,
    Purpose.CARE,
    Verb.CONSENT,
    own_record=False,
    state=State.ACTIVATED,
    braked=Whose.ORGANISATION,
    carer=True,
)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, care.ORGANISATION_FROZEN),
        ({"braked": Whose.COUNTRY}, care.COUNTRY_FROZEN),
        ({"braked": None}, care.CONSENT_RECORDED),
        ({"standing": Standing.LAPSED}, care.ORGANISATION_FROZEN),
        ({"standing": Standing.IN_FORCE}, care.CONSENT_RECORDED),
        ({"team": Standing.IN_FORCE}, care.CONSENT_RECORDED),
        ({"attending": True}, care.CONSENT_RECORDED),
        ({"blocked": True}, care.PROFESSIONAL_BLOCKED),
        ({"verb": Verb.WITHDRAW}, care.CONSENT_WITHDRAWN),
        ({"verb": Verb.WITHDRAW, "standing": Standing.IN_FORCE}, care.CONSENT_WITHDRAWN),
        ({"verb": Verb.STATUS}, care.SPACE_STATUS),
        ({"verb": Verb.READ}, care.CONSENT_MISSING),
        ({"verb": Verb.READ, "standing": Standing.IN_FORCE}, care.CONSENT_IN_FORCE),
        ({"verb": Verb.LIST, "attending": True}, care.ATTENDING_DOCTOR),
        ({"verb": Verb.HISTORY}, teams.NOT_AN_ADMINISTRATOR),
        ({"verb": Verb.HISTORY, "administrator": True}, teams.ADMINISTRATOR),
        ({"verb": Verb.ADD_MEMBER, "team": Standing.IN_FORCE}, teams.MEMBER_ADDED),
        ({"verb": Verb.BREAK_GLASS, "purpose": Purpose.BREAK_GLASS}, emergency.GLASS_BROKEN),
        ({"within_budget": False}, care.ACCOUNT_FROZEN),
    ],
)
def test_nobody_makes_a_new_link_and_who_reads_goes_on(change: dict[str, object], reason: Reason) -> None:
    assert decide(replace(BRAKED, **change)) is reason  # type: ignore[arg-type]


OPEN_AGAIN = (State.SUSPENDED, State.CLOSED)


@pytest.mark.parametrize("state", [*State, None])
def test_a_holder_opens_again_what_is_closed_and_nothing_else(state: State | None) -> None:
    asked = Facts(ActorKind.HOLDER, Purpose.HOLDER, Verb.REOPEN, own_record=True, state=state)
    refused = reasons.SPACE_UNKNOWN if state is None else READING[state] or reasons.NO_RULE_ALLOWS
    assert decide(asked) is (care.HOLDER_DECIDES if state in OPEN_AGAIN else refused)
    assert decide(replace(asked, own_record=False)) is reasons.NOT_THE_HOLDER
