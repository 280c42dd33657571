"""Leaves: every committed line once, no gap, whatever is killed, rolled back or run twice at once."""

import threading
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.db import connection, connections, transaction

from espace.edge import new_id
from espace.kernel.ids import PatientId
from espace.kernel.words import ActorKind, Purpose, Verb
from espace.trace import actions
from espace.trace.actions import sequencing
from espace.trace.facts import Outcome, TraceEvent

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)


def _append() -> bytes:
    """One committed line; its commitment."""
    event = TraceEvent(
        PatientId(new_id()), new_id(), AT, ActorKind.HOLDER, new_id(), "Anne", Purpose.HOLDER, Verb.LIST,
        Outcome.ALLOWED, "holder_own_record",
    )  # fmt: skip
    actions.append(event)
    ((commitment,),) = _sql("SELECT commitment FROM trace_event WHERE patient_id = %s", event.patient)
    return bytes(commitment)


def _sql(statement: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []


def _leaves() -> list[tuple[int, bytes]]:
    return [(row[0], bytes(row[1])) for row in _sql("SELECT index, commitment FROM trace_leaf ORDER BY index")]


@pytest.fixture(autouse=True)
def nothing_waits(db: None) -> None:
    """Other tests leave lines behind: they become leaves first."""
    while actions.sequence(1000):
        pass
    assert _sql("SELECT count(*) FROM trace_pending") == [(0,)]


def _intact() -> list[bytes]:
    """All leaves in order, checked: indexes from 0 without a gap, each commitment once."""
    leaves = _leaves()
    assert [index for index, _ in leaves] == list(range(len(leaves)))
    assert len({commitment for _, commitment in leaves}) == len(leaves)
    return [commitment for _, commitment in leaves]


def test_every_line_becomes_one_leaf_after_the_others() -> None:
    before = _intact()
    lines = {_append() for _ in range(5)}
    assert actions.sequence(100) == 5
    after = _intact()
    assert after[: len(before)] == before
    assert set(after[len(before) :]) == lines
    assert actions.sequence(100) == 0


def test_batches_take_the_oldest_first_and_hide_the_order_inside() -> None:
    start = len(_intact())
    lines = [_append() for _ in range(6)]
    assert [actions.sequence(4), actions.sequence(4), actions.sequence(4)] == [4, 2, 0]
    assert _intact()[start:] == [*sorted(lines[:4]), *sorted(lines[4:])]


def test_a_line_rolled_back_leaves_no_leaf_and_no_gap() -> None:
    before = _intact()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _append()
        raise ZeroDivisionError
    kept = _append()
    assert actions.sequence(100) == 1
    assert _intact() == [*before, kept]


def test_a_line_not_yet_committed_waits_for_its_commit() -> None:
    before = _intact()
    with transaction.atomic():
        kept = _append()
        assert _in_another_thread(lambda: actions.sequence(100)) == 0
    assert actions.sequence(100) == 1
    assert _intact() == [*before, kept]


def test_a_sequencer_killed_before_its_commit_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before, lines = _intact(), {_append(), _append()}
    with psycopg.connect(**_reach()) as victim:
        victim.execute("SELECT pg_advisory_xact_lock(%s)", [actions.SEQUENCER_LOCK])
        victim.execute(sequencing._TAKE, [100])
        assert actions.sequence(100) == 0
        with psycopg.connect(**_reach(), autocommit=True) as killer:
            killer.execute("SELECT pg_terminate_backend(%s)", [victim.info.backend_pid])
        with pytest.raises(psycopg.OperationalError):
            victim.execute("SELECT 1")
        victim.close()
    assert _until_free() == 2
    after = _intact()
    assert after[: len(before)] == before
    assert set(after[len(before) :]) == lines


def test_an_error_between_taking_and_appending_puts_back_what_was_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    before, line = _intact(), _append()
    broken = sequencing._LEAVES.replace("INSERT INTO trace_leaf", "INSERT INTO no_such_table")
    with monkeypatch.context() as patched, pytest.raises(Exception, match="no_such_table"):
        patched.setattr(sequencing, "_LEAVES", broken)
        actions.sequence(100)
    assert actions.sequence(100) == 1
    assert _intact() == [*before, line]


def test_several_sequencers_and_writers_at_once_lose_nothing() -> None:
    before = len(_intact())
    lines: list[bytes] = []
    left = threading.Semaphore(0)

    def write() -> None:
        for _ in range(25):
            lines.append(_append())
        left.release()
        connections.close_all()

    def sequence(stop: threading.Event) -> None:
        while not stop.is_set():
            actions.sequence(7)
        connections.close_all()

    stop = threading.Event()
    sequencers = [threading.Thread(target=sequence, args=(stop,)) for _ in range(3)]
    writers = [threading.Thread(target=write) for _ in range(4)]
    for thread in (*sequencers, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in sequencers:
        thread.join()
    while actions.sequence(100):
        pass
    after = _intact()
    assert len(lines) == 100
    assert set(after[before:]) == set(lines)
    assert len(after) == before + 100


def test_sequencing_is_not_run_inside_another_transaction() -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        actions.sequence(1)


def _reach() -> dict[str, Any]:
    found = connection.get_connection_params()
    return {name: found[name] for name in ("dbname", "user", "password", "host", "port") if found.get(name)}


def _until_free() -> int:
    """The killed session's lock goes with it, at once but not instantly."""
    for _ in range(10_000):
        if appended := actions.sequence(100):
            return appended
    return 0


def _in_another_thread(work: Any) -> Any:
    answers: list[Any] = []

    def run() -> None:
        answers.append(work())
        connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return answers[0]
