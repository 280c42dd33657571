"""What a decision is taken on: named facts, nothing else; and what links a professional to a record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from espace.enrolment.facts import State
from espace.identity.facts.mandates import Helps, MandateState, Scope
from espace.kernel.ids import PatientId
from espace.kernel.words import ActorKind, Purpose, Verb
from espace.trace.facts import Audience

DOCTOR = "10"
"""A doctor's profession (TRE_G15)."""


class How(StrEnum):
    """How the patient expressed their consent to the professional who recorded it (C11)."""

    ORAL = "oral"
    WRITTEN = "written"
    HOLDER = "holder"
    """By themselves, in their own space (C28)."""


class Standing(StrEnum):
    """What became of the consent given to one professional."""

    NONE = "none"
    LAPSED = "lapsed"
    IN_FORCE = "in_force"


@dataclass(frozen=True, slots=True)
class Consent:
    """The patient's consent: how, when, and until when; None for as long as they do not end it, which only they choose
    (C28)."""

    how: How
    at: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Membership:
    """A professional's place in a care team (CSP L1110-12): since when, and who added them, "" for whoever recorded the
    team's consent and for those whom the holder added (`by_holder`).

    Each member's row holds the team's consent and who recorded it: it is one for all, and ends for all at once.
    """

    team: UUID
    consent: Consent
    recorder: UUID
    recorder_name: str
    at: datetime
    adder: UUID | None = None
    adder_name: str = ""
    by_holder: bool = False


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
class FeedingWish:
    """What the patient told an organisation, as it passed it on: whether they object to its feeding their space, since
    when (`stated`, as it says, and never later than we heard of it), and its name of that day. `secret`: the patient
    was a minor, whose representatives may not know that they were there."""

    organisation: UUID
    name: str
    objects: bool
    stated: datetime
    secret: bool = False


class Heard(StrEnum):
    """What became of what an organisation says that the patient told it."""

    CHANGED = "changed"
    SAME = "same"
    OLDER = "older"


@dataclass(frozen=True, slots=True)
class Relation:
    """What links one professional to one record; names are those of the day it last changed. `secret` is a minor's
    consent to secret care: it opens nothing outside of it; `secret_only`: nothing else ever linked them, and no
    representative knows of it."""

    professional: UUID
    name: str
    profession: str
    organisation_name: str = ""
    consent: Consent | None = None
    attending: bool = False
    blocked_at: datetime | None = None
    glass: Glass | None = None
    team: Membership | None = None
    administrator_since: datetime | None = None
    """Since when the holder has them as an administrator (R1111-54)."""
    secret: Consent | None = None
    secret_only: bool = False


@dataclass(frozen=True, slots=True)
class Telling:
    """On which day, in France, the holder and those who stand for them were last told that a professional reads; None
    for never."""

    holder: date | None = None
    representatives: date | None = None

    def on(self, audience: Audience) -> date | None:
        return self.holder if audience is Audience.HOLDER else self.representatives


NEVER = Telling()


class Whose(StrEnum):
    """Whose budget of new patients has no room."""

    ACCOUNT = "account"
    ORGANISATION = "organisation"
    COUNTRY = "country"


@dataclass(frozen=True, slots=True)
class Facts:
    """`own_record` says that the actor is the holder of this very record; `state` is None without a space.
    `standing`, `team` (what became of the consent for their care team), `attending`, `administrator` and `blocked` are
    a professional's in this record, `within_budget` their account's,
    `braked` says whose other budget has no room;
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
    team: Standing = Standing.NONE
    administrator: bool = False
    braked: Whose | None = None
    carer: bool = False
    glass: Standing = Standing.NONE
    dispatched: bool = False
    regulates: bool = False
    switches: Switches = Switches()
    helps: Helps | None = None
    help_state: MandateState = MandateState.ENDED
    scope: Scope = Scope.READ
    invited: bool = False
    secret: bool = False
    """It is a session of a minor's secret care; what follows is known in such a session only."""
    minor: bool = False
    secret_consent: Standing = Standing.NONE
    objected: bool = False
    """The patient objects to being fed by the organisation that asks, or where the professional who asks acts."""


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


@dataclass(frozen=True, slots=True)
class Budget:
    """New patients in an hour and in a day."""

    hour: int
    day: int


@dataclass(frozen=True, slots=True)
class Budgets:
    """What an installation allows an organisation, the country, and the accounts of the professions named (TRE_G15)."""

    organisation: Budget
    country: Budget
    professions: Mapping[str, Budget]


@dataclass(frozen=True, slots=True)
class Spent:
    """What was opened lately. Of one account: distinct patients of the last hour, day and few minutes, those of the
    hour whose numbers stand in one row with the present one, and whether the present one was opened that day. Of its
    organisation and of the country: first openings, in an hour and a day."""

    hour: int = 0
    day: int = 0
    minutes: int = 0
    in_a_row: int = 0
    today: bool = False
    organisation: Budget = Budget(0, 0)
    country: Budget = Budget(0, 0)


@dataclass(frozen=True, slots=True)
class Lately:
    """The distinct patients that an account opened or asked about in the last hour and day; `own_word` of those of the
    day, to whom nothing linked it before a consent that it recorded itself."""

    hour: int
    day: int
    own_word: int


class AlertKind(StrEnum):
    """What an operator is to look at."""

    COUNTRY = "country"
    """The budget of the country is spent: whom nothing links is let in nowhere."""
    ORGANISATION = "organisation"
    """That of an organisation is."""
    IN_A_ROW = "in_a_row"
    """An account asks about numbers that follow each other."""
    FROZEN = "frozen"
    """An account's budget is spent."""
    REPORTED = "reported"
    """A holder reported an access."""
    CONTESTED = "contested"
    """Somebody says that a person who helps a holder may not."""
    BURST = "burst"
    """An account opens new patients far faster than its budget means."""
    UNEXPLAINED = "unexplained"
    """An account let itself in, by consents of its own recording alone, to half of the people of a day's budget."""
    FEEDER = "feeder"
    """The software of an organisation asks about numbers that follow each other, or about too many people."""
    EMERGENCY = "emergency"
    """Somebody declared an emergency: to be reviewed (CSP L1111-17 I)."""


class Outcome(StrEnum):
    """What came of an alert, as whoever closed it says."""

    EXPLAINED = "explained"
    """There was a reason of care."""
    REMINDED = "reminded"
    """The professional was reminded of the rules."""
    REFERRED = "referred"
    """It was brought before whoever can punish it."""
    UNFOUNDED = "unfounded"
    """Nothing of the kind happened."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One line of the operator's queue. `reference` tells one patient from another and names nobody; "" where it is
    about none. `count` is how often it was raised, at most once a minute."""

    id: UUID
    kind: AlertKind
    professional: UUID | None
    organisation: UUID | None
    reference: str
    first_at: datetime
    last_at: datetime
    count: int
    examined_by: str = ""
    closed_at: datetime | None = None
    closed_by: str = ""
    closed_second: str = ""
    outcome: Outcome | None = None


class ReportKind(StrEnum):
    """Why a holder reports an access (C27)."""

    UNKNOWN = "unknown"
    """They do not know this professional."""
    NOT_AGREED = "not_agreed"
    """They know them, and did not agree."""
    OVER = "over"
    """This person does not care for them any more."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Report:
    """An access that the holder reported: the line of the access log, when it was and by whom, and what they wrote.
    `alert` is what the operator has of it, which names nobody."""

    line: UUID
    accessed_at: datetime
    professional: UUID
    name: str
    kind: ReportKind
    words: str
    at: datetime
    blocked: bool
    alert: UUID
    secret: bool = False
    """Of the secret care of a minor: representatives read nothing of it."""


@dataclass(frozen=True, slots=True)
class Followed:
    """A report, and what became of it: being examined, closed with an outcome."""

    report: Report
    examined: bool
    closed_at: datetime | None
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class Told:
    """What the holder of a reported access wrote to whoever examines it; whose record it is is not in it."""

    kind: ReportKind
    words: str
    accessed_at: datetime


class Shown(StrEnum):
    """What a contextual address opens at a patient (TD0.9)."""

    RECORD = "record"
    DOCUMENTS = "documents"
    HISTORY = "history"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class Handover:
    """What one contextual address leads to: it serves this professional once, and lets them in nowhere by itself."""

    patient: PatientId
    professional: UUID
    shown: Shown
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A patient whom a professional may read: since `at`, when what lets them last changed, until `until` (None: for as
    long as nobody ends it), by something `usual`; and until `secret_until` in sessions of a minor's secret care."""

    patient: PatientId
    at: datetime
    usual: bool
    until: datetime | None
    secret_until: datetime | None
