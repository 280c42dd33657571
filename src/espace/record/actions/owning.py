"""The holder adds documents of their own, and says what they are (D20, D29-D34)."""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import connection
from django.utils.timezone import get_current_timezone, localdate

from espace import edge
from espace.identity import queries as identity
from espace.identity.facts.mandates import CHOSEN, Mandate
from espace.kernel.reasons import Reason
from espace.kernel.reasons import documents as reasons
from espace.kernel.values import replace
from espace.kernel.words import PERSONAL, Grant, Problem, Purpose, Refused, RefusedProblems, Verb
from espace.keys import queries as keys
from espace.keys.facts import KeyKind
from espace.keys.rules import context
from espace.outbox import actions as outbox
from espace.record import queries, rules
from espace.record.actions.naming import bearers_of, name_bytes
from espace.record.actions.rows import Filing, insert
from espace.record.events import DocumentsFiled, Titled
from espace.record.facts import Inspected, Stated, Upload
from espace.record.queries import ENTRY
from espace.wire.xds import Author, NewDocument, Submission


def add(grant: Grant, *, uploads: Sequence[Inspected]) -> tuple[UUID, ...]:
    """Add these files (`inspected`) to the holder's record: all or none, in one submission; their ids, in their order.

    Bytes that are there already get the first id again, unless it was removed. Raises RefusedProblems, each with its
    place: `files[0]` (the file), `files[0].type`, `.title` or `.day`; `files` where there is no room (OWN_FULL).
    """
    grant.require(PERSONAL, Verb.ADD)
    types = _require_addable(grant, uploads)
    digests = [hashlib.sha256(one.upload.data).hexdigest() for one in uploads]
    found = _there(grant, digests)
    _require_room(grant, {digest: one for digest, one in zip(digests, uploads, strict=True) if digest not in found})
    filing, author = Filing(grant, keys.keys_of(grant), edge.new_id()), _author(grant)
    for one, media_type, digest in zip(uploads, types, digests, strict=True):
        if digest not in found:
            found[digest] = _file(filing, one.upload, media_type, digest, author)
    if filing.new:
        _keep(filing, author)
        new = {one.id for one in filing.new}
        name_bytes(grant, {digest: named for digest, named in found.items() if named in new})
    ids = tuple(found[digest] for digest in digests)
    grant.note(*ids)
    return ids


def describe(grant: Grant, *, document: UUID, title: str, type_code: str, day: date | None) -> None:
    """Say anew what a document that the holder added is; the same again changes nothing.

    Refused: DOCUMENT_UNKNOWN, NOT_YOUR_DOCUMENT; RefusedProblems at `type`, `title` or `day`.
    """
    grant.require(PERSONAL, Verb.DESCRIBE)
    row = queries.own_row(grant, document)
    problems = rules.stated_problems(title=title, type_code=type_code, day=day, today=localdate(grant.at))
    if found := tuple(problems):
        raise RefusedProblems(found)
    zone = get_current_timezone()
    entry = rules.restated(row.stated.entry, title=title, type_code=type_code, day=day, zone=zone)
    if entry != row.stated.entry:
        _restate(grant, document, replace(row.stated, entry=entry))


def _require_addable(grant: Grant, uploads: Sequence[Inspected]) -> tuple[str, ...]:
    """The media type of each file, from its bytes."""
    if len(uploads) > rules.ADDED_AT_ONCE:
        raise Refused(reasons.TOO_MANY_AT_ONCE, detail=f"≤ {rules.ADDED_AT_ONCE}")
    problems = tuple(
        problem
        for number, one in enumerate(uploads)
        for problem in _problems(f"files[{number}]", one, localdate(grant.at))
    )
    if problems:
        raise RefusedProblems(problems)
    return tuple(one.found for one in uploads if isinstance(one.found, str))


def _problems(place: str, one: Inspected, today: date) -> Iterator[Problem]:
    upload = one.upload
    if isinstance(one.found, Reason):
        yield Problem(one.found, place)
    stated = rules.stated_problems(title=upload.title, type_code=upload.type_code, day=upload.day, today=today)
    yield from (Problem(found.reason, f"{place}.{found.place}") for found in stated)


def _there(grant: Grant, digests: Collection[str]) -> dict[str, UUID]:
    """Which of these bytes the holder added before and did not remove, and where."""
    bearers = bearers_of(grant, digests)
    there = queries.shown(grant, bearers.values()) if bearers else {}
    return {digest: one for digest, one in bearers.items() if one in there}


def _require_room(grant: Grant, new: Mapping[str, Inspected]) -> None:
    """Nobody fills the store: neither with what they add, nor by removing it to add more, for it is kept a while."""
    if not new:
        return
    count, size, first = queries.taken(grant)
    size += sum(len(one.upload.data) for one in new.values())
    most, most_bytes = settings.ESPACE_OWN_DOCUMENTS, settings.ESPACE_OWN_BYTES
    count += len(new)
    if not rules.has_room(count, size, most=most, most_bytes=most_bytes):
        raise RefusedProblems((Problem(reasons.OWN_FULL, "files"),))
    if not rules.has_room(2 * count, 2 * size, most=most, most_bytes=most_bytes):
        _hold_room(grant, first)


def _hold_room(grant: Grant, document: UUID | None) -> None:
    """Whoever else adds for this holder now fails to serialise, and counts again; done once half of the room is taken,
    for what comes at once is less than the other half."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE record_entry SET size = size WHERE patient_id = %s AND id = %s", [grant.patient, document]
        )


def _author(grant: Grant) -> Author:
    """The holder wrote it, as their space names them; in no institution. Or whoever helps them, by name (A27)."""
    if grant.purpose is Purpose.PROXY:
        return Author(family=grant.actor.name)
    traits = identity.own_person(grant).traits
    return Author(family=traits.birth_name.title(), given=traits.given_names[0].title())


def _file(filing: Filing, upload: Upload, media_type: str, digest: str, author: Author) -> UUID:
    entry = rules.own_entry(
        upload,
        media_type,
        unique_id=edge.new_id().urn,
        author=author,
        at=filing.grant.at,
        zone=get_current_timezone(),
    )
    return filing.add(NewDocument(entry, upload.data), digest, None)


def _keep(filing: Filing, author: Author) -> None:
    """The rows, and the event: the holder is told of what a carer added, not of what they did themselves, nor of what
    those who stand for them did."""
    grant, name = filing.grant, edge.new_id().urn
    submission = Submission(unique_id=name, source_id="", submission_time=grant.at, documents=(), author=author)
    insert(filing, submission)
    new = tuple(Titled(one.id, one.document.entry.title) for one in filing.new) if _by_carer(grant) else ()
    filed = DocumentsFiled(
        grant.patient, filing.submission, shown=bool(new), at=grant.at, documents=new, who=grant.actor.name,
        to_read=filing.to_read,
    )  # fmt: skip
    outbox.post(filed, patient=grant.patient, at=grant.at, keys=filing.opened)


def _by_carer(grant: Grant) -> bool:
    return isinstance(grant.mandate, Mandate) and grant.mandate.kind in CHOSEN


def _restate(grant: Grant, entry_id: UUID, stated: Stated) -> None:
    sealed = keys.keys_of(grant).seal(KeyKind.METADATA, msgspec.json.encode(stated), context(ENTRY, entry_id))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE record_entry SET sealed = %s, changed_at = %s, revision = revision + 1"
            " WHERE patient_id = %s AND id = %s",
            [sealed, grant.at, grant.patient, entry_id],
        )
