"""ITI-18 « Registry Stored Query »: what ITI-66 and ITI-67 find, said in ebXML.

A Find query opens the record of the patient whom it names; a Get query that of whom the assertion is about, where ids
of anybody else's lead nowhere, like ids of nothing and of what does not show. An organisation follows its own
deposits and folders. The folders are those that were filed: the holder's own are nobody else's to know.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
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
from espace.record.facts import NO_SET, Deposit, Document, FiledFolder, OwnFolder, Search, Status, SubmissionSet
from espace.wire.ebxml import found, queries, writing
from espace.wire.ebxml.queries import Query
from espace.wire.ebxml.schemes import StoredQuery
from espace.wire.ebxml.writing import Known, KnownFolder, KnownSet, Link, Whose
from espace.wire.fhir.outcome import problems_of
from espace.wire.xds import Linking, PatientStatement

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
    StoredQuery.FIND_FOLDERS: frozenset({"$XDSFolderPatientId", "$XDSFolderStatus"}),
    StoredQuery.GET_FOLDERS: frozenset({"$XDSFolderEntryUUID", "$XDSFolderUniqueId", "$XDSFolderLogicalID"}),
}
"""All that an organisation may search its own deposits, and its own folders, by."""
_OF_FOLDERS = frozenset({StoredQuery.FIND_FOLDERS, StoredQuery.GET_FOLDERS})


Lists = tuple[tuple[SubmissionSet, ...], tuple[FiledFolder, ...]]


@dataclass(frozen=True, slots=True)
class Objects:
    """What a query finds, in the order that it is told."""

    sets: tuple[SubmissionSet, ...] = ()
    documents: tuple[Document, ...] = ()
    links: tuple[Link, ...] = ()
    deposits: tuple[Deposit, ...] = ()
    folders: tuple[FiledFolder, ...] = ()
    own_folders: tuple[OwnFolder, ...] = ()

    def __len__(self) -> int:
        return sum(1 for _ in self.ids)

    @property
    def ids(self) -> Iterator[UUID]:
        for group in (self.sets, self.folders, self.documents, self.deposits, self.own_folders, self.links):
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
    for own in objects.own_folders:
        yield writing.own_folder(own.id, own.unique_id, own.status, own.updated_at, own.revision)
    if shared is None:
        return
    for one in objects.sets:
        yield writing.submission_set(KnownSet(one.id, one.stated, one.submitted_at), shared)
    for folder in objects.folders:
        kept = KnownFolder(folder.id, folder.stated, folder.status, folder.updated_at, folder.revision)
        yield writing.folder(kept, shared)
    for each in objects.documents:
        known = Known(each.id, each.entry, each.status, each.size, each.restrictions, each.revision)
        yield writing.document_entry(known, shared)
    yield from map(writing.association, objects.links)


def refused(refusal: Refused) -> bytes:
    """How a refusal is said in the body."""
    return found.failed([error_of(one, registry=True) for one in problems_of(refusal)])


def _own(grant: Grant, query: Query) -> Objects:
    if query.kind in _OF_FOLDERS:
        return Objects(own_folders=record.own_folders(grant, Search(criteria.of_folders(query))).found)
    return Objects(deposits=record.own_deposits(grant, Search(criteria.of_documents(query))).found)


def _documents(grant: Grant, query: Query) -> tuple[Document, ...]:
    return record.find(grant, Search(criteria.of_documents(query))).found


def _sets(grant: Grant, search: Search) -> tuple[SubmissionSet, ...]:
    return record.submission_sets(grant, search).found


def _find_documents(grant: Grant, query: Query) -> Objects:
    return Objects(documents=_documents(grant, query))


def _find_sets(grant: Grant, query: Query) -> Objects:
    return Objects(sets=_sets(grant, Search(criteria.of_sets(query))))


def _find_folders(grant: Grant, query: Query) -> Objects:
    return Objects(folders=record.filed_folders(grant, Search(criteria.of_folders(query))).found)


def _folder_and_contents(grant: Grant, query: Query) -> Objects:
    """Folders, their documents that are asked for, and what puts these there."""
    folders = record.filed_folders(grant, Search(criteria.of_folders(query))).found
    wanted = (one for each in folders for one in each.members)
    documents = record.find(grant, criteria.among(wanted, *criteria.of_documents(query))).found
    shown = {one.id for one in documents}
    links = tuple(link for link in _in_folders(folders) if link.target in shown)
    return Objects(documents=documents, folders=folders, links=_asked(query, links))


def _folders_of_document(grant: Grant, query: Query) -> Objects:
    return Objects(folders=_folders_with(grant, {one.id for one in _documents(grant, query)}))


def _all(grant: Grant, query: Query) -> Objects:
    documents = _documents(grant, query)
    asked = Search(criteria.of_sets(query)), Search(criteria.of_folders(query))
    sets, folders = record.sets_and_folders(grant, *asked)
    return Objects(sets, documents, _asked(query, _links(documents, sets, folders)), folders=folders)


def _associations(grant: Grant, query: Query) -> Objects:
    """Those of which one of the objects named is an end."""
    ids = _texts(query, "$uuid")

    def with_ends(sets: tuple[SubmissionSet, ...], every: tuple[FiledFolder, ...]) -> Lists:
        return sets, tuple(one for one in every if not _ends_of(one).isdisjoint(ids))

    sets, folders = record.sets_and_folders(grant, criteria.among(ids), Search(), choose=with_ends)
    members = (str(member) for one in sets for member in one.members)
    documents = record.find(grant, criteria.among((*ids, *members))).found
    links = [one for one in _links(documents, sets, folders) if {str(one.source), str(one.target)} & set(ids)]
    return Objects(links=_asked(query, tuple(links)))


def _documents_and_associations(grant: Grant, query: Query) -> Objects:
    """With what puts each of them into folders, too."""
    documents = _documents(grant, query)
    shown = {one.id for one in documents}
    links = (link for link in _in_folders(_folders_with(grant, shown)) if link.target in shown)
    return Objects(documents=documents, links=_asked(query, (*_links(documents), *links)))


def _sets_of_documents(grant: Grant, query: Query) -> Objects:
    """The sets that brought the documents, or folders, named, with what links them."""
    ids = _texts(query, "$uuid")
    documents = record.find(grant, criteria.among(ids)).found

    def brought(every: tuple[SubmissionSet, ...], folders: tuple[FiledFolder, ...]) -> Lists:
        wanted = {one.submission for one in documents} | {one.submission for one in folders}
        return tuple(one for one in every if one.id in wanted), folders

    sets, folders = record.sets_and_folders(grant, Search(), criteria.among(ids), choose=brought)
    links = (*_memberships(documents), *_brought(sets, folders))
    return Objects(sets, links=_asked(query, links))


def _set_and_contents(grant: Grant, query: Query) -> Objects:
    """A set with the documents that are asked for, and the folders, that it brought."""

    def with_theirs(sets: tuple[SubmissionSet, ...], every: tuple[FiledFolder, ...]) -> Lists:
        return sets, tuple(one for one in every if one.submission in {each.id for each in sets})

    asked = Search(criteria.of_sets(query))
    sets, folders = record.sets_and_folders(grant, asked, Search(), choose=with_theirs)
    narrowed = criteria.of_documents(query)
    members = criteria.among((one for each in sets for one in each.members), *narrowed)
    documents = record.find(grant, members).found
    shown = {one.id for one in documents}
    inside = (link for link in _in_folders(folders) if link.target in shown)
    links = (*_memberships(documents), *_brought(sets, folders), *inside)
    return Objects(sets, documents, _asked(query, links), folders=folders)


def _related(grant: Grant, query: Query) -> Objects:
    """A document, those linked to it as asked, and these links; nothing where there is none (3.18.4.1.2.3.7.11)."""
    kinds = _texts(query, "$AssociationTypes")
    links = _asked(query, tuple(link for link in _links(_documents(grant, query)) if link.kind in kinds))
    ends = dict.fromkeys(one for link in links for one in (link.source, link.target))
    sets, documents = _sets(grant, criteria.among(ends)), record.find(grant, criteria.among(ends)).found
    return Objects(sets, documents, links) if links else Objects()


def _folders_with(grant: Grant, members: Collection[UUID]) -> tuple[FiledFolder, ...]:
    if not members:
        return ()

    def with_them(sets: tuple[SubmissionSet, ...], every: tuple[FiledFolder, ...]) -> Lists:
        return sets, tuple(one for one in every if not set(one.members).isdisjoint(members))

    _, found = record.sets_and_folders(grant, Search((criteria.NOTHING,)), Search(), choose=with_them)
    return found


def _ends_of(folder: FiledFolder) -> set[str]:
    """The ids of what a folder is linked to, its own among them."""
    return {str(folder.id), str(folder.submission), *map(str, folder.members)}


def _asked(query: Query, links: tuple[Link, ...]) -> tuple[Link, ...]:
    """Every link is in force: those asked for in another status only are not there."""
    return links if all(Status.APPROVED in one.values for one in query.named("$XDSAssociationStatus")) else ()


def _texts(query: Query, name: str) -> tuple[str, ...]:
    return tuple(str(value) for one in query.named(name) for value in one.values)


def _memberships(documents: Iterable[Document]) -> tuple[Link, ...]:
    return tuple(writing.membership(one.submission, one.id) for one in documents if one.submission != NO_SET)


def _in_folders(folders: Iterable[FiledFolder]) -> Iterator[Link]:
    return (writing.membership(one.id, member, in_folder=True) for one in folders for member in one.members)


def _brought(sets: Iterable[SubmissionSet], folders: Iterable[FiledFolder]) -> Iterator[Link]:
    """What links folders to the sets that brought them, where both show."""
    shown = {one.id for one in sets}
    return (writing.membership(one.submission, one.id) for one in folders if one.submission in shown)


def _links(
    documents: Iterable[Document], sets: Iterable[SubmissionSet] = (), folders: Iterable[FiledFolder] = ()
) -> tuple[Link, ...]:
    """What links these objects to each other and to what else shows, each link once."""
    documents, sets = tuple(documents), tuple(sets)
    found = [*_memberships(documents)]
    found += [writing.membership(one.id, member) for one in sets for member in one.members]
    for one in documents:
        found += _relations(one)
    folders = tuple(folders)
    found += [*_brought(sets, folders), *_in_folders(folders)]
    return tuple(dict.fromkeys(found))


def _relations(one: Document) -> Iterator[Link]:
    """What links a document to others, of both ends."""
    if one.replaces:
        yield writing.relation(_replacing(one.by_transforming), one.id, one.replaces)
    if one.replaced_by:
        yield writing.relation(_replacing(one.replaced_by_transforming), one.replaced_by, one.id)
    yield from (writing.relation(link.kind, one.id, link.other) for link in one.related)
    yield from (writing.relation(link.kind, link.other, one.id) for link in one.related_by)
    for signed in (one.submission,) if one.signs_set else one.signs:
        yield writing.relation(Linking.SIGNS, one.id, signed)
    yield from (writing.relation(Linking.SIGNS, signature, one.id) for signature in one.signed_by)


def _replacing(by_transforming: bool) -> Linking:
    return Linking.TRANSFORMS_AND_REPLACES if by_transforming else Linking.REPLACES


_ANSWERS: Mapping[StoredQuery, Callable[[Grant, Query], Objects]] = {
    StoredQuery.FIND_DOCUMENTS: _find_documents,
    StoredQuery.FIND_DOCUMENTS_BY_REFERENCE: _find_documents,
    StoredQuery.FIND_SUBMISSION_SETS: _find_sets,
    StoredQuery.FIND_FOLDERS: _find_folders,
    StoredQuery.GET_ALL: _all,
    StoredQuery.GET_DOCUMENTS: _find_documents,
    StoredQuery.GET_FOLDERS: _find_folders,
    StoredQuery.GET_ASSOCIATIONS: _associations,
    StoredQuery.GET_DOCUMENTS_AND_ASSOCIATIONS: _documents_and_associations,
    StoredQuery.GET_SUBMISSION_SETS: _sets_of_documents,
    StoredQuery.GET_SUBMISSION_SET_AND_CONTENTS: _set_and_contents,
    StoredQuery.GET_FOLDER_AND_CONTENTS: _folder_and_contents,
    StoredQuery.GET_FOLDERS_FOR_DOCUMENT: _folders_of_document,
    StoredQuery.GET_RELATED_DOCUMENTS: _related,
}
