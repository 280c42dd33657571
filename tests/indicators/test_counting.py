"""Counters add up: once for each event however often it is delivered, by however many workers."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, connections

from espace.edge import new_id, now
from espace.indicators import handlers, queries
from espace.indicators.facts import Count
from espace.outbox import actions as outbox
from espace.outbox.events import Counted, What

pytestmark = pytest.mark.django_db


def _event(day: date, what: What = What.DEPOSIT, kind: str = "11502-2") -> Counted:
    return Counted(new_id(), day, what, kind, "SA07", "84", "fhir")


def _counts(day: date) -> list[Count]:
    return list(queries.counts(day, day))


def _sql(statement: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def test_events_of_one_cell_add_up_and_others_stay_apart() -> None:
    day = date(2031, 1, 1)
    for event in (_event(day), _event(day), _event(day, What.READING), _event(day, kind="")):
        handlers.count(event)
    assert _counts(day) == [
        Count(day, What.DEPOSIT, "", "SA07", "84", "fhir", 1),
        Count(day, What.DEPOSIT, "11502-2", "SA07", "84", "fhir", 2),
        Count(day, What.READING, "11502-2", "SA07", "84", "fhir", 1),
    ]


def test_the_same_event_delivered_again_counts_once() -> None:
    day = date(2031, 1, 2)
    event = _event(day)
    for _ in range(3):
        handlers.count(event)
    assert [count.count for count in _counts(day)] == [1]


def test_an_event_whose_worker_dies_after_counting_is_delivered_again_and_counts_once() -> None:
    day, at = date(2031, 1, 3), now()
    outbox.post(_event(day), patient=None, at=at)
    known = {"outbox.Counted": Counted}
    for moment in (at, at + timedelta(hours=1)):
        for leased in outbox.lease(worker="dies once", at=moment, limit=10_000, known=known):
            assert isinstance(leased.event, Counted)
            handlers.count(leased.event)
            if moment != at:
                assert outbox.done(leased)
    assert [count.count for count in _counts(day)] == [1]


def test_several_workers_on_one_counter_lose_nothing() -> None:
    day, start = date(2031, 1, 4), threading.Barrier(4)
    failures: list[Exception] = []

    def work() -> None:
        start.wait()
        try:
            for _ in range(25):
                handlers.count(_event(day))
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert [count.count for count in _counts(day)] == [100]


def test_marks_of_the_past_are_forgotten_as_new_ones_come() -> None:
    old, new = date(1999, 1, 1), date(2000, 1, 1)
    for _ in range(3):
        handlers.count(_event(old))
    left = "SELECT count(*) FROM indicator_counted WHERE day = %s"
    assert _sql(left, old) == [(3,)]
    handlers.count(_event(new))
    assert _sql(left, old) == [(1,)]
    handlers.count(_event(new))
    assert _sql(left, old) == [(0,)]
    assert [count.count for count in _counts(old)] == [3]


def test_a_counter_has_no_column_about_anybody() -> None:
    columns = "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY column_name"
    assert [row[0] for row in _sql(columns, "indicator_counter")] == [
        "channel", "count", "day", "kind", "region", "sector", "what",
    ]  # fmt: skip
    assert [row[0] for row in _sql(columns, "indicator_counted")] == ["day", "id"]


def test_counting_takes_a_fixed_number_of_statements(django_assert_num_queries: Any) -> None:
    event = _event(date(2031, 1, 5))
    with django_assert_num_queries(5):
        handlers.count(event)


def test_a_batch_counts_as_its_events_one_by_one() -> None:
    day, after = date(2031, 7, 1), date(2031, 7, 2)
    batch = [_event(day), _event(day), _event(after), _event(day, kind="")]
    handlers.count(*batch)
    handlers.count(*batch)
    assert [(one.day, one.kind, one.count) for one in queries.counts(day, after)] == [
        (day, "", 1),
        (day, "11502-2", 2),
        (after, "11502-2", 1),
    ]
