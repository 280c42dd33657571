"""The decision in a session of secret care, as a table of near-misses. No database."""

import pytest

from espace.access.facts import Facts, Standing
from espace.access.rules import decide
from espace.enrolment.facts import State
from espace.identity.facts.mandates import Helps, MandateState, Scope
from espace.kernel.reasons import Reason, care, emergency, helping
from espace.kernel.reasons import decisions as reasons
from espace.kernel.values import replace
from espace.kernel.words import ActorKind, Purpose, Verb

SECRET = Facts(
    ActorKind.PROFESSIONAL,
    Purpose.CARE,
    Verb.READ,
    own_record=False,
    state=State.ACTIVATED,
    secret=True,
    minor=True,
    secret_consent=Standing.IN_FORCE,
)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, care.SECRET_CONSENT),
        ({"verb": Verb.LIST}, care.SECRET_CONSENT),
        ({"verb": Verb.DOWNLOAD}, care.SECRET_CONSENT),
        ({"minor": False}, care.SECRET_FOR_MINORS),
        ({"minor": False, "verb": Verb.STATUS}, care.SECRET_FOR_MINORS),
        ({"minor": False, "verb": Verb.CONSENT}, care.SECRET_FOR_MINORS),
        ({"minor": False, "verb": Verb.DEPOSIT, "purpose": Purpose.FEED}, care.SECRET_FOR_MINORS),
        ({"verb": Verb.STATUS}, care.SPACE_STATUS),
        ({"verb": Verb.CONSENT}, care.CONSENT_RECORDED),
        ({"verb": Verb.WITHDRAW}, care.CONSENT_WITHDRAWN),
        ({"verb": Verb.DEPOSIT, "purpose": Purpose.FEED}, care.PROFESSIONAL_FEEDS),
        ({"verb": Verb.AMEND, "purpose": Purpose.FEED}, care.AUTHOR_AMENDS),
        ({"verb": Verb.OWN_DEPOSITS, "purpose": Purpose.FEED}, reasons.NO_RULE_ALLOWS),
        ({"verb": Verb.TEAM, "team": Standing.IN_FORCE, "carer": True}, reasons.NO_RULE_ALLOWS),
        ({"verb": Verb.BREAK_GLASS, "purpose": Purpose.BREAK_GLASS, "carer": True}, reasons.NO_RULE_ALLOWS),
        ({"actor": ActorKind.ORGANISATION}, reasons.ORGANISATION_CANNOT_READ),
        ({"actor": ActorKind.ORGANISATION, "purpose": Purpose.FEED, "verb": Verb.DEPOSIT}, reasons.NO_RULE_ALLOWS),
        ({"secret_consent": Standing.LAPSED}, care.CONSENT_LAPSED),
        ({"secret_consent": Standing.NONE}, care.CONSENT_MISSING),
        ({"secret_consent": Standing.NONE, "standing": Standing.IN_FORCE}, care.CONSENT_IN_FORCE),
        ({"secret_consent": Standing.NONE, "attending": True}, care.ATTENDING_DOCTOR),
        ({"secret_consent": Standing.NONE, "glass": Standing.IN_FORCE, "carer": True}, emergency.GLASS_IN_FORCE),
        ({"blocked": True}, care.PROFESSIONAL_BLOCKED),
        ({"state": State.SUSPENDED}, reasons.SPACE_SUSPENDED),
        ({"state": State.OPPOSED, "minor": False}, reasons.SPACE_OPPOSED),
        ({"state": None, "minor": False}, reasons.SPACE_UNKNOWN),
        ({"secret": False, "secret_consent": Standing.NONE}, care.CONSENT_MISSING),
    ],
)
def test_what_a_session_of_secret_care_may_do(change: dict[str, object], reason: Reason) -> None:
    assert decide(replace(SECRET, **change)) is reason  # type: ignore[arg-type]


@pytest.mark.parametrize("helps", list(Helps))
def test_nobody_who_helps_opens_what_is_kept_from_representatives(helps: Helps) -> None:
    facts = Facts(
        ActorKind.HOLDER, Purpose.PROXY, Verb.UNVEIL, own_record=False, state=State.ACTIVATED,
        helps=helps, help_state=MandateState.IN_FORCE, scope=Scope.ACT,
    )  # fmt: skip
    assert decide(facts) is helping.HELPER_MAY_NOT
    own = replace(facts, purpose=Purpose.HOLDER, own_record=True, helps=None)
    assert decide(own) is care.HOLDER_DECIDES
