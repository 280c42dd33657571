"""Whom the list of a professional's own patients has (TD0.4): one fact at a time."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from espace.access.facts import Cause, Consent, Glass, How, Listed, Membership, Relation
from espace.access.rules.listing import listed, over, still
from espace.kernel.ids import PatientId
from espace.kernel.values import replace

AT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
SOON, LATER = AT + timedelta(hours=1), AT + timedelta(days=9)
WHOM = PatientId(UUID(int=1))
NOBODY = Relation(UUID(int=2), "Anne Morel", "10")
SHORT, LONG, ENDLESS = Consent(How.ORAL, AT, SOON), Consent(How.ORAL, AT, LATER), Consent(How.HOLDER, AT, None)
GLASS = Glass(Cause.CONFUSED, "Trouvée confuse", AT, SOON)


def team(consent: Consent) -> Membership:
    return Membership(UUID(int=3), consent, UUID(int=2), "Anne Morel", AT)


@pytest.mark.parametrize(
    ("relation", "kept"),
    [
        (NOBODY, None),
        (replace(NOBODY, consent=SHORT), (True, SOON, None)),
        (replace(NOBODY, consent=SHORT, team=team(LONG)), (True, LATER, None)),
        (replace(NOBODY, consent=ENDLESS, team=team(LONG)), (True, None, None)),
        (replace(NOBODY, glass=GLASS), (True, SOON, None)),
        (replace(NOBODY, glass=GLASS, consent=ENDLESS), (True, None, None)),
        (replace(NOBODY, attending=True), (True, None, None)),
        (replace(NOBODY, attending=True, profession="60"), None),
        (replace(NOBODY, attending=True, consent=SHORT), (True, None, None)),
        (replace(NOBODY, administrator_since=AT), (True, None, None)),
        (replace(NOBODY, secret=LONG, secret_only=True), (False, None, LATER)),
        (replace(NOBODY, secret=LONG, consent=SHORT), (True, SOON, LATER)),
        (replace(NOBODY, consent=LONG, blocked_at=AT), None),
        (replace(NOBODY, attending=True, blocked_at=AT), None),
    ],
)
def test_what_the_list_keeps_of_a_relation(
    relation: Relation, kept: tuple[bool, datetime | None, datetime | None] | None
) -> None:
    assert listed(WHOM, relation, AT) == (None if kept is None else Listed(WHOM, AT, *kept))


@pytest.mark.parametrize(
    ("one", "end"),
    [
        (Listed(WHOM, AT, True, None, SOON), None),
        (Listed(WHOM, AT, True, SOON, None), SOON),
        (Listed(WHOM, AT, True, SOON, LATER), LATER),
        (Listed(WHOM, AT, False, None, SOON), SOON),
    ],
)
def test_it_is_over_with_the_last_of_what_it_says(one: Listed, end: datetime | None) -> None:
    assert over(one) == end


@pytest.mark.parametrize(
    ("one", "usual", "secret"),
    [
        (Listed(WHOM, AT, True, None, None), True, False),
        (Listed(WHOM, AT, True, SOON, None), True, False),
        (Listed(WHOM, AT, True, AT, None), False, False),
        (Listed(WHOM, AT, False, None, SOON), False, True),
        (Listed(WHOM, AT, False, None, AT), False, False),
        (Listed(WHOM, AT, True, AT, SOON), False, True),
    ],
)
def test_whom_a_session_may_ask_about(one: Listed, usual: bool, secret: bool) -> None:
    assert (still(one, AT, secret=False), still(one, AT, secret=True)) == (usual, secret)
