"""Measured values: results of analyses and vital signs (CI-SIS templates 3.80 and 3.50)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from espace.wire.cda_writing.narrative import original
from espace.wire.cda_writing.words import loinc
from espace.wire.cda_writing.xml import Element, coded, el, moment, template
from espace.wire.xds import Coded

_INTERPRETATION = "2.16.840.1.113883.5.83"
_WORDS = {"N": "Normal", "L": "Anormalement bas", "H": "Anormalement élevé"}


@dataclass(frozen=True, slots=True)
class Measure:
    """A measured value: LOINC code, UCUM unit and the unit as people read it; either bound may be open."""

    code: str
    label: str
    value: Decimal
    unit: str
    shown_unit: str
    low: Decimal | None = None
    high: Decimal | None = None

    @property
    def interpretation(self) -> str:
        """L below the range, H above it, N inside it or without one."""
        if self.low is not None and self.value < self.low:
            return "L"
        return "H" if self.high is not None and self.value > self.high else "N"

    @property
    def words(self) -> str:
        """As read: decimal comma, unit, and a word when the value is out of range."""
        flag = {"L": " (bas)", "H": " (élevé)"}.get(self.interpretation, "")
        return f"{_french(self.value)} {self.shown_unit}{flag}"

    @property
    def range(self) -> str:
        if self.low is None and self.high is None:
            return ""
        if self.low is None or self.high is None:
            bound = f"inférieur à {_french(self.high)}" if self.high is not None else f"supérieur à {self.low}"
            return bound.replace(".", ",")
        return f"{_french(self.low)} à {_french(self.high)}"


def _french(value: Decimal) -> str:
    return str(value).replace(".", ",")


def _quantity(tag: str, value: Decimal, unit: str) -> Element:
    return el(tag, {"value": str(value), "unit": unit})


def _judged(tag: str, code: str) -> Element:
    return coded(tag, Coded(code, _INTERPRETATION, _WORDS[code]))


def _range(measure: Measure) -> Element | None:
    bounds = (("low", measure.low), ("high", measure.high))
    known = [_quantity(tag, bound, measure.unit) for tag, bound in bounds if bound is not None]
    if not known:
        return None
    value = el("value", {"xsi:type": "IVL_PQ"}, *known)
    normal = el(
        "observationRange", {"classCode": "OBS", "moodCode": "EVN.CRT"}, value, _judged("interpretationCode", "N")
    )
    return el("referenceRange", {"typeCode": "REFV"}, normal)


def measured(measure: Measure, mark: str, at: datetime, *templates: str) -> Element:
    """The observation of a measure whose name is at `mark` in the narrative."""
    value = {"xsi:type": "PQ", "value": str(measure.value), "unit": measure.unit}
    return el(
        "observation",
        {"classCode": "OBS", "moodCode": "EVN"},
        *template(*templates),
        coded("code", loinc(measure.code, measure.label), original(mark)),
        el("statusCode", {"code": "completed"}),
        el("effectiveTime", {"value": moment(at)}),
        el("value", value),
        _judged("interpretationCode", measure.interpretation),
        _range(measure),
    )
