"""Making and destroying keys: each commits in the keys database by itself, before the caller's rows."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError, connections, transaction
from django.db.backends.utils import CursorWrapper

from espace.edge import now, random_bytes
from espace.kernel.ids import PatientId
from espace.keys import rules
from espace.keys.adapters import DATABASE, key_service, signing, tombstones
from espace.keys.facts import KeyKind, KeyServiceUnavailable, LogKey
from espace.keys.queries import PatientKeys, patient_keys

FIRST_VERSION = 1


def ensure_patient_keys(patient: PatientId) -> PatientKeys:
    """A patient's keys, the missing kinds made and committed first.

    Of several callers at once the first one's keys stay, and every one of them gets those. A destroyed
    kind is not made again: whoever comes back after an erasure is another patient id.
    """
    found = patient_keys(patient)
    if found.complete:
        return found
    _insert(patient, {kind: _wrapped(patient, kind) for kind in KeyKind}, now())
    return patient_keys(patient)


def destroy(patient: PatientId, kinds: Collection[KeyKind], *, at: datetime) -> None:
    """Make unreadable for ever what these keys sealed; also leaves a tombstone where no key was made yet.

    Told first to a file beside the key service's own, outside the database: what a restoration of an older back-up
    of the keys brings back, `./espace restore` destroys again from there.
    """
    _tell(patient, kinds, at)
    bury(patient, kinds, at=at)


def bury(patient: PatientId, kinds: Collection[KeyKind], *, at: datetime) -> None:
    """What `destroy` does to the database, for keys whose destruction is told already."""
    with _committed() as cursor:
        for kind in sorted(kinds):
            cursor.execute(
                "INSERT INTO wrapped_key (patient_id, kind, version, wrapped, created_at, destroyed_at) "
                "VALUES (%s, %s, %s, NULL, %s, %s) ON CONFLICT DO NOTHING",
                [patient, kind.value, FIRST_VERSION, at, at],
            )
        cursor.execute(
            "UPDATE wrapped_key SET wrapped = NULL, destroyed_at = %s "
            "WHERE patient_id = %s AND kind = ANY(%s) AND destroyed_at IS NULL",
            [at, patient, [kind.value for kind in kinds]],
        )


def log_origin(suggested: str, *, first: bool) -> str:
    """The name of the log, which never changes: `suggested` where the keys that sign it are made now, at its `first`
    checkpoint. KeyServiceUnavailable where it has checkpoints and no key: another one would hide the loss."""
    folder = Path(settings.ESPACE_KEYS_FOLDER)
    if first:
        signing.create(folder, suggested)
    return signing.origin(folder)


def sign_log(text: str) -> tuple[tuple[LogKey, bytes], ...]:
    """The signature of each key that signs for the log."""
    return signing.sign(Path(settings.ESPACE_KEYS_FOLDER), text.encode())


def _tell(patient: PatientId, kinds: Collection[KeyKind], at: datetime) -> None:
    told = [tombstones.Tombstone(patient, kind.value, at.astimezone(UTC)) for kind in kinds]
    try:
        tombstones.append(Path(settings.ESPACE_KEYS_FOLDER), told)
    except OSError as error:
        raise KeyServiceUnavailable(f"the list of destroyed keys: {type(error).__name__}") from None


def _wrapped(patient: PatientId, kind: KeyKind) -> bytes:
    bound = rules.wrap_context(patient, kind, FIRST_VERSION)
    return key_service().wrap(random_bytes(rules.KEY_BYTES), bound)


def _insert(patient: PatientId, wrapped: dict[KeyKind, bytes], at: datetime) -> None:
    with _committed() as cursor:
        cursor.executemany(
            "INSERT INTO wrapped_key (patient_id, kind, version, wrapped, created_at) "
            "VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [[patient, kind.value, FIRST_VERSION, key, at] for kind, key in sorted(wrapped.items())],
        )


@contextmanager
def _committed() -> Iterator[CursorWrapper]:
    """A transaction of the keys database that nothing outside can roll back.

    READ COMMITTED, because under REPEATABLE READ « ON CONFLICT DO NOTHING » fails where another
    transaction has just won.
    """
    try:
        with transaction.atomic(using=DATABASE, durable=True), connections[DATABASE].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            yield cursor
    except (OperationalError, InterfaceError) as error:
        raise KeyServiceUnavailable(f"the keys database: {type(error).__name__}") from None
