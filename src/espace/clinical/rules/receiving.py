"""A measure that software sends → an item of the profile, or every problem of it (API Mesures 1.5.2, 2.2 and 2.2.6).

Codes, profiles and units are those of the profiles mes-observation-*; what a number can be is the same as in the
portal. Nothing is rounded: a number more precise than the measure is kept is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from espace.clinical.facts.profile import Item, Received, Section
from espace.clinical.facts.receiving import Ready
from espace.clinical.rules.profile.checking import checked, tidy
from espace.clinical.rules.profile.measures import MEASURES
from espace.clinical.rules.profile.sheets import SHEETS
from espace.kernel.reasons import documents as reasons
from espace.kernel.words import Problem
from espace.wire.fhir.measures import Number, Sent
from espace.wire.nomenclature.systems import LOINC

MOST_KEY = 300
"""Characters of an identifier, its system included."""
_ONE = Decimal(1)
_DECILITRES = Decimal("0.01")
"""mg/dL → g/L."""


@dataclass(frozen=True, slots=True)
class Taken:
    """How a code is taken: as which measure, under which profile, in which units (UCUM) and by how much a number in
    them is multiplied. `moment` and `days`: whether the extension of that name must be there."""

    measure: str
    profile: str
    units: Mapping[str, Decimal]
    moment: bool = False
    days: bool = False


def _in(*units: str) -> Mapping[str, Decimal]:
    return dict.fromkeys(units, _ONE)


_SUGAR = {**_in("g/L", "g/l"), **dict.fromkeys(("mg/dL", "mg/dl"), _DECILITRES)}
_STEPS = _in("", "1", "/d", "1/d", "/(24.h)", "1/(24.h)", "{steps}", "{steps}/d", "{steps}/(24.h)", "{#}/(24.h)")
_PRESSURE = "85354-9"
_COMPUTED = "39156-5"
TAKEN: Mapping[str, Taken] = {
    "29463-7": Taken("weight", "bodyweight", _in("kg")),
    "8302-2": Taken("height", "bodyheight", _in("cm")),
    "8280-0": Taken("waist", "waistcircumference", _in("cm")),
    "8287-5": Taken("head", "headcircumference", _in("cm")),
    "9843-4": Taken("head", "headcircumference", _in("cm")),
    "8310-5": Taken("temperature", "bodytemperature", _in("Cel")),
    _PRESSURE: Taken("pressure", "bp", _in("mm[Hg]")),
    "8867-4": Taken("heart", "heartrate", _in("/min", "1/min", "{beats}/min")),
    "72514-3": Taken("pain", "painseverity", _in("", "1", "{score}")),
    "41950-7": Taken("steps", "stepsbyday", _STEPS),
    "2345-7": Taken("glucose", "glucose", _SUGAR, moment=True),
    "2339-0": Taken("glucose", "glucose", _SUGAR, moment=True),
    "MED-969": Taken("interstitial", "glucose", _SUGAR, days=True),
    "99504-3": Taken("interstitial", "glucose", _SUGAR, days=True),
    "4548-4": Taken("hba1c", "glucose", _in("%")),
    "MED-972": Taken("gmi", "glucose", _in("%"), days=True),
    "97506-0": Taken("gmi", "glucose", _in("%"), days=True),
}
"""By code of Observation.code. The codes MED-… are the ANS's own."""
_PARTS = {"8480-6": "value", "8462-4": "second"}
"""The components of a blood pressure, by the field that each is kept in."""


@dataclass(slots=True)
class _Reading:
    """One measure being read."""

    sent: Sent
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, place: str, detail: str) -> None:
        self.problems.append(Problem(reasons.VALUE_INVALID, place, detail))


def ready(sent: Sent, today: date, *, by: str, source: str) -> Ready | tuple[Problem, ...]:
    """`by` is what the sending software is called, `source` what it is known by here."""
    code, here = sent.code.code or "", f"{sent.place}.code"
    if code == _COMPUTED:
        return (Problem(reasons.ELEMENT_UNSUPPORTED, here, "the body mass index comes from weight and height"),)
    taken = TAKEN.get(code)
    if taken is None or (not code.startswith("MED-") and sent.code.system != LOINC.uri):
        return (Problem(reasons.CODE_UNKNOWN, here, "a code of API Mesures is expected, of http://loinc.org"),)
    reading = _Reading(sent)
    if sent.profile and sent.profile != taken.profile:
        reading.wrong(f"{sent.place}.meta.profile", f"{taken.profile} is the profile of this code")
    if len(sent.key) > MOST_KEY:
        reading.wrong(f"{sent.place}.identifier", f"{MOST_KEY} characters at most")
    _extensions(taken, reading)
    typed = {"measure": taken.measure, "day": f"{sent.day.isoformat()}", "comment": _comment(sent)}
    typed |= _numbers(taken, reading)
    values = _checked(typed, today, reading)
    if reading.problems:
        return tuple(reading.problems)
    device = sent.device.name if sent.device else ""
    return Ready(sent.place, values, Received(by, source, sent.at, tidy(device), sent.key))


def _extensions(taken: Taken, reading: _Reading) -> None:
    """« Cas particulier de la glycémie »: what must be there for some measures, and must not for the others."""
    for name, needed in (("moment", taken.moment), ("days", taken.days)):
        there, here = name in reading.sent.said, f"{reading.sent.place}.extension"
        if needed and not there:
            reading.problems.append(Problem(reasons.ELEMENT_MISSING, here, f"{name}: mandatory for this code"))
        elif there and not needed:
            reading.problems.append(Problem(reasons.ELEMENT_UNSUPPORTED, here, f"{name}: not for this code"))


def _comment(sent: Sent) -> str:
    """Why and when, in the sender's words."""
    days = f"Sur {sent.said['days']} jours" if sent.said.get("days", "").isdigit() else sent.said.get("days", "")
    parts = (sent.said.get("moment", ""), days, sent.said.get("reason", ""), sent.note)
    return tidy("\n".join(part for part in parts if part))


def _numbers(taken: Taken, reading: _Reading) -> dict[str, str]:
    """The fields of its numbers: one, or the two of a blood pressure, each by the code of its component."""
    numbers = reading.sent.numbers
    if taken.measure != "pressure":
        if len(numbers) != 1 or numbers[0].code != reading.sent.code:
            reading.wrong(f"{reading.sent.place}.component", "valueQuantity is expected")
            return {}
        return {"value": _number(numbers[0], taken, reading)}
    found = {_PARTS.get(one.code.code or "", ""): one for one in numbers}
    if set(found) != {"value", "second"} or len(numbers) != len(found):
        reading.wrong(f"{reading.sent.place}.component", "one of 8480-6 and one of 8462-4 are expected")
        return {}
    return {name: _number(one, taken, reading) for name, one in found.items()}


def _number(one: Number, taken: Taken, reading: _Reading) -> str:
    factor = taken.units.get(one.unit)
    if factor is None:
        reading.problems.append(Problem(reasons.CODE_UNKNOWN, f"{one.place}.code", f"{MEASURES[taken.measure].unit}"))
        return ""
    try:
        return f"{Decimal(one.value) * factor:f}"
    except InvalidOperation:
        reading.wrong(f"{one.place}.value", "a decimal number is expected")
        return ""


def _checked(typed: Mapping[str, str], today: date, reading: _Reading) -> Mapping[str, str]:
    """As what is typed in the portal is: between what it can be true at all, and not yet to come. A number that could
    not be read was told already."""
    sheet = SHEETS[Section.MEASURES]
    found = checked(sheet, typed, today)
    # Numbers are looked at once every field is right: on a day that is, they are looked at whatever the day sent.
    numbers = checked(sheet, {**typed, "day": today.isoformat()}, today)
    for name, why in {**numbers.wrong, **found.wrong}.items():
        if typed.get(name):
            reading.wrong(_place(name, reading.sent), why.en)
    return found.values


def _place(name: str, sent: Sent) -> str:
    if name == "day":
        return f"{sent.place}.effectiveDateTime"
    number = next((one for one in sent.numbers if _PARTS.get(one.code.code or "", "value") == name), None)
    return f"{number.place}.value" if number else sent.place


def identity_of(values: Mapping[str, str], received: Received) -> tuple[str, ...]:
    """What tells one measure of a sender from another: its identifier, or else what it says and of when."""
    if received.key:
        return (received.source, received.key)
    return (received.source, values["measure"], received.at, values["value"], values.get("second", ""))


def same(item: Item, one: Ready) -> bool:
    """Whether what was kept says the same as what is sent again."""
    numbers = ((values["measure"], values["value"], values.get("second", "")) for values in (item.values, one.values))
    moments = {item.received.at if item.received else "", one.received.at}
    return len(set(numbers)) == 1 and len(moments) == 1


def still_received(before: Item | None, values: Mapping[str, str]) -> Received | None:
    """How an item came that is stated anew: a measure whose numbers or day somebody changed is theirs from then on."""
    if before is None or before.received is None:
        return None
    kept = all(before.values.get(name) == values.get(name) for name in ("measure", "value", "second", "day"))
    return before.received if kept else None
