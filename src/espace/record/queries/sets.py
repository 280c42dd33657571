"""Submission sets: who deposited what together. A set none of whose members shows does not exist."""

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from django.db import connection

from espace.kernel.reasons import decisions as reasons
from espace.kernel.words import Grant, Refused
from espace.keys import queries as keys
from espace.keys.facts import SealBroken
from espace.keys.queries import PatientKeys
from espace.record import rules
from espace.record.facts import Page, Search, SubmissionSet
from espace.record.queries.rows import ALL, SUBMISSION, altered, documents_of, opened, seen
from espace.wire.xds import Submission

_SETS = """
SELECT id, submitted_at, sealed FROM record_submission WHERE patient_id = %(patient)s AND id = ANY(%(ids)s)
"""
_UNREADABLE = Submission(unique_id="", source_id="", submission_time=None, documents=())


def submission_sets(grant: Grant, search: Search) -> Page[SubmissionSet]:
    """The sets that a search answers, among those of which the reader may see a document."""
    page = rules.page_of(_sets(grant), rules.SET_ITEMS, search)
    grant.note(*(member for one in page.found for member in one.members))
    return page


def submission_set(grant: Grant, set_id: UUID) -> SubmissionSet:
    """One set; Refused(DOCUMENT_UNKNOWN) whether it is absent or none of its documents may be seen."""
    for found in _sets(grant, only=set_id):
        grant.note(*found.members)
        return found
    raise Refused(reasons.DOCUMENT_UNKNOWN)


def _sets(grant: Grant, *, only: UUID | None = None) -> Iterator[SubmissionSet]:
    if only is None:
        found = list(documents_of(grant, ALL, {}, about=()))
    else:
        found = list(documents_of(grant, ALL + " AND e.submission_id = %(set)s", {"set": only}, about="each"))
    members: dict[UUID, list[UUID]] = {}
    for one in sorted(seen(grant, found), key=lambda document: document.id):
        members.setdefault(one.submission, []).append(one.id)
    size = Counter(one.submission for one in found)
    at_hand = keys.keys_of(grant)
    with connection.cursor() as cursor:
        cursor.execute(_SETS, {"patient": grant.patient, "ids": list(members)})
        for row in cursor.fetchall():
            yield _set(at_hand, row, members[row[0]], size[row[0]])


def _set(at_hand: PatientKeys, row: tuple[Any, ...], members: Collection[UUID], size: int) -> SubmissionSet:
    set_id, submitted_at, sealed = row
    try:
        stated = opened(at_hand, sealed, SUBMISSION, set_id, Submission)
    except SealBroken:
        stated = altered(set_id, _UNREADABLE)
    told = rules.told_of(stated, whole=len(members) == size)
    return SubmissionSet(set_id, told, submitted_at, tuple(members), damaged=stated is _UNREADABLE)
