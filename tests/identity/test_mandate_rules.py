"""What a right to help is worth, and who may be given one: pure tables."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from espace.identity.facts.mandates import Helps, Mandate, MandateState, Proof, Protection, Scope
from espace.identity.rules.mandates import (
    living,
    majority,
    mandate_state,
    refused_to_answer,
    refused_to_ask,
    refused_to_state,
)
from espace.kernel.reasons import Reason, helping
from espace.kernel.values import replace

AT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)
ASKED = Mandate(
    id=UUID(int=1),
    kind=Helps.CARER,
    scope=Scope.ACT,
    helped_name="Camille Duval",
    asked_at=AT - DAY,
    asked_by="Camille Duval",
    answer_by=AT + DAY,
)
HELPING = replace(ASKED, helper=UUID(int=7), helper_name="Marie Duval", accepted_at=AT - DAY)


@pytest.mark.parametrize(
    ("born", "of_age"),
    [
        (date(2008, 3, 4), date(2026, 3, 4)),
        (date(2008, 2, 29), date(2026, 3, 1)),
        (date(2006, 2, 28), date(2024, 2, 28)),
        (date(2007, 12, 31), date(2025, 12, 31)),
    ],
)
def test_majority_is_the_eighteenth_birthday(born: date, of_age: date) -> None:
    assert majority(born) == of_age


@pytest.mark.parametrize(
    ("mandate", "state"),
    [
        (ASKED, MandateState.WAITING),
        (replace(ASKED, answer_by=AT + MOMENT), MandateState.WAITING),
        (replace(ASKED, answer_by=AT), MandateState.LAPSED),
        (replace(ASKED, refused_at=AT - DAY), MandateState.REFUSED),
        (replace(ASKED, until=AT), MandateState.OVER),
        (replace(ASKED, ended_at=AT - DAY), MandateState.ENDED),
        (HELPING, MandateState.IN_FORCE),
        (replace(HELPING, answer_by=AT - DAY), MandateState.IN_FORCE),
        (replace(HELPING, until=AT + MOMENT), MandateState.IN_FORCE),
        (replace(HELPING, until=AT), MandateState.OVER),
        (replace(HELPING, ended_at=AT, until=AT - DAY), MandateState.ENDED),
        (replace(HELPING, contested_at=AT), MandateState.IN_FORCE),
    ],
)
def test_what_it_is_worth(mandate: Mandate, state: MandateState) -> None:
    assert mandate_state(mandate, AT) is state


def test_only_what_is_in_force_or_may_be_yet_takes_a_place() -> None:
    gone = [replace(ASKED, answer_by=AT), replace(HELPING, until=AT), replace(HELPING, ended_at=AT)]
    assert living([ASKED, *gone, HELPING], AT) == (ASKED, HELPING)


PARENT = replace(HELPING, kind=Helps.PARENT)


@pytest.mark.parametrize(
    ("kind", "there", "minor", "until", "reason"),
    [
        (Helps.CARER, [], False, None, None),
        (Helps.CARER, [HELPING, ASKED], False, AT + MOMENT, None),
        (Helps.CARER, [HELPING, ASKED, HELPING], False, None, helping.CARERS_FULL),
        (Helps.CARER, [HELPING, HELPING, replace(HELPING, ended_at=AT)], False, None, None),
        (Helps.CARER, [PARENT, PARENT, HELPING], True, None, None),
        (Helps.CARER, [], False, AT, helping.HELP_TERM),
        (Helps.PARENT, [PARENT], True, None, None),
        (Helps.PARENT, [PARENT, PARENT], True, None, helping.REPRESENTATIVES_FULL),
        (Helps.PARENT, [], False, None, helping.NO_REPRESENTATIVE),
        (Helps.GUARDIAN, [HELPING, HELPING, HELPING], False, None, None),
    ],
)
def test_who_may_be_asked(
    kind: Helps, there: list[Mandate], minor: bool, until: datetime | None, reason: Reason | None
) -> None:
    assert refused_to_ask(kind, there=there, minor=minor, until=until, at=AT) is reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, None),
        ({"kind": Helps.CARER}, helping.HELPER_MAY_NOT),
        ({"oneself": True}, helping.HELP_ONESELF),
        ({"helps_already": True}, helping.HELPS_ALREADY),
        ({"helped_back": True}, helping.HELP_CIRCLE),
        ({"proof": None}, helping.PROOF_MISSING),
        ({"proof": Proof(Protection.TUTELLE, "")}, helping.PROOF_MISSING),
        ({"proof": Proof(Protection.CURATELLE, "TJ 2025/17")}, helping.ASSISTS_ONLY),
        ({"proof": Proof(Protection.FUTURE, "TJ 2025/17")}, None),
        ({"kind": Helps.PARENT, "proof": None}, None),
        ({"kind": Helps.PARENT, "proof": None, "helped_back": True}, None),
        ({"kind": Helps.PARENT, "oneself": True}, helping.HELP_ONESELF),
    ],
)
def test_what_an_authority_may_state(change: dict[str, object], reason: Reason | None) -> None:
    stated: dict[str, object] = {
        "kind": Helps.GUARDIAN,
        "oneself": False,
        "helps_already": False,
        "helped_back": False,
        "proof": Proof(Protection.TUTELLE, "TJ Nantes, 12 mars 2025, 25/00017"),
    }
    assert refused_to_state(**{**stated, **change}) is reason  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "already", "back", "now", "reason"),
    [
        (Helps.CARER, False, False, 4, None),
        (Helps.CARER, False, False, 5, helping.HELPS_TOO_MANY),
        (Helps.CARER, False, True, 0, helping.HELP_CIRCLE),
        (Helps.CARER, True, False, 0, helping.HELPS_ALREADY),
        (Helps.PARENT, False, True, 0, helping.HELP_CIRCLE),
        (Helps.PARENT, False, False, 9, None),
        (Helps.GUARDIAN, False, False, 9, None),
        (Helps.PARENT, True, False, 0, helping.HELPS_ALREADY),
    ],
)
def test_who_may_accept(kind: Helps, already: bool, back: bool, now: int, reason: Reason | None) -> None:
    asked = replace(ASKED, kind=kind)
    assert refused_to_answer(asked, helps_already=already, helped_back=back, helping_now=now) is reason
