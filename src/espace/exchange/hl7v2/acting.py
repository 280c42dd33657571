"""What a message asks, done: by the same actions as every other door."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from espace.exchange.callers import Caller
from espace.exchange.depositing import opened
from espace.kernel.reasons import care, decisions
from espace.kernel.values import replace
from espace.kernel.words import Grant, Refused
from espace.outbox import actions as outbox
from espace.record import actions, queries
from espace.record.events import Enclosed, MailAsked
from espace.record.facts import NOBODY, Change, Status
from espace.wire import hl7v2
from espace.wire.cda import CdaDocument
from espace.wire.hl7v2 import Done, Result, Transmission
from espace.wire.xds import NewDocument, Submission

_NOTHING = f"DocumentReference/{NOBODY}"
"""A replacement of what is not there: it is refused as any other, once everything else was looked at."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A message whose documents were read: `submission` is what filing them would file."""

    transmission: Transmission
    submission: Submission
    headers: Sequence[CdaDocument] = field(repr=False)


def file(caller: Caller, asked: Asked) -> tuple[Result, ...]:
    """File the documents. Raises Refused."""
    with opened(caller, asked.submission) as grant:
        return _filed(grant, asked, asked.submission, Done.FILED)


def replace_(caller: Caller, asked: Asked) -> tuple[Result, ...]:
    """File the documents as new versions: the message says so, and its TXA-13 or the setId which ones they replace.
    Raises Refused."""
    with opened(caller, asked.submission) as grant:
        documents = tuple(_replacing(grant, one, asked.transmission.parent) for one in asked.submission.documents)
        return _filed(grant, asked, replace(asked.submission, documents=documents), Done.REPLACED)


def _replacing(grant: Grant, document: NewDocument, parent: str) -> NewDocument:
    """TXA-13 names a document by its own id. Where it names none, or a number that software keeps for itself, the one
    current version of the same setId, among what the sender deposited, is the one replaced; `relatedDocument` of the
    CDA is kept, and never obeyed."""
    entry = document.entry
    found = queries.own_version(grant, unique_id=entry.unique_id, parent=parent, set_id=entry.set_id)
    return replace(document, replaces=f"DocumentReference/{found}" if found else _NOTHING)


def _filed(grant: Grant, asked: Asked, submission: Submission, done: Done) -> tuple[Result, ...]:
    filed = actions.submit(grant, submission=submission, headers=asked.headers)
    every = list(zip(submission.documents, filed.documents, filed.repeated, strict=True))
    results = [
        Result(hl7v2.RECORD, Done.REPEATED if repeated else done, document.entry.unique_id, str(entry_id))
        for document, entry_id, repeated in every
    ]
    new = tuple(entry_id for _, entry_id, repeated in every if not repeated)
    return (*results, *_routed(grant, asked.transmission, new))


def send(caller: Caller, asked: Asked) -> tuple[Result, ...]:
    """Keep the mail that is asked for, with the documents that go by it alone. Raises Refused."""
    with opened(caller, asked.submission) as grant:
        act = asked.transmission.act
        contents = actions.enclose(grant, submission=asked.submission, headers=asked.headers, act=act)
        return _routed(grant, asked.transmission, contents=contents)


def _routed(
    grant: Grant, transmission: Transmission, done: tuple[UUID, ...] = (), contents: tuple[Enclosed, ...] = ()
) -> tuple[Result, ...]:
    """The mail that is asked for waits; a message that is sent again, and does nothing, asks for no other."""
    routes, mail = transmission.routes, transmission.mail
    if routes.mail and (done or contents):
        event = MailAsked(
            patient=grant.patient,
            act=transmission.act,
            documents=done,
            at=grant.at,
            who=grant.actor.name,
            place=grant.actor.organisation_name,
            to_professionals=mail.to if routes.professionals else (),
            to_patient=routes.patient,
            reply_to=mail.reply_to,
            text=mail.text,
            text_for_patient=mail.text_for_patient,
            receipt=mail.receipt,
            reading=mail.reading,
            contents=contents,
        )
        outbox.post(event, patient=grant.patient, at=grant.at)
    asked = ((hl7v2.PROFESSIONALS, routes.professionals), (hl7v2.PATIENT, routes.patient))
    outcome = Done.WAITING if done or contents else Done.REPEATED
    return tuple(Result(destination, outcome) for destination, wanted in asked if wanted)


def delete(caller: Caller, asked: Asked) -> tuple[Result, ...]:
    """Delete the documents, as DELETE of the FHIR door does; what is deleted stays so. Raises Refused."""
    return _amended(caller, asked, Change(deleted=True), Done.DELETED)


def relabel(caller: Caller, asked: Asked) -> tuple[Result, ...]:
    """Make the flags of the message those of the documents, as PATCH of the FHIR door does. Raises Refused."""
    return _amended(caller, asked, Change(visibility=asked.transmission.visibility), Done.RELABELLED)


def _amended(caller: Caller, asked: Asked, change: Change, done: Done) -> tuple[Result, ...]:
    """The documents by the ids of the CDAs that come with the message: all changed, or none."""
    results: list[Result] = []
    changed: list[UUID] = []
    with _known(caller, asked) as grant:
        for document in asked.submission.documents:
            found = queries.bearer(grant, document.entry.unique_id) or NOBODY
            before = queries.amendable(grant, found)
            if before.status is Status.DELETED and not change.deleted:
                raise Refused(care.CHANGE_REFUSED, place=document.entry.place, detail="the document is deleted")
            if actions.amend(grant, found, change) != before:
                changed.append(found)
            results.append(Result(hl7v2.RECORD, done, document.entry.unique_id, str(found)))
        return (*results, *_routed(grant, asked.transmission, tuple(changed)))


def _unlabelled(submission: Submission) -> Submission:
    """The line of a change is hidden as the document is, and never as the message would have it."""
    entries = (replace(one.entry, visibility=frozenset()) for one in submission.documents)
    documents = (replace(one, entry=entry) for one, entry in zip(submission.documents, entries, strict=True))
    return replace(submission, documents=tuple(documents))


@contextmanager
def _known(caller: Caller, asked: Asked) -> Iterator[Grant]:
    """The record; a document that is somebody else's is told of as one that is not there."""
    try:
        with opened(caller, _unlabelled(asked.submission)) as grant:
            yield grant
    except Refused as refusal:
        if refusal.reason is care.NOT_THE_AUTHOR:
            place = asked.submission.documents[0].entry.place
            raise Refused(decisions.DOCUMENT_UNKNOWN, place=place) from refusal
        raise
