"""Counts of tries stay until their time is over, whatever else is counted; the table does not say what they count."""

import hashlib
from collections import Counter
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection, transaction

from espace.edge import clock_at
from espace.identity.actions.sessions import purge_expired
from espace.keys import adapters
from espace.keys.facts import KeyServiceUnavailable
from record.test_amending import elsewhere

pytestmark = pytest.mark.django_db
AT = datetime(2002, 6, 1, 12, tzinfo=UTC)
"""Long before the counts of any other test."""
MOMENT, HOUR = timedelta(seconds=1), timedelta(hours=1)
DJANGOS_MOST = 300
"""Rows that Django's own cache in a database keeps: of more it drops some that are alive."""


def rows() -> list[tuple[bytes, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, value FROM identity_tally")
        return [(bytes(key), bytes(value)) for key, value in cursor.fetchall()]


def test_a_count_is_read_back_to_its_last_bit_and_forgotten_on_demand() -> None:
    name, times = uuid4().hex, [1795334400.1234567, 0.1 + 0.2, 3]
    assert cache.get(name) is None
    cache.set(name, times, 60)
    assert cache.get(name) == times
    cache.set(name, [], 60)
    assert cache.get(name, "nothing") == []
    assert [cache.delete(name), cache.delete(name)] == [True, False]
    assert cache.get(name, "nothing") == "nothing"


@pytest.mark.parametrize(
    ("later", "alive"), [(timedelta(0), True), (MOMENT * 59, True), (MOMENT * 60, False), (HOUR, False)]
)
def test_it_counts_until_its_end_and_then_makes_room(later: timedelta, alive: bool) -> None:
    name = uuid4().hex
    with clock_at(AT):
        assert cache.add(name, "first", 60)
    with clock_at(AT + later):
        assert cache.get(name) == ("first" if alive else None)
        assert cache.add(name, "second", 60) is not alive
        assert cache.get(name) == ("first" if alive else "second")


def test_a_count_without_an_end_is_refused() -> None:
    with pytest.raises(ValueError, match="has an end"):
        cache.set(uuid4().hex, 1, None)


def test_more_counts_than_django_keeps_take_none_away() -> None:
    names = [uuid4().hex for _n in range(DJANGOS_MOST + 50)]
    for name in names:
        cache.set(name, [1.0], 300)
    assert Counter(cache.get(name) == [1.0] for name in names) == {True: len(names)}


def test_of_several_at_once_one_takes_the_lock() -> None:
    name, begin, took = uuid4().hex, Barrier(6), list[bool]()

    def take() -> None:
        begin.wait(30)
        try:
            took.append(cache.add(name, True, 60))
        finally:
            connection.close()

    people = [Thread(target=take) for _n in range(6)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert sorted(took) == [False] * 5 + [True]


def test_in_a_transaction_that_cannot_see_it_a_count_is_for_the_caller_to_do_again() -> None:
    name = uuid4().hex
    with pytest.raises(OperationalError), transaction.atomic():
        rows()
        elsewhere(lambda: cache.set(name, [1.0], 60))
        cache.set(name, [2.0], 60)
    assert cache.get(name) == [1.0]


def test_the_table_names_neither_an_address_nor_an_identifier_nor_a_plain_digest_of_one() -> None:
    who, place = f"camille.{uuid4().hex[:8]}", "198.51.100.77"
    digest = hashlib.sha256(who.encode())
    for name in (f"allauth:rl:login_failed:ip:{place}", f"allauth:rl:login_failed:{digest.hexdigest()}", who):
        cache.set(name, [1795334400.5], 60)
    whole = b"".join(key + value for key, value in rows())
    for told in (who.encode(), place.encode(), digest.digest(), digest.hexdigest().encode(), b"login_failed"):
        assert told not in whole
    for name in (who, f":1:{who}"):
        assert all(key != hashlib.sha256(name.encode()).digest() for key, _value in rows())
    assert {len(key) for key, _value in rows()} == {32}


def test_a_try_that_cannot_be_counted_is_an_outage(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise KeyServiceUnavailable("planted")

    monkeypatch.setattr(adapters, "_mark", gone)
    adapters._checked.cache_clear()
    for act in (lambda: cache.get("a"), lambda: cache.set("a", 1, 9), lambda: cache.add("a", 1, 9)):
        with pytest.raises(KeyServiceUnavailable):
            act()
    monkeypatch.undo()


@pytest.mark.parametrize(("ends", "stays"), [(AT - HOUR - MOMENT, 0), (AT - HOUR, 1), (AT + HOUR, 1)])
def test_the_worker_takes_it_away_an_hour_after_its_end(ends: datetime, stays: int) -> None:
    while purge_expired(at=AT + timedelta(days=2), limit=1000):
        pass
    with clock_at(ends - HOUR):
        cache.set("counted", [1.0], 3600)
        cache.set("counted too", [1.0], 3600)
    assert [purge_expired(at=AT, limit=1) for _batch in range(3)] == [1 - stays, 1 - stays, 0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM identity_tally WHERE expires_at < %s", [AT + timedelta(days=2)])
        assert cursor.fetchone() == (2 * stays,)
