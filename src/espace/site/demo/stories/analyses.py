"""Analyses of the stories: LOINC codes, UCUM units, usual ranges of adults."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from espace.wire.cda_writing import BIOCHEMISTRY, HAEMATOLOGY, MICROBIOLOGY, Chapter, Measure
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
_U = MICROBIOLOGY
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
    "ferritin_m": Analysis("2276-4", "Ferritine", "ug/L", "µg/L", "30", "300", "142"),
    "hb_child": Analysis("718-7", "Hémoglobine", "g/dL", "g/dL", "11.0", "14.0", "12.4", _H),
    "neutrophils": Analysis("751-8", "Polynucléaires neutrophiles", "10*9/L", "G/L", "1.8", "7.5", "3.9", _H),
    "lymphocytes": Analysis("731-0", "Lymphocytes", "10*9/L", "G/L", "1.0", "4.0", "2.0", _H),
    "eosinophils": Analysis("711-2", "Polynucléaires éosinophiles", "10*9/L", "G/L", "0.05", "0.50", "0.18", _H),
    "sed_rate": Analysis("30341-2", "Vitesse de sédimentation", "mm/h", "mm/h", "", "20", "8", _H),
    "urea": Analysis("22664-7", "Urée", "mmol/L", "mmol/L", "2.5", "7.5", "5.1"),
    "calcium": Analysis("2000-8", "Calcium", "mmol/L", "mmol/L", "2.20", "2.60", "2.38"),
    "albumin": Analysis("1751-7", "Albumine", "g/L", "g/L", "35", "50", "42"),
    "urate": Analysis("14933-6", "Acide urique", "umol/L", "µmol/L", "150", "420", "310"),
    "vitamin_d": Analysis("14635-7", "25-hydroxyvitamine D", "nmol/L", "nmol/L", "75", "200", "84"),
    "b12": Analysis("14685-0", "Vitamine B12", "pmol/L", "pmol/L", "150", "650", "310"),
    "bilirubin": Analysis("14631-6", "Bilirubine totale", "umol/L", "µmol/L", "", "17", "9"),
    "alp": Analysis("6768-6", "Phosphatases alcalines", "U/L", "UI/L", "40", "130", "72"),
    "lipase": Analysis("3040-3", "Lipase", "U/L", "UI/L", "", "60", "28"),
    "troponin": Analysis("67151-1", "Troponine T hypersensible", "ng/L", "ng/L", "", "14", "6"),
    "ca153": Analysis("6875-9", "CA 15-3", "k[IU]/L", "kUI/L", "", "30", "16"),
    "cea": Analysis("2039-6", "Antigène carcino-embryonnaire (ACE)", "ug/L", "µg/L", "", "5.0", "1.9"),
    "urine_leucocytes": Analysis("30405-5", "Leucocytes urinaires", "/mL", "/mL", "", "10000", "2000", _U),
    "urine_red_cells": Analysis("30391-7", "Hématies urinaires", "/mL", "/mL", "", "10000", "1000", _U),
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
