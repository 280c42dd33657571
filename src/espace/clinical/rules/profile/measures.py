"""The measures that a holder may state (E12): LOINC code, unit (UCUM), and between what a number can be true at all.

Codes: the profiles of « API Mesures » (mes-observation-*) and LOINC 2.77 for those that have none. The bounds are ours:
wide enough for anybody alive, and narrow enough to catch a wrong unit.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from espace.kernel.reasons import Sentence


@dataclass(frozen=True, slots=True)
class Measure:
    """`loinc` is the code of the first number; `second` is that of the other one of a pair, as a blood pressure has.
    `shown` is the unit as people write it, `decimals` how many figures after the comma are kept."""

    code: str
    label: Sentence
    loinc: str
    unit: str
    shown: str
    low: float
    high: float
    decimals: int = 1
    second: str = ""
    labels: tuple[str, str] = ("", "")
    """What the two numbers of a pair are called in LOINC's French."""


MEASURES: Mapping[str, Measure] = {
    one.code: one
    for one in (
        Measure("weight", Sentence("Poids", "Weight"), "29463-7", "kg", "kg", 0.3, 400, 2),
        Measure("height", Sentence("Taille", "Height"), "8302-2", "cm", "cm", 20, 260),
        Measure("bmi", Sentence("Indice de masse corporelle", "Body mass index"), "39156-5", "kg/m2", "kg/m²", 5, 100),
        Measure("waist", Sentence("Tour de taille", "Waist"), "8280-0", "cm", "cm", 20, 300),
        Measure("head", Sentence("Périmètre crânien", "Head circumference"), "9843-4", "cm", "cm", 15, 80),
        Measure("temperature", Sentence("Température", "Temperature"), "8310-5", "Cel", "°C", 25, 45),
        Measure(
            "pressure",
            Sentence("Tension artérielle", "Blood pressure"),
            "8480-6",
            "mm[Hg]",
            "mmHg",
            20,
            300,
            0,
            "8462-4",
            ("Tension artérielle systolique", "Tension artérielle diastolique"),
        ),
        Measure("heart", Sentence("Fréquence cardiaque", "Heart rate"), "8867-4", "/min", "/min", 20, 300, 0),
        Measure("pain", Sentence("Douleur, de 0 à 10", "Pain, from 0 to 10"), "72514-3", "{score}", "/ 10", 0, 10, 0),
        Measure("steps", Sentence("Pas dans la journée", "Steps in the day"), "41950-7", "/d", "/24 h", 0, 200000, 0),
        Measure("glucose", Sentence("Glycémie", "Blood glucose"), "2339-0", "g/L", "g/L", 0.1, 10, 2),
        Measure(
            "interstitial",
            Sentence("Glucose interstitiel (capteur)", "Interstitial glucose (sensor)"),
            "99504-3",
            "g/L",
            "g/L",
            0.1,
            10,
            2,
        ),
        Measure(
            "hba1c", Sentence("Hémoglobine glyquée (HbA1c)", "Glycated haemoglobin (HbA1c)"), "4548-4", "%", "%", 2, 20
        ),
        Measure(
            "gmi",
            Sentence("Indicateur de gestion du glucose (GMI)", "Glucose management indicator (GMI)"),
            "97506-0",
            "%",
            "%",
            2,
            20,
        ),
    )
}
"""By code, in the order in which they are offered."""


def number_of(text: str, decimals: int) -> str | None:
    """« 72,50 » → « 72.5 »; None for what is no number, or more precise than the measure is."""
    plain = text.replace("\u202f", "").replace("\u00a0", "").replace(" ", "").replace(",", ".")
    whole, _, rest = plain.partition(".")
    if not (whole.isascii() and whole.isdigit() and len(whole) <= 6 and (rest == "" or rest.isascii())):
        return None
    if rest and not rest.isdigit():
        return None
    kept = rest.rstrip("0")
    return None if len(kept) > decimals else f"{int(whole)}.{kept}".rstrip(".")
