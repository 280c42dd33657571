"""A health topic of the holder's: made, named, linked to documents, masked to professionals, shown again (C30, D51).

A topic is a rule of masking whose documents the holder chooses one by one: what it masks bears its id, and is shown
again in one act. A link is on every version of a document, those that are held too, and a new version inherits it: no
mask leaks through another version, and what is linked is never half so.
"""

from collections.abc import Collection, Iterable
from uuid import UUID

import msgspec
from django.db import connection

from espace import edge
from espace.kernel.reasons import decisions
from espace.kernel.reasons import documents as reasons
from espace.kernel.values import replace
from espace.kernel.words import PERSONAL, Grant, Refused, Verb, Visibility
from espace.keys import queries as keys
from espace.keys.facts import KeyKind
from espace.keys.rules import context
from espace.record import queries, rules
from espace.record.actions.placing import by_minor, place
from espace.record.actions.restrictions import hold, lift, restrict_all, restrictions
from espace.record.facts import Arranged, Document, Extent, Restricted
from espace.record.queries import TOPIC, KeptTopic, Row

SAID = "topic"
"""What a line of the access log says for the rule: never which topic, nor its name."""
_LENGTH = 512
"""Bytes of what is sealed, filled up with spaces: its length would tell of the name."""


def make_topic(grant: Grant, *, name: str) -> UUID:
    """A topic of that name; the one that has it already, if there is one. Of a minor's own, their representatives know
    nothing. Refused: TOPIC_NAME_REFUSED, TOPICS_TOO_MANY."""
    grant.require(PERSONAL, Verb.VISIBILITY)
    secret = by_minor(grant)
    text = _named(name)
    blind = _blind(grant, text, secret=secret)
    there = _bearer(grant, blind)
    if there:
        return there
    _require_room(grant, secret=secret)
    topic = edge.new_id()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO record_topic (patient_id, id, blind, sealed) VALUES (%s, %s, %s, %s)",
            [grant.patient, topic, blind, _sealed(grant, topic, KeptTopic(text, secret=secret))],
        )
    grant.secret |= secret
    _say(grant, "made", 0)
    return topic


def rename_topic(grant: Grant, topic: UUID, *, name: str) -> None:
    """Refused: TOPIC_UNKNOWN, TOPIC_NAME_REFUSED, TOPIC_EXISTS where another topic has this name."""
    kept, text = _held(grant, topic), _named(name)
    blind = _blind(grant, text, secret=kept.secret)
    if _bearer(grant, blind) not in (None, topic):
        raise Refused(reasons.TOPIC_EXISTS, place="name")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE record_topic SET blind = %s, sealed = %s WHERE patient_id = %s AND id = %s",
            [blind, _sealed(grant, topic, replace(kept, name=text)), grant.patient, topic],
        )
    _say(grant, "renamed", 0)


def remove_topic(grant: Grant, topic: UUID) -> int:
    """Its documents stay; what it alone masked shows again: how many. Refused(TOPIC_UNKNOWN)."""
    _held(grant, topic)
    every = queries.stored(grant)
    count = _free(grant, topic, every, [row for row in every if _under(topic, row)])
    _place(grant, topic, (row for row in every if topic in row.document.topics), on=False)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM record_topic WHERE patient_id = %s AND id = %s", [grant.patient, topic])
    _say(grant, "gone", count)
    return count


def link(grant: Grant, topic: UUID, documents: Collection[UUID]) -> int:
    """Link documents to a topic, in all their versions; one that is masked masks them: how many professionals do not
    see any more. Again changes nothing, but for what was shown since.

    All of them or none: Refused(DOCUMENT_UNKNOWN) where one may not be seen, TOPIC_UNKNOWN, TOO_MANY_AT_ONCE.
    """
    kept = _held(grant, topic)
    every, wanted = _chosen(grant, documents)
    _place(grant, topic, wanted, on=True)
    count = _mask(grant, topic, every, wanted) if kept.masked else 0
    _say(grant, "linked_masked" if kept.masked else "linked", len(set(documents)), documents)
    return count


def unlink(grant: Grant, topic: UUID, documents: Collection[UUID]) -> int:
    """Take documents off a topic, in all their versions; what it alone masked shows again: how many. Refused as
    `link`."""
    _held(grant, topic)
    every, wanted = _chosen(grant, documents)
    _place(grant, topic, wanted, on=False)
    count = _free(grant, topic, every, [row for row in wanted if _under(topic, row)])
    _say(grant, "unlinked", len(set(documents)), documents)
    return count


def choose_topics(grant: Grant, document: UUID, topics: Collection[UUID]) -> None:
    """Link one document to these topics and to no other that the reader knows of. Refused as `link`."""
    grant.require(PERSONAL, Verb.VISIBILITY)
    every, _ = _chosen(grant, [document])
    now = next(row.document.topics for row in every if row.document.id == document)
    known, wanted = queries.topic_names(grant).keys(), {*topics}
    if not wanted <= known:
        raise Refused(reasons.TOPIC_UNKNOWN)
    for topic in sorted(wanted - now):
        link(grant, topic, [document])
    for topic in sorted((now & known) - wanted):
        unlink(grant, topic, [document])
    _say(grant, "chosen", 0, [document])


def mask_topic(grant: Grant, topic: UUID) -> int:
    """Mask what is linked to a topic, and what will be; how many documents that the holder sees were shown to
    professionals until now. Again masks what was shown since. Refused(TOPIC_UNKNOWN)."""
    kept = _held(grant, topic)
    every = queries.stored(grant)
    wanted = _versions(grant, every, [row.document.id for row in every if topic in row.document.topics])
    count = _mask(grant, topic, every, wanted)
    _keep(grant, topic, replace(kept, masked=True))
    _say(grant, "on", count, [row.document.id for row in wanted])
    return count


def show_topic(grant: Grant, topic: UUID) -> int:
    """Show again what a topic masked, unless something else masks it; how many. Refused(TOPIC_UNKNOWN)."""
    kept = _held(grant, topic)
    every = queries.stored(grant)
    masked = [row for row in every if _under(topic, row)]
    count = _free(grant, topic, every, masked)
    _keep(grant, topic, replace(kept, masked=False))
    _say(grant, "off", count, [row.document.id for row in masked])
    return count


def _held(grant: Grant, topic: UUID) -> KeptTopic:
    """A topic; whoever else changes it, or links something to it, now fails to serialise, and runs again."""
    grant.require(PERSONAL, Verb.VISIBILITY)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE record_topic SET blind = blind WHERE patient_id = %s AND id = %s RETURNING sealed",
            [grant.patient, topic],
        )
        row = cursor.fetchone()
    kept = queries.topic_in(grant, topic, row[0]) if row else None
    if kept is None:
        raise Refused(reasons.TOPIC_UNKNOWN)
    grant.secret |= kept.secret
    return kept


def _chosen(grant: Grant, documents: Collection[UUID]) -> tuple[list[Row], list[Row]]:
    """Every row of the record, and those of these documents with all their versions, held against others."""
    if len(documents) > rules.ARRANGED_AT_ONCE:
        raise Refused(reasons.TOO_MANY_AT_ONCE, detail=f"≤ {rules.ARRANGED_AT_ONCE}")
    every = queries.stored(grant)
    if not {*documents} <= {one.id for one in _shown(grant, every)}:
        raise Refused(decisions.DOCUMENT_UNKNOWN)
    return every, _versions(grant, every, documents)


def _shown(grant: Grant, every: Iterable[Row]) -> tuple[Document, ...]:
    return queries.seen(grant, [row.document for row in every])


def _versions(grant: Grant, every: list[Row], documents: Iterable[UUID]) -> list[Row]:
    seen = {one.id for one in _shown(grant, every)}
    about = rules.with_versions(documents, (row.document for row in every), seen=seen)
    hold(grant, about)
    return [row for row in every if row.document.id in about]


def _place(grant: Grant, topic: UUID, wanted: Iterable[Row], *, on: bool) -> None:
    """Link these rows to a topic, or not; their folders stay."""
    moved = {}
    for one in (row.document for row in wanted):
        then = one.topics | {topic} if on else one.topics - {topic}
        if then != one.topics:
            moved[one.id] = Arranged(one.folder, one.pinned, then)
    place(grant, moved)


def _under(topic: UUID, row: Row) -> bool:
    return str(topic) in row.document.masked_by


def _mask(grant: Grant, topic: UUID, every: list[Row], wanted: list[Row]) -> int:
    """Put the masks of a topic on these rows; how many of the current documents that the holder sees showed."""
    said = Restricted(Visibility.MASQUE_PS, grant.actor.id, grant.at, by_holder=True, rule=str(topic))
    restrict_all(grant, [(row.document.id, said) for row in wanted if not _under(topic, row)])
    return _extent(grant, topic, every, wanted).open


def _free(grant: Grant, topic: UUID, every: list[Row], masked: list[Row]) -> int:
    """Take the masks of a topic off these rows; how many of the current documents that the holder sees show again."""
    ids = [row.document.id for row in masked]
    hold(grant, ids)
    found = restrictions(grant, ids)
    lift(grant, [row for row, _, said in found if said.by_holder and said.rule == str(topic)])
    return _extent(grant, topic, every, masked).freed


def _extent(grant: Grant, topic: UUID, every: list[Row], about: list[Row]) -> Extent:
    """How much these rows come to, as they were read."""
    ids = {row.document.id for row in about}
    linked = [replace(one, topics=frozenset({topic})) for one in _shown(grant, every) if one.id in ids]
    return rules.topic_extents([topic], linked, {row.document.id: row.restricted for row in every})[topic]


def _say(grant: Grant, act: str, count: int, about: Iterable[UUID] = ()) -> None:
    """One line: what was decided, how many documents, and the newest of those that the holder sees."""
    seen = queries.shown(grant, list(about))
    grant.note(*sorted(seen, reverse=True)[: rules.NOTED_AT_MOST])
    grant.asked |= {"rule": SAID, "act": act, "count": str(count)}


def _require_room(grant: Grant, *, secret: bool) -> None:
    """Those that representatives know of and those that they do not are counted apart: a refusal would tell."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, sealed FROM record_topic WHERE patient_id = %s", [grant.patient])
        found = [queries.topic_in(grant, topic, sealed) for topic, sealed in cursor.fetchall()]
    if sum(one is not None and one.secret is secret for one in found) >= rules.TOPICS_AT_MOST:
        raise Refused(reasons.TOPICS_TOO_MANY, detail=f"≤ {rules.TOPICS_AT_MOST}")


def _named(name: str) -> str:
    kept = rules.topic_name(name)
    if kept is None:
        raise Refused(reasons.TOPIC_NAME_REFUSED, place="name")
    return kept


def _blind(grant: Grant, name: str, *, secret: bool) -> bytes:
    """The index by which two topics never have the same name: but a minor's and one of their representatives may."""
    side = "own" if secret else "all"
    return keys.blind_index("topic", f"{grant.patient}|{side}|{name.casefold()}")


def _bearer(grant: Grant, blind: bytes) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM record_topic WHERE patient_id = %s AND blind = %s", [grant.patient, blind])
        row = cursor.fetchone()
    return row[0] if row else None


def _keep(grant: Grant, topic: UUID, kept: KeptTopic) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE record_topic SET sealed = %s WHERE patient_id = %s AND id = %s",
            [_sealed(grant, topic, kept), grant.patient, topic],
        )


def _sealed(grant: Grant, topic: UUID, kept: KeptTopic) -> bytes:
    plain = msgspec.json.encode(kept).ljust(_LENGTH)
    return keys.keys_of(grant).seal(KeyKind.METADATA, plain, context(TOPIC, topic))
