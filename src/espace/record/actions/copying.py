"""A copy of the whole space for whoever asked for it: made step by step, kept sealed, destroyed (N06, GDPR 15 and 20).

The copy is one ZIP file, cut in parts. A part is sealed under the patient's content key and written to the content
store; then its row names it, with the files that are in it. So nothing of it is ever in clear on a disk, a step that
crashes leaves bytes that no row names (`contents.collect`), and the next step goes on after the last part whose row
was committed. Each step opens the record anew through the gate: whoever may not have the copy any more gets no more.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import connection
from django.utils.timezone import localtime

from espace import edge
from espace.kernel.ids import PatientId
from espace.kernel.words import PERSONAL, Grant, Verb
from espace.keys import queries as keys
from espace.keys.facts import KeyKind
from espace.keys.rules import context
from espace.outbox import actions as outbox
from espace.record import queries
from espace.record.adapters import ContentUnavailable, content_store
from espace.record.events import CopyGoesOn, CopyReady
from espace.record.facts import Copy, CopyMember, CopyState, Document
from espace.record.queries.copying import COPY_PART, asker, bytes_to_copy, copy_of, parts_of, to_copy
from espace.wire import zip

PART = 8 * 1024 * 1024
"""Bytes after which a part is written: what is held in memory, and one document."""
STEP = timedelta(seconds=5)
"""How long a step goes on before it lets others have the worker."""
AGAIN_IN = timedelta(minutes=5)
"""When a content store that does not answer is asked again."""

Files = Callable[[Document, bytes | None, int], Iterable[tuple[str, bytes]]]
"""The files of the document that is the nth of the copy, at least one: names and bytes; None for a lost content."""
Paths = Mapping[UUID, tuple[str, ...]]
"""Where the files of each document are in the copy."""
Last = Callable[[Grant, Paths], tuple[str, Iterable[bytes]]]
"""One of the files that come after the documents: its name and its bytes, made as they are read."""


@dataclass(slots=True)
class _Writing:
    """What a step writes: members wait here until they make a part."""

    grant: Grant
    copy: UUID
    number: int
    offset: int
    held: bytearray = field(default_factory=bytearray)
    members: list[CopyMember] = field(default_factory=list)

    def add(self, name: str, data: Iterable[bytes], document: UUID | None = None) -> None:
        moment = localtime(self.grant.at)
        packed, written = zip.member(name, data, moment=moment, offset=self.offset + len(self.held))
        self.held += packed
        self.members.append(CopyMember(written, document))

    def flush(self) -> tuple[CopyMember, ...]:
        """Write what waits as a part; the members in it. OSError where the store does not take it."""
        if not self.held:
            return ()
        at_hand, name, members = keys.keys_of(self.grant), edge.new_id(), tuple(self.members)
        place = context(COPY_PART, name)
        content_store().write(name, at_hand.seal(KeyKind.CONTENT, bytes(self.held), place))
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO record_copy_part (patient_id, id, copy_id, number, size, sealed) "
                "VALUES (%s, %s, %s, %s, %s, %s)",
                [
                    self.grant.patient, name, self.copy, self.number, len(self.held),
                    at_hand.seal(KeyKind.METADATA, msgspec.json.encode(members), place),
                ],
            )  # fmt: skip
        self.number, self.offset = self.number + 1, self.offset + len(self.held)
        self.held.clear()
        self.members.clear()
        return members


def ask_copy(grant: Grant) -> None:
    """Have a copy of the space made for the actor; where they have one already, nothing changes."""
    grant.require(PERSONAL, Verb.COPY)
    if copy_of(grant) is None:
        _begin(grant)


def _begin(grant: Grant) -> None:
    copy = edge.new_id()
    with connection.cursor() as cursor:
        # One that expired and is not destroyed yet must not stand in the way.
        cursor.execute(
            "UPDATE record_copy SET asker = uuid_send(id) WHERE patient_id = %s AND asker = %s",
            [grant.patient, asker(grant)],
        )
        cursor.execute(
            "INSERT INTO record_copy (patient_id, id, asker, state, asked_at, expires_at, step, done, total, size) "
            "VALUES (%s, %s, %s, 'making', %s, %s, 0, 0, 0, 0)",
            [grant.patient, copy, asker(grant), grant.at, grant.at + timedelta(days=settings.ESPACE_COPY_DAYS)],
        )
    _post(grant, copy, 0, due=grant.at)


def drop_copy(grant: Grant) -> None:
    """Have the copy that the actor asked for destroyed, made or not; without one nothing changes."""
    grant.require(PERSONAL, Verb.COPY)
    copy = copy_of(grant)
    if copy:
        _end(grant.patient, copy.id, grant.at)


def end_copy(event: CopyGoesOn, *, at: datetime) -> None:
    """Have a copy destroyed whose asker may not have it any more."""
    _end(event.patient, event.copy, at)


def _end(patient: UUID, copy: UUID, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE record_copy SET expires_at = %s, asker = uuid_send(id) WHERE patient_id = %s AND id = %s",
            [at, patient, copy],
        )


def wait_for_store(event: CopyGoesOn, *, at: datetime) -> None:
    """Say that the copy waits, and go on later; nothing was read."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE record_copy SET state = 'waiting' WHERE patient_id = %s AND id = %s AND step = %s AND "
            "state <> 'ready' AND expires_at > %s",
            [event.patient, event.copy, event.step, at],
        )
        waits = cursor.rowcount
    if waits:
        outbox.post(event, patient=PatientId(event.patient), at=at, due=at + AGAIN_IN)


def go_on(grant: Grant, *, event: CopyGoesOn, files: Files, last: Sequence[Last]) -> None:
    """One step of the copy that the actor asked for; a step that was done already, or of a copy that is no more, is
    nothing."""
    grant.require(PERSONAL, Verb.COPY)
    copy = copy_of(grant)
    if copy is None or (copy.id, copy.step) != (event.copy, event.step) or not _claimed(grant, copy):
        return
    parts, found = parts_of(grant, copy.id), to_copy(grant)
    written = [one for part in parts for one in part.members]
    if not queries.visible_ids(grant).issuperset(one.document for one in written if one.document):
        # What was visible is not any more: the copy begins again without it.
        _end(grant.patient, copy.id, grant.at)
        _begin(grant)
        return
    writing = _Writing(grant, copy.id, len(parts), sum(part.size for part in parts))
    state, total = CopyState.MAKING, len(found)
    try:
        done = _write(writing, written, found, files, last)
        state = CopyState.READY if done else CopyState.MAKING
    except (ContentUnavailable, OSError):
        state = CopyState.WAITING
    _keep(grant, copy, state, len({one.document for one in written if one.document}), total, writing.offset)


def _claimed(grant: Grant, copy: Copy) -> bool:
    """Of two workers with one step, the second fails to serialise, comes again, and finds it done."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE record_copy SET step = step + 1 WHERE patient_id = %s AND id = %s AND step = %s",
            [grant.patient, copy.id, copy.step],
        )
        return bool(cursor.rowcount)


def _write(
    writing: _Writing, written: list[CopyMember], found: Sequence[queries.Row], files: Files, last: Sequence[Last]
) -> bool:
    """Write for a while, one file at least; whether the copy is whole then. `written` grows with each part."""
    ends = edge.now() + STEP
    if not _documents(writing, written, found, files, ends):
        return False
    made = sum(1 for one in written if one.document is None)
    for maker in last[made:]:
        writing.add(*maker(writing.grant, _paths(written)))
        written += writing.flush()
        if edge.now() >= ends:
            return False
    writing.held += zip.directory([one.written for one in written], offset=writing.offset)
    writing.flush()
    return True


def _documents(
    writing: _Writing, written: list[CopyMember], found: Sequence[queries.Row], files: Files, ends: datetime
) -> bool:
    """Documents after the last one that is written; whether they all are. Once the files that come last are begun,
    the list of documents is closed."""
    if any(one.document is None for one in written):
        return True
    after = max((one.document for one in written if one.document), default=None)
    left = [row for row in found if after is None or row.document.id > after]
    number = len({one.document for one in written})
    for place, row in enumerate(left, start=number + 1):
        for name, data in files(row.document, bytes_to_copy(writing.grant, row), place):
            writing.add(name, (data,), row.document.id)
        late = edge.now() >= ends
        if late or len(writing.held) >= PART:
            written += writing.flush()
        if late:
            return False
    written += writing.flush()
    return True


def _paths(written: Iterable[CopyMember]) -> Paths:
    found: dict[UUID, tuple[str, ...]] = {}
    for one in written:
        if one.document:
            found[one.document] = (*found.get(one.document, ()), one.written.name)
    return found


def _keep(grant: Grant, copy: Copy, state: CopyState, done: int, total: int, size: int) -> None:
    """What the step came to, and what comes next."""
    now, ready = edge.now(), state is CopyState.READY
    expires = now + timedelta(days=settings.ESPACE_COPY_DAYS) if ready else copy.expires_at
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE record_copy SET state = %s, done = %s, total = %s, size = %s, ready_at = %s, expires_at = %s "
            "WHERE patient_id = %s AND id = %s",
            [state, done, total, size, now if ready else None, expires, grant.patient, copy.id],
        )
    if ready and grant.actor.patient:
        outbox.post(CopyReady(grant.actor.patient, now), patient=grant.patient, at=now)
    elif not ready:
        _post(grant, copy.id, copy.step + 1, due=now + AGAIN_IN if state is CopyState.WAITING else now)


def _post(grant: Grant, copy: UUID, step: int, *, due: datetime) -> None:
    actor, own = grant.actor, grant.actor.patient or grant.patient
    event = CopyGoesOn(grant.patient, copy, step, actor.id, own, actor.name, grant.purpose)
    outbox.post(event, patient=grant.patient, at=grant.at, keys=keys.keys_of(grant), due=due)
