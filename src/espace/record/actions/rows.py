"""The rows of a submission, sealed. Contents are durable in the store before the row that names them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from espace import edge
from espace.kernel.reasons import decisions as reasons
from espace.kernel.values import replace
from espace.kernel.words import ActorKind, Grant, Refused, Visibility
from espace.keys import queries as keys
from espace.keys.facts import KeyKind
from espace.keys.queries import PatientKeys
from espace.keys.rules import context
from espace.record import rules
from espace.record.actions.holding import await_announcement
from espace.record.actions.placing import arrange_alike
from espace.record.actions.relating import family, link, mask_family
from espace.record.actions.restrictions import restrict_all
from espace.record.adapters import content_store
from espace.record.facts import NO_CONTENT, Kept, Linked, Masking, Restricted, Stated, Status
from espace.record.queries import CONTENT, ENTRY, SUBMISSION, depositor, masking_in
from espace.record.rules.extracting import is_read
from espace.wire.xds import Linking, NewDocument, Submission

_INSERT = """
WITH submission AS (
    INSERT INTO record_submission (patient_id, id, submitted_at, sealed)
    VALUES (%(patient)s, %(submission)s, %(at)s, %(sealed)s)
), entry AS (
    INSERT INTO record_entry (patient_id, id, submission_id, status, deposited_at, size, content, depositor, sealed)
    SELECT %(patient)s, id, %(submission)s, %(status)s, %(at)s, size, content, %(depositor)s, sealed
    FROM unnest(%(ids)s::uuid[], %(sizes)s::bigint[], %(contents)s::uuid[], %(entries)s::bytea[])
        AS filed (id, size, content, sealed)
), borne AS (
    INSERT INTO record_unique_id (patient_id, blind, target_id)
    SELECT %(patient)s, blind, target FROM unnest(%(blinds)s::bytea[], %(targets)s::uuid[]) AS named (blind, target)
    ON CONFLICT (patient_id, blind) DO UPDATE SET target_id = record_unique_id.target_id
), located AS (
    INSERT INTO record_locator (entry_id, patient_id)
    SELECT id, %(patient)s FROM unnest(%(ids)s::uuid[] || %(submission)s::uuid) AS located (id)
), ruled AS (
    UPDATE record_masking SET sealed = sealed WHERE patient_id = %(patient)s RETURNING sealed
)
SELECT sealed FROM ruled UNION ALL SELECT NULL LIMIT 1
"""
# Two deposits of one uniqueId at once: the second fails to serialise, is run again, and finds the first; so does one
# beside which the holder changes what they mask beforehand.


@dataclass(frozen=True, slots=True)
class _New:
    """A document whose content is in the store, and that no row names yet."""

    id: UUID
    content: UUID
    size: int
    sealed: bytes
    document: NewDocument
    replaced: Kept | None
    related: tuple[Linked, ...] = ()


@dataclass(frozen=True, slots=True)
class Filing:
    """One submission as it comes together: what its rows share, those to be written at once, and what it knows of
    those that are there."""

    grant: Grant
    opened: PatientKeys
    submission: UUID
    new: list[_New] = field(default_factory=list)
    known: dict[UUID, Kept] = field(default_factory=dict)
    names: dict[bytes, UUID] = field(default_factory=dict)

    @property
    def sender(self) -> UUID:
        """The organisation that deposits, or the one where the professional who does acts; the holder of theirs."""
        if self.grant.actor.kind is ActorKind.HOLDER:
            return self.grant.patient
        if self.grant.actor.organisation is None:
            raise TypeError("documents are filed by an organisation")
        return self.grant.actor.organisation

    @property
    def to_read(self) -> tuple[UUID, ...]:
        """Those of the new ones that the platform reads."""
        new = ((one.id, one.document) for one in self.new)
        return tuple(one for one, document in new if is_read(document.entry, signs=bool(document.signs)))

    def seal(self, table: str, row: UUID, value: object) -> bytes:
        return self.opened.seal(KeyKind.METADATA, msgspec.json.encode(value), context(table, row))

    def bear(self, name: str, target: UUID) -> None:
        """`name` (kind and uniqueId) will be borne by `target` in this record, for ever."""
        self.names[keys.blind_index("unique_id", f"{self.grant.patient}|{name}")] = target

    def add(
        self, document: NewDocument, digest: str, replaced: Kept | None, related: tuple[Linked, ...] = ()
    ) -> UUID:
        """One document, whose content is durable in the store from here on; its id. What it is `related` to is `known`
        or was added before."""
        entry_id, elsewhere = edge.new_id(), bool(document.entry.repository)
        content_name, size = (NO_CONTENT, document.entry.size or 0) if elsewhere else self._kept(document)
        stated = self._stated(document, digest, replaced, related)
        entry = self.seal(ENTRY, entry_id, stated)
        self.new.append(_New(entry_id, content_name, size, entry, document, replaced, related))
        self.bear(f"document|{rules.bare_id(document.entry.unique_id)}", entry_id)
        return entry_id

    def _kept(self, document: NewDocument) -> tuple[UUID, int]:
        """The name of its content in the store, and its size."""
        name = edge.new_id()
        sealed = self.opened.sealing(KeyKind.CONTENT, document.content, context(CONTENT, name))
        try:
            content_store().write(name, sealed)
        except OSError as error:
            raise Refused(reasons.CONTENT_UNAVAILABLE) from error
        return name, len(document.content)

    def _stated(
        self, document: NewDocument, digest: str, replaced: Kept | None, related: tuple[Linked, ...]
    ) -> Stated:
        actor, replaces = self.grant.actor, replaced.id if replaced else None
        if actor.kind is ActorKind.HOLDER:
            return Stated(document.entry, None, "", digest)
        professional = actor.name if actor.kind is ActorKind.PROFESSIONAL else ""
        organisation = actor.organisation_name or actor.name
        signs = tuple(one.id for one in self.new if one.document.entry.unique_id in document.signs)
        return Stated(
            document.entry, self.sender, organisation, digest, replaces, professional, signs, document.signs_set,
            related, document.by_transforming,
        )  # fmt: skip


def insert(filing: Filing, submission: Submission) -> None:
    """The set, its documents and their uniqueIds in one statement; then restrictions, and what is replaced."""
    new, stated = filing.new, replace(submission, documents=(), folders=(), placed=())
    values: dict[str, Any] = {
        "patient": filing.grant.patient,
        "submission": filing.submission,
        "at": filing.grant.at,
        "sealed": filing.seal(SUBMISSION, filing.submission, stated),
        "status": Status.APPROVED,
        "depositor": depositor(filing.grant, filing.sender),
        "ids": [one.id for one in new],
        "sizes": [one.size for one in new],
        "contents": [one.content for one in new],
        "entries": [one.sealed for one in new],
        "blinds": list(filing.names),
        "targets": list(filing.names.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
        (ruled,) = cursor.fetchone()
    masking = masking_in(filing.grant, ruled)
    said = dict[UUID, Sequence[Restricted]]()
    for one in new:
        said[one.id] = _once((*_restricted(filing, one, said), *_ruled(filing, masking, one)))
    filing.grant.restricted.update(dict.fromkeys(said, frozenset()))
    restrict_all(filing.grant, [(entry, restricted) for entry, every in said.items() for restricted in every])
    await_announcement(filing.grant, {entry: since for entry in said if (since := rules.held_since(said[entry]))})
    for one in new:
        if one.replaced:
            _supersede(filing, one, one.replaced)
        if one.related:
            link(filing.grant, [(each.kind, one.id, each.other) for each in one.related])
        if one.document.signs:
            _sign(filing, one)
    for one in new:
        if Visibility.MASQUE_PS in _stated(one, _before(filing, one, said)):
            _mask_older(filing, one)


def _restricted(filing: Filing, new: _New, said: Mapping[UUID, Sequence[Restricted]]) -> Iterator[Restricted]:
    """The restrictions stated, and every one of the version replaced (D50-D66: a new version inherits) and of what it
    appends or transforms.

    What the depositor states stands beside the holder's own mask: neither is known by the other. A mask stated covers
    the versions replaced, and what is transformed, too; what holds a new version back leaves them to the holder.
    """
    before = _before(filing, new, said)
    yield from before
    for code in sorted(_stated(new, before)):
        yield Restricted(code, filing.sender, filing.grant.at)


def _before(filing: Filing, new: _New, said: Mapping[UUID, Sequence[Restricted]]) -> Sequence[Restricted]:
    """What a new document inherits; `said` is what restricts those of its submission that came before it."""
    every = [*(new.replaced.restricted if new.replaced else ())]
    for one in new.related:
        theirs = said[one.other] if one.other in said else filing.known[one.other].restricted
        every += rules.inherited(theirs, one.other)
    return every


def _stated(new: _New, before: Sequence[Restricted]) -> frozenset[Visibility]:
    """The restrictions that its depositor adds to those that a new document has anyway."""
    return new.document.entry.visibility - rules.labels(before)


def _once(restricted: Iterable[Restricted]) -> Sequence[Restricted]:
    """Each restriction once, as it was said first: several documents may hand down the same."""
    told = dict[tuple[object, ...], Restricted]()
    for one in sorted(restricted, key=lambda one: one.at):
        told.setdefault((one.code, one.by_holder, one.rule, one.about, one.follows), one)
    return tuple(told.values())


def _ruled(filing: Filing, masking: Masking, new: _New) -> Iterator[Restricted]:
    """The masks under which the holder has it arrive; a new version keeps what its document has."""
    for rule in () if new.replaced or new.document.signs else rules.masked_on_arrival(masking, new.document.entry):
        yield Restricted(Visibility.MASQUE_PS, masking.by, filing.grant.at, by_holder=True, rule=rule)


def _mask_older(filing: Filing, new: _New) -> None:
    """A mask that a new version, or a transformation, was filed with: for what it replaces, and what follows that."""
    if new.replaced or any(one.kind is Linking.TRANSFORMS for one in new.related):
        of = family(filing.grant, new.id)
        mask_family(filing.grant, of, Restricted(Visibility.MASQUE_PS, filing.sender, filing.grant.at))


def _supersede(filing: Filing, new: _New, replaced: Kept) -> None:
    """The document replaced keeps its own state, for whoever may not know of what replaces it."""
    kind = Linking.TRANSFORMS_AND_REPLACES if new.document.by_transforming else Linking.REPLACES
    link(filing.grant, [(kind, new.id, replaced.id)])
    arrange_alike(filing.grant, new.id, replaced.id)


def _sign(filing: Filing, signature: _New) -> None:
    """What a signature signs, for whoever reads it alone (`queries`)."""
    signed = [one.id for one in filing.new if one.document.entry.unique_id in signature.document.signs]
    _execute(
        "INSERT INTO record_association (patient_id, id, kind, source_id, target_id)"
        " SELECT %s, id, 'signs', %s, target FROM unnest(%s::uuid[], %s::uuid[]) AS linked (id, target)",
        filing.grant.patient,
        signature.id,
        [edge.new_id() for _ in signed],
        signed,
    )


def _execute(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
