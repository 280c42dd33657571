"""How facts are kept: blocks, counters, the holder's choice."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from espace.clinical.facts.extracted import Fact, Kind, Sourced
from espace.record.facts import Document

FREQUENT = frozenset({Kind.RESULT, Kind.MEASURE, Kind.EXAM})
"""Kinds of which a record has thousands: kept apart from the others, and opened where they are asked for only."""


@dataclass(frozen=True, slots=True)
class Few:
    """The sealed part of a block: what its document is (ASS_A11), how many coded entries it has, and its facts but the
    frequent ones."""

    model: str
    entries: int
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """Who switched the extraction off, and when."""

    by: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """What a reader may know of a record: its documents, newest deposit first, and the facts of those that are current,
    in that order. `texts` are their plain texts, by document, where they were asked for; `unread`, those of them that
    may state facts and are still to be read, as far as it was looked for; `beyond`, how many have a text that is one
    too many to be looked into."""

    documents: tuple[Document, ...]
    facts: tuple[Sourced, ...]
    texts: Mapping[UUID, str] = field(default_factory=dict)
    unread: tuple[Document, ...] = ()
    beyond: int = 0


@dataclass(frozen=True, slots=True)
class Shared:
    """What a document for others may quote of what its writer sees; `left_out` facts are not quoted because their
    documents show that somebody may not see them."""

    facts: tuple[Sourced, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class UnreadCount:
    """How many statements made no fact on one day: in which kind of document (template of the header), by which
    template (or element) and in which section, and why."""

    day: date
    model: str
    template: str
    section: str
    why: str
    count: int
