"""The words of a child's follow-up: which examinations, at what age, and what they come to."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from espace.clinical.rules.vaccines.ages import plus_months
from espace.kernel.reasons import Sentence
from espace.record.facts import Document


@dataclass(frozen=True, slots=True)
class Age:
    """So many months, and days after them."""

    months: int
    days: int = 0

    def day(self, born: date) -> date:
        return plus_months(born, self.months) + timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Examination:
    """One examination: from the age of `opens` until before that of `until`. `about`: what is looked at; `who`: by
    whom. `certificate`: a health certificate is filled in."""

    code: str
    title: Sentence
    about: Sentence
    who: Sentence
    opens: Age
    until: Age
    certificate: bool = False


@dataclass(frozen=True, slots=True)
class Schedule:
    """The examinations that hold from a day on, the first of a life first, and where they were read."""

    since: date
    source: Sentence
    examinations: tuple[Examination, ...]


class Stage(StrEnum):
    """What an examination comes to, the most pressing first."""

    LATE = "late"
    NOW = "now"
    LATER = "later"
    DONE = "done"
    UNWRITTEN = "unwritten"
    """Its age is over and a later one has come: whether it was done is written on paper, if anywhere."""


@dataclass(frozen=True, slots=True)
class Done:
    """On which day, in ISO 8601 as precisely as it is known; by which document, None where it is stated."""

    day: str
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One examination of one child, from the day `opens` until before the day `until`."""

    examination: Examination
    stage: Stage
    opens: date
    until: date
    done: Done | None = None
