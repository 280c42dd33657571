"""What a decision is taken on: named facts, nothing else; and what links a professional to a record."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from espace.enrolment.facts import State
from espace.kernel.words import ActorKind, Purpose, Verb

DOCTOR = "10"
"""A doctor's profession (TRE_G15)."""


class How(StrEnum):
    """How the patient expressed their consent to the professional who recorded it (C11)."""

    ORAL = "oral"
    WRITTEN = "written"


class Standing(StrEnum):
    """What became of the consent given to one professional."""

    NONE = "none"
    LAPSED = "lapsed"
    IN_FORCE = "in_force"


@dataclass(frozen=True, slots=True)
class Consent:
    """The patient's consent as a professional recorded it: how, when, and until when."""

    how: How
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Relation:
    """What links one professional to one record; names are those of the day it last changed."""

    professional: UUID
    name: str
    profession: str
    organisation_name: str = ""
    consent: Consent | None = None
    attending: bool = False
    blocked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """`own_record` says that the actor is the holder of this very record; `state` is None without a space.
    `standing`, `attending` and `blocked` are a professional's in this record, `within_budget` their account's."""

    actor: ActorKind
    purpose: Purpose
    verb: Verb
    own_record: bool
    state: State | None
    standing: Standing = Standing.NONE
    attending: bool = False
    blocked: bool = False
    within_budget: bool = True
