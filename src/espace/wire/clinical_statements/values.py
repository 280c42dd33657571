"""The clinical statements of a level-3 CDA (HL7 CDA R2, 4.3.6) as values, before anything is made of them.

Numbers stay the decimal texts that were written; moments are ISO 8601 texts no more precise than what was written
(« 2024 », « 2024-03 », « 2024-03-04 », « 2024-03-04T10:20:00+01:00 »), so that texts compare as moments do. What has
no value (nullFlavor) is None or empty.
"""

from dataclasses import dataclass, field

import msgspec

from espace.wire.xds import Coded


class Concept(msgspec.Struct, frozen=True, gc=False):
    """A coded notion (CD, CE, CO): its code, the same in other systems (`translation`), and the author's own words
    (`originalText`, followed into the narrative). Either the code or the words may be missing, never both."""

    code: str = ""
    system: str = ""
    display: str = ""
    words: str = ""
    others: tuple[Coded, ...] = ()
    qualifiers: tuple[Coded, ...] = ()
    """What makes it more precise (`qualifier/value`), such as a side."""


class Quantity(msgspec.Struct, frozen=True, gc=False):
    """PQ, INT or REAL: a decimal text and its unit (UCUM, or as written; "" or "1" for none)."""

    value: str
    unit: str = ""


class Interval(msgspec.Struct, frozen=True, gc=False):
    """IVL_PQ: from `low` to `high`, either of them open; `low_closed`: the bound itself belongs to it."""

    low: Quantity | None = None
    high: Quantity | None = None
    low_closed: bool = True
    high_closed: bool = True


class Value(msgspec.Struct, frozen=True, gc=False):
    """What an observation found: exactly one of these is set. `words` also holds a ratio or a moment, as text."""

    quantity: Quantity | None = None
    interval: Interval | None = None
    concept: Concept | None = None
    words: str = ""
    truth: bool | None = None


class When(msgspec.Struct, frozen=True, gc=False):
    """From one moment to another; a single moment has the same `start` and `end`; "" where it is not known."""

    start: str = ""
    end: str = ""


UNDATED = When()


@dataclass(frozen=True, slots=True)
class Period:
    """How often (PIVL_TS: `every`, up to `most` where it may be longer), or at which events of the day (EIVL_TS:
    `event`, such as ACM, PCV, HS)."""

    every: Quantity | None = None
    event: str = ""
    words: str = ""
    most: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """What a manufacturedProduct names: a medicine, a vaccine, a device."""

    what: Concept
    name: str = ""
    form: Concept | None = None
    lot: str = ""
    maker: str = ""
    substances: tuple[Concept, ...] = ()
    """Active substances and therapeutic classes (pharm:ingredient, pharm:asSpecializedKind: ATC)."""


@dataclass(frozen=True, slots=True)
class Party:
    """An author, performer, informant or participant: `role` is its typeCode (« PRF », « CSM », « LOC »)."""

    role: str
    name: str = ""
    organisation: str = ""
    identifier: str = ""
    what: Concept | None = None
    """What a participant that is a thing is: the agent of an allergy, a device."""
    at: str = ""


class ReferenceRange(msgspec.Struct, frozen=True, gc=False):
    """observationRange: within what a value is expected, for whom (`words`), with its interpretation code."""

    value: Value | None
    words: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Related:
    """A statement inside another one, and the typeCode that links them (« SUBJ », « REFR », « COMP », « MFST »)."""

    link: str
    statement: "Statement"
    inverted: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """One clinical statement. `tag` is its element: act, encounter, observation, observationMedia, organizer,
    procedure, regionOfInterest, substanceAdministration, supply; `related` are its entryRelationships and components.

    `words` is what its text says in the narrative; `anchor` the ID there, "" where it names none. `order` is its rank
    among the statements of the document, from 0: with it one is found again in the same bytes.
    """

    tag: str
    mood: str
    order: int
    templates: frozenset[str] = frozenset()
    identifiers: tuple[str, ...] = ()
    negated: bool = False
    """Its own `negationInd`, or that of the link by which it hangs: « not there », of a place that a stroke spared."""
    code: Concept | None = None
    status: str = ""
    words: str = ""
    anchor: str = ""
    when: When = UNDATED
    periods: tuple[Period, ...] = ()
    values: tuple[Value, ...] = ()
    interpretations: tuple[str, ...] = ()
    ranges: tuple[ReferenceRange, ...] = ()
    method: Concept | None = None
    site: Concept | None = None
    product: Product | None = None
    dose: Interval | None = None
    """A single amount has the same `low` and `high`; `rate` too."""
    rate: Interval | None = None
    most: str = ""
    """maxDoseQuantity, as words."""
    unit: Concept | None = None
    """administrationUnitCode: what the amounts without a unit count."""
    conditions: tuple[Concept, ...] = ()
    """What must be there first, or be felt (precondition): « if it hurts »."""
    if_needed: bool = False
    """It has a condition, told or not."""
    posology: str = ""
    """Of a medicine: the cell « Posologie » of the row of the narrative that it names."""
    route: Concept | None = None
    quantity: Quantity | None = None
    repeats: str = ""
    parties: tuple[Party, ...] = ()
    specimen: Concept | None = None
    subject: Concept | None = None
    """Whom it is about where that is not the patient: a relative (relatedSubject), a foetus."""
    related: tuple[Related, ...] = ()
    bad_time: bool = False
    """It says a moment that does not exist, which is left out."""
    bad_number: bool = False
    unknown: bool = False
    """It has a value that is said not to be known, or not to apply (nullFlavor)."""


@dataclass(frozen=True, slots=True)
class StatedSection:
    """A section with its entries; `anchor` is its id in the HTML that we make of the document (`Section.anchor`)."""

    code: Coded | None
    title: str
    anchor: str
    templates: frozenset[str]
    statements: tuple[Statement, ...]
    text: str = field(default="", repr=False)
    """Its narrative, as plain text."""
    above: tuple[str, ...] = ()
    """Codes of the sections around it, the outermost first."""
    subject: Concept | None = None
    """Whom it is about where that is not the patient: its own subject, or that of the section around it."""
    beyond: int = 0
    """How many of its statements were not read, for want of room."""
