"""The holder's health topics: what they are called, which documents are linked to them, which are masked (C30, D51).

What a minor made is no representative's to know: to them it does not exist.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from espace.kernel.words import PERSONAL, Grant, Purpose
from espace.keys import queries as keys
from espace.keys.facts import SealBroken
from espace.record import rules
from espace.record.facts import Document, Extent
from espace.record.queries.masking import stored
from espace.record.queries.rows import TOPIC, Row, altered, opened, seen


@dataclass(frozen=True, slots=True)
class KeptTopic:
    """The sealed part of a health topic: what the holder calls it, whether it is masked to professionals, and whether
    a minor made it (`secret`)."""

    name: str
    masked: bool = False
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Topic:
    """A health topic; `extent` counts the current documents linked to it that the reader sees."""

    id: UUID
    name: str
    masked: bool
    extent: Extent


def topics(grant: Grant, found: list[Row] | None = None) -> tuple[Topic, ...]:
    """The topics of the opened record by name; notes nothing. `found`: what `stored` answered."""
    every = stored(grant) if found is None else found
    return _topics(grant, every, seen(grant, (row.document for row in every)))


def linked(grant: Grant) -> tuple[tuple[Topic, ...], tuple[Document, ...]]:
    """The topics, and of one reading of the record every document that the reader sees; notes nothing."""
    every = stored(grant)
    shown = seen(grant, (row.document for row in every))
    return _topics(grant, every, shown), shown


def topic_names(grant: Grant) -> Mapping[UUID, str]:
    """The name of each topic that the reader may know of."""
    return {topic: kept.name for topic, kept in _kept(grant).items()}


def topic_in(grant: Grant, topic: UUID, sealed: Any) -> KeptTopic | None:
    """What a row says; None for what the reader may not know of. One that was altered has no name, masks what is linked
    to it, and is no representative's: nothing shows until somebody has looked."""
    try:
        kept = opened(keys.keys_of(grant), sealed, TOPIC, topic, KeptTopic)
    except SealBroken:
        kept = altered(topic, KeptTopic("", masked=True, secret=True))
    return None if kept.secret and grant.purpose is not Purpose.HOLDER else kept


def _kept(grant: Grant) -> dict[UUID, KeptTopic]:
    grant.require(PERSONAL)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, sealed FROM record_topic WHERE patient_id = %s", [grant.patient])
        found = [(topic, topic_in(grant, topic, sealed)) for topic, sealed in cursor.fetchall()]
    return {topic: kept for topic, kept in found if kept}


def _topics(grant: Grant, every: list[Row], shown: tuple[Document, ...]) -> tuple[Topic, ...]:
    kept = _kept(grant)
    extents = rules.topic_extents(kept, shown, {row.document.id: row.restricted for row in every})
    found = (Topic(topic, one.name, one.masked, extents[topic]) for topic, one in kept.items())
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.id)))
