"""The operator's queue, and what its accounts did lately. Never whose record anything is about."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from espace.access.facts import Alert, AlertKind, Followed, Lately, Outcome, Report, Told
from espace.access.models.alerts import NOBODY
from espace.kernel.ids import PatientId
from espace.kernel.json import decode
from espace.kernel.words import PERSONAL, Grant, Purpose
from espace.keys import queries as keys
from espace.keys.facts import KeyKind
from espace.keys.rules import context

MOST_READ = 5000
REPORT, TOLD = "access_report", "access_told"
_COLUMNS = """
SELECT id, kind, professional_id, organisation_id, subject, first_at, last_at, count, examined_by,
       closed_at, closed_by, closed_second, outcome
FROM access_alert
"""
_LATELY = """
SELECT count(DISTINCT subject) FILTER (WHERE at > %s), count(DISTINCT subject),
       count(DISTINCT subject) FILTER (WHERE own_word)
FROM access_seen WHERE professional_id = %s AND at > %s
"""


def subject_of_alert(patient: PatientId, *, secret: bool = False) -> bytes:
    """A patient as alerts know them: two about one patient are seen to be; nobody reads whose they are. In a minor's
    secret care they are another: what becomes of what the minor told of it must not show to their representatives."""
    return keys.blind_index("alert", f"{patient}|secret" if secret else str(patient))


def open_alerts() -> tuple[Alert, ...]:
    """Those that wait, the newest first; at most five thousand."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_COLUMNS} WHERE closed_at IS NULL ORDER BY first_at DESC LIMIT %s", [MOST_READ])
        return tuple(_alert(row) for row in cursor.fetchall())


def alert(alert_id: UUID) -> Alert | None:
    """One, closed ones too."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_COLUMNS} WHERE id = %s", [alert_id])
        row = cursor.fetchone()
    return _alert(row) if row else None


def count_open_alerts() -> int:
    """How many wait, for the operator's monitor."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_alert WHERE closed_at IS NULL")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def opened_lately(professional: UUID, at: datetime) -> Lately:
    """What an account opened or asked about."""
    hour, day = timedelta(hours=1), timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute(_LATELY, [at - hour, professional, at - day])
        row = cursor.fetchone()
    return Lately(*row) if row else Lately(0, 0, 0)


def told(alert_id: UUID) -> tuple[Told, ...]:
    """What holders wrote to whoever examines this alert, in the order of what they reported."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, sealed FROM access_told WHERE alert_id = %s", [alert_id])
        rows = cursor.fetchall()
    opened = (keys.open_system(TOLD, bytes(sealed), context(TOLD, told_id)) for told_id, sealed in rows)
    found = (decode(text, Told) for text in opened)
    return tuple(sorted(found, key=lambda one: (one.accessed_at, one.words)))


def reports(grant: Grant) -> tuple[Followed, ...]:
    """What the holder reported, the newest first, and what became of it; what is secret, for the holder alone."""
    grant.require(PERSONAL)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, sealed FROM access_report WHERE patient_id = %s", [grant.patient])
        rows = cursor.fetchall()
    opened = (_opened(grant, line, bytes(sealed)) for line, sealed in rows)
    found = [one for one in opened if not one.secret or grant.purpose is Purpose.HOLDER]
    became = _alerts([one.alert for one in found])
    newest = sorted(found, key=lambda one: (one.at, one.line), reverse=True)
    return tuple(_followed(one, became.get(one.alert)) for one in newest)


def _opened(grant: Grant, line: UUID, sealed: bytes) -> Report:
    plain = keys.keys_of(grant).open(KeyKind.METADATA, sealed, context(REPORT, line))
    return decode(plain, Report)


def _alerts(ids: list[UUID]) -> dict[UUID, Alert]:
    with connection.cursor() as cursor:
        cursor.execute(f"{_COLUMNS} WHERE id = ANY(%s)", [ids])
        return {row[0]: _alert(row) for row in cursor.fetchall()}


def _followed(report: Report, found: Alert | None) -> Followed:
    if found is None:
        return Followed(report, examined=False, closed_at=None, outcome=None)
    return Followed(report, bool(found.examined_by), found.closed_at, found.outcome)


def _alert(row: tuple[Any, ...]) -> Alert:
    alert_id, kind, professional, organisation, subject, first, last, count, examined, *closed = row
    closed_at, closed_by, closed_second, outcome = closed
    return Alert(
        id=alert_id,
        kind=AlertKind(kind),
        professional=None if professional == NOBODY else professional,
        organisation=None if organisation == NOBODY else organisation,
        reference=bytes(subject)[:6].hex(),
        first_at=first,
        last_at=last,
        count=count,
        examined_by=examined,
        closed_at=closed_at,
        closed_by=closed_by,
        closed_second=closed_second,
        outcome=Outcome(outcome) if outcome else None,
    )
