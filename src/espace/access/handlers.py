"""Reactions to what happened to a space, for later."""

from datetime import timedelta

from django.conf import settings

from espace import edge
from espace.access import gate
from espace.enrolment import actions as enrolment
from espace.enrolment.events import ClosingDue
from espace.enrolment.queries import suspended_since
from espace.kernel.ids import PatientId
from espace.kernel.reasons.decisions import NO_RULE_ALLOWS
from espace.kernel.words import ITSELF, Purpose, Refused, Verb
from espace.outbox import actions as outbox
from espace.outbox.queries import database_now


def close_space(event: ClosingDue) -> None:
    """A30: a space that was suspended at its holder's wish and not reopened since is closed, with a line that says so.

    By the slower of our clock and the database's; for one that ran ahead the event waits again. One that was reopened
    is left alone, though it was suspended again since: that has its own event.
    """
    patient, now = PatientId(event.patient), edge.now()
    due = event.since + timedelta(days=settings.ESPACE_CLOSING_DAYS)
    if suspended_since(patient) != event.since:
        return
    if min(now, database_now()) < due:
        outbox.post(event, patient=patient, at=now, due=due)
        return

    def once() -> None:
        with gate.open_record(actor=ITSELF, patient=patient, purpose=Purpose.FEED, verb=Verb.CLOSE, at=now) as grant:
            if not enrolment.close(grant, since=event.since):
                raise Refused(NO_RULE_ALLOWS)

    gate.run_again(once)
