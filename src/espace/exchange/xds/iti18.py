"""ITI-18 « Registry Stored Query »: what ITI-66 and ITI-67 find, said in ebXML.

A Find query opens the record of the patient whom it names; a Get query that of whom the assertion is about, where ids
of anybody else's lead nowhere, like ids of nothing and of what does not show. An organisation follows its own
deposits. Nobody who deposits can file a folder yet, and the holder's are nobody else's to know: folders are looked for
in the record opened as anything is, and not found.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.conf import settings

from espace.exchange.callers import Caller, Opening
from espace.exchange.xds import criteria
from espace.exchange.xds.asked import Answer, Asked, Work
from espace.exchange.xds.attested import require_about
from espace.exchange.xds.errors import error_of
from espace.exchange.xds.stated import opened
from espace.identity import queries as identity
from espace.kernel.reasons import decisions
from espace.kernel.reasons import querying as reasons
from espace.kernel.words import ActorKind, Grant, Purpose, Refused, Verb
from espace.record import queries as record
from espace.record.facts import NO_SET, Deposit, Document, Search, Status, SubmissionSet
from espace.wire.ebxml import found, queries, writing
from espace.wire.ebxml.queries import Query
from espace.wire.ebxml.schemes import StoredQuery
from espace.wire.ebxml.writing import Known, KnownSet, Link, Whose
from espace.wire.fhir.outcome import problems_of
from espace.wire.xds import PatientStatement

OPENINGS = {
    ActorKind.ORGANISATION: Opening(Purpose.FEED, Verb.OWN_DEPOSITS, ""),
    ActorKind.PROFESSIONAL: Opening(Purpose.CARE, Verb.LIST, ""),
}
MAX_OBJECTS = 2_000
"""Whole objects in one answer; references to them are not counted."""
_MAX_TOLD = 1_000
"""Characters of one parameter in the log."""
_FOLLOWED = {
    StoredQuery.FIND_DOCUMENTS: frozenset(
        {"$XDSDocumentEntryPatientId", "$XDSDocumentEntryStatus", "$XDSDocumentEntryType"}
    ),
    StoredQuery.GET_DOCUMENTS: frozenset(
        {"$XDSDocumentEntryEntryUUID", "$XDSDocumentEntryUniqueId", "$XDSDocumentEntryLogicalID"}
    ),
}
"""All that an organisation may search its own deposits by."""


@dataclass(frozen=True, slots=True)
class Objects:
    """What a query finds, in the order that it is told."""

    sets: tuple[SubmissionSet, ...] = ()
    documents: tuple[Document, ...] = ()
    links: tuple[Link, ...] = ()
    deposits: tuple[Deposit, ...] = ()

    def __len__(self) -> int:
        return sum(1 for _ in self.ids)

    @property
    def ids(self) -> Iterator[UUID]:
        for group in (self.sets, self.documents, self.deposits, self.links):
            yield from (one.id for one in group)


def ask(asked: Asked, caller: Caller) -> Work:
    query = queries.read(asked.body)
    if caller.actor.kind is ActorKind.ORGANISATION:
        _only_what_is_followed(query)
    if query.patient:
        require_about(asked.patient, query.patient.number)
    return partial(_ask, query, query.patient or asked.patient, caller)


def _only_what_is_followed(query: Query) -> None:
    followed = _FOLLOWED.get(query.kind)
    if followed is None:
        raise Refused(decisions.ORGANISATION_CANNOT_READ)
    for one in query.slots:
        if one.name not in followed:
            detail = f"an organisation searches by {', '.join(sorted(followed))}"
            raise Refused(reasons.QUERY_PARAMETER_INVALID, place=queries.place_of(one.name), detail=detail)


def _ask(query: Query, stated: PatientStatement | None, caller: Caller) -> Answer:
    place = stated.place if stated else ""
    with opened(caller, stated, _told(query), place=place) as grant:
        if caller.actor.kind is ActorKind.ORGANISATION:
            objects, shared = _own(grant, query), None
        else:
            objects, shared = _ANSWERS[query.kind](grant, query), _shared(grant)
        if query.whole and len(objects) > MAX_OBJECTS:
            raise Refused(reasons.TOO_MANY_RESULTS, detail=f"{MAX_OBJECTS}")
    told = _whole(objects, shared) if query.whole else map(writing.object_ref, objects.ids)
    return Answer(found.found(told))


def _told(query: Query) -> dict[str, str]:
    """What the access log tells: the query and its parameters, and never the patient, for the line is in their record
    already."""
    told = {"query": query.kind.name.lower()}
    for name, text in query.written:
        told[name] = (f"{told[name]} & {text}" if name in told else text)[:_MAX_TOLD]
    return told


def _shared(grant: Grant) -> Whose:
    ins = identity.own_person(grant).ins[-1]
    return writing.whose(ins.number, ins.authority, settings.ESPACE_REPOSITORY_OID)


def _whole(objects: Objects, shared: Whose | None) -> Iterator[str]:
    for deposit in objects.deposits:
        yield writing.deposit(deposit.id, deposit.unique_id, deposit.status, deposit.revision)
    if shared is None:
        return
    for one in objects.sets:
        yield writing.submission_set(KnownSet(one.id, one.stated, one.submitted_at), shared)
    for each in objects.documents:
        known = Known(each.id, each.entry, each.status, each.size, each.restrictions, each.revision)
        yield writing.document_entry(known, shared)
    yield from map(writing.association, objects.links)


def refused(refusal: Refused) -> bytes:
    """How a refusal is said in the body."""
    return found.failed([error_of(one, registry=True) for one in problems_of(refusal)])


def _own(grant: Grant, query: Query) -> Objects:
    return Objects(deposits=record.own_deposits(grant, Search(criteria.of_documents(query))).found)


def _documents(grant: Grant, query: Query) -> tuple[Document, ...]:
    return record.find(grant, Search(criteria.of_documents(query))).found


def _sets(grant: Grant, search: Search) -> tuple[SubmissionSet, ...]:
    return record.submission_sets(grant, search).found


def _find_documents(grant: Grant, query: Query) -> Objects:
    return Objects(documents=_documents(grant, query))


def _find_sets(grant: Grant, query: Query) -> Objects:
    return Objects(sets=_sets(grant, Search(criteria.of_sets(query))))


def _folders(_: Grant, __: Query) -> Objects:
    return Objects()


def _all(grant: Grant, query: Query) -> Objects:
    documents, sets = _documents(grant, query), _sets(grant, Search(criteria.of_sets(query)))
    return Objects(sets, documents, _asked(query, _links(documents, sets)))


def _associations(grant: Grant, query: Query) -> Objects:
    """Those of which one of the objects named is an end."""
    ids = _texts(query, "$uuid")
    sets = _sets(grant, criteria.among(ids))
    members = (str(member) for one in sets for member in one.members)
    documents = record.find(grant, criteria.among((*ids, *members))).found
    links = [one for one in _links(documents, sets) if {str(one.source), str(one.target)} & set(ids)]
    return Objects(links=_asked(query, tuple(links)))


def _documents_and_associations(grant: Grant, query: Query) -> Objects:
    documents = _documents(grant, query)
    return Objects(documents=documents, links=_asked(query, _links(documents)))


def _sets_of_documents(grant: Grant, query: Query) -> Objects:
    """The sets that brought the documents named, with what links them."""
    documents = record.find(grant, criteria.among(_texts(query, "$uuid"))).found
    sets = _sets(grant, criteria.among(one.submission for one in documents))
    return Objects(sets, links=_asked(query, _memberships(documents)))


def _set_and_contents(grant: Grant, query: Query) -> Objects:
    sets = _sets(grant, Search(criteria.of_sets(query)))
    narrowed = criteria.of_documents(query)
    members = criteria.among((one for each in sets for one in each.members), *narrowed)
    documents = record.find(grant, members).found
    return Objects(sets, documents, _asked(query, _memberships(documents)))


def _related(grant: Grant, query: Query) -> Objects:
    """A document, those linked to it as asked, and these links; nothing where there is none (3.18.4.1.2.3.7.11)."""
    kinds = _texts(query, "$AssociationTypes")
    links = _asked(query, tuple(link for link in _links(_documents(grant, query)) if link.kind in kinds))
    ends = dict.fromkeys(one for link in links for one in (link.source, link.target))
    sets, documents = _sets(grant, criteria.among(ends)), record.find(grant, criteria.among(ends)).found
    return Objects(sets, documents, links) if links else Objects()


def _asked(query: Query, links: tuple[Link, ...]) -> tuple[Link, ...]:
    """Every link is in force: those asked for in another status only are not there."""
    return links if all(Status.APPROVED in one.values for one in query.named("$XDSAssociationStatus")) else ()


def _texts(query: Query, name: str) -> tuple[str, ...]:
    return tuple(str(value) for one in query.named(name) for value in one.values)


def _memberships(documents: Iterable[Document]) -> tuple[Link, ...]:
    return tuple(writing.membership(one.submission, one.id) for one in documents if one.submission != NO_SET)


def _links(documents: Iterable[Document], sets: Iterable[SubmissionSet] = ()) -> tuple[Link, ...]:
    """What links these objects to each other and to what else shows, each link once."""
    documents = tuple(documents)
    found = [*_memberships(documents)]
    found += [writing.membership(one.id, member) for one in sets for member in one.members]
    found += [writing.replacement(one.id, one.replaces) for one in documents if one.replaces]
    found += [writing.replacement(one.replaced_by, one.id) for one in documents if one.replaced_by]
    for one in documents:
        found += [writing.signing(one.id, target) for target in ((one.submission,) if one.signs_set else one.signs)]
        found += [writing.signing(signature, one.id) for signature in one.signed_by]
    return tuple(dict.fromkeys(found))


_ANSWERS: Mapping[StoredQuery, Callable[[Grant, Query], Objects]] = {
    StoredQuery.FIND_DOCUMENTS: _find_documents,
    StoredQuery.FIND_DOCUMENTS_BY_REFERENCE: _find_documents,
    StoredQuery.FIND_SUBMISSION_SETS: _find_sets,
    StoredQuery.FIND_FOLDERS: _folders,
    StoredQuery.GET_ALL: _all,
    StoredQuery.GET_DOCUMENTS: _find_documents,
    StoredQuery.GET_FOLDERS: _folders,
    StoredQuery.GET_ASSOCIATIONS: _associations,
    StoredQuery.GET_DOCUMENTS_AND_ASSOCIATIONS: _documents_and_associations,
    StoredQuery.GET_SUBMISSION_SETS: _sets_of_documents,
    StoredQuery.GET_SUBMISSION_SET_AND_CONTENTS: _set_and_contents,
    StoredQuery.GET_FOLDER_AND_CONTENTS: _folders,
    StoredQuery.GET_FOLDERS_FOR_DOCUMENT: _folders,
    StoredQuery.GET_RELATED_DOCUMENTS: _related,
}
