"""The worker purges what has expired: once an hour, a batch at a time, and no fault of it stops the events."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError

from espace.access import actions as access
from espace.clinical.actions.profile import forget_items
from espace.edge import clock_at, now
from espace.identity.actions import sessions
from espace.identity.actions.majority import remind_of_majority
from espace.notices.actions import forget_old
from espace.record.actions.destroying import destroy_copies
from espace.record.actions.forgetting import forget_removed
from espace.site import worker

HOUR = timedelta(hours=1)


class _Room:
    """A room that has so many expired rows; what it was asked."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.asked: list[datetime] = []

    def __call__(self, *, at: datetime, limit: int) -> int:
        self.asked.append(at)
        gone = min(self.rows, limit)
        self.rows -= gone
        return gone


def test_each_room_that_keeps_what_expires_is_purged() -> None:
    assert set(worker.PURGES) == {
        sessions.purge_expired, access.purge_expired, access.purge_tallies, access.purge_handovers,
        access.purge_listed, forget_removed, forget_items, destroy_copies, forget_old, remind_of_majority,
    }  # fmt: skip


def test_it_is_done_at_most_once_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    rooms, at = (_Room(3), _Room(0)), now()
    monkeypatch.setattr(worker, "PURGES", rooms)
    due = at
    for minutes in (0, 1, 30, 59, 60, 61, 119, 121):
        with clock_at(at + timedelta(minutes=minutes)):
            due = worker.purge(due)
    for room in rooms:
        assert [(asked - at) // timedelta(minutes=1) for asked in room.asked] == [0, 60, 121]


def test_after_a_full_batch_the_next_is_due_at_once_and_after_the_last_in_an_hour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    large, small = _Room(2 * worker.PURGED + 1), _Room(1)
    monkeypatch.setattr(worker, "PURGES", (large, small))
    at = now()
    with clock_at(at):
        assert [worker.purge(at) for _batch in range(3)] == [at, at, at + HOUR]
    assert (large.rows, small.rows, len(small.asked)) == (0, 0, 3)


def test_a_purge_that_fails_is_said_and_tried_again_in_an_hour(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(*, at: datetime, limit: int) -> int:
        raise OperationalError("planted")

    monkeypatch.setattr(worker, "PURGES", (failing,))
    at = now()
    assert worker.purge(at) >= at + HOUR
    assert [record.message for record in caplog.records] == ["what has expired was not purged"]


def test_a_worker_that_runs_purges_and_goes_on_with_its_events(monkeypatch: pytest.MonkeyPatch) -> None:
    class Enough(Exception):
        """The end of the test."""

    room, rounds = _Room(worker.PURGED + 1), []

    def round_over(seconds: float) -> None:
        rounds.append(len(room.asked))
        if len(rounds) == 4:
            raise Enough

    def nothing_waits(**words: Any) -> int:
        return 0

    monkeypatch.setattr(worker, "PURGES", (room,))
    monkeypatch.setattr(worker, "run_once", nothing_waits)
    monkeypatch.setattr(worker.time, "sleep", round_over)
    with pytest.raises(Enough):
        worker.run_forever()
    assert (rounds, room.rows) == ([1, 2, 2, 2], 0)
