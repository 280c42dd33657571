"""« Signaler cet accès »: the holder tells the operator of an access of which they do not see the reason (C27)."""

from datetime import datetime
from uuid import UUID

import msgspec
from django.db import connection

from espace import edge
from espace.access.actions.alerts import raise_alert
from espace.access.actions.relations import block
from espace.access.facts import AlertKind, Report, ReportKind, Told
from espace.access.models.alerts import NOBODY
from espace.access.queries.alerts import REPORT, TOLD, subject_of_alert
from espace.access.rules.alerting import words_told
from espace.identity.facts import Professional
from espace.kernel.values import replace
from espace.kernel.words import PERSONAL, Grant, Verb, Visibility
from espace.keys import queries as keys
from espace.keys.facts import KeyKind
from espace.keys.rules import context

_KEEP = "INSERT INTO access_report (patient_id, id, sealed) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
_RAISED = """
SELECT id FROM access_alert
WHERE kind = %s AND professional_id = %s AND organisation_id = %s AND subject = %s AND closed_at IS NULL
"""


def report(
    grant: Grant,
    professional: Professional,
    *,
    line: UUID,
    accessed_at: datetime,
    kind: ReportKind,
    words: str,
    blocks: bool,
    hidden_from: frozenset[Visibility] = frozenset(),
) -> None:
    """Tell the operator of what this professional did in the record at that line, in the holder's own words, and block
    them at once where the holder `blocks`. The same line again changes nothing.

    `hidden_from`: from whom that line is hidden; so are this report and its own line. The alert names the professional,
    and the patient by a reference alone; what was written is sealed for whoever examines it until it is closed, and for
    the holder in their own record.
    """
    grant.require(PERSONAL, Verb.REPORT)
    told = Told(kind, words_told(words), accessed_at)
    present = Report(
        line, accessed_at, professional.id, professional.name, kind, told.words, grant.at, blocks, alert=NOBODY,
        secret=Visibility.INVISIBLE_REPRESENTANTS_LEGAUX in hidden_from,
    )  # fmt: skip
    grant.hidden_from |= hidden_from
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM access_report WHERE patient_id = %s AND id = %s", [grant.patient, line])
        if cursor.fetchone():
            return
        alert = _alert(grant, professional, secret=present.secret)
        cursor.execute(_KEEP, [grant.patient, line, _sealed(grant, replace(present, alert=alert))])
        told_id = UUID(bytes=edge.random_bytes(16), version=4)
        sealed = keys.seal_system(TOLD, msgspec.json.encode(told), context(TOLD, told_id))
        cursor.execute("INSERT INTO access_told (alert_id, id, sealed) VALUES (%s, %s, %s)", [alert, told_id, sealed])
    if blocks:
        block(grant, professional)
    grant.asked |= {"professional": professional.name}


def _alert(grant: Grant, professional: Professional, *, secret: bool) -> UUID:
    """The operator's open alert about this professional in this record, made where there is none; of its own for what
    is secret."""
    subject = subject_of_alert(grant.patient, secret=secret)
    raise_alert(kind=AlertKind.REPORTED, at=grant.at, professional=professional.id, subject=subject)
    with connection.cursor() as cursor:
        cursor.execute(_RAISED, [str(AlertKind.REPORTED), professional.id, NOBODY, subject])
        row = cursor.fetchone()
    if row is None:
        raise LookupError("the alert that was raised is not there")
    return UUID(str(row[0]))


def _sealed(grant: Grant, one: Report) -> bytes:
    return keys.keys_of(grant).seal(KeyKind.METADATA, msgspec.json.encode(one), context(REPORT, one.line))
