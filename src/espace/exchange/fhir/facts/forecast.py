"""What the calendar of vaccinations makes of somebody, as one ImmunizationRecommendation of R4: one recommendation for
each disease that it concerns them with, worked out of what the reader may see, and kept nowhere."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from espace.clinical.facts import Kind, Sourced
from espace.clinical.rules import vaccines
from espace.clinical.rules.vaccines import Calendar, Disease, Line, Standing, Why
from espace.clinical.rules.vaccines.words import CATEGORIES, CONDITIONS, DISEASES, WHY
from espace.exchange.fhir.facts.common import ORIGIN
from espace.wire.fhir.facts import resources, values
from espace.wire.fhir.facts.resources import DateCriterion, Recommendation
from espace.wire.fhir.resources import CodeableConcept, Coding, Meta, Reference

KINDS = frozenset({Kind.VACCINATION, Kind.PROBLEM, Kind.PREGNANCY})
ID = UUID(int=0)
"""No item of a profile has it."""
CALENDAR = "calendar"
"""How it is known, in `meta.tag`: by the calendar, and said by nobody."""
STANDING, REASON, DISEASE = "urn:espace:vaccine-standing", "urn:espace:vaccine-reason", "urn:espace:disease"
_STATUS = "http://terminology.hl7.org/CodeSystem/immunization-recommendation-status"
_STATUSES: Mapping[Standing, str] = {Standing.LATE: "overdue", Standing.NOW: "due", Standing.DONE: "complete"}
"""R4 has no word for what comes later, nor for what is to be checked on paper: ours stands alone there."""
_DUE = values.known("http://loinc.org", "30980-7", "Date vaccine due")
_OVERDUE = values.known("http://loinc.org", "59778-1", "Date when overdue for immunization")


@dataclass(frozen=True, slots=True)
class Life:
    """Whom the calendar is asked about, and of which day; `sex` is F or M."""

    born: date
    sex: str
    today: date


def recommendation(
    id: str, facts: Sequence[Sourced], subject: Reference, life: Life
) -> resources.ImmunizationRecommendation:
    """`facts` are those of `KINDS` that the reader may see, and maybe others."""
    calendar = vaccines.calendar_at(life.today)
    return resources.ImmunizationRecommendation(
        id=id,
        meta=Meta(tag=(Coding(system=ORIGIN, code=CALENDAR),)),
        patient=subject,
        date=life.today.isoformat(),
        authority=Reference(display=calendar.source.fr),
        recommendation=tuple(_recommendations(_lines(facts, life), calendar)),
    )


def _lines(facts: Sequence[Sourced], life: Life) -> tuple[Line, ...]:
    given = [one for one in facts if one.fact.kind is Kind.VACCINATION]
    return vaccines.due(given, life.born, life.sex, life.today, vaccines.conditions_of(facts, life.today))


def _recommendations(lines: Iterable[Line], calendar: Calendar) -> Iterator[Recommendation]:
    for line in lines:
        against = line.why is Why.NOT_NOW
        if line.standing is not Standing.NOT_CONCERNED or against:
            yield from (_recommendation(line, disease, calendar, against=against) for disease in line.diseases)


def _recommendation(line: Line, disease: Disease, calendar: Calendar, *, against: bool) -> Recommendation:
    course = line.course
    pending = line.counted < line.needed
    return Recommendation(
        vaccine_code=(CodeableConcept(text=course.vaccine.fr),) if course else (),
        target_disease=CodeableConcept(coding=(Coding(system=DISEASE, code=disease),), text=DISEASES[disease].fr),
        forecast_status=_status(line.standing, "contraindicated" if against else _STATUSES.get(line.standing)),
        forecast_reason=(CodeableConcept(coding=(Coding(system=REASON, code=line.why),), text=_sentence(line)),),
        date_criterion=tuple(
            DateCriterion(code=code, value=day.isoformat())
            for code, day in ((_DUE, line.start), (_OVERDUE, line.since))
            if day and line.standing is not Standing.DONE
        ),
        description=CATEGORIES[course.category].fr if course else None,
        series=f"Calendrier {calendar.year}",
        dose_number_positive_int=line.counted + 1 if pending else None,
        series_doses_positive_int=line.needed or None,
    )


def _status(standing: Standing, status: str | None) -> CodeableConcept:
    known = (Coding(system=_STATUS, code=status),) if status else ()
    return CodeableConcept(coding=(*known, Coding(system=STANDING, code=standing)))


def _sentence(line: Line) -> str:
    conditions = sorted(line.course.conditions) if line.course else ()
    return WHY[line.why].fr % {
        "rank": line.counted + 1,
        "needed": line.needed,
        "start": _day(line.start),
        "since": _day(line.since),
        "age": f"{line.age} mois" if line.age < 24 else f"{line.age // 12} ans",
        "year": line.year,
        "situations": ", ".join(CONDITIONS[one].fr for one in conditions),
    }


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
