"""One life as it is being told: the person, those who look after them, what is known of them so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from espace.site.demo.crowd.bodies import filtration, friedewald, years_between
from espace.site.demo.crowd.medicines import M
from espace.site.demo.people import Person
from espace.site.demo.stories.analyses import ANALYSES, report
from espace.site.demo.stories.remedies import given
from espace.site.demo.stories.telling import Teller
from espace.site.demo.stories.visits import analysed
from espace.site.demo.team import Team
from espace.wire.cda_writing import Allergy, Ancestry, Frame, Habit, Medicine, Problem, Procedure, Professional

T = TypeVar("T")
Value = str | float
FOR_MEN = {"hb": "hb_m", "creatinine": "creatinine_m", "ferritin": "ferritin_m"}
"""The analyses whose usual range is not the same for men."""


@dataclass(slots=True)
class Chart:
    """What the attending doctor keeps of somebody, and sums up; `creatinine` (µmol/L) is theirs, 0 for a usual one."""

    problems: list[Problem] = field(default_factory=list)
    history: list[Problem] = field(default_factory=list)
    procedures: list[Procedure] = field(default_factory=list)
    allergies: list[Allergy] = field(default_factory=list)
    habits: list[Habit] = field(default_factory=list)
    family: list[Ancestry] = field(default_factory=list)
    attention: list[str] = field(default_factory=list)
    treatments: list[Medicine] = field(default_factory=list)
    creatinine: int = 0
    in_home: bool = False
    no_antiinflammatory: bool = False
    frail_kidneys: bool = False


@dataclass(slots=True)
class Life:
    """A person, their teller and their chart; `index` is the body-mass index."""

    teller: Teller
    person: Person
    chart: Chart = field(default_factory=Chart)
    index: float = 24.0

    @property
    def team(self) -> Team:
        return self.teller.team

    @property
    def nurse(self) -> Professional:
        """The nurse of the nursing home for those who live there, else of the practice."""
        return self.team.home_nurse if self.chart.in_home else self.team.nurse

    @property
    def woman(self) -> bool:
        return self.person.patient.sex == "F"

    @property
    def born(self) -> date:
        return self.person.patient.birth_date

    @property
    def called(self) -> str:
        """« Madame Marchand »: how letters name an adult."""
        patient = self.person.patient
        return f"{'Madame' if self.woman else 'Monsieur'} {(patient.used_name or patient.birth_name).title()}"

    @property
    def first_name(self) -> str:
        return self.person.patient.given_names[0].title()

    @property
    def height(self) -> int:
        """In centimetres, always the same for the same person."""
        return (156 if self.woman else 169) + int(self.person.patient.ins[10:13]) * 7 % 16

    def weight(self, index: float = 0.0) -> int:
        """Kilograms at that body-mass index, or at the person's own."""
        return round((index or self.index) * (self.height / 100) ** 2)

    def day(self, months: int, days: int = 0) -> date:
        return self.teller.day(months, days)

    def age(self, day: date | None = None) -> int:
        return years_between(self.born, day or self.teller.today)

    def between(self, low: int, high: int) -> int:
        return self.teller.chance.between(low, high)

    def pick(self, options: Sequence[T]) -> T:
        return options[self.teller.chance.below(len(options))]

    def once_in(self, count: int) -> bool:
        return self.teller.chance.below(count) == 0

    def agreed(self, woman: str, man: str) -> str:
        return woman if self.woman else man

    def blood(
        self,
        day: date,
        keys: tuple[str, ...],
        values: Mapping[str, Value] | None = None,
        *,
        title: str = "Analyses de sang",
        comment: str = "",
        asked_by: Professional | None = None,
        replaces: Frame | None = None,
    ) -> Frame:
        """A report on those analyses: the values said, those that follow from others, usual ones for the rest."""
        known = {key: float(value) for key, value in (values or {}).items()}
        found = {key: known[key] if key in known else self._usual(key) for key in keys}
        if "gfr" in found and "gfr" not in known:
            found["gfr"] = filtration(found["creatinine"], self.age(day), woman=self.woman)
        if "ldl" in found and "ldl" not in known:
            found["ldl"] = friedewald(found["cholesterol"], found["hdl"], found["triglycerides"])
        named = {self._name(key): _written(self._name(key), value) for key, value in found.items()}
        chapters = report(tuple(named), named, comment)
        return analysed(
            self.teller,
            self.person,
            self.teller.on(day),
            chapters,
            asked_by=asked_by,
            title=title,
            replaces=replaces,
        )

    def _name(self, key: str) -> str:
        return key if self.woman else FOR_MEN.get(key, key)

    def _usual(self, key: str) -> float:
        """A value near the usual one, inside the range."""
        if key == "creatinine" and self.chart.creatinine:
            return self.chart.creatinine + self.between(-3, 3)
        known = ANALYSES[self._name(key)]
        usual, share = float(known.usual), self.between(-10, 10) / 10
        if known.low and known.high:
            low, high = float(known.low), float(known.high)
            return min(max(usual + share * (high - low) / 5, low), high)
        return usual * (1 + share / 12)

    def give(
        self,
        name: str | Medicine,
        since: date,
        until: date | None = None,
        *,
        reason: str = "",
        advice: str = "",
        boxes: int = 1,
        renewals: int = 0,
    ) -> Medicine:
        medicine = name if isinstance(name, Medicine) else M[name]
        return given(medicine, since, until, reason=reason, advice=advice, boxes=boxes, renewals=renewals)

    def lasting(self, name: str, since: date, reason: str) -> Medicine:
        """A treatment for long: three boxes, three renewals."""
        return self.give(name, since, reason=reason, boxes=3, renewals=3)

    def allergic_to(self, agent: str) -> bool:
        return any(one.agent.code == agent for one in self.chart.allergies)


def _written(key: str, value: float) -> str:
    """With as many decimals as the usual value has."""
    return str(Decimal(str(value)).quantize(Decimal(ANALYSES[key].usual)))


def french(value: float, digits: int = 1) -> str:
    """« 12,4 »: a figure as letters write it."""
    return f"{value:.{digits}f}".replace(".", ",")


def pressure(systolic: int, diastolic: int) -> str:
    return f"{systolic}/{diastolic} mmHg"
