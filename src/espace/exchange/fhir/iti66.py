"""ITI-66 « Find Document Lists », and reading one: the submission sets and filed folders of a record, with the
documents that show."""

from functools import partial
from uuid import UUID

from espace.exchange.callers import Caller
from espace.exchange.fhir import search
from espace.exchange.http import Request, Response, Work
from espace.kernel.words import Grant
from espace.record import queries as record
from espace.record.facts import Attribute, FiledFolder, Page, Status, SubmissionSet
from espace.wire.fhir.answers import Subject, encode, folder, shortened_list, submission_set
from espace.wire.fhir.resources import List
from espace.wire.fhir.searching import LISTS, Criterion, Query

ATTRIBUTES: search.Translated = {
    "_id": Attribute.ID,
    "_lastUpdated": Attribute.CHANGED,
    "identifier": Attribute.UNIQUE_ID,
    "status": Attribute.STATUS,
    "code": Attribute.SET_KIND,
    "date": Attribute.SUBMITTED,
    "designationType": Attribute.CONTENT_TYPE,
    "sourceId": Attribute.SOURCE_ID,
    "source.given": Attribute.AUTHOR_GIVEN,
    "source.family": Attribute.AUTHOR_FAMILY,
    "source.identifier": Attribute.AUTHOR_ID,
    "title": Attribute.TITLE,
}
_STATUSES = {
    "current": [Status.APPROVED.value],
    "retired": [Status.DEPRECATED.value],
    "entered-in-error": ["entered-in-error"],
}
"""Every set is current, a folder current or retired: the third is asked for in vain."""

_NOTHING: Page[SubmissionSet | FiledFolder] = Page((), 0, False)


def find(request: Request, caller: Caller) -> Work:
    return partial(_find, search.query_of(request, LISTS), caller)


def read(request: Request, caller: Caller) -> Work:
    return partial(_read, search.entry_id(request), caller)


def _criteria(query: Query) -> list[Criterion]:
    return [
        search.in_words_of_the_record(one, _STATUSES) if one.name == "status" else one for one in query.criteria
    ]


def _find(query: Query, caller: Caller) -> Response:
    wanted = search.search_of(query, ATTRIBUTES, _criteria(query))
    named, asked = search.patient_named(query), search.asked(query)
    if caller.actor.patient is None:
        opening = search.open_named(caller, named, asked)
    elif named and not search.is_of(caller, named):
        return search.answer(query, LISTS, _NOTHING, ())
    else:
        opening = caller.open_own(asked=asked)
    with opening as grant:
        subject = search.subject(grant)
        page = record.lists(grant, wanted)
    found = [shortened_list(_list(one, subject), query.summary) for one in page.found]
    return search.answer(query, LISTS, page, found, whose=grant.patient)


def _read(set_id: UUID, caller: Caller) -> Response:
    with caller.open_about(set_id) as grant:
        told = _one(grant, set_id)
    return Response(encode(told))


def _one(grant: Grant, set_id: UUID) -> List:
    return _list(record.one_list(grant, set_id), search.subject(grant))


def _list(one: SubmissionSet | FiledFolder, subject: Subject) -> List:
    if isinstance(one, FiledFolder):
        return folder(
            one.stated,
            id=one.id,
            status=one.status,
            updated_at=one.updated_at,
            members=one.members,
            subject=subject,
        )
    return submission_set(
        one.stated, id=one.id, submitted_at=one.submitted_at, members=one.members, subject=subject
    )
