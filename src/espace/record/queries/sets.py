"""Submission sets: who deposited what together. A set none of whose members shows does not exist."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection

from espace.kernel.reasons import decisions as reasons
from espace.kernel.words import Grant, Refused
from espace.keys import queries as keys
from espace.keys.facts import SealBroken
from espace.keys.queries import PatientKeys
from espace.record import rules
from espace.record.facts import Document, Page, Search, SubmissionSet
from espace.record.queries.rows import ALL, SUBMISSION, altered, documents_of, opened, seen
from espace.wire.xds import Submission

_SETS = """
SELECT id, submitted_at, sealed FROM record_submission WHERE patient_id = %(patient)s AND id = ANY(%(ids)s)
"""
_UNREADABLE = Submission(unique_id="", source_id="", submission_time=None, documents=())


def submission_sets(grant: Grant, search: Search) -> Page[SubmissionSet]:
    """The sets that a search answers, among those of which the reader may see a document."""
    page = rules.page_of(_sets(grant, seen(grant, documents_of(grant, ALL, {}))), rules.SET_ITEMS, search)
    grant.note(*(member for one in page.found for member in one.members))
    return page


def submission_set(grant: Grant, set_id: UUID) -> SubmissionSet:
    """One set; Refused(DOCUMENT_UNKNOWN) whether it is absent or none of its documents may be seen."""
    members = (one for one in seen(grant, documents_of(grant, ALL, {})) if one.submission == set_id)
    for found in _sets(grant, members):
        grant.note(*found.members)
        return found
    raise Refused(reasons.DOCUMENT_UNKNOWN)


def _sets(grant: Grant, shown: Iterable[Document]) -> list[SubmissionSet]:
    members: dict[UUID, list[UUID]] = {}
    for one in sorted(shown, key=lambda document: document.id):
        members.setdefault(one.submission, []).append(one.id)
    at_hand = keys.keys_of(grant)
    with connection.cursor() as cursor:
        cursor.execute(_SETS, {"patient": grant.patient, "ids": list(members)})
        return [_set(at_hand, row, members[row[0]]) for row in cursor.fetchall()]


def _set(at_hand: PatientKeys, row: tuple[Any, ...], members: Iterable[UUID]) -> SubmissionSet:
    set_id, submitted_at, sealed = row
    try:
        stated = opened(at_hand, sealed, SUBMISSION, set_id, Submission)
    except SealBroken:
        stated = altered(set_id, _UNREADABLE)
    return SubmissionSet(set_id, stated, submitted_at, tuple(members), damaged=stated is _UNREADABLE)
