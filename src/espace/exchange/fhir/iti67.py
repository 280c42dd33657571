"""ITI-67 « Find Document References », and reading one: a holder their own, a professional those of a patient who
lets them, a feeder its own deposits (ids and status)."""

from collections.abc import Callable, Iterable
from functools import partial
from uuid import UUID

from espace.exchange.callers import Caller, fhir_base
from espace.exchange.fhir import search
from espace.exchange.http import Request, Response, Work
from espace.kernel.words import ActorKind
from espace.record import queries as record
from espace.record.facts import Attribute, Deposit, Document, Status
from espace.wire.fhir.answers import STATUSES, Known, Subject, deposit, document_reference, encode, shortened
from espace.wire.fhir.resources import DocumentReference
from espace.wire.fhir.searching import DOCUMENTS, Criterion, Query

ATTRIBUTES: search.Translated = {
    "_id": Attribute.ID,
    "_lastUpdated": Attribute.CHANGED,
    "identifier": Attribute.UNIQUE_ID,
    "status": Attribute.STATUS,
    "isArchived": Attribute.STATUS,
    "type": Attribute.TYPE,
    "category": Attribute.CLASS,
    "format": Attribute.FORMAT,
    "setting": Attribute.PRACTICE_SETTING,
    "facility": Attribute.FACILITY_TYPE,
    "event": Attribute.EVENT,
    "security-label": Attribute.CONFIDENTIALITY,
    "contenttype": Attribute.MIME_TYPE,
    "author.given": Attribute.AUTHOR_GIVEN,
    "author.family": Attribute.AUTHOR_FAMILY,
    "author.identifier": Attribute.AUTHOR_ID,
    "date": Attribute.CREATED_OR_DEPOSITED,
    "creation": Attribute.CREATED,
    "period": Attribute.SERVICE,
    "period-start": Attribute.SERVICE_START,
    "period-end": Attribute.SERVICE_STOP,
    "related.identifier": Attribute.REFERENCE_ID,
    "relatesto": Attribute.REPLACES,
    "relation": Attribute.RELATION,
}
FOLLOWED = frozenset({"patient", "patient.identifier", "identifier", "status", "_id", "_lastUpdated"})
"""All that a feeder may search its own deposits by."""

_STATUSES = {told: [status.value for status in Status if STATUSES[status] == told] for told in STATUSES.values()}
_ARCHIVED = {
    "true": [Status.ARCHIVED.value],
    "false": [status.value for status in Status if status is not Status.ARCHIVED],
}
_WORDS = {"status": _STATUSES, "isArchived": _ARCHIVED}


def find(request: Request, caller: Caller) -> Work:
    return partial(_FINDING[caller.actor.kind], search.query_of(request, DOCUMENTS), caller)


def read(request: Request, caller: Caller) -> Work:
    return partial(_read, search.entry_id(request), caller)


def _criteria(query: Query) -> list[Criterion]:
    return [
        search.in_words_of_the_record(one, _WORDS[one.name]) if one.name in _WORDS else one for one in query.criteria
    ]


def _own_deposits(query: Query, caller: Caller) -> Response:
    """The feeder's own deposits in one record: ids, status and dates, never subject nor content."""
    _only_what_is_followed([*(one.name for one in query.criteria), *(one.name for one in query.sort)])
    wanted = search.search_of(query, ATTRIBUTES, _criteria(query))
    with search.open_named(caller, search.patient_named(query), search.asked(query)) as grant:
        page = record.own_deposits(grant, wanted)
    found = [shortened(_deposited(one), query.summary) for one in page.found]
    return search.answer(query, DOCUMENTS, page, found, whose=grant.patient)


def _only_what_is_followed(names: Iterable[str]) -> None:
    for name in names:
        if name not in FOLLOWED:
            raise search.refused(name, f"an organisation searches by {', '.join(sorted(FOLLOWED))}")


def _deposited(one: Deposit) -> DocumentReference:
    return deposit(
        id=one.id,
        unique_id=one.unique_id,
        status=one.status,
        deposited_at=one.deposited_at,
        changed_at=one.changed_at,
    )


def _own_documents(query: Query, caller: Caller) -> Response:
    """What the holder may see of their record; anybody else's name gives the same empty answer, known or not."""
    wanted = search.search_of(query, ATTRIBUTES, _criteria(query))
    named = search.patient_named(query)
    if named and not search.is_of(caller, named):
        return search.answer(query, DOCUMENTS, search.NOTHING, ())
    with caller.open_own(asked=search.asked(query)) as grant:
        subject = search.subject(grant)
        page = record.find(grant, wanted)
    found = [_told(one, subject, query) for one in page.found]
    return search.answer(query, DOCUMENTS, page, found, whose=grant.patient)


def _documents(query: Query, caller: Caller) -> Response:
    """What a professional may see of the record of the patient whom they name."""
    wanted = search.search_of(query, ATTRIBUTES, _criteria(query))
    with search.open_named(caller, search.patient_named(query), search.asked(query)) as grant:
        subject = search.subject(grant)
        page = record.find(grant, wanted)
    found = [_told(one, subject, query) for one in page.found]
    return search.answer(query, DOCUMENTS, page, found, whose=grant.patient)


_FINDING: dict[ActorKind, Callable[[Query, Caller], Response]] = {
    ActorKind.ORGANISATION: _own_deposits,
    ActorKind.HOLDER: _own_documents,
    ActorKind.PROFESSIONAL: _documents,
}


def _read(document_id: UUID, caller: Caller) -> Response:
    with caller.open_about(document_id) as grant:
        subject = search.subject(grant)
        found = record.document(grant, document_id, signatures=True)
    return Response(encode(resource(found, subject)))


def _told(one: Document, subject: Subject, query: Query) -> DocumentReference:
    return shortened(resource(one, subject), query.summary)


def resource(one: Document, subject: Subject) -> DocumentReference:
    """A document of the record as its reader is told of it."""
    known = Known(
        id=one.id,
        entry=one.entry,
        status=one.status,
        deposited_at=one.deposited_at,
        size=one.size,
        restrictions=one.restrictions,
        replaces=one.replaces,
        signs=one.signs,
        related=tuple((link.kind, link.other) for link in one.related),
        by_transforming=one.by_transforming,
        changed_at=one.changed_at,
    )
    return document_reference(known, base=fhir_base(), subject=subject)


