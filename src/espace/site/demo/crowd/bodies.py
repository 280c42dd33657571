"""Bodies in figures: growth, kidneys, fats. Textbook formulas, so that values of one report agree with one another."""

from bisect import bisect_right
from datetime import date

_AGES = (0, 1, 2, 4, 6, 9, 12, 18, 24, 36, 48, 60, 72, 84, 96, 108, 120, 132, 144, 156, 168, 180, 192, 216)
_KILOGRAMS = (
    3.4, 4.3, 5.3, 6.8, 7.8, 9.0, 9.9, 11.3, 12.5, 14.8, 16.8, 18.8, 21.0, 23.5, 26.0, 29.0, 32.5, 36.0, 40.5, 46.0,
    51.0, 55.0, 58.0, 62.0,
)  # fmt: skip
_CENTIMETRES = (
    50, 54, 57.5, 63, 67, 72, 76, 82.5, 88, 96, 103.5, 110, 116.5, 122.5, 128, 133.5, 139, 144.5, 150.5, 157, 162, 166,
    168, 170,
)  # fmt: skip
"""Middle of the French curves of growth, both sexes together, at those ages in months."""


def months_between(born: date, day: date) -> int:
    """Whole months lived."""
    return (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)


def years_between(born: date, day: date) -> int:
    return months_between(born, day) // 12


def _interpolated(values: tuple[float, ...], months: int) -> float:
    place = bisect_right(_AGES, months)
    if place == len(_AGES):
        return values[-1]
    before, after = _AGES[place - 1], _AGES[place]
    share = (months - before) / (after - before)
    return values[place - 1] + share * (values[place] - values[place - 1])


def child_weight(months: int, share: float = 1.0) -> float:
    """Kilograms at that age; `share` is how big this child is beside the middle of the curve."""
    return round(_interpolated(_KILOGRAMS, months) * share, 1)


def child_height(months: int, share: float = 1.0) -> float:
    """Centimetres; heights vary a third as much as weights."""
    return round(_interpolated(_CENTIMETRES, months) * (1 + (share - 1) / 3), 0)


def filtration(creatinine: float, age: int, *, woman: bool) -> int:
    """Glomerular filtration in mL/min/1.73 m² from creatinine in µmol/L (CKD-EPI 2009, as French laboratories do)."""
    serum = creatinine / 88.4
    knee, power, factor = (0.7, -0.329, 1.018) if woman else (0.9, -0.411, 1.0)
    ratio = serum / knee
    found: float = 141 * min(ratio, 1) ** power * max(ratio, 1) ** -1.209 * 0.993**age * factor
    return round(found)


def friedewald(cholesterol: float, hdl: float, triglycerides: float) -> float:
    """LDL cholesterol in mmol/L; right while triglycerides are under 3.9 mmol/L."""
    return cholesterol - hdl - triglycerides / 2.2


def fasting_glucose(hba1c: float) -> float:
    """What fasting glucose (mmol/L) usually goes with that glycated haemoglobin (%): the mean of ADAG less one."""
    return 1.59 * hba1c - 2.59 - 1.0
