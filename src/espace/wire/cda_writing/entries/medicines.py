"""Medicines taken, prescribed, delivered (CI-SIS templates 3.42, 3.43, 3.83, 3.204)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from espace.wire.cda_writing.entries.statements import because, entry
from espace.wire.cda_writing.narrative import identifier, original, reference
from espace.wire.cda_writing.words import ACT_CODE
from espace.wire.cda_writing.xml import Element, coded, el, span, template
from espace.wire.clinical_statements.values import Concept
from espace.wire.nomenclature.systems import ATC
from espace.wire.xds import Coded

EDQM = "0.4.0.127.0.16.1.1.2.1"
ORAL = Coded("20053000", EDQM, "Voie orale")
INHALED = Coded("20020000", EDQM, "Voie inhalée")
CUTANEOUS = Coded("20003000", EDQM, "Voie cutanée")
SUBCUTANEOUS = Coded("20066000", EDQM, "Voie sous-cutanée")
INTRAMUSCULAR = Coded("20035000", EDQM, "Voie intramusculaire")

_TAKING = (
    "2.16.840.1.113883.10.20.1.24",
    "1.3.6.1.4.1.19376.1.5.3.1.4.7",
    "1.2.250.1.213.1.1.3.42",
    "1.3.6.1.4.1.19376.1.5.3.1.4.7.1",
)
_PRESCRIBED = (
    "2.16.840.1.113883.10.20.1.24",
    "1.3.6.1.4.1.19376.1.5.3.1.4.7",
    "1.3.6.1.4.1.19376.1.9.1.3.2",
    "1.2.250.1.213.1.1.3.83",
    "1.3.6.1.4.1.19376.1.5.3.1.4.7.1",
)
_DELIVERED = (
    "2.16.840.1.113883.10.20.1.34",
    "1.3.6.1.4.1.19376.1.5.3.1.4.7.3",
    "1.3.6.1.4.1.19376.1.9.1.3.4",
    "1.2.250.1.213.1.1.3.204",
)
_PRODUCT = (
    "2.16.840.1.113883.10.20.1.53",
    "1.3.6.1.4.1.19376.1.5.3.1.4.7.2",
    "1.2.250.1.213.1.1.3.43",
)
_INSTRUCTION = (
    "2.16.840.1.113883.10.20.1.49",
    "1.3.6.1.4.1.19376.1.5.3.1.4.3",
    "1.2.250.1.213.1.1.3.33",
)


@dataclass(frozen=True, slots=True)
class Medicine:
    """A treatment: product by its common name, ATC class, dose at each time, hours between two times (None: as needed).

    `words` is the posology as people read it; `since` and `until` are the first and last days; `reason` is why it is
    taken, in words, and `problem` codes the same.
    """

    name: str
    atc: str
    substance: str
    dose: Decimal
    dose_unit: str
    every_hours: int | None
    words: str
    route: Coded
    since: date
    until: date | None = None
    reason: str = ""
    problem: Coded | None = None
    advice: str = ""
    boxes: int = 1
    renewals: int = 0


def _product(medicine: Medicine, mark: str, *, lot: str = "") -> Element:
    substance = coded("translation", Coded(medicine.atc, ATC.oid, medicine.substance))
    material = el(
        "manufacturedMaterial",
        None,
        el("code", {"nullFlavor": "NAV"}, original(mark), substance),
        el("name", None, medicine.name),
        el("lotNumberText", None, lot) if lot else None,
    )
    return el("manufacturedProduct", None, *template(*_PRODUCT), material)


def _advice(mark: str) -> Element:
    act = el(
        "act",
        {"classCode": "ACT", "moodCode": "INT"},
        *template(*_INSTRUCTION),
        el("code", {"code": "PINSTRUCT", "codeSystem": "1.3.6.1.4.1.19376.1.5.3.2"}),
        el("text", None, reference(f"{mark}-advice")),
        el("statusCode", {"code": "completed"}),
    )
    return el("entryRelationship", {"typeCode": "SUBJ", "inversionInd": "true"}, act)


def _reason(document: str, mark: str, medicine: Medicine) -> Element | None:
    """Its words are at `mark`-motif; coded where its code is known."""
    if not medicine.reason:
        return None
    name, code = f"{mark}-motif", medicine.problem or Coded("")
    why = because(Concept(code.code, code.system, code.display, words=medicine.reason))
    act = entry(why.statement, {medicine.reason: name}, document, name)
    return el("entryRelationship", {"typeCode": why.link, "inversionInd": "false"}, act)


def _supply(medicine: Medicine) -> Element:
    supply = el(
        "supply",
        {"classCode": "SPLY", "moodCode": "RQO"},
        *template("1.3.6.1.4.1.19376.1.9.1.3.8", "1.2.250.1.213.1.1.3.86"),
        el("independentInd", {"value": "false"}),
        el("quantity", {"value": str(medicine.boxes)}),
    )
    return el("entryRelationship", {"typeCode": "COMP"}, supply)


def _administration(
    document: str, mark: str, medicine: Medicine, mood: str, templates: tuple[str, ...], *more: Element | None
) -> Element:
    every = el("period", {"value": str(medicine.every_hours), "unit": "h"}) if medicine.every_hours else None
    dose = {"value": str(medicine.dose), "unit": medicine.dose_unit}
    repeat = el("repeatNumber", {"value": str(medicine.renewals)}) if mood == "INT" else None
    return el(
        "substanceAdministration",
        {"classCode": "SBADM", "moodCode": mood},
        *template(*templates),
        identifier(document, mark),
        coded("code", Coded("DRUG", ACT_CODE, "Médicament")),
        el("text", None, reference(mark)),
        el("statusCode", {"code": "completed"}),
        span("effectiveTime", medicine.since, medicine.until, kind="IVL_TS"),
        None if every is None else el("effectiveTime", {"xsi:type": "PIVL_TS", "operator": "A"}, every),
        repeat,
        coded("routeCode", medicine.route),
        el("doseQuantity", None, el("low", dose), el("high", dose)),
        el("consumable", None, _product(medicine, mark)),
        *more,
    )


def taken(document: str, mark: str, medicine: Medicine) -> Element:
    """A treatment in progress, named at `mark`; why it is taken is at `mark`-motif."""
    return _administration(document, mark, medicine, "EVN", _TAKING, _reason(document, mark, medicine))


def prescribed(document: str, mark: str, medicine: Medicine) -> Element:
    """An item of a prescription, named at `mark`; its advice to the patient is at `mark`-advice."""
    advice = _advice(mark) if medicine.advice else None
    return _administration(document, mark, medicine, "INT", _PRESCRIBED, advice, _supply(medicine))


def delivered(document: str, mark: str, medicine: Medicine, lot: str) -> Element:
    """An item that the pharmacy handed over, named at `mark`."""
    return el(
        "supply",
        {"classCode": "SPLY", "moodCode": "EVN"},
        *template(*_DELIVERED),
        identifier(document, mark),
        el("text", None, reference(mark)),
        el("quantity", {"value": str(medicine.boxes)}),
        el("product", None, _product(medicine, mark, lot=lot)),
    )
