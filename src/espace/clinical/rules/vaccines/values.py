"""The words of the vaccination calendar: what is protected against, who is concerned, when, and what it comes to."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from espace.clinical.facts import Sourced
from espace.kernel.reasons import Sentence


class Disease(StrEnum):
    """What a vaccine protects against."""

    DIPHTHERIA = "diphtheria"
    TETANUS = "tetanus"
    POLIO = "polio"
    PERTUSSIS = "pertussis"
    HIB = "hib"
    HEPATITIS_B = "hepatitis_b"
    PNEUMOCOCCUS = "pneumococcus"
    MENINGOCOCCUS_ACWY = "meningococcus_acwy"
    MENINGOCOCCUS_B = "meningococcus_b"
    MENINGOCOCCUS_C = "meningococcus_c"
    MEASLES = "measles"
    MUMPS = "mumps"
    RUBELLA = "rubella"
    ROTAVIRUS = "rotavirus"
    HPV = "hpv"
    FLU = "flu"
    COVID = "covid"
    RSV = "rsv"
    SHINGLES = "shingles"
    TUBERCULOSIS = "tuberculosis"
    YELLOW_FEVER = "yellow_fever"
    DENGUE = "dengue"
    HEPATITIS_A = "hepatitis_a"
    VARICELLA = "varicella"
    TYPHOID = "typhoid"
    RABIES = "rabies"
    TICK_ENCEPHALITIS = "tick_encephalitis"
    JAPANESE_ENCEPHALITIS = "japanese_encephalitis"
    CHOLERA = "cholera"
    CHIKUNGUNYA = "chikungunya"
    SMALLPOX = "smallpox"


class Category(StrEnum):
    MANDATORY = "mandatory"
    RECOMMENDED = "recommended"


class Condition(StrEnum):
    """What concerns somebody in particular, besides age."""

    PREGNANT = "pregnant"
    CHRONIC_ILLNESS = "chronic_illness"
    HEART_OR_LUNG = "heart_or_lung"
    WEAK_IMMUNITY = "weak_immunity"
    TUBERCULOSIS_RISK = "tuberculosis_risk"
    LIVES_IN_GUYANE = "lives_in_guyane"
    LIVES_IN_MAYOTTE = "lives_in_mayotte"
    LIVES_IN_ANTILLES = "lives_in_antilles"
    HAD_DENGUE = "had_dengue"


class Rhythm(StrEnum):
    """How the doses of a course follow one another."""

    SERIES = "series"
    """One after the other, counted from the first one."""
    BOOSTERS = "boosters"
    """At given ages, whatever was given before."""
    SEASON = "season"
    """Once a campaign."""
    PREGNANCY = "each_pregnancy"


@dataclass(frozen=True, slots=True)
class Step:
    """One dose: due from `age` (months), on time until `until`, at least `after` months after the one before.

    A dose counts for it from the age of `earliest` months on (`age` where it is not set), and `least` months after the
    one before (28 days where it is not set).
    """

    age: int
    until: int
    after: int = 0
    earliest: int | None = None
    least: int = 0


@dataclass(frozen=True, slots=True)
class Campaign:
    """From one day of the year to another (month, day), the second one often in the next year."""

    opens: tuple[int, int]
    closes: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Course:
    """One line of the calendar: who is concerned, by which doses; ages are in months, from `ages[0]` until before
    `ages[1]`.

    `began`: the age at the first dose, or now where none was given. `born`: from one day, until before another one.
    `conditions`: any of them is enough; `places` too, besides; `never`: with any of them it is not
    given (living vaccines). `only`: words or codes of the only vaccines that count.
    """

    vaccine: Sentence
    diseases: tuple[Disease, ...]
    category: Category
    steps: tuple[Step, ...]
    ages: tuple[int, int] = (0, 9999)
    began: tuple[int, int] = (0, 9999)
    rhythm: Rhythm = Rhythm.SERIES
    born: tuple[date, date] = (date.min, date.max)
    sexes: str = "FM"
    conditions: frozenset[Condition] = frozenset()
    places: frozenset[Condition] = frozenset()
    never: frozenset[Condition] = frozenset()
    campaign: Campaign | None = None
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar in force from a day on, with where it was read."""

    year: int
    since: date
    source: Sentence
    courses: tuple[Course, ...]


class Standing(StrEnum):
    """What the calendar and what is written come to, the most pressing first."""

    LATE = "late"
    NOW = "now"
    CHECK = "to_check"
    """Nothing is written here, of what should have been done long ago."""
    LATER = "later"
    DONE = "up_to_date"
    NOT_CONCERNED = "not_concerned"


class Why(StrEnum):
    """The sentence that explains a line (`words.WHY`)."""

    COMPLETE = "complete"
    NEXT_DOSE = "next_dose"
    DOSE_DUE = "dose_due"
    DOSE_LATE = "dose_late"
    NEXT_BOOSTER = "next_booster"
    BOOSTER_DUE = "booster_due"
    BOOSTER_LATE = "booster_late"
    SEASON_DONE = "season_done"
    SEASON_DUE = "season_due"
    SEASON_LATER = "season_later"
    PREGNANCY_DUE = "pregnancy_due"
    PREGNANCY_DONE = "pregnancy_done"
    NOTHING_WRITTEN = "nothing_written"
    FROM_AGE = "from_age"
    PAST_AGE = "past_age"
    BORN_BEFORE = "born_before"
    ONLY_IF = "only_if"
    NOT_NOW = "not_now"
    OUTSIDE = "outside_calendar"


@dataclass(frozen=True, slots=True)
class Given:
    """One dose: `day` is the latest day on which it can have been given, so that nothing is said due too early; None
    where nothing tells. `dated`: its own entry tells, and not only its document. `rank`: which dose its author says it
    was, 0 for nothing."""

    sourced: Sourced
    diseases: frozenset[Disease]
    day: date | None
    dated: bool = True
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One or several diseases that the calendar answers alike.

    `given` are the doses, oldest first; `counted` of the `needed` ones hold. `start`: the day from which the next dose
    is due; `since`: the day from which it is late. `age` (months) and `year` complete the sentence.
    """

    diseases: tuple[Disease, ...]
    standing: Standing
    why: Why
    course: Course | None = None
    given: tuple[Given, ...] = ()
    counted: int = 0
    needed: int = 0
    start: date | None = None
    since: date | None = None
    age: int = 0
    year: int = 0
