"""Facts of health in the words people read: moments as precise as they were written, numbers, units, values.

`language` is that of the page, where it was asked once for many words; "" asks it.
"""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from django.utils.translation import gettext, gettext_noop, override

from espace.clinical.facts import Dosage
from espace.clinical.rules.english import known_name
from espace.clinical.rules.marking import Mark
from espace.clinical.rules.naming import full_name
from espace.looks.words import (
    TIED,
    bound,
    day_number,
    english,
    formatted,
    local_day,
    month_name,
    page_language,
    said,
    short_date,
    tied,
)
from espace.wire.clinical_statements.values import Concept, Interval, Quantity, Value

_UNITS = {
    "1": "", "m[IU]/L": "mUI/L", "u[IU]/mL": "µUI/mL", "[IU]/L": "UI/L", "[IU]": "UI", "U/L": "U/L", "mm[Hg]": "mmHg",
    "Cel": "°C", "10*9/L": "10⁹/L", "10*12/L": "10¹²/L", "10*3/uL": "10³/µL", "10*6/uL": "10⁶/µL", "/min": "/min",
    "kg/m2": "kg/m²", "a": gettext_noop("an(s)"), "mo": gettext_noop("mois"), "wk": gettext_noop("semaine(s)"),
    "{tablet}": gettext_noop("comprimé(s)"), "{tbl}": gettext_noop("comprimé(s)"), "{puff}": gettext_noop("bouffée(s)"),
    "d": gettext_noop("jour(s)"), "h": "h", "min": "min", "{pack}/a": gettext_noop("paquet(s)-année(s)"),
    **dict.fromkeys(("mL/min/{1.73_m2}", "mL/min/1.73.m2", "mL/min/{1.73m2}"), gettext_noop("mL/min/1,73 m²")),
}  # fmt: skip
"""UCUM as people write it; what is not here is shown as it was sent."""
_MASCULINE = frozenset({"a", "mo", "d"})
"""Of the units of time, in French."""
_UTC = "+00:00"
_MICRO = re.compile(r"(?<![A-Za-z])u(?=mol|g|L|kat|m\b)")

_EVENTS = {
    "HS": gettext_noop("au coucher"), "WAKE": gettext_noop("au réveil"),
    "C": gettext_noop("au moment des repas"), "CM": gettext_noop("au petit déjeuner"),
    "CD": gettext_noop("au déjeuner"), "CV": gettext_noop("au dîner"),
    "AC": gettext_noop("avant les repas"), "ACM": gettext_noop("avant le petit déjeuner"),
    "ACD": gettext_noop("avant le déjeuner"), "ACV": gettext_noop("avant le dîner"),
    "PC": gettext_noop("après les repas"), "PCM": gettext_noop("après le petit déjeuner"),
    "PCD": gettext_noop("après le déjeuner"), "PCV": gettext_noop("après le dîner"),
    "IC": gettext_noop("entre les repas"), "MORN": gettext_noop("le matin"), "NOON": gettext_noop("à midi"),
    "AFT": gettext_noop("l’après-midi"), "EVE": gettext_noop("le soir"), "NIGHT": gettext_noop("la nuit"),
}  # fmt: skip
"""HL7 TimingEvent, and the parts of the day of R4."""

MARKS: dict[Mark, str] = {
    Mark.HIGH: gettext_noop("Élevé"),
    Mark.LOW: gettext_noop("Bas"),
    Mark.VERY_HIGH: gettext_noop("Très élevé"),
    Mark.VERY_LOW: gettext_noop("Très bas"),
    Mark.ABNORMAL: gettext_noop("Anormal"),
    Mark.DISPUTED: gettext_noop("Interprétation à vérifier"),
    Mark.NORMAL: gettext_noop("Normal"),
}


def day_here(moment: str) -> str:
    """The day, as precise as it was written; of a moment kept in UTC, as that of a document is (`merging.said_at`), the
    day that it was here: midnight of the 4th is no evening of the 3rd."""
    if not moment.endswith(_UTC):
        return moment[:10]
    try:
        return local_day(datetime.fromisoformat(moment)).isoformat()
    except (ValueError, OverflowError):
        return moment[:10]


def moment_words(moment: str, language: str = "") -> str:
    """« 4 mars 2025 », « mars 2025 », « 2025 »: as precise as it was written; "" for none and for no moment at all."""
    return _moment_words(day_here(moment), language or page_language())


@lru_cache(maxsize=4096)
def _moment_words(moment: str, language: str) -> str:
    parts = moment.split("-")
    try:
        day = date(*(int(part) for part in (*parts, "1", "1")[:3]))
    except ValueError:
        return ""
    if len(parts) == 1:
        return parts[0]
    with override(language or None):
        return month_name(day) if len(parts) == 2 else short_date(day)


def brief_moment(moment: str, language: str = "") -> str:
    """« 4 mars 2025 », « 21 sept. 2026 »: where there is little room; as precise as it was written."""
    return _brief_moment(day_here(moment), language or page_language())


@lru_cache(maxsize=4096)
def _brief_moment(moment: str, language: str) -> str:
    day = _day(moment)
    if day is None:
        return moment_words(moment, language)
    with override(language or None):
        return f"{day_number(day)} {formatted(day, 'M Y' if english() else 'N Y')}"


def month_of(moment: str) -> str:
    """« mars 2025 », « 2025 »: no more precise than the month."""
    return moment_words(moment[:7])


def _day(moment: str) -> date | None:
    """Of a moment that has one."""
    try:
        return date.fromisoformat(moment) if len(moment) >= 10 else None
    except ValueError:
        return None


def number_words(number: str, language: str = "") -> str:
    """With the decimal sign of the language; nothing is rounded."""
    return number if english(language) else number.replace(".", ",")


def unit_words(unit: str) -> str:
    known = _UNITS.get(unit)
    if known is None:
        return _MICRO.sub("µ", unit.split("{")[0] or unit)
    return tied(gettext(known).replace("(s)", "s")) if known else ""


def quantity_words(quantity: Quantity, language: str = "") -> str:
    """« 1 comprimé », « 2 comprimés », « 1,5 an », “1.5 years”: no line ends between the number and its unit."""
    return f"{number_words(quantity.value, language)}{TIED}{_counted(quantity)}".strip()


def _counted(quantity: Quantity) -> str:
    """Its unit, as many as there are: in French, two and more are many; in English, all but one."""
    known = _UNITS.get(quantity.unit, "")
    if not known.endswith("(s)"):
        return unit_words(quantity.unit)
    return gettext(known).replace("(s)", "s" if _many(quantity.value) else "")


def _many(number: str) -> bool:
    try:
        size = abs(Decimal(number))
    except InvalidOperation:
        return True
    return size != 1 if english() else size >= 2


def expected_words(interval: Interval, found: Value | None, language: str = "") -> str:
    """A range, without the unit where it is that of what was found."""
    unit = found.quantity.unit if found and found.quantity else ""
    low, high = (Quantity(one.value) if one and one.unit == unit else one for one in (interval.low, interval.high))
    return interval_words(Interval(low, high, interval.low_closed, interval.high_closed), language)


def interval_words(interval: Interval, language: str = "") -> str:
    """« 4 – 6 % », « < 0,1 g/L », « ≥ 60 mL/min »."""
    low, high = interval.low, interval.high
    if low and high:
        if low == high:
            return quantity_words(low, language)
        return f"{number_words(low.value, language)}{TIED}–{TIED}{quantity_words(high, language)}"
    if high:
        return f"{'≤' if interval.high_closed else '<'}{TIED}{quantity_words(high, language)}"
    return f"{'≥' if interval.low_closed else '>'}{TIED}{quantity_words(low, language)}" if low else ""


def dosage_words(dosage: Dosage | None) -> str:
    """As written, its steps on one line; else « 1 comprimé, toutes les 12 h », as coded; "" for neither."""
    if dosage is None:
        return ""
    dose = interval_words(dosage.dose) if dosage.dose else ""
    events = [gettext(_EVENTS[one]) for one in dosage.events if one in _EVENTS]
    every = _every(dosage.every, dosage.every_most) if dosage.every else ""
    written = bound(" ; ".join(filter(None, (one.strip(" ;") for one in dosage.words.splitlines()))))
    said = written or ", ".join(filter(None, (dose, every, *events)))
    return ", ".join(filter(None, (said, _if_needed(dosage))))


def _if_needed(dosage: Dosage) -> str:
    """What it is taken for, where it is taken for that alone, in its author's words."""
    reasons = ", ".join(filter(None, map(full_name, dosage.needed_for)))
    return reasons or (gettext("si besoin") if dosage.needed else "")


def _every(time: Quantity, most: Quantity | None) -> str:
    if time.value == "1" and not most and time.unit in (*_MASCULINE, "wk"):
        return gettext("chaque %(time)s") % {"time": _counted(time)}
    said = gettext("tous les %(time)s") if time.unit in _MASCULINE else gettext("toutes les %(time)s")
    return said % {"time": interval_words(Interval(time, most or time))}


def detail_words(what: Concept) -> str:
    """« grave », “severe”: in the language of the page, where a list of ours has it there; else as its document calls
    it."""
    known = known_name(what)
    if known and (english() or not (what.display or what.words)):
        return said(known).lower()
    return full_name(what).lower()


def value_words(value: Value | None, language: str = "") -> str:
    """What an observation found; "" for nothing."""
    if value is None:
        return ""
    if value.quantity:
        return quantity_words(value.quantity, language)
    if value.interval:
        return interval_words(value.interval, language)
    if value.concept:
        return full_name(value.concept)
    if value.truth is not None:
        return gettext("Oui") if value.truth else gettext("Non")
    return value.words
