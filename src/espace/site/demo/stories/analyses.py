"""Analyses of the stories: LOINC codes, UCUM units, usual ranges of adults."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from espace.wire.cda_writing import BIOCHEMISTRY, HAEMATOLOGY, Chapter, Measure
from espace.wire.xds import Coded


@dataclass(frozen=True, slots=True)
class Analysis:
    """An analysis: LOINC code, label, units, range and a usual value."""

    code: str
    label: str
    unit: str
    shown: str
    low: str
    high: str
    usual: str
    chapter: Coded = BIOCHEMISTRY


_H = HAEMATOLOGY
ANALYSES: Mapping[str, Analysis] = {
    "hb": Analysis("718-7", "Hémoglobine", "g/dL", "g/dL", "12.0", "16.0", "13.6", _H),
    "hb_m": Analysis("718-7", "Hémoglobine", "g/dL", "g/dL", "13.0", "17.0", "15.1", _H),
    "wbc": Analysis("6690-2", "Leucocytes", "10*9/L", "G/L", "4.0", "10.0", "6.4", _H),
    "plt": Analysis("777-3", "Plaquettes", "10*9/L", "G/L", "150", "400", "245", _H),
    "mcv": Analysis("787-2", "Volume globulaire moyen", "fL", "fL", "80", "100", "89", _H),
    "glucose": Analysis("14749-6", "Glucose à jeun", "mmol/L", "mmol/L", "3.90", "6.10", "5.02"),
    "hba1c": Analysis("4548-4", "Hémoglobine glyquée (HbA1c)", "%", "%", "4.0", "6.0", "5.4"),
    "creatinine": Analysis("14682-9", "Créatinine", "umol/L", "µmol/L", "45", "90", "68"),
    "creatinine_m": Analysis("14682-9", "Créatinine", "umol/L", "µmol/L", "60", "110", "84"),
    "gfr": Analysis(
        "62238-1", "Débit de filtration glomérulaire estimé (CKD-EPI)", "mL/min/{1.73_m2}", "mL/min/1,73 m²",
        "60", "", "91",
    ),
    "sodium": Analysis("2951-2", "Sodium", "mmol/L", "mmol/L", "136", "145", "140"),
    "potassium": Analysis("2823-3", "Potassium", "mmol/L", "mmol/L", "3.5", "5.1", "4.2"),
    "cholesterol": Analysis("14647-2", "Cholestérol total", "mmol/L", "mmol/L", "", "5.20", "4.86"),
    "hdl": Analysis("14646-4", "Cholestérol HDL", "mmol/L", "mmol/L", "1.00", "", "1.42"),
    "ldl": Analysis("39469-2", "Cholestérol LDL (calculé)", "mmol/L", "mmol/L", "", "3.40", "2.94"),
    "triglycerides": Analysis("14927-8", "Triglycérides", "mmol/L", "mmol/L", "", "1.70", "1.12"),
    "tsh": Analysis("3016-3", "Thyréostimuline (TSH)", "m[IU]/L", "mUI/L", "0.40", "4.00", "1.95"),
    "ft4": Analysis("14920-3", "Thyroxine libre (T4 libre)", "pmol/L", "pmol/L", "12.0", "22.0", "15.8"),
    "crp": Analysis("1988-5", "Protéine C réactive (CRP)", "mg/L", "mg/L", "", "5.0", "1.8"),
    "ferritin": Analysis("2276-4", "Ferritine", "ug/L", "µg/L", "15", "150", "64"),
    "alt": Analysis("1742-6", "ALAT", "U/L", "UI/L", "", "40", "22"),
    "ast": Analysis("1920-8", "ASAT", "U/L", "UI/L", "", "40", "24"),
    "ggt": Analysis("2324-2", "Gamma-GT", "U/L", "UI/L", "", "45", "21"),
    "psa": Analysis("2857-1", "Antigène prostatique spécifique (PSA)", "ug/L", "µg/L", "", "4.0", "1.1"),
    "ntprobnp": Analysis("33762-6", "NT-proBNP", "ng/L", "ng/L", "", "300", "120"),
    "albuminuria": Analysis(
        "9318-7", "Albumine / créatinine urinaires", "mg/g", "mg/g", "", "30", "9",
    ),
}  # fmt: skip

BLOOD_COUNT = ("hb", "wbc", "plt", "mcv")
BLOOD_COUNT_MAN = ("hb_m", "wbc", "plt", "mcv")
KIDNEY = ("creatinine", "gfr", "sodium", "potassium")
KIDNEY_MAN = ("creatinine_m", "gfr", "sodium", "potassium")
LIPIDS = ("cholesterol", "hdl", "ldl", "triglycerides")
LIVER = ("alt", "ast", "ggt")


def _bound(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _measure(key: str, value: str) -> Measure:
    known = ANALYSES[key]
    return Measure(
        known.code,
        known.label,
        Decimal(value),
        known.unit,
        known.shown,
        _bound(known.low),
        _bound(known.high),
    )


def report(keys: tuple[str, ...], values: Mapping[str, str], comment: str = "") -> tuple[Chapter, ...]:
    """The chapters of a report on those analyses; `values` are those that are not the usual ones."""
    chapters: dict[Coded, list[Measure]] = {}
    for key in keys:
        known = ANALYSES[key]
        chapters.setdefault(known.chapter, []).append(_measure(key, values.get(key, known.usual)))
    last = list(chapters)[-1]
    return tuple(Chapter(code, tuple(results), comment if code == last else "") for code, results in chapters.items())
