"""The queue: posted with its transaction, handled once at a time, retried, given up, and never readable raw."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from espace.edge import new_id
from espace.kernel.ids import PatientId
from espace.keys.actions import destroy, ensure_patient_keys
from espace.keys.facts import KeyKind, KeyServiceUnavailable
from espace.outbox import actions, queries, rules
from espace.outbox.facts import DeadLetter, Event, Leased, Registry

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PLANTED = "Zygomatique-Tréphine"


@dataclass(frozen=True, slots=True)
class Happened(Event):
    what: str


@pytest.fixture
def known(request: pytest.FixtureRequest) -> Registry:
    """A kind of event of this test's own, so that others' rows do not matter."""
    return {f"test.{request.node.name[:80]}": Happened}


@pytest.fixture
def post(known: Registry, monkeypatch: pytest.MonkeyPatch) -> Callable[..., UUID]:
    monkeypatch.setattr(rules, "name_of", lambda kind: next(iter(known)))

    def posted(what: str = "x", patient: PatientId | None = None, at: datetime = AT) -> UUID:
        return actions.post(Happened(what), patient=patient, at=at)

    return posted


def _patient() -> PatientId:
    return PatientId(new_id())


def _lease(known: Registry, at: datetime = AT, limit: int = 100, worker: str = "w1") -> list[Leased]:
    return actions.lease(worker=worker, at=at, limit=limit, known=known)


def _sql(statement: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []


def _dead(known: Registry) -> list[DeadLetter]:
    return [letter for letter in queries.dead_letters(10_000) if letter.kind in known]


def _in_a_thread(work: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        work()
        connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_an_event_is_leased_with_its_patient_and_leaves_when_done(known: Registry, post: Callable[..., UUID]) -> None:
    patient = _patient()
    first, second = post("one", patient), post("two")
    leased = _lease(known)
    assert {found.id: (found.event, found.patient, found.attempts) for found in leased} == {
        first: (Happened("one"), patient, 1),
        second: (Happened("two"), None, 1),
    }
    assert [actions.done(found) for found in leased] == [True, True]
    assert _lease(known, AT + timedelta(days=30)) == []


def test_an_event_lives_and_dies_with_its_transaction(known: Registry, post: Callable[..., UUID]) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        post("lost", _patient())
        raise ZeroDivisionError
    assert _lease(known) == []
    with transaction.atomic():
        kept = post("kept")
        others: list[list[Leased]] = []
        _in_a_thread(lambda: others.append(_lease(known))).join()
        assert others == [[]]
    assert [found.id for found in _lease(known)] == [kept]


def test_posting_takes_one_statement(
    known: Registry, post: Callable[..., UUID], django_assert_num_queries: Any
) -> None:
    patient = _patient()
    keys = ensure_patient_keys(patient)
    with django_assert_num_queries(1), django_assert_num_queries(1, connection=connections["keys"]):
        post("x", patient)
    with django_assert_num_queries(1), django_assert_num_queries(0, connection=connections["keys"]):
        actions.post(Happened("x"), patient=patient, at=AT, keys=keys)


def test_an_event_is_not_leased_before_it_is_due_nor_twice(known: Registry, post: Callable[..., UUID]) -> None:
    post(at=AT + SECOND)
    assert _lease(known, AT) == []
    assert len(_lease(known, AT + SECOND)) == 1
    assert _lease(known, AT + SECOND, worker="w2") == []


def test_an_event_posted_for_later_waits_for_its_time(known: Registry, post: Callable[..., UUID]) -> None:
    later = AT + timedelta(hours=1)
    posted = actions.post(Happened("x"), patient=_patient(), at=AT, due=later)
    assert _lease(known, later - SECOND) == []
    assert [found.id for found in _lease(known, later)] == [posted]


def test_a_worker_leases_only_the_events_it_knows(known: Registry, post: Callable[..., UUID]) -> None:
    post()
    assert _lease({}) == []
    assert _lease({"other.Event": Happened}) == []
    assert len(_lease(known)) == 1


def test_batches_take_the_oldest_first(known: Registry, post: Callable[..., UUID]) -> None:
    posted = [post(at=AT + number * SECOND) for number in range(5)]
    later = AT + timedelta(minutes=1)
    assert {found.id for found in _lease(known, later, limit=3)} == set(posted[:3])
    assert {found.id for found in _lease(known, later, limit=3)} == set(posted[3:])


def test_what_a_dead_worker_held_comes_back_and_the_dead_worker_has_no_say(
    known: Registry, post: Callable[..., UUID]
) -> None:
    post()
    (held,) = _lease(known, worker="dies")
    assert _lease(known, AT + rules.LEASE - SECOND) == []
    (again,) = _lease(known, AT + rules.LEASE, worker="lives")
    assert (again.id, again.attempts) == (held.id, 2)
    assert not actions.done(held)
    assert not actions.failed(held, at=AT, error="Late")
    assert actions.done(again)


def test_a_failure_comes_back_after_its_wait(known: Registry, post: Callable[..., UUID]) -> None:
    post()
    (first,) = _lease(known)
    assert actions.failed(first, at=AT, error="TimeoutError")
    assert _lease(known, AT + 4 * SECOND) == []
    (second,) = _lease(known, AT + 5 * SECOND)
    assert second.attempts == 2
    actions.failed(second, at=AT + 5 * SECOND, error="TimeoutError")
    assert _lease(known, AT + 14 * SECOND) == []
    assert len(_lease(known, AT + 15 * SECOND)) == 1
    assert _sql("SELECT last_error FROM outbox_event WHERE id = %s", first.id) == [("TimeoutError",)]


def test_after_its_last_attempt_an_event_is_a_dead_letter_until_revived(
    known: Registry, post: Callable[..., UUID]
) -> None:
    event_id, at = post("x", _patient()), AT
    for _ in range(rules.MAX_ATTEMPTS):
        (leased,) = _lease(known, at)
        actions.failed(leased, at=at, error="Refused: 2 55 06")
        at += timedelta(hours=1)
    assert _lease(known, at + timedelta(days=365)) == []
    died = at - timedelta(hours=1)
    assert _dead(known) == [DeadLetter(event_id, next(iter(known)), rules.MAX_ATTEMPTS, "unnamed", died)]
    assert actions.revive(event_id, at=at)
    assert not actions.revive(event_id, at=at)
    assert _dead(known) == []
    (leased,) = _lease(known, at)
    assert leased.attempts == 1


def test_an_event_that_kills_its_worker_every_time_is_given_up(known: Registry, post: Callable[..., UUID]) -> None:
    post()
    at = AT
    for _ in range(rules.MAX_ATTEMPTS):
        assert len(_lease(known, at)) == 1
        at += rules.LEASE
    assert _lease(known, at) == []
    assert [letter.error for letter in _dead(known)] == ["lease_expired"]


def test_leasing_looks_once_at_the_queue_and_only_at_what_is_due(known: Registry, post: Callable[..., UUID]) -> None:
    post()
    with CaptureQueriesContext(connection) as captured:
        assert len(_lease(known)) == 1
    (looked,) = [query["sql"] for query in captured if "outbox_event" in query["sql"]]
    with transaction.atomic():
        # The queue of the tests is too small for an index to be worth its while.
        _sql("SET LOCAL enable_seqscan = off")
        plan = " ".join(str(line) for (line,) in _sql(f"EXPLAIN {looked}"))
    assert "Index Scan using outbox_event_due" in plan


def test_what_is_put_back_waits_for_anybody_and_no_attempt_is_spent(known: Registry, post: Callable[..., UUID]) -> None:
    posted = {post() for _ in range(3)}
    first, *others = _lease(known)
    actions.put_back(others)
    again = _lease(known, worker="other")
    assert [(found.id in posted, found.attempts) for found in again] == [(True, 1)] * 2
    assert first.id not in {found.id for found in again}
    assert actions.done(first)


def test_who_lost_a_lease_puts_nothing_back(known: Registry, post: Callable[..., UUID]) -> None:
    post()
    slow = _lease(known, worker="slow")
    (held,) = _lease(known, AT + rules.LEASE, worker="other")
    actions.put_back(slow)
    assert _lease(known, AT + rules.LEASE, worker="third") == []
    assert actions.done(held)
    actions.put_back(slow)


def test_what_is_hopeless_is_buried_at_once_and_may_be_revived(known: Registry, post: Callable[..., UUID]) -> None:
    event_id = post()
    (leased,) = _lease(known)
    assert actions.failed(leased, at=AT, error="smtp_550", again=False)
    assert _dead(known) == [DeadLetter(event_id, next(iter(known)), 1, "smtp_550", AT)]
    assert _lease(known, AT + timedelta(days=30)) == []
    assert actions.revive(event_id, at=AT)
    assert len(_lease(known)) == 1


def test_an_event_of_an_erased_patient_is_given_up_and_stops_no_other(
    known: Registry, post: Callable[..., UUID]
) -> None:
    erased, kept = _patient(), _patient()
    post("gone", erased)
    post("stays", kept)
    destroy(erased, [KeyKind.CONTENT, KeyKind.METADATA], at=AT)
    assert [found.event for found in _lease(known)] == [Happened("stays")]
    assert [letter.error for letter in _dead(known)] == ["keys_destroyed"]


def test_altered_or_swapped_payloads_are_given_up_and_stop_no_other(known: Registry, post: Callable[..., UUID]) -> None:
    patient = _patient()
    ids = [post("a", patient), post("b", patient), post("c"), post("d")]
    for source, target in ((0, 1), (2, 3)):
        _sql("UPDATE outbox_event SET sealed = (SELECT sealed FROM outbox_event WHERE id = %s) WHERE id = %s",
             ids[source], ids[target])  # fmt: skip
    assert {found.event for found in _lease(known)} == {Happened("a"), Happened("c")}
    assert [letter.error for letter in _dead(known)] == ["seal_broken", "seal_broken"]


def test_an_event_whose_class_changed_is_given_up(known: Registry, post: Callable[..., UUID]) -> None:
    @dataclass(frozen=True, slots=True)
    class Changed(Event):
        how: int

    post()
    assert _lease({next(iter(known)): Changed}) == []
    assert [letter.error for letter in _dead(known)] == ["event_unreadable"]


def test_when_the_key_service_is_down_no_attempt_is_spent(
    known: Registry, post: Callable[..., UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(patients: object) -> None:
        raise KeyServiceUnavailable("down")

    post("x", _patient())
    with monkeypatch.context() as patched, pytest.raises(KeyServiceUnavailable):
        patched.setattr(actions, "patient_keys_of", down)
        _lease(known)
    assert [found.attempts for found in _lease(known)] == [1]


def test_a_worker_killed_while_leasing_holds_nothing(known: Registry, post: Callable[..., UUID]) -> None:
    post()
    values = {"at": AT, "until": AT + rules.LEASE, "worker": "dies", "limit": 9, "kinds": list(known)}
    reach = connection.get_connection_params()
    with psycopg.connect(
        **{name: reach[name] for name in ("dbname", "user", "password", "host", "port") if reach.get(name)}
    ) as dying:
        assert len(dying.execute(actions._LEASE, values).fetchall()) == 1
        assert _lease(known, worker="lives") == []
        dying.rollback()
    assert [found.attempts for found in _lease(known, worker="lives")] == [1]


def test_many_workers_at_once_handle_each_event_once(known: Registry, post: Callable[..., UUID]) -> None:
    posted = {post("x", patient) for patient in (_patient(), None) for _ in range(60)}
    handled: list[UUID] = []

    def work() -> None:
        while batch := _lease(known, limit=7, worker=str(threading.get_ident())):
            handled.extend(found.id for found in batch if actions.done(found))

    for thread in [_in_a_thread(work) for _ in range(4)]:
        thread.join()
    assert len(handled) == 120
    assert set(handled) == posted


def test_the_raw_table_holds_none_of_the_words(known: Registry, post: Callable[..., UUID]) -> None:
    post(PLANTED, _patient())
    post(PLANTED)
    raw = repr(_sql("SELECT e::text FROM outbox_event e"))
    for form in (PLANTED.encode(), PLANTED.encode("utf-16-le"), b"Zygomatique"):
        assert form.hex() not in raw
        assert form.decode("latin-1") not in raw
    assert _sql("SELECT count(*) FROM outbox_event WHERE kind = %s AND patient_id IS NULL", next(iter(known))) == [(1,)]


def test_leasing_is_not_run_inside_another_transaction(known: Registry) -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        _lease(known)
