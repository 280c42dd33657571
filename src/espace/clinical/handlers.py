"""Reactions to what happens to documents: their facts come and go with them."""

from collections.abc import Collection
from uuid import UUID

from espace import edge
from espace.access import gate
from espace.clinical import actions
from espace.clinical.actions import Done
from espace.clinical.events import ExtractionGoesOn
from espace.clinical.queries import waits
from espace.enrolment import queries as enrolment
from espace.enrolment.rules import FEEDING
from espace.kernel.ids import PatientId
from espace.kernel.words import ITSELF, Purpose, Verb
from espace.record.events import DocumentDeleted, DocumentsFiled


def extract(event: DocumentsFiled) -> None:
    """The facts of what was just filed."""
    if event.to_read:
        read(PatientId(event.patient), only=event.to_read)


def extract_more(event: ExtractionGoesOn) -> None:
    """The facts of whatever waits in this record, a batch at a time."""
    read(PatientId(event.patient))


def forget(event: DocumentDeleted) -> None:
    actions.forget(event.patient, event.document)


def read(patient: PatientId, only: Collection[UUID] | None = None, *, goes_on: bool = True) -> Done:
    """One batch of a record, counted; where others wait they are for later (`goes_on`). No line where there is nothing
    to read, or it may not be: the holder does not want it, or their space is not fed."""
    state = enrolment.state(patient)
    if state is None or FEEDING[state] or not waits(patient, only):
        return Done()
    at = edge.now()

    def once() -> Done:
        with gate.open_record(
            actor=ITSELF, patient=patient, purpose=Purpose.EXTRACTION, verb=Verb.EXTRACT, at=at
        ) as grant:
            done = actions.extract(grant, only=only)
            if done.more and goes_on:
                actions.go_on(grant)
            return done

    done = gate.run_again(once)
    actions.count_unread(done.unread, at=at)
    return done
