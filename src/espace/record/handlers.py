"""Reactions to what the record announced to itself, for later."""

from django.conf import settings

from espace import edge
from espace.access import gate
from espace.kernel.ids import PatientId
from espace.kernel.words import ITSELF, Purpose, Verb
from espace.record.actions.holding import end_hold, held_now
from espace.record.events import HoldEnds


def show_held(event: HoldEnds) -> None:
    """D53: a month after its deposit a document that nobody announced shows by itself, with a line that says so."""
    if held_now(event, days=settings.ESPACE_HOLD_DAYS) is None:
        return

    def once() -> None:
        with gate.open_record(
            actor=ITSELF,
            patient=PatientId(event.patient),
            purpose=Purpose.FEED,
            verb=Verb.ANNOUNCE,
            at=edge.now(),
        ) as grant:
            end_hold(grant, event.document)

    gate.run_again(once)
