"""The vocabulary of events that wait for their reactions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from espace.kernel.ids import PatientId


class Event:
    """What a room announces, past tense: subclasses are frozen dataclasses in a room's `events`.

    Fields are what msgspec writes as JSON: strings, numbers, UUIDs, dates and instants, enums, tuples,
    other such dataclasses.
    """

    __slots__ = ()


class Hopeless(Exception):
    """A reaction that no later attempt would bring further; the argument is the code of why."""


Registry: TypeAlias = Mapping[str, type[Event]]
"""The events that a worker knows how to handle, by name (`rules.registry` makes it)."""


@dataclass(frozen=True, slots=True)
class Leased:
    """An event this worker alone handles until its lease ends; `attempts` counts from 1 and names the lease."""

    id: UUID
    kind: str
    event: Event
    patient: PatientId | None
    attempts: int


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An event given up: `error` is the code of the last failure. Nothing of its contents."""

    id: UUID
    kind: str
    attempts: int
    error: str
    dead_at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """Events of one kind that wait together: for a worker, in a worker's hands (`leased`), or for another attempt.

    `attempts` is the most that one of them has had, `error` the code of their last failure ("" without one),
    `since` when the oldest was posted, `due` when the first is to be handled.
    """

    kind: str
    leased: bool
    error: str
    count: int
    attempts: int
    since: datetime
    due: datetime
