"""Patients' keys in their own database: made once, destroyed for ever, useless elsewhere."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from espace.edge import new_id
from espace.kernel.ids import PatientId
from espace.kernel.reasons import decisions
from espace.kernel.seal import SEAL
from espace.kernel.words import Actor, ActorKind, Grant, Purpose, Verb
from espace.keys import actions, adapters, queries
from espace.keys.facts import KeyKind, KeysDestroyed, KeyServiceUnavailable, KeysMissing, SealBroken

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
HERE = b"table\x00row"


def _patient() -> PatientId:
    return PatientId(new_id())


def _keys_database(statement: str, *values: Any) -> list[Any]:
    with connections["keys"].cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []


def test_three_keys_are_made_once_and_read_again() -> None:
    patient = _patient()
    sealed = actions.ensure_patient_keys(patient).seal(KeyKind.CONTENT, b"bytes", HERE)
    assert actions.ensure_patient_keys(patient).open(KeyKind.CONTENT, sealed, HERE) == b"bytes"
    assert queries.patient_keys(patient).open(KeyKind.CONTENT, sealed, HERE) == b"bytes"
    rows = _keys_database("SELECT kind, version, destroyed_at FROM wrapped_key WHERE patient_id = %s", patient)
    assert sorted(rows) == [("content", 1, None), ("log", 1, None), ("metadata", 1, None)]


def test_each_kind_and_each_patient_has_its_own_key() -> None:
    anne, paul = actions.ensure_patient_keys(_patient()), actions.ensure_patient_keys(_patient())
    keys = [keys._key(kind, 1) for keys in (anne, paul) for kind in KeyKind]
    assert len(set(keys)) == 6


def test_reading_keys_is_one_statement_for_one_patient_or_many(django_assert_num_queries: Any) -> None:
    patients = [_patient() for _ in range(3)]
    for patient in patients:
        actions.ensure_patient_keys(patient)
    with django_assert_num_queries(1, connection=connections["keys"]):
        queries.patient_keys(patients[0])
    with django_assert_num_queries(1, connection=connections["keys"]):
        assert set(queries.patient_keys_of(patients)) == set(patients)
    with django_assert_num_queries(1, connection=connections["keys"]):
        actions.ensure_patient_keys(patients[0])


def test_nothing_is_cached_between_two_readings() -> None:
    patient = _patient()
    actions.ensure_patient_keys(patient)
    actions.destroy(patient, [KeyKind.CONTENT], at=AT)
    with pytest.raises(KeysDestroyed):
        queries.patient_keys(patient).seal(KeyKind.CONTENT, b"", HERE)


def test_without_keys_nothing_opens_and_nothing_is_sealed() -> None:
    keys = queries.patient_keys(_patient())
    assert not keys.complete
    with pytest.raises(KeysMissing):
        keys.seal(KeyKind.LOG, b"x", HERE)
    with pytest.raises(KeysMissing):
        keys.open(KeyKind.LOG, b"x" * 40, HERE)


def test_destroyed_kinds_are_unreadable_for_ever_and_the_log_survives() -> None:
    patient = _patient()
    keys = actions.ensure_patient_keys(patient)
    content, line = keys.seal(KeyKind.CONTENT, b"report", HERE), keys.seal(KeyKind.LOG, b"line", HERE)
    actions.destroy(patient, [KeyKind.CONTENT, KeyKind.METADATA], at=AT)
    actions.destroy(patient, [KeyKind.CONTENT], at=AT)
    after = actions.ensure_patient_keys(patient)
    for kind in (KeyKind.CONTENT, KeyKind.METADATA):
        with pytest.raises(KeysDestroyed):
            after.open(kind, content, HERE)
        with pytest.raises(KeysDestroyed):
            after.seal(kind, b"new", HERE)
    assert after.open(KeyKind.LOG, line, HERE) == b"line"
    rows = _keys_database("SELECT kind, wrapped, destroyed_at FROM wrapped_key WHERE patient_id = %s "
                          "AND kind <> 'log' ORDER BY kind", patient)  # fmt: skip
    assert rows == [("content", None, AT), ("metadata", None, AT)]


def test_a_tombstone_is_left_even_where_no_key_was_made() -> None:
    patient = _patient()
    actions.destroy(patient, list(KeyKind), at=AT)
    keys = actions.ensure_patient_keys(patient)
    assert keys.complete
    assert all(keys.destroyed(kind) for kind in KeyKind)
    with pytest.raises(KeysDestroyed):
        keys.seal(KeyKind.LOG, b"x", HERE)


def test_keys_are_committed_even_when_the_caller_rolls_back() -> None:
    patient = _patient()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        sealed = actions.ensure_patient_keys(patient).seal(KeyKind.CONTENT, b"x", HERE)
        raise ZeroDivisionError
    assert queries.patient_keys(patient).open(KeyKind.CONTENT, sealed, HERE) == b"x"


def test_keys_are_not_made_inside_a_transaction_that_could_lose_them() -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic(using="keys"):
        actions.ensure_patient_keys(_patient())


def test_of_many_at_once_all_get_the_same_keys() -> None:
    patient, start = _patient(), threading.Barrier(6)
    found: list[bytes] = []

    def make() -> None:
        start.wait()
        found.append(actions.ensure_patient_keys(patient)._key(KeyKind.CONTENT, 1))
        connections.close_all()

    threads = [threading.Thread(target=make) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len(set(found)) == 1


def test_wrapped_keys_swapped_between_patients_or_kinds_do_not_open() -> None:
    anne, paul = _patient(), _patient()
    actions.ensure_patient_keys(anne)
    actions.ensure_patient_keys(paul)
    swap = "UPDATE wrapped_key SET wrapped = (SELECT wrapped FROM wrapped_key WHERE patient_id = %s AND kind = %s) "
    _keys_database(swap + "WHERE patient_id = %s AND kind = 'content'", anne, "content", paul)
    with pytest.raises(SealBroken):
        queries.patient_keys(paul)
    _keys_database(swap + "WHERE patient_id = %s AND kind = 'content'", anne, "log", anne)
    with pytest.raises(SealBroken):
        queries.patient_keys(anne)


def test_a_destroyed_key_cannot_keep_its_bytes() -> None:
    patient = _patient()
    actions.ensure_patient_keys(patient)
    with pytest.raises(IntegrityError):
        _keys_database("UPDATE wrapped_key SET destroyed_at = now() WHERE patient_id = %s", patient)


def test_the_application_s_role_cannot_reach_the_keys_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_database_privilege(current_user, %s, 'CONNECT')",
                       [connections["keys"].settings_dict["NAME"]])  # fmt: skip
        assert cursor.fetchone() == (False,)


def test_blind_indexes_are_stable_and_separated_by_domain() -> None:
    assert queries.blind_index("ins", "255069999999934") == queries.blind_index("ins", "255069999999934")
    assert queries.blind_index("ins", "a@b.fr") != queries.blind_index("email", "a@b.fr")
    assert len(queries.blind_index("email", "\ud800\x00")) == 32


def test_system_secrets_open_for_their_domain_and_row_only() -> None:
    sealed = queries.seal_system("totp", b"JBSWY3DPEHPK3PXP", b"row 1")
    assert queries.open_system("totp", sealed, b"row 1") == b"JBSWY3DPEHPK3PXP"
    for domain, row in (("totp", b"row 2"), ("outbox", b"row 1"), ("tot", b"prow 1")):
        with pytest.raises(SealBroken):
            queries.open_system(domain, sealed, row)


def test_health_is_silent_when_the_service_is_the_known_one() -> None:
    queries.health()


@pytest.fixture
def other_folder(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """The same databases with another home: what an operator's mistake looks like."""
    queries.health()
    settings.ESPACE_KEYS_FOLDER = tmp_path / "keys"
    yield tmp_path / "keys"
    adapters._checked.cache_clear()


def test_a_lost_key_file_is_never_replaced_by_a_fresh_one(other_folder: Path) -> None:
    with pytest.raises(KeyServiceUnavailable):
        queries.blind_index("ins", "255069999999934")
    assert not other_folder.exists()


def test_another_installation_s_keys_are_refused_before_they_seal_anything(other_folder: Path) -> None:
    from espace.keys.adapters import file

    file.create(other_folder)
    with pytest.raises(KeyServiceUnavailable, match="not the one"):
        actions.ensure_patient_keys(_patient())


def test_a_keys_database_that_does_not_answer_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    def down() -> None:
        raise OperationalError("connection refused")

    queries.health()
    monkeypatch.setattr(connections["keys"], "cursor", down)
    for attempt in (queries.patient_keys, actions.ensure_patient_keys):
        with pytest.raises(KeyServiceUnavailable):
            attempt(_patient())
    with pytest.raises(KeyServiceUnavailable):
        actions.destroy(_patient(), [KeyKind.LOG], at=AT)
    with pytest.raises(KeyServiceUnavailable):
        queries.health()


def test_the_keys_of_a_grant_are_read_once_in_its_life(django_assert_num_queries: Any) -> None:
    patient = _patient()
    actions.ensure_patient_keys(patient)
    holder = Actor(ActorKind.HOLDER, new_id(), "Anne", patient=patient)
    grant = Grant(SEAL, patient, holder, Purpose.HOLDER, Verb.LIST, decisions.HOLDER_OWN_RECORD, AT)
    with django_assert_num_queries(1, connection=connections["keys"]):
        assert queries.keys_of(grant) is queries.keys_of(grant)
    assert queries.keys_of(grant).patient == patient


def test_the_raw_tables_hold_no_key_and_no_plaintext() -> None:
    patient = _patient()
    keys = actions.ensure_patient_keys(patient)
    rows = _keys_database("SELECT wrapped FROM wrapped_key")
    raw = b"".join(bytes(row[0]) for row in rows if row[0] is not None)
    for kind in KeyKind:
        assert keys._key(kind, 1) not in raw
