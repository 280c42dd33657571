"""The register in the database: written with its decision or not at all, sealed, never changed, read in order."""

from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, connections, transaction

from espace.edge import new_id
from espace.kernel.ids import PatientId
from espace.kernel.reasons import decisions
from espace.kernel.seal import SEAL
from espace.kernel.words import Actor, ActorKind, Grant, Purpose, Verb, Visibility
from espace.keys.actions import destroy, ensure_patient_keys
from espace.keys.facts import KeyKind, KeysDestroyed
from espace.trace import actions, queries
from espace.trace.facts import ADDED_ONLY, INSERT_ONLY_TABLES, History, Outcome, TraceEvent

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
COLUMN = {
    "trace_event": "commitment",
    "trace_link": "number",
    "trace_leaf": "commitment",
    "trace_tile": "root",
    "trace_checkpoint": "note",
}
PLANTED = "Zygomatique-Tréphine"


def _patient() -> PatientId:
    return PatientId(new_id())


def _event(patient: PatientId, **changes: Any) -> TraceEvent:
    fields: dict[str, Any] = {
        "patient": patient, "id": new_id(), "at": AT, "actor_kind": ActorKind.ORGANISATION, "actor_id": new_id(),
        "actor_name": PLANTED, "purpose": Purpose.FEED, "verb": Verb.DEPOSIT, "outcome": Outcome.ALLOWED,
        "reason": "feed_authorised", "objects": (new_id(),), "asked": {"type": PLANTED}, "count": 1,
    }  # fmt: skip
    return TraceEvent(**(fields | changes))


def _grant(patient: PatientId) -> Grant:
    holder = Actor(ActorKind.HOLDER, new_id(), "Anne", patient=patient)
    return Grant(SEAL, patient, holder, Purpose.HOLDER, Verb.HISTORY, decisions.HOLDER_OWN_RECORD, AT)


def _sql(statement: str, *values: Any, alias: str = "default") -> list[Any]:
    with connections[alias].cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []


def test_lines_are_read_newest_first_and_page_by_page() -> None:
    patient = _patient()
    written = [_event(patient, count=number) for number in range(5)]
    for event in written:
        actions.append(event)
    newest_first = sorted((event.id for event in written), reverse=True)
    first = queries.history(_grant(patient), limit=2)
    second = queries.history(_grant(patient), before=first[-1].event.id, limit=2)
    third = queries.history(_grant(patient), before=second[-1].event.id, limit=2)
    assert [line.event.id for line in (*first, *second, *third)] == newest_first
    assert len(queries.history(_grant(patient))) == 5


def test_lines_that_do_not_show_take_no_room_and_no_page_begins_at_one_of_them() -> None:
    """Were there thirty between two that show, or none, the pages are the same."""
    patient = _patient()
    for number in range(12):
        actions.append(_event(patient, count=number))
    ordered = [line.event for line in queries.history(_grant(patient))]
    shown = [ordered[place].id for place in (3, 9, 10)]  # hidden: before, between and after them
    read = partial(queries.read_shown, _grant(patient), lambda one: one.id in shown)
    pages = [read(most=2), read(most=2, before=shown[1]), read(most=2, before=shown[2])]
    assert [[line.event.id for line in page.lines] for page in pages] == [shown[:2], shown[2:], []]
    assert [(page.rows, page.last) for page in pages] == [(2, shown[1]), (1, shown[2]), (0, None)]
    assert [read(most=3).last, read(most=4).last] == [shown[2]] * 2


def test_lines_that_do_not_show_cost_a_page_no_statement_of_its_own(django_assert_num_queries: Any) -> None:
    """However many of the lines that it reads: fifty more than it has room for."""
    patient = _patient()
    for number in range(60):
        actions.append(_event(patient, count=number))
    ordered = [line.event.id for line in queries.history(_grant(patient), limit=60)]
    for shown in (ordered[:2], ordered[10:12], ordered[50:52]):
        grant = _grant(patient)
        queries.read_shown(grant, lambda one: True, most=1)  # the keys of the patient, once
        with django_assert_num_queries(1):
            page = queries.read_shown(grant, lambda one, shown=shown: one.id in shown, most=2)
        assert [line.event.id for line in page.lines] == shown


def test_a_line_is_read_whole_as_it_was_written() -> None:
    patient = _patient()
    event = _event(patient, hidden_from=frozenset({Visibility.INVISIBLE_PATIENT}), organisation_name="CHU")
    actions.append(event)
    (line,) = queries.history(_grant(patient))
    assert line.event == event
    assert len(line.nonce) == len(line.commitment) == 32


def test_somebody_else_s_lines_are_not_answered() -> None:
    anne, paul = _patient(), _patient()
    actions.append(_event(anne))
    assert queries.history(_grant(paul)) == ()
    assert len(queries.history(_grant(paul))) == 0


@pytest.mark.parametrize(("limit", "answered"), [(-1, 0), (0, 0), (1, 1), (10**9, 2)])
def test_a_page_is_bounded(limit: int, answered: int) -> None:
    patient = _patient()
    actions.append(_event(patient))
    actions.append(_event(patient))
    assert len(queries.history(_grant(patient), limit=limit)) == answered


def test_appending_and_reading_take_a_fixed_number_of_statements(django_assert_num_queries: Any) -> None:
    patient = _patient()
    keys = ensure_patient_keys(patient)
    with django_assert_num_queries(1):
        actions.append(_event(patient, objects=tuple(new_id() for _ in range(100))))
    with django_assert_num_queries(0, connection=connections["keys"]):
        actions.append(_event(patient), keys=keys)
    with django_assert_num_queries(1), django_assert_num_queries(1, connection=connections["keys"]):
        assert len(queries.history(_grant(patient))) == 2


def test_a_line_lives_and_dies_with_its_transaction() -> None:
    patient = _patient()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        actions.append(_event(patient))
        raise ZeroDivisionError
    assert len(queries.history(_grant(patient))) == 0


def test_the_raw_rows_hold_none_of_the_words() -> None:
    patient = _patient()
    event = _event(patient)
    actions.append(event)
    raw = repr(_sql("SELECT t::text FROM trace_event t WHERE patient_id = %s", patient)) + repr(
        _sql("SELECT p::text FROM trace_pending p")
    )
    for form in (PLANTED.encode(), PLANTED.encode("utf-16-le"), str(event.objects[0]).encode(), b"feed_authorised"):
        assert form.hex() not in raw
        assert form.decode("latin-1") not in raw


def test_what_is_published_names_nobody() -> None:
    columns = "SELECT table_name, column_name FROM information_schema.columns WHERE table_name = ANY(%s)"
    assert sorted(_sql(columns, list(ADDED_ONLY))) == [
        ("trace_checkpoint", "at"), ("trace_checkpoint", "note"), ("trace_checkpoint", "root"),
        ("trace_checkpoint", "size"), ("trace_leaf", "chains"), ("trace_leaf", "commitment"), ("trace_leaf", "index"),
        ("trace_tile", "hashes"), ("trace_tile", "level"), ("trace_tile", "number"), ("trace_tile", "root"),
    ]  # fmt: skip


@pytest.mark.parametrize("table", INSERT_ONLY_TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_application_may_not_change_the_register(table: str, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        _sql(statement.format(table, *[COLUMN[table]] * 2))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trace_event SET commitment = ''",
        "UPDATE trace_event SET sealed = '' WHERE false",
        "TRUNCATE trace_event",
        "UPDATE trace_link SET number = 0",
        "TRUNCATE trace_link",
        "UPDATE trace_leaf SET commitment = ''",
        *(f"DELETE FROM {table} WHERE false" for table in ADDED_ONLY),
        *(f"TRUNCATE {table}" for table in ADDED_ONLY),
        "UPDATE trace_tile SET root = ''",
        "UPDATE trace_checkpoint SET note = ''",
    ],
)
def test_the_owner_may_not_change_the_register_either(statement: str) -> None:
    with pytest.raises(ProgrammingError, match="append-only"):
        _sql(statement, alias="owner")


def test_the_owner_may_remove_lines_when_retention_ends() -> None:
    patient, other = _patient(), _patient()
    actions.append(_event(patient))
    actions.append(_event(other))
    _sql("DELETE FROM trace_event WHERE patient_id = %s", patient, alias="owner")
    assert len(queries.history(_grant(patient))) == 0
    assert len(queries.history(_grant(other))) == 1


@pytest.mark.parametrize("table", INSERT_ONLY_TABLES)
def test_the_trigger_stops_the_application_even_with_the_privilege(table: str) -> None:
    role = connection.settings_dict["USER"]
    _sql(f'GRANT UPDATE, DELETE, TRUNCATE ON {table} TO "{role}"', alias="owner")
    try:
        for statement in ("UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"):
            with pytest.raises(ProgrammingError, match="append-only"):
                _sql(statement.format(table, *[COLUMN[table]] * 2))
    finally:
        _sql(f'REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM "{role}"', alias="owner")


def _planted_row(patient: PatientId, row_id: UUID, commitment: bytes, sealed: bytes) -> None:
    _sql("INSERT INTO trace_event (patient_id, id, commitment, sealed) VALUES (%s, %s, %s, %s)",
         patient, row_id, commitment, sealed)  # fmt: skip


def _raw(patient: PatientId) -> tuple[bytes, bytes]:
    ((commitment, sealed),) = _sql("SELECT commitment, sealed FROM trace_event WHERE patient_id = %s", patient)
    return bytes(commitment), bytes(sealed)


def test_a_line_copied_to_another_patient_or_id_is_noticed() -> None:
    anne, paul = _patient(), _patient()
    actions.append(_event(anne))
    ensure_patient_keys(paul)
    commitment, sealed = _raw(anne)
    _planted_row(paul, planted := new_id(), commitment, sealed)
    assert queries.read_history(_grant(paul)) == History((), 1, rows=1, last=planted)
    _planted_row(anne, new_id(), commitment, sealed)
    read = queries.read_history(_grant(anne))
    assert (len(read.lines), read.altered, read.rows) == (1, 1, 2)
    assert queries.history(_grant(anne)) == read.lines


def test_a_line_with_another_commitment_is_noticed() -> None:
    patient, event = _patient(), _event(_patient())
    actions.append(_event(patient, id=event.id))
    _, sealed = _raw(patient)
    _sql("DELETE FROM trace_event WHERE patient_id = %s", patient, alias="owner")
    _planted_row(patient, event.id, bytes(32), sealed)
    assert queries.read_history(_grant(patient)) == History((), 1, rows=1, last=event.id)
    assert queries.last_accesses(_grant(patient), [event.actor_id], shown=lambda line: True) == {}


def test_when_the_log_key_is_destroyed_nothing_is_read_and_the_leaf_tells_nothing() -> None:
    patient = _patient()
    actions.append(_event(patient))
    destroy(patient, [KeyKind.LOG], at=AT)
    with pytest.raises(KeysDestroyed):
        queries.history(_grant(patient))
    with pytest.raises(KeysDestroyed):
        actions.append(_event(patient))


def test_the_application_s_connection_is_not_the_owner_s() -> None:
    assert connection.settings_dict["USER"] != connections["owner"].settings_dict["USER"]
