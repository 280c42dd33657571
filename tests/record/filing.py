"""Depositing and reading through the gate, in the words of the tests of filing."""

from uuid import UUID

import pytest
from django.db import connection

from cast import AT, Holder, sender, submission
from espace.access import gate
from espace.identity.facts import Organisation
from espace.kernel.values import replace
from espace.kernel.words import Purpose, Refused, RefusedProblems, Verb, Visibility
from espace.record import actions, queries
from espace.record.facts import Document, Filed
from espace.trace import queries as trace
from espace.trace.facts import TraceEvent
from espace.wire.xds import NewDocument

HELD = frozenset({Visibility.INVISIBLE_PATIENT})


def deposit(to: Holder, by: Organisation, *documents: NewDocument, uid: str | None = None) -> Filed:
    sent = submission(to, *documents)
    sent = sent if uid is None else replace(sent, unique_id=uid)
    with gate.open_record(
        actor=sender(by), patient=to.patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=AT
    ) as grant:
        return actions.submit(grant, submission=sent, headers=[None] * len(documents))


def refused(to: Holder, by: Organisation, *documents: NewDocument, uid: str | None = None) -> list[str]:
    with pytest.raises(Refused) as caught:
        deposit(to, by, *documents, uid=uid)
    problems = caught.value.problems if isinstance(caught.value, RefusedProblems) else [caught.value]
    return [problem.reason.code for problem in problems]


def places(to: Holder, by: Organisation, *documents: NewDocument, uid: str | None = None) -> list[str]:
    with pytest.raises(RefusedProblems) as caught:
        deposit(to, by, *documents, uid=uid)
    return [problem.place for problem in caught.value.problems]


def listed(of: Holder) -> tuple[Document, ...]:
    with gate.open_record(actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=Verb.LIST, at=AT) as grant:
        return queries.documents(grant)


def read(of: Holder, entry_id: UUID) -> bytes:
    with gate.open_record(actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=Verb.READ, at=AT) as grant:
        return queries.content(grant, entry_id).data


def lines(of: Holder) -> list[TraceEvent]:
    with gate.open_record(
        actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=Verb.HISTORY, at=AT
    ) as grant:
        return [line.event for line in trace.history(grant)]


def rows(table: str, of: Holder) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE patient_id = %s", [of.patient])
        return int(cursor.fetchone()[0])
