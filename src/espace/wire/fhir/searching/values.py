"""What a search compares with: the values of R4 search parameters (search.html#ptypes), once read."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Prefix(StrEnum):
    """How a date is compared (search.html#prefix)."""

    EQ = "eq"
    NE = "ne"
    GT = "gt"
    LT = "lt"
    GE = "ge"
    LE = "le"
    SA = "sa"
    EB = "eb"
    AP = "ap"


class How(StrEnum):
    """How a text is compared: its beginning, whatever the case and accents; any part of it; or itself to the letter."""

    BEGINS = "begins"
    CONTAINS = "contains"
    EXACT = "exact"


@dataclass(frozen=True, slots=True)
class Token:
    """`system|code`. `system` is None where any will do, "" where there must be none (`|code`); `code` is "" where
    any code of the system will do (`system|`). A system with a known OID is named by it, bare."""

    code: str
    system: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A text; `words` is folded already (`fold`) unless `how` is EXACT."""

    words: str
    how: How = How.BEGINS


@dataclass(frozen=True, slots=True)
class When:
    """A date as an interval, `low` included and `high` not, and how it is compared.

    For AP the interval is widened already, and any overlap will do.
    """

    prefix: Prefix
    low: datetime
    high: datetime


@dataclass(frozen=True, slots=True)
class Target:
    """A resource of this server: its type and its id as said."""

    type: str
    id: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """Of SQL's LIKE, for a search of XDS: % stands for any characters, none among them, _ for one."""

    text: str


@dataclass(frozen=True, slots=True)
class Numbered:
    """A number of XDS referenceIdList; `authority` and `kind` are "" where any will do."""

    number: str
    authority: str = ""
    kind: str = ""


Value = Token | Text | When | Target | Pattern | Numbered


@dataclass(frozen=True, slots=True)
class Span:
    """What a date is compared with: a period, `low` included and `high` not."""

    low: datetime
    high: datetime
