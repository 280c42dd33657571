"""Submission sets and filed folders: what was deposited, and put, together. One none of whose members shows does not
exist."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from espace.kernel.reasons import decisions as reasons
from espace.kernel.words import Grant, Refused
from espace.keys import queries as keys
from espace.keys.facts import SealBroken
from espace.keys.queries import PatientKeys
from espace.record import rules
from espace.record.facts import FiledFolder, Page, Search, SubmissionSet
from espace.record.queries.folders import folder_of
from espace.record.queries.rows import ALL, SUBMISSION, altered, documents_of, opened, seen
from espace.wire.xds import Author, Coded, PatientStatement, Submission

Sets = tuple[SubmissionSet, ...]
Folders = tuple[FiledFolder, ...]

_LISTS = """
SELECT true, id, submitted_at, sealed, id, '', submitted_at, 1, ARRAY[]::text[], ARRAY[]::timestamptz[]
FROM record_submission WHERE patient_id = %(patient)s AND id = ANY(%(ids)s)
UNION ALL
SELECT false, f.id, f.changed_at, f.sealed, f.submission_id, f.status, f.filed_at, f.revision,
  ARRAY(SELECT m.entry_id::text FROM record_filed_member m
    WHERE m.patient_id = f.patient_id AND m.folder_id = f.id ORDER BY m.entry_id),
  ARRAY(SELECT m.added_at FROM record_filed_member m
    WHERE m.patient_id = f.patient_id AND m.folder_id = f.id ORDER BY m.entry_id)
FROM record_filed_folder f WHERE f.patient_id = %(patient)s AND (%(only)s::uuid IS NULL OR f.id = %(only)s)
"""
"""Sets and folders: which of the two, its id, when it came or was changed, what is sealed, and of a folder the rest."""
_OF_LIST = """ AND (e.submission_id = %(list)s OR e.id IN (SELECT m.entry_id FROM record_filed_member m
  WHERE m.patient_id = %(patient)s AND m.folder_id = %(list)s))"""
@dataclass(frozen=True, slots=True)
class _Stated:
    """What is sealed of a set: what its sender stated, without what it brought."""

    unique_id: str
    source_id: str
    submission_time: datetime | None
    content_type: Coded | None = None
    title: str = ""
    comments: str = ""
    author: Author | None = None
    patients: tuple[PatientStatement, ...] = ()
    place: str = ""


_UNREADABLE = Submission(unique_id="", source_id="", submission_time=None, documents=())


def submission_sets(grant: Grant, search: Search) -> Page[SubmissionSet]:
    """The sets that a search answers, among those of which the reader may see a document."""
    page = rules.page_of(_split(_lists(grant))[0], rules.SET_ITEMS, search)
    _note(grant, page.found)
    return page


def filed_folders(grant: Grant, search: Search) -> Page[FiledFolder]:
    """The filed folders that a search answers, among those of which the reader may see a document."""
    page = rules.page_of(_split(_lists(grant))[1], rules.FOLDER_ITEMS, search)
    _note(grant, page.found)
    return page


def sets_and_folders(
    grant: Grant,
    sets: Search,
    folders: Search,
    *,
    choose: Callable[[Sets, Folders], tuple[Sets, Folders]] | None = None,
) -> tuple[Sets, Folders]:
    """What both searches answer, of one reading; `choose` keeps of these what the other ones call for."""
    mine, theirs = _split(_lists(grant))
    found = (
        rules.page_of(mine, rules.SET_ITEMS, sets).found,
        rules.page_of(theirs, rules.FOLDER_ITEMS, folders).found,
    )
    kept = choose(*found) if choose else found
    _note(grant, (*kept[0], *kept[1]))
    return kept


def lists(grant: Grant, search: Search) -> Page[SubmissionSet | FiledFolder]:
    """The sets and filed folders that a search answers."""
    page = rules.page_of(_lists(grant), rules.LIST_ITEMS, search)
    _note(grant, page.found)
    return page


def one_list(grant: Grant, list_id: UUID) -> SubmissionSet | FiledFolder:
    """One set or filed folder; Refused(DOCUMENT_UNKNOWN) whether it is absent or none of its documents may be seen."""
    for found in _lists(grant, only=list_id):
        _note(grant, (found,))
        return found
    raise Refused(reasons.DOCUMENT_UNKNOWN)


def _note(grant: Grant, found: Iterable[SubmissionSet | FiledFolder]) -> None:
    grant.note(*dict.fromkeys(member for one in found for member in one.members))


def _split(found: Iterable[SubmissionSet | FiledFolder]) -> tuple[list[SubmissionSet], list[FiledFolder]]:
    every = list(found)
    sets = [one for one in every if isinstance(one, SubmissionSet)]
    return sets, [one for one in every if isinstance(one, FiledFolder)]


def _lists(grant: Grant, *, only: UUID | None = None) -> Iterator[SubmissionSet | FiledFolder]:
    if only is None:
        found = list(documents_of(grant, ALL, {}, about=()))
    else:
        found = list(documents_of(grant, ALL + _OF_LIST, {"list": only}, about="each"))
    members: dict[UUID, list[UUID]] = {}
    shown = frozenset(one.id for one in seen(grant, found))
    for one in sorted(found, key=lambda document: document.id):
        if one.id in shown and only in (None, one.submission):
            members.setdefault(one.submission, []).append(one.id)
    size = Counter(one.submission for one in found)
    at_hand = keys.keys_of(grant)
    with connection.cursor() as cursor:
        cursor.execute(_LISTS, {"patient": grant.patient, "ids": list(members), "only": only})
        rows = cursor.fetchall()
    for is_set, list_id, at, sealed, *of_folder in rows:
        if is_set:
            yield _set(at_hand, (list_id, at, sealed), members[list_id], size[list_id])
            continue
        submission, status, _, revision, entries, added = of_folder
        when = dict(zip(map(UUID, entries), added, strict=True))
        folder = folder_of(at_hand, (list_id, submission, status, at, revision, sealed), shown, when)
        if folder:
            yield folder


def _set(at_hand: PatientKeys, row: tuple[Any, ...], members: Collection[UUID], size: int) -> SubmissionSet:
    set_id, submitted_at, sealed = row
    try:
        said = opened(at_hand, sealed, SUBMISSION, set_id, _Stated)
        stated = Submission(documents=(), **{one.name: getattr(said, one.name) for one in fields(_Stated)})
    except SealBroken:
        stated = altered(set_id, _UNREADABLE)
    told = rules.told_of(stated, whole=len(members) == size)
    return SubmissionSet(set_id, told, submitted_at, tuple(members), damaged=stated is _UNREADABLE)
