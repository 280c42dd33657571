"""The vocabulary of growth: curves that an operator brought, to draw a child's own measures against."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Percentiles:
    """Of a hundred children of one sex (F or M) and age (months), 3, 50 and 97 are below; in kg, cm, kg/m². `measure`
    is one of weight, height, head, bmi."""

    measure: str
    sex: str
    age: float
    p3: float
    p50: float
    p97: float


@dataclass(frozen=True, slots=True)
class Reference:
    """The curves of one sex, by measure then age; `source`: whose they are, "" where an operator brought none."""

    source: str = ""
    rows: tuple[Percentiles, ...] = ()

    def of(self, measure: str) -> tuple[Percentiles, ...]:
        return tuple(one for one in self.rows if one.measure == measure)
