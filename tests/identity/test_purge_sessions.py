"""Sessions that ended are purged, whoever they were of; those that live, or ended just now, are left alone."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from espace.identity.actions.sessions import begin_professional_session, obey_announced_logout, purge_expired
from espace.identity.facts.sessions import ProviderNames
from espace.looks.sessions import SessionStore, row_key
from record.test_amending import elsewhere

pytestmark = pytest.mark.django_db
AT = datetime(2001, 6, 1, 12, tzinfo=UTC)
"""Long before the sessions of any other test: what is purged then is these tests' own."""
HOUR, MOMENT = timedelta(hours=1), timedelta(seconds=1)
ISSUER = "https://psc.exemple.fr"


@pytest.fixture(autouse=True)
def nothing_left() -> None:
    while purge_expired(at=AT + timedelta(days=365), limit=1000):
        pass


def web(ends: datetime) -> str:
    store = SessionStore()
    store["word"] = "something"
    store.set_expiry(ends)
    store.save()
    return row_key(store.session_key)


def professional(ends: datetime) -> UUID:
    names = ProviderNames(ISSUER, str(uuid4()), "")
    return begin_professional_session(
        professional=uuid4(), organisation=None, names=names, at=ends - HOUR, until=ends
    )


def announced(ends: datetime) -> None:
    names = ProviderNames(ISSUER, str(uuid4()), "")
    assert obey_announced_logout(names=names, jti=str(uuid4()), at=ends - HOUR, forget_at=ends) == 0


def kept() -> tuple[int, int, int]:
    """How many rows of each kind end in that year: web sessions, professionals' sessions, spent announcements."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM django_session WHERE expire_date < %(limit)s),"
            " (SELECT count(*) FROM identity_professional_session WHERE expires_at < %(limit)s),"
            " (SELECT count(*) FROM identity_spent_logout WHERE expires_at < %(limit)s)",
            {"limit": AT + timedelta(days=365)},
        )
        web, professional, announced = cursor.fetchone()
    return web, professional, announced


@pytest.mark.parametrize(
    ("ends", "stays"),
    [(AT - HOUR - MOMENT, 0), (AT - timedelta(days=90), 0), (AT - HOUR, 1), (AT, 1), (AT + HOUR, 1)],
    ids=["an hour ago", "long ago", "not yet an hour ago", "now", "later"],
)
def test_what_ended_more_than_an_hour_ago_goes_and_the_rest_stays(ends: datetime, stays: int) -> None:
    web(ends), professional(ends), announced(ends)
    assert purge_expired(at=AT, limit=10) == 3 * (1 - stays)
    assert kept() == (stays, stays, stays)


def test_a_batch_has_a_limit_and_the_last_one_says_that_nothing_is_left() -> None:
    for _n in range(3):
        web(AT - 2 * HOUR)
    professional(AT - 2 * HOUR)
    lives = web(AT + HOUR)
    assert [purge_expired(at=AT, limit=2) for _batch in range(3)] == [3, 1, 0]
    assert kept() == (1, 0, 0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_session WHERE session_key = %s", [lives])
        assert cursor.fetchone() == (1,)


def test_what_a_request_holds_is_left_for_the_next_time_and_nobody_waits() -> None:
    held, _free = web(AT - 2 * HOUR), web(AT - 2 * HOUR)
    counts: list[int] = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM django_session WHERE session_key = %s FOR UPDATE", [held])
        elsewhere(lambda: counts.append(purge_expired(at=AT, limit=10)))
    assert counts == [1]
    assert purge_expired(at=AT, limit=10) == 1
    assert kept() == (0, 0, 0)


@pytest.mark.parametrize(("ends", "stays"), [(AT - HOUR - MOMENT, 0), (AT - HOUR, 1)])
def test_a_way_back_goes_an_hour_after_its_end(ends: datetime, stays: int) -> None:
    account = uuid4()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO identity_recovery (account_id, token_hash, asked_at, due_at, expires_at, tries)"
            " VALUES (%s, %s, %s, NULL, %s, 0)",
            [account, account.bytes, ends - HOUR, ends],
        )
    assert purge_expired(at=AT, limit=10) == 1 - stays
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM identity_recovery WHERE account_id = %s", [account])
        assert cursor.fetchone() == (stays,)


@pytest.mark.parametrize(("ends", "stays"), [(AT - HOUR - MOMENT, 0), (AT - HOUR, 1)])
def test_an_invitation_to_help_goes_an_hour_after_its_end(ends: datetime, stays: int) -> None:
    patient = uuid4()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO identity_help_invitation (token_hash, patient_id, mandate_id, expires_at)"
            " VALUES (%s, %s, %s, %s)",
            [patient.bytes, patient, uuid4(), ends],
        )
    assert purge_expired(at=AT, limit=10) == 1 - stays
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM identity_help_invitation WHERE patient_id = %s", [patient])
        assert cursor.fetchone() == (stays,)
        cursor.execute("DELETE FROM identity_help_invitation WHERE patient_id = %s", [patient])
