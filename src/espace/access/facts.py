"""What a decision is taken on: named facts, nothing else; and what links a professional to a record."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from espace.enrolment.facts import State
from espace.identity.facts.mandates import Helps, MandateState, Scope
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


class Cause(StrEnum):
    """Why the patient could not be asked (CSP L1111-17 I: out of state to express their will, at immediate risk)."""

    UNCONSCIOUS = "unconscious"
    CONFUSED = "confused"
    CANNOT_SPEAK = "cannot_speak"
    CALL = "call"
    """A call to the emergency call centre (centre 15), which its doctor handles."""


@dataclass(frozen=True, slots=True)
class Glass:
    """An emergency as a professional declared it: why, in what words, when, until when it opens the record, and whether
    as the doctor who handles emergency calls."""

    cause: Cause
    words: str
    at: datetime
    until: datetime
    dispatch: bool = False


@dataclass(frozen=True, slots=True)
class Switches:
    """What the holder decided for emergencies (C20): whether a professional opens the record without consent, whether
    the doctor who answers emergency calls does, and whether either then sees what is masked to professionals."""

    break_glass: bool = True
    dispatch: bool = True
    masked: bool = False


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
    glass: Glass | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """`own_record` says that the actor is the holder of this very record; `state` is None without a space.
    `standing`, `attending` and `blocked` are a professional's in this record, `within_budget` their account's;
    `carer` is a member of a health profession, `regulates` a doctor who handles emergency calls, `glass` what became
    of the emergency that they declared, `dispatched` whether it was such a call, `switches` what the holder decided
    for emergencies. `helps`, `help_state` and `scope` are of the mandate by which the actor helps the holder, `invited`
    says that it is an invitation that they answer."""

    actor: ActorKind
    purpose: Purpose
    verb: Verb
    own_record: bool
    state: State | None
    standing: Standing = Standing.NONE
    attending: bool = False
    blocked: bool = False
    within_budget: bool = True
    carer: bool = False
    glass: Standing = Standing.NONE
    dispatched: bool = False
    regulates: bool = False
    switches: Switches = Switches()
    helps: Helps | None = None
    help_state: MandateState = MandateState.ENDED
    scope: Scope = Scope.READ
    invited: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """How a record was found, for what opening it costs a professional's budget.

    By its id, as a patient. By an INS (`ins`, its 15 characters): as a patient too, or as that INS where the space
    answers as none. By the id of something in it (`by_object`): as a patient once something is answered; an id that
    leads nowhere costs nothing, and so does one that leads to what stays closed.
    """

    ins: str = ""
    by_object: bool = False


BY_ID = Found()
