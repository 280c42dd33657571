"""Units of measurement, as far as one is turned into another without a doubt: from a table, with exact decimals.

A unit that the table does not know is only equal to itself. Between mass and amount of substance the molar mass of the
very substance that a LOINC code names decides. Sources, read on 2026-11-22: UCUM 2.2 for the units; IUPAC atomic
weights of 2021 (abridged) for the molar masses; NGSP and IFCC master equation of 2010 for HbA1c.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext

from espace.clinical.rules.marking import number_of
from espace.wire.clinical_statements.values import Quantity

MOST_DIGITS = 18
"""Digits of a number that is still one of medicine; a longer one is shown as it was written."""
LEAST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Scale:
    """What a unit measures, and how many of the base unit of that it holds."""

    dimension: str
    factor: Decimal


MASS, AMOUNT, ACTIVITY, COUNT = "g/L", "mol/L", "U/L", "/L"
_PREFIXES = {"": "1", "d": "1e-1", "c": "1e-2", "m": "1e-3", "u": "1e-6", "n": "1e-9", "p": "1e-12", "f": "1e-15"}
_VOLUMES = {"L": "1", "dL": "1e-1", "cL": "1e-2", "mL": "1e-3", "uL": "1e-6", "m3": "1e3", "mm3": "1e-6"}
_UNITS = {"g": MASS, "mol": AMOUNT, "U": ACTIVITY}
_NUMBERS = {"": "1", "10*3": "1e3", "10*6": "1e6", "10*9": "1e9", "10*12": "1e12"}
_OTHERS: Mapping[str, tuple[str, str]] = {
    "kU/L": (ACTIVITY, "1e3"),
    "kg": ("g", "1e3"),
    "g": ("g", "1"),
    "m": ("m", "1"),
    "cm": ("m", "1e-2"),
    "mm": ("m", "1e-3"),
    "mm[Hg]": ("mm[Hg]", "1"),
    "cm[Hg]": ("mm[Hg]", "10"),
    "fL": ("L", "1e-15"),
    "um3": ("L", "1e-15"),
}
_SPELT: Mapping[str, str] = {
    "G/L": "10*9/L",
    "Giga/L": "10*9/L",
    "T/L": "10*12/L",
    "Tera/L": "10*12/L",
    "mmHg": "mm[Hg]",
    "cmHg": "cm[Hg]",
    "μm3": "um3",
    "mL/min/{1.73_m2}": "mL/min/1.73m2",
    "mL/min/1.73 m2": "mL/min/1.73m2",
    "mL/min/1,73m2": "mL/min/1.73m2",
    "mL/min/1.73m²": "mL/min/1.73m2",
    "mL/min/1,73m²": "mL/min/1.73m2",
}
"""Other spellings of a unit, as laboratories write them."""
_PARTS = (("µ", "u"), ("μ", "u"), ("mcg", "ug"), ("[IU]", "U"), ("UI", "U"), ("IU", "U"), ("10^", "10*"), ("²", "2"))
_LITRES = {"l": "L", "dl": "dL", "cl": "cL", "ml": "mL", "ul": "uL", "mm3": "mm3"}


def _scales() -> Iterator[tuple[str, Scale]]:
    for volume, size in _VOLUMES.items():
        for number, times in _NUMBERS.items():
            yield f"{number}/{volume}", Scale(COUNT, Decimal(times) / Decimal(size))
        for unit, dimension in _UNITS.items():
            for prefix, part in _PREFIXES.items():
                yield f"{prefix}{unit}/{volume}", Scale(dimension, Decimal(part) / Decimal(size))
    for name, (dimension, factor) in _OTHERS.items():
        yield name, Scale(dimension, Decimal(factor))


_SCALES: Mapping[str, Scale] = dict(_scales())

_MOLAR: Mapping[str, tuple[str, ...]] = {
    "180.156": ("2345-7", "14749-6", "1558-6", "14771-0", "40193-5", "2339-0", "15074-8"),  # glucose
    "113.12": ("2160-0", "14682-9", "38483-4", "59826-8"),  # creatinine
    "386.65": ("2093-3", "14647-2", "2085-9", "14646-4", "13457-7", "2089-1", "22748-8", "39469-2"),  # cholesterol
    "885.4": ("2571-8", "14927-8"),  # triglycerides, as triolein
    "60.056": ("3091-6", "22664-7"),  # urea
    "28.014": ("3094-0",),  # the nitrogen of urea
    "40.078": ("17861-6", "2000-8"),  # calcium
    "168.11": ("3084-1", "14933-6"),  # urate
    "584.66": ("1975-2", "14631-6", "1968-7", "14629-0"),  # bilirubin
    "24.305": ("19123-9", "2601-3"),  # magnesium
    "30.974": ("2777-1", "14879-1"),  # phosphate, as phosphorus
    "55.845": ("2498-4", "14798-3"),  # iron
    "776.87": ("3024-7", "14920-3"),  # free thyroxine
    "650.97": ("3051-0", "14928-6"),  # free triiodothyronine
    "400.64": ("1989-3", "14635-7"),  # 25-hydroxycalciferol
    "1355.37": ("2132-9", "14685-0"),  # vitamin B12
    "441.40": ("2284-8", "14732-0"),  # folate
    "16114": ("718-7", "59260-0"),  # haemoglobin, by its monomer
    "362.46": ("2143-6", "14675-3"),  # cortisol
    "288.42": ("2986-8", "14913-8"),  # testosterone
}
_GRAMS_PER_MOLE = {code: Decimal(mass) for mass, codes in _MOLAR.items() for code in codes}

_NGSP, _IFCC = "%", "mmol/mol"
HBA1C = frozenset({"4548-4", "17856-6", "59261-8"})
_SLOPE, _OFFSET = Decimal("0.09148"), Decimal("2.152")
"""NGSP % = 0.09148 × IFCC mmol/mol + 2.152."""


def spelt(unit: str) -> str:
    """A unit in the one way in which the tables write it; "" for none."""
    text = "".join(unit.split()) if unit not in _SPELT else unit
    text = _SPELT.get(text, text)
    for part, kept in _PARTS:
        text = text.replace(part, kept)
    above, bar, below = text.partition("/")
    if bar:
        text = f"{above}/{_LITRES.get(below, below)}"
    return "" if text == "1" else _SPELT.get(text, text)


def usable(quantity: Quantity | None) -> Decimal | None:
    """Its number, or None for none, for what is no number, and for one that nobody measured."""
    number = number_of(quantity)
    if number is None or len(number.as_tuple().digits) > MOST_DIGITS or abs(number.adjusted()) > MOST_DIGITS:
        return None
    return number


def converted(number: Decimal, unit: str, to: str, *, code: str = "", to_code: str = "") -> Decimal | None:
    """A number of `unit` in the unit `to`; the same number where both are one unit; None where nothing known leads
    from one to the other. `code` and `to_code` are the LOINC codes of what was measured, in either unit."""
    start, end = spelt(unit), spelt(to)
    masses = _GRAMS_PER_MOLE.get(code), _GRAMS_PER_MOLE.get(to_code)
    if start == end and (masses[0] == masses[1] or _dimension(start) != MASS):
        return number
    with localcontext() as exact:
        exact.prec = 2 * MOST_DIGITS
        found = _by_equation(number, start, end, code) or _by_factor(number, start, end, masses)
        return None if found is None else _rounded(found, like=number)


def _dimension(unit: str) -> str:
    return _SCALES[unit].dimension if unit in _SCALES else ""


def _by_equation(number: Decimal, start: str, end: str, code: str) -> Decimal | None:
    if code not in HBA1C:
        return None
    ways = {(_IFCC, _NGSP): number * _SLOPE + _OFFSET, (_NGSP, _IFCC): (number - _OFFSET) / _SLOPE}
    return ways.get((start, end))


def _by_factor(number: Decimal, start: str, end: str, masses: tuple[Decimal | None, Decimal | None]) -> Decimal | None:
    first, last = _SCALES.get(start), _SCALES.get(end)
    if first is None or last is None:
        return None
    base = number * first.factor
    if first.dimension == last.dimension and (first.dimension != MASS or masses[0] == masses[1]):
        return base / last.factor
    if masses[0] is None or masses[1] is None or not {first.dimension, last.dimension} <= {MASS, AMOUNT}:
        return None
    moles = base / masses[0] if first.dimension == MASS else base
    return (moles * masses[1] if last.dimension == MASS else moles) / last.factor


def _rounded(found: Decimal, *, like: Decimal) -> Decimal:
    """With as many significant digits as were written, three at the least: no more is known."""
    digits = max(len(like.as_tuple().digits), LEAST_DIGITS)
    kept = Context(prec=digits).plus(found)
    return kept.quantize(Decimal(1).scaleb(kept.adjusted() - digits + 1)) if kept else kept
