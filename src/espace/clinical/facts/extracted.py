"""The vocabulary of facts: what is known of somebody's health, and from where."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

import msgspec

from espace.record.facts import Document
from espace.wire.clinical_statements.values import (
    UNDATED,
    Concept,
    Interval,
    Quantity,
    ReferenceRange,
    Value,
    When,
)


class Kind(StrEnum):
    """What a fact is about; the resource of FHIR R4 that carries it stands beside."""

    ALLERGY = "allergy"  # AllergyIntolerance
    PROBLEM = "problem"  # Condition; what is over is history
    TREATMENT = "treatment"  # MedicationStatement: what the patient takes or took
    PRESCRIPTION = "prescription"  # MedicationRequest
    DISPENSATION = "dispensation"  # MedicationDispense
    ADMINISTRATION = "administration"  # MedicationAdministration
    VACCINATION = "vaccination"  # Immunization
    ADVICE = "advice"  # ImmunizationRecommendation
    RESULT = "result"  # Observation, laboratory
    MEASURE = "measure"  # Observation, vital-signs
    EXAM = "exam"  # Observation, exam: scores, findings, anything else that was observed
    LIFESTYLE = "lifestyle"  # Observation, social-history
    PREGNANCY = "pregnancy"  # Observation
    PROCEDURE = "procedure"  # Procedure
    STAY = "stay"  # Encounter
    FAMILY = "family"  # FamilyMemberHistory
    DEVICE = "device"  # Device: implants and what is worn
    PLAN = "plan"  # CarePlan
    CONCLUSION = "conclusion"  # DiagnosticReport.conclusion
    ALERT = "alert"  # Observation; what to beware of, in words or coded
    DIRECTIVE = "directive"  # Consent in FHIR; wishes and advance directives


class State(StrEnum):
    """Whether a fact still holds, where its author says so."""

    ACTIVE = "active"
    OVER = "over"
    PLANNED = "planned"
    STOPPED = "stopped"
    UNKNOWN = ""


class Detail(StrEnum):
    """What else a fact of some kinds says; each is a Concept."""

    CATEGORY = "category"  # of an allergy (food, medicine); of a problem
    REACTION = "reaction"
    SEVERITY = "severity"
    CRITICALITY = "criticality"
    CERTAINTY = "certainty"
    CLINICAL_STATUS = "clinical_status"
    RELATIVE = "relative"
    DOSE_NUMBER = "dose_number"
    TARGET = "target"  # disease that a vaccine protects against
    INDICATION = "indication"  # why a treatment is taken, an act done
    SUBSTANCE = "substance"  # active substances and ATC classes of a medicine
    SUBSTITUTION = "substitution"
    LONG_TERM = "long_term"  # ALD and what belongs to it
    LATERALITY = "laterality"
    OUTCOME = "outcome"
    SPECIMEN = "specimen"
    METHOD = "method"
    SITE = "site"
    FORM = "form"  # of a medicine: tablet, cream
    ONSET = "onset"  # the age at which it began, as an amount and its unit: « 65 a »
    ISOLATE = "isolate"  # the germ that a susceptibility test is about


class Place(msgspec.Struct, frozen=True, gc=False):
    """Where in its document a fact stands: the section (LOINC code and title), the paragraph to open (an id in the HTML
    that we make of the document), and the statement (`Statement.order`)."""

    section: str
    title: str
    anchor: str
    order: int


class Dosage(msgspec.Struct, frozen=True, gc=False):
    """How much, how often, how: coded as far as it was, and `words` as written.

    `every` may be longer, up to `every_most`; `events` are those of the day that it goes with (HL7 TimingEvent: ACM,
    HS); `rate` how fast, or how much a day; `needed`: taken where it is needed alone, `needed_for` what for.
    """

    words: str = ""
    dose: Interval | None = None
    every: Quantity | None = None
    route: Concept | None = None
    most: str = ""
    every_most: Quantity | None = None
    events: tuple[str, ...] = ()
    rate: Interval | None = None
    needed: bool = False
    needed_for: tuple[Concept, ...] = ()


class Fact(msgspec.Struct, frozen=True, gc=False):
    """One fact, as its document states it; nothing is guessed.

    `what` is the substance, disease, medicine, vaccine, analyte, act. `absent`: it is said not to be there (« no known
    allergy », a disease ruled out). `group` is the battery or chapter of a result. `author` and `place_name` are those
    of the statement itself, where it names other ones than the document. `maker`: who made the vaccine, or what took a
    measure.
    """

    kind: Kind
    what: Concept
    place: Place
    state: State = State.UNKNOWN
    absent: bool = False
    when: When = UNDATED
    value: Value | None = None
    interpretations: tuple[str, ...] = ()
    ranges: tuple[ReferenceRange, ...] = ()
    group: str = ""
    dosage: Dosage | None = None
    quantity: Quantity | None = None
    repeats: str = ""
    lot: str = ""
    maker: str = ""
    details: dict[Detail, tuple[Concept, ...]] = msgspec.field(default_factory=dict)
    comment: str = ""
    author: str = ""
    place_name: str = ""
    identifiers: tuple[str, ...] = ()


class Unread(StrEnum):
    """Why a statement made no fact, or why the words of a file are not known."""

    NO_CODE = "no_code"
    """Nothing says what it is about."""
    NO_VALUE = "no_value"
    """An observation without a value that can be read."""
    BAD_TIME = "bad_time"
    """A moment that does not exist."""
    BAD_NUMBER = "bad_number"
    UNKNOWN_SHAPE = "unknown_shape"
    """No rule says what to make of such a statement there."""
    TOO_MANY = "too_many"
    TOO_LARGE = "too_large"
    """A document larger than what is read."""
    BROKEN = "broken"
    """A document whose reading failed, or whose bytes are lost."""
    LOCKED = "locked"
    """A file that asks for a password."""
    NO_WORDS = "no_words"
    """A file that has no text layer: mostly the picture of a sheet of paper."""


@dataclass(frozen=True, slots=True)
class NotRead:
    """A statement that stays in its document alone: the template, or else the element, and the section; no content."""

    template: str
    section: str
    why: Unread


@dataclass(frozen=True, slots=True)
class Extracted:
    """What one document gave. `entries` counts its coded entries, those unread among them: each of the others is in
    `facts`, or is a part of one of these."""

    model: str
    """The template of the document (ASS_A11), "" for one without."""
    facts: tuple[Fact, ...] = ()
    unread: tuple[NotRead, ...] = ()
    entries: int = 0
    text: str = field(default="", repr=False)
    """Title and narrative as plain text (`wire.cda.text_of`, bounded): kept apart from the facts, for search alone."""


class Origin(StrEnum):
    """Who says so; a page never mixes them without telling."""

    EXTRACTED = "extracted"
    """Read in a document that a professional wrote."""
    STATED = "stated"
    """Stated by the patient, or by whoever helps them."""
    REIMBURSED = "reimbursed"
    """Read in the insurer's reimbursement history."""


class Sourced(msgspec.Struct, frozen=True, gc=False):
    """A fact with where it comes from: the document that the reader may see, or, without one, the patient."""

    fact: Fact
    origin: Origin
    document: Document | None = None
    stated_at: str = ""
    item: UUID | None = None
    """The item of the patient's profile."""
