"""Whom an account opened is forgotten after a day, though it never comes back; what its budget counts is kept."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from espace.access.actions import purge_expired, purge_tallies, spend
from espace.kernel.words import Actor, ActorKind
from record.test_amending import elsewhere

pytestmark = pytest.mark.django_db
AT = datetime(2001, 6, 1, 12, tzinfo=UTC)
"""Long before what any other test opens: what is purged then is these tests' own."""
DAY, MOMENT = timedelta(days=1), timedelta(seconds=1)


@pytest.fixture(autouse=True)
def nothing_left() -> None:
    while purge_expired(at=AT + timedelta(days=365), limit=1000):
        pass


def account(professional: UUID) -> Actor:
    return Actor(ActorKind.PROFESSIONAL, professional, "Anne Morel")


def seen(professional: UUID) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_seen WHERE professional_id = %s", [professional])
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("opened", "stays"),
    [(AT - timedelta(days=90), 0), (AT - DAY, 0), (AT - DAY + MOMENT, 1), (AT, 1)],
    ids=["long ago", "a day ago", "not yet a day ago", "now"],
)
def test_a_row_goes_when_no_window_counts_it_any_more(opened: datetime, stays: int) -> None:
    anne = uuid4()
    assert not spend(actor=account(anne), name="a patient", at=opened)
    assert purge_expired(at=AT, limit=10) == 1 - stays
    assert seen(anne) == stays


def test_a_purge_gives_nobody_a_place_back(settings: Any) -> None:
    settings.ESPACE_BUDGET_DAY = 2
    anne, lise = uuid4(), uuid4()
    assert not spend(actor=account(lise), name="a patient", at=AT - 2 * DAY)
    assert not spend(actor=account(anne), name="one", at=AT - timedelta(hours=23))
    assert not spend(actor=account(anne), name="two", at=AT - timedelta(hours=2))
    assert purge_expired(at=AT, limit=10) == 1
    assert spend(actor=account(anne), name="three", at=AT)
    assert (seen(anne), seen(lise)) == (2, 0)


def test_a_batch_has_a_limit_and_the_last_one_says_that_nothing_is_left() -> None:
    accounts = [uuid4() for _n in range(3)]
    for one in accounts:
        assert not spend(actor=account(one), name="a patient", at=AT - 2 * DAY)
    assert [purge_expired(at=AT, limit=2) for _batch in range(3)] == [2, 1, 0]
    assert [seen(one) for one in accounts] == [0, 0, 0]


def test_what_an_account_is_spending_is_left_for_the_next_time_and_nobody_waits() -> None:
    held, free = uuid4(), uuid4()
    for one in (held, free):
        assert not spend(actor=account(one), name="a patient", at=AT - 2 * DAY)
    counts: list[int] = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM access_seen WHERE professional_id = %s FOR UPDATE", [held])
        elsewhere(lambda: counts.append(purge_expired(at=AT, limit=10)))
    assert counts == [1]
    assert (seen(held), seen(free)) == (1, 0)
    assert purge_expired(at=AT, limit=10) == 1


def test_the_hours_that_no_window_covers_go() -> None:
    anne = uuid4()
    for hours in (0, 24, 26):
        assert not spend(actor=account(anne), name=f"patient {hours}", at=AT - timedelta(hours=hours))
    while purge_tallies(at=AT, limit=1):
        pass
    with connection.cursor() as cursor:
        cursor.execute("SELECT hour FROM access_tally WHERE scope = %s ORDER BY hour", [anne])
        assert [hour for (hour,) in cursor.fetchall()] == [AT - timedelta(hours=24), AT]
