"""What is done, due, late or to come for somebody, by the calendar of the day: one line for each disease, or for
several that it answers alike.

What is not written in the record may have been done: whoever is past early childhood and has no dose at all written is
told to check, not that they are late.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from espace.clinical.facts import Sourced
from espace.clinical.rules.vaccines.ages import age_in_months, plus_months
from espace.clinical.rules.vaccines.calendars import calendar_at
from espace.clinical.rules.vaccines.codes import words_of
from espace.clinical.rules.vaccines.doses import doses_of
from espace.clinical.rules.vaccines.values import (
    Campaign,
    Condition,
    Course,
    Disease,
    Given,
    Line,
    Rhythm,
    Standing,
    Step,
    Why,
)
from espace.kernel.values import replace

PAPER = 6 * 12
"""From this age on (months), a life has vaccinations that were written on paper only."""
LEAST = timedelta(days=28)
"""Between two doses of a series, where the calendar says no more."""
NINE_MONTHS = timedelta(days=280)
EARLY_IN_THE_SEASON = timedelta(days=60)
"""A dose given so long before a campaign opens belongs to it."""
T = TypeVar("T", Course, Given)


def due(
    vaccinations: Iterable[Sourced],
    born: date,
    sex: str,
    at: date,
    conditions: frozenset[Condition] = frozenset(),
) -> tuple[Line, ...]:
    """The lines of the calendar in force on the day `at`, the most pressing first; `sex` is F or M."""
    given = _by_disease(doses_of(vaccinations))
    person = _Person(born, sex, at, age_in_months(born, at), conditions)
    courses = _by_disease(calendar_at(at).courses)
    lines = [_line(person, about, disease, given.get(disease, ())) for disease, about in courses.items()]
    lines += [_outside(disease, given[disease]) for disease in sorted(given.keys() - courses.keys())]
    ranks = list(Standing)
    return tuple(sorted(_gathered(lines), key=lambda line: ranks.index(line.standing)))


def _by_disease(found: Iterable[T]) -> dict[Disease, tuple[T, ...]]:
    """Courses or doses, in their order."""
    sorted_out: dict[Disease, list[T]] = defaultdict(list)
    for one in found:
        for disease in one.diseases:
            sorted_out[disease].append(one)
    return {disease: tuple(some) for disease, some in sorted_out.items()}


@dataclass(frozen=True, slots=True)
class _Person:
    """Whom the calendar is asked about; `age` in months."""

    born: date
    sex: str
    at: date
    age: int
    conditions: frozenset[Condition]

    def could(self, course: Course) -> bool:
        """Whether the course is for such a person, at some age."""
        return self.sex in course.sexes and course.born[0] <= self.born < course.born[1]

    def meets(self, course: Course) -> bool:
        return all(not asked or asked & self.conditions for asked in (course.conditions, course.places))


def _line(person: _Person, about: Sequence[Course], disease: Disease, given: tuple[Given, ...]) -> Line:
    began = _began(person, given)
    for course in about:
        here = course.ages[0] <= person.age < course.ages[1] and course.began[0] <= began < course.began[1]
        if here and person.could(course) and person.meets(course):
            if course.never & person.conditions:
                return Line((disease,), Standing.NOT_CONCERNED, Why.NOT_NOW, course, given)
            line = replace(_RHYTHMS[course.rhythm](person, course, given), course=course, given=given)
            return replace(_told(person, about, line), diseases=(disease,))
    return replace(_elsewhere(person, about), diseases=(disease,), given=given)


def _began(person: _Person, given: tuple[Given, ...]) -> int:
    """The age at the first dose, as early as can be where nobody says when that was; now where none was given."""
    if not given:
        return person.age
    first = given[0]
    return max(0, age_in_months(person.born, first.day)) if first.day and first.dated else 0


def _told(person: _Person, about: Iterable[Course], line: Line) -> Line:
    """The line, with what its own course does not know: whether anything is written, and the boosters of later ages."""
    if not line.given and person.age >= PAPER and (line.standing is Standing.LATE or _of_childhood(line)):
        return replace(line, standing=Standing.CHECK, why=Why.NOTHING_WRITTEN)
    later = (one for one in about if one.rhythm is Rhythm.BOOSTERS and person.age < one.ages[0] and person.could(one))
    coming = next(later, None) if line.why is Why.COMPLETE else None
    if coming is None:
        return line
    age = coming.ages[0]
    return replace(line, why=Why.NEXT_BOOSTER, start=plus_months(person.born, age), age=age)


def _of_childhood(line: Line) -> bool:
    """Due now by a catch-up that is open since early childhood: it may have been done then, on paper."""
    course = line.course
    of_a_child = course is not None and course.rhythm is Rhythm.SERIES and course.ages[0] < PAPER
    return line.standing is Standing.NOW and of_a_child


def _elsewhere(person: _Person, about: Sequence[Course]) -> Line:
    """Why no course concerns somebody now: a later age, a past one, another birth year, a situation of its own."""
    mine = [course for course in about if person.could(course)]
    met = [course for course in mine if person.meets(course)]
    coming = [course for course in met if person.age < course.ages[0]]
    if coming:
        first = min(coming, key=lambda course: course.ages[0])
        start = plus_months(person.born, first.ages[0])
        return Line((), Standing.LATER, Why.FROM_AGE, first, start=start, age=first.ages[0])
    special = [course for course in mine if course not in met and person.age < course.ages[1]]
    if special:
        return Line((), Standing.NOT_CONCERNED, Why.ONLY_IF, special[0])
    if met:
        last = max(met, key=lambda course: course.ages[1])
        return Line((), Standing.NOT_CONCERNED, Why.PAST_AGE, last, age=last.ages[1])
    return _not_of_that_birth(person, about)


def _not_of_that_birth(person: _Person, about: Sequence[Course]) -> Line:
    years = [course.born[0].year for course in about if person.born < course.born[0]]
    if years:
        return Line((), Standing.NOT_CONCERNED, Why.BORN_BEFORE, next(iter(about)), year=min(years))
    return Line((), Standing.NOT_CONCERNED, Why.PAST_AGE, age=max(course.ages[1] for course in about))


def _outside(disease: Disease, given: tuple[Given, ...]) -> Line:
    return Line((disease,), Standing.NOT_CONCERNED, Why.OUTSIDE, given=given, counted=len(given))


# --- rhythms ------------------------------------------------------------------------------------------------


def _series(person: _Person, course: Course, given: tuple[Given, ...]) -> Line:
    steps, counting = course.steps, _that_count(course, given)
    counted = max(_valid(person, steps, counting), min(_said(counting), len(steps)))
    line = Line((), Standing.DONE, Why.COMPLETE, counted=counted, needed=len(steps))
    if counted >= len(steps):
        return line
    step, last = steps[counted], max((dose.day for dose in given if dose.day), default=None)
    start, since = _span(person, step, last)
    if person.at >= since:
        return replace(line, standing=Standing.LATE, why=Why.DOSE_LATE, start=start, since=since)
    if person.at >= start:
        return replace(line, standing=Standing.NOW, why=Why.DOSE_DUE, start=start, since=since)
    standing = Standing.DONE if counted else Standing.LATER
    return replace(line, standing=standing, why=Why.NEXT_DOSE, start=start, since=since)


def _span(person: _Person, step: Step, last: date | None) -> tuple[date, date]:
    """From when on a dose is due, and from when on it is late: the months that its age leaves are kept after a dose
    that came late."""
    by_age, until = plus_months(person.born, step.age), plus_months(person.born, step.until)
    if last is None:
        return by_age, until
    start = max(by_age, plus_months(last, step.after) if step.after else last + LEAST)
    return start, max(until, start + LEAST) if start > by_age else until


def _that_count(course: Course, given: tuple[Given, ...]) -> tuple[Given, ...]:
    if not course.only:
        return given
    named = ((dose, words_of(dose.sourced.fact)) for dose in given)
    return tuple(dose for dose, words in named if any(word in words for word in course.only))


def _valid(person: _Person, steps: Sequence[Step], given: Iterable[Given]) -> int:
    """How many of the doses hold, each at the age and after the time that its step asks for. One without a day holds:
    nothing tells that it does not."""
    count, last = 0, None
    for dose in given:
        if count == len(steps):
            break
        step = steps[count]
        earliest = step.age if step.earliest is None else step.earliest
        if dose.day and dose.dated:
            soon = last is not None and dose.day < (plus_months(last, step.least) if step.least else last + LEAST)
            if soon or dose.day < plus_months(person.born, earliest):
                continue
            last = dose.day
        count += 1
    return count


def _said(given: Iterable[Given]) -> int:
    """The rank that the author of a dose gave it: the ones before were given, wherever they are written."""
    return max((dose.rank for dose in given), default=0)


def _boosters(person: _Person, course: Course, given: tuple[Given, ...]) -> Line:
    """The booster of the last age reached, then the next one."""
    reached = [step for step in course.steps if step.age <= person.age]
    step, coming = reached[-1], course.steps[len(reached) :]
    days = [dose.day for dose in given if dose.day]
    done = any(day >= plus_months(person.born, step.earliest or step.age) for day in days)
    line = Line((), Standing.DONE, Why.COMPLETE, counted=int(done), needed=1, age=step.age)
    last = max(days, default=None)
    if done:
        if not coming:
            return line
        start, since = _span(person, coming[0], last)
        ahead = max(start, plus_months(person.born, coming[0].age))
        return replace(line, why=Why.NEXT_BOOSTER, start=ahead, since=since, age=coming[0].age)
    start, since = _span(person, step, last)
    standing, why = next(
        found
        for reached_day, found in (
            (since, (Standing.LATE, Why.BOOSTER_LATE)),
            (start, (Standing.NOW, Why.BOOSTER_DUE)),
            (date.min, (Standing.DONE, Why.NEXT_BOOSTER)),
        )
        if person.at >= reached_day
    )
    return replace(line, standing=standing, why=why, start=start, since=since)


def _season(person: _Person, course: Course, given: tuple[Given, ...]) -> Line:
    if course.campaign is None:
        raise ValueError("a course by season has a campaign")
    opens = _opening(course.campaign, person.at)
    done = any(dose.day and dose.day >= opens - EARLY_IN_THE_SEASON for dose in given)
    line = Line((), Standing.DONE, Why.SEASON_DONE, counted=int(done), needed=1, start=opens)
    if done:
        return line
    if opens <= person.at:
        return replace(line, standing=Standing.NOW, why=Why.SEASON_DUE)
    if opens >= plus_months(person.born, course.ages[1]):
        return Line((), Standing.NOT_CONCERNED, Why.PAST_AGE, age=course.ages[1])
    return replace(line, standing=Standing.LATER, why=Why.SEASON_LATER)


def _opening(campaign: Campaign, at: date) -> date:
    """The first day of the campaign of that day, or of the next one."""
    over_new_year = campaign.closes < campaign.opens
    for year in (at.year - 1, at.year):
        if at <= date(year + over_new_year, *campaign.closes):
            return date(year, *campaign.opens)
    return date(at.year + 1, *campaign.opens)


def _pregnancy(person: _Person, course: Course, given: tuple[Given, ...]) -> Line:
    """Once in each pregnancy: a dose of the last nine months was given in this one."""
    done = any(dose.day and dose.day > person.at - NINE_MONTHS for dose in given)
    line = Line((), Standing.DONE, Why.PREGNANCY_DONE, counted=int(done), needed=1)
    if done:
        return line
    opens = _opening(course.campaign, person.at) if course.campaign else person.at
    if opens > person.at:
        return replace(line, standing=Standing.LATER, why=Why.SEASON_LATER, start=opens)
    return replace(line, standing=Standing.NOW, why=Why.PREGNANCY_DUE)


_RHYTHMS: Mapping[Rhythm, Callable[[_Person, Course, tuple[Given, ...]], Line]] = {
    Rhythm.SERIES: _series,
    Rhythm.BOOSTERS: _boosters,
    Rhythm.SEASON: _season,
    Rhythm.PREGNANCY: _pregnancy,
}


def _gathered(lines: Iterable[Line]) -> list[Line]:
    """Diseases that one course answers alike make one line."""
    found: dict[object, Line] = {}
    for line in lines:
        days = tuple((dose.day, dose.rank) for dose in line.given)
        course = (line.course.vaccine, line.course.category) if line.course else line.diseases
        key = (course, line.why, line.start, line.since, line.counted, line.needed, line.age, days)
        same = found.get(key)
        found[key] = replace(same, diseases=(*same.diseases, *line.diseases)) if same else line
    return list(found.values())
