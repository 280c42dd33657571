"""The vocabulary of what the holder states of their own health (E01-E19): fourteen sections, their fields, an item."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from espace.kernel.reasons import Sentence


class Section(StrEnum):
    """One of the fourteen sections of the profile; the value is its word in the address of its page."""

    ALLERGIES = "allergies"
    PROBLEMS = "sujets"
    TREATMENTS = "traitements"
    STAYS = "hospitalisations"
    FAMILY = "famille"
    LIFESTYLE = "mode-de-vie"
    HANDICAPS = "handicaps"
    MEASURES = "mesures"
    BLOOD = "groupe-sanguin"
    CONTACTS = "entourage"
    WISHES = "volontes"
    PROFESSIONALS = "professionnels"
    ADMINISTRATIVE = "administratif"
    VACCINATIONS = "vaccinations"


class Shape(StrEnum):
    """What is typed in a field."""

    WORDS = "words"
    """One line."""
    TEXT = "text"
    """As many lines as its length allows."""
    DAY = "day"
    """A year, a month or a day, kept in ISO 8601 as precisely as it was typed."""
    CHOICE = "choice"
    """One of a closed list, kept by its code."""
    NUMBER = "number"
    """A decimal number, kept with a point."""
    MEDICINE = "medicine"
    """A name, or the CIP code or data-matrix of a box, which is looked up in the list of medicines."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer of a closed list. `system` is the OID of the code system that has this code, "" for our own lists."""

    code: str
    label: Sentence
    system: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A field of a section: what is typed there, how much of it, and the answers of a closed list."""

    name: str
    label: Sentence
    shape: Shape = Shape.WORDS
    choices: tuple[Choice, ...] = ()
    required: bool = False
    most: int = 200
    hint: Sentence | None = None
    ahead: bool = False
    """Whether a day to come is one."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A section: its name, what it is for, its fields; the first field names an item. `most` is how many items it
    takes; `reads` the type of document (JDV_J07) that a profession must read to be shown it."""

    section: Section
    title: Sentence
    about: Sentence
    one: Sentence
    """What adding is called."""
    icon: str
    fields: tuple[Asked, ...]
    most: int = 200
    reads: str = "DOCPAT08"


@dataclass(frozen=True, slots=True)
class Received:
    """How an item came that software sent: `by` is what the software is called, "" for the holder's own; `source` what
    it is known by, `key` what it calls the item, "" for nothing. `at` is when it was measured, as it was sent (a day,
    or a moment with its offset); `device` what measured it."""

    by: str
    source: str
    at: str
    device: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """What was stated, by name of field: never an empty text. `medicine` is what the list of medicines said of the box
    that was named. `helped`: stated by somebody who helps the holder. `removed`: may be put back. `received`: sent by
    software, for which nobody typed it."""

    id: UUID
    section: Section
    values: Mapping[str, str]
    stated_at: datetime
    documents: tuple[UUID, ...] = ()
    linked: tuple[UUID, ...] = ()
    medicine: "Medicine | None" = None
    helped: bool = False
    removed: bool = False
    received: Received | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Between what the holder wishes a measure to be: decimal texts, "" for an open end."""

    low: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the holder said of whole sections: since which day (ISO) they are not concerned, which professionals do not
    see; the targets of measures, by code; and when the examinations of a child were done, by code (ISO, as precise as
    it was typed), which professionals see as they see vaccinations."""

    unconcerned: Mapping[Section, str] = field(default_factory=dict)
    hidden: frozenset[Section] = frozenset()
    targets: Mapping[str, Target] = field(default_factory=dict)
    examined: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Profile:
    """What the reader may see of a profile: newest first. `sections` are those that they may see at all."""

    items: tuple[Item, ...]
    choices: Choices
    sections: frozenset[Section]

    def of(self, section: Section) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.section is section)


@dataclass(frozen=True, slots=True)
class Medicine:
    """A box of the list of medicines that an operator loaded: CIP of 13 digits, name, substance and ATC class."""

    cip: str
    name: str
    substance: str = ""
    atc: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was typed, as it is kept, and by field what is wrong with it."""

    values: Mapping[str, str]
    wrong: Mapping[str, Sentence]
