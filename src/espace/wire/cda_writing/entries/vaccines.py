"""Vaccinations (CI-SIS template 3.45)."""

from dataclasses import dataclass
from datetime import date

from espace.wire.cda_writing.entries.medicines import INTRAMUSCULAR
from espace.wire.cda_writing.header import performer
from espace.wire.cda_writing.narrative import identifier, original, reference
from espace.wire.cda_writing.words import ACT_CODE, Professional, loinc, snomed
from espace.wire.cda_writing.xml import Element, coded, el, moment, template
from espace.wire.nomenclature.systems import ATC
from espace.wire.xds import Coded

_VACCINATION = (
    "2.16.840.1.113883.10.20.1.24",
    "1.3.6.1.4.1.19376.1.5.3.1.4.12",
    "1.2.250.1.213.1.1.3.45",
)
_PRODUCT = (
    "2.16.840.1.113883.10.20.1.53",
    "1.3.6.1.4.1.19376.1.5.3.1.4.7.2",
    "1.2.250.1.213.1.1.3.43",
)
_RANK = ("2.16.840.1.113883.10.20.1.46", "1.2.250.1.213.1.1.3.82")
_LEFT_DELTOID = snomed("16217701000119102", "deltoïde gauche")
SITE = "Deltoïde gauche"


@dataclass(frozen=True, slots=True)
class Injection:
    """A dose given: the vaccine by what it protects from, ATC class, lot, rank in its series."""

    vaccine: str
    atc: str
    on: date
    lot: str
    rank: int
    by: Professional
    booster: bool = False
    route: Coded = INTRAMUSCULAR


def _rank(rank: int) -> Element:
    observation = el(
        "observation",
        {"classCode": "OBS", "moodCode": "EVN"},
        *template(*_RANK),
        coded("code", loinc("30973-2", "Rang de la vaccination")),
        el("statusCode", {"code": "completed"}),
        el("value", {"xsi:type": "INT", "value": str(rank)}),
    )
    return el("entryRelationship", {"typeCode": "SUBJ"}, observation)


def _product(injection: Injection, mark: str) -> Element:
    material = el(
        "manufacturedMaterial",
        None,
        el("code", {"nullFlavor": "NAV"}, original(mark), _class(injection)),
        el("name", None, injection.vaccine),
        el("lotNumberText", None, injection.lot),
    )
    return el("consumable", None, el("manufacturedProduct", None, *template(*_PRODUCT), material))


def _class(injection: Injection) -> Element:
    return coded("translation", Coded(injection.atc, ATC.oid, injection.vaccine))


def vaccinated(document: str, mark: str, injection: Injection) -> Element:
    """The dose given, whose vaccine is named at `mark` and whose place at `mark`-site."""
    series = ("BOOSTER", "Rappel") if injection.booster else ("INITIMMUNIZ", "1ère série vaccinante")
    return el(
        "substanceAdministration",
        {"classCode": "SBADM", "moodCode": "EVN", "negationInd": "false"},
        *template(*_VACCINATION),
        identifier(document, mark),
        coded("code", Coded(series[0], ACT_CODE, series[1])),
        el("text", None, reference(mark)),
        el("statusCode", {"code": "completed"}),
        el("effectiveTime", {"value": moment(injection.on)}),
        coded("routeCode", injection.route),
        coded("approachSiteCode", _LEFT_DELTOID, original(f"{mark}-site")),
        _product(injection, mark),
        performer(injection.by),
        _rank(injection.rank),
    )
