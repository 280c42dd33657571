"""The rows of a submission, sealed. Contents are durable in the store before the row that names them."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from espace import edge
from espace.identity.facts import Organisation
from espace.kernel.reasons import decisions as reasons
from espace.kernel.words import ActorKind, Grant, Refused, Visibility
from espace.keys import queries as keys
from espace.keys.facts import KeyKind
from espace.keys.queries import PatientKeys
from espace.keys.rules import context
from espace.record import rules
from espace.record.actions.restrictions import hold, restrict, restrictions
from espace.record.adapters import content_store
from espace.record.facts import Kept, Restricted, Stated, Status
from espace.record.queries import CONTENT, ENTRY, SUBMISSION, depositor, versions
from espace.wire.xds import NewDocument, Submission

_INSERT_SUBMISSION = """
WITH submission AS (
    INSERT INTO record_submission (patient_id, id, submitted_at, sealed)
    VALUES (%s, %s, %s, %s) RETURNING id, patient_id
)
INSERT INTO record_locator (entry_id, patient_id) SELECT id, patient_id FROM submission
"""
_INSERT_ENTRY = """
WITH entry AS (
    INSERT INTO record_entry (patient_id, id, submission_id, status, deposited_at, size, content, depositor, sealed)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id, patient_id
)
INSERT INTO record_locator (entry_id, patient_id) SELECT id, patient_id FROM entry
"""


@dataclass(frozen=True, slots=True)
class Filing:
    """What every row of one submission shares."""

    grant: Grant
    sender: Organisation
    opened: PatientKeys
    submission: UUID

    def seal(self, table: str, row: UUID, value: object) -> bytes:
        return self.opened.seal(KeyKind.METADATA, msgspec.json.encode(value), context(table, row))


def insert_submission(filing: Filing, submission: Submission) -> None:
    """The submission set, without its documents."""
    stated = replace(submission, documents=())
    _execute(
        _INSERT_SUBMISSION,
        filing.grant.patient,
        filing.submission,
        filing.grant.at,
        filing.seal(SUBMISSION, filing.submission, stated),
    )


def insert_entry(filing: Filing, document: NewDocument, digest: str, replaced: Kept | None) -> UUID:
    """One document: content, entry, uniqueId, restrictions, and the association with what it replaces."""
    entry_id, content_name = edge.new_id(), edge.new_id()
    sealed = filing.opened.seal(KeyKind.CONTENT, document.content, context(CONTENT, content_name))
    try:
        content_store().write(content_name, sealed)
    except OSError as error:
        raise Refused(reasons.CONTENT_UNAVAILABLE) from error
    replaces = replaced.id if replaced else None
    actor = filing.grant.actor
    professional = actor.name if actor.kind is ActorKind.PROFESSIONAL else ""
    stated = Stated(document.entry, filing.sender.id, filing.sender.name, digest, replaces, professional)
    _execute(
        _INSERT_ENTRY,
        filing.grant.patient,
        entry_id,
        filing.submission,
        Status.APPROVED,
        filing.grant.at,
        len(document.content),
        content_name,
        depositor(filing.grant, filing.sender.id),
        filing.seal(ENTRY, entry_id, stated),
    )
    bear(filing, f"document|{rules.bare_id(document.entry.unique_id)}", entry_id)
    _restrict(filing, entry_id, document, replaced)
    if replaced:
        _supersede(filing, entry_id, replaced)
    filing.grant.count(document.entry.type.code if document.entry.type else "")
    return entry_id


def bear(filing: Filing, name: str, target: UUID) -> None:
    """From now on `name` (kind and uniqueId) is borne by `target` in this record, for ever."""
    blind = keys.blind_index("unique_id", f"{filing.grant.patient}|{name}")
    # Two deposits of one uniqueId at once: the second fails to serialise, is run again, and finds the first.
    _execute(
        "INSERT INTO record_unique_id (patient_id, blind, target_id) VALUES (%s, %s, %s)"
        " ON CONFLICT (patient_id, blind) DO UPDATE SET target_id = record_unique_id.target_id",
        filing.grant.patient,
        blind,
        target,
    )


def _restrict(filing: Filing, entry_id: UUID, document: NewDocument, replaced: Kept | None) -> None:
    """The restrictions stated, and every one of the version replaced (D50-D66: a new version inherits).

    What the depositor states stands beside the holder's own mask: neither is known by the other. A mask stated covers
    the versions replaced too; what holds a new version back leaves them to the holder.
    """
    for restricted in replaced.restricted if replaced else ():
        restrict(filing.grant, entry_id, restricted)
    stated = document.entry.visibility - (rules.labels_of(replaced) if replaced else frozenset())
    for code in sorted(stated):
        restrict(filing.grant, entry_id, Restricted(code, filing.sender.id, filing.grant.at))
    if replaced and Visibility.MASQUE_PS in stated:
        _mask_older(filing, replaced)


def _mask_older(filing: Filing, replaced: Kept) -> None:
    older, _ = versions(filing.grant, replaced.id)
    hold(filing.grant, older)
    already = {
        entry
        for _, entry, said in restrictions(filing.grant, older)
        if said.code is Visibility.MASQUE_PS and not said.by_holder
    }
    for entry in older:
        if entry not in already:
            restrict(filing.grant, entry, Restricted(Visibility.MASQUE_PS, filing.sender.id, filing.grant.at))


def _supersede(filing: Filing, entry_id: UUID, replaced: Kept) -> None:
    """The document replaced keeps its own state, for whoever may not know of what replaces it."""
    _execute(
        "INSERT INTO record_association (patient_id, id, kind, source_id, target_id) VALUES (%s, %s, 'RPLC', %s, %s)",
        filing.grant.patient,
        edge.new_id(),
        entry_id,
        replaced.id,
    )
    hold(filing.grant, [replaced.id])


def _execute(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
