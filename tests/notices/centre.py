"""What happens in a space, and what its notice centre then tells."""

import itertools
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection

from cast import AT, Holder, document, entry, sender
from cast import submission as sent_by
from espace.access import gate
from espace.edge import clock_at
from espace.identity.facts import Organisation
from espace.kernel.words import Actor, Grant, Purpose, Verb, Visibility
from espace.notices import queries
from espace.notices.facts import Received
from espace.outbox.facts import Event
from espace.record.actions import amend, submit
from espace.record.facts import Change
from espace.site import worker
from espace.wire.xds import NewDocument
from record.secret import as_holder, as_proxy

HELD = frozenset({Visibility.INVISIBLE_PATIENT})
MASKED = frozenset({Visibility.MASQUE_PS})
FROM_PARENTS = frozenset({Visibility.INVISIBLE_REPRESENTANTS_LEGAUX})
MINUTE = timedelta(minutes=1)
Told = list[tuple[str, str, tuple[str, ...]]]
"""Kind, who, titles."""


def later() -> datetime:
    """Each time a second later: ids follow the clock."""
    return AT + timedelta(seconds=next(_TICKS))


_TICKS = itertools.count(1)


def work() -> None:
    with clock_at(later()):
        worker.run_until_idle()


def deposit(to: Holder, by: Organisation, *documents: NewDocument) -> tuple[UUID, ...]:
    with gate.open_record(
        actor=sender(by), patient=to.patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=AT
    ) as grant:
        filed = submit(grant, submission=sent_by(to, *documents), headers=[None] * len(documents))
    work()
    return filed.documents


def change(of: Holder, by: Organisation, one: UUID, wanted: Change) -> None:
    with gate.open_record(
        actor=sender(by), patient=of.patient, purpose=Purpose.FEED, verb=Verb.AMEND, at=AT
    ) as grant:
        amend(grant, one, wanted)
    work()


def titled(title: str, **labels: frozenset[Visibility]) -> NewDocument:
    return document(entry(title=title, **labels), f"{title} {uuid4()}".encode())


def happen(event: Event) -> None:
    with clock_at(later()):
        for reaction in worker.REACTIONS[type(event)]:
            reaction(event)


def received(of: Holder, by: Actor | None = None) -> tuple[Received, ...]:
    def read(grant: Grant) -> tuple[Received, ...]:
        return queries.centre(grant, most=50).notices

    return as_proxy(of, by, Verb.HISTORY, read) if by else as_holder(of, Verb.HISTORY, read)


def told(of: Holder, by: Actor | None = None) -> Told:
    every = (one.notice for one in received(of, by))
    return [(one.kind.value, one.who, tuple(about.title for about in one.documents)) for one in every]


def counted(of: Holder, by: Actor | None = None) -> int:
    return as_proxy(of, by, Verb.LIST, queries.unread) if by else as_holder(of, Verb.LIST, queries.unread)


def rows(of: Holder) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM notices_notice WHERE patient_id = %s", [of.patient])
        return int(cursor.fetchone()[0])
