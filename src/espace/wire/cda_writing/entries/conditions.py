"""Problems, procedures and allergies (CI-SIS templates 3.37, 3.39 to 3.41, 3.62)."""

from dataclasses import dataclass
from datetime import date

from espace.wire.cda_writing.narrative import identifier, original, reference
from espace.wire.cda_writing.words import snomed
from espace.wire.cda_writing.xml import Element, coded, el, moment, span, template
from espace.wire.xds import Coded

_CONCERN = ("2.16.840.1.113883.10.20.1.27", "1.3.6.1.4.1.19376.1.5.3.1.4.5.1")
_PROBLEM_CONCERN = ("1.3.6.1.4.1.19376.1.5.3.1.4.5.2", "1.2.250.1.213.1.1.3.39")
_ALLERGY_CONCERN = ("1.3.6.1.4.1.19376.1.5.3.1.4.5.3", "1.2.250.1.213.1.1.3.40")
_PROBLEM = ("2.16.840.1.113883.10.20.1.28", "1.3.6.1.4.1.19376.1.5.3.1.4.5", "1.2.250.1.213.1.1.3.37")
_ALLERGY = (
    "2.16.840.1.113883.10.20.1.18",
    "2.16.840.1.113883.10.20.1.28",
    "1.3.6.1.4.1.19376.1.5.3.1.4.5",
    "1.3.6.1.4.1.19376.1.5.3.1.4.6",
    "1.2.250.1.213.1.1.3.41",
)
_PROCEDURE = (
    "1.3.6.1.4.1.19376.1.5.3.1.4.19",
    "2.16.840.1.113883.10.20.1.29",
    "1.2.250.1.213.1.1.3.62",
)
_FINDING = {"classCode": "OBS", "moodCode": "EVN", "negationInd": "false"}

DRUG_ALLERGY = snomed("416098002", "allergie médicamenteuse")
FOOD_ALLERGY = snomed("414285001", "allergie alimentaire")
SUBSTANCE_ALLERGY = snomed("419199007", "allergie à une substance")


@dataclass(frozen=True, slots=True)
class Problem:
    """A condition coded in ICD-10, active while it has no end."""

    code: Coded
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Procedure:
    """An act coded in CCAM."""

    code: Coded
    on: date


@dataclass(frozen=True, slots=True)
class Allergy:
    """An allergy: its kind (SNOMED CT), the agent with its code, what it did."""

    kind: Coded
    agent: Coded
    reaction: str
    since: date


def _concern(document: str, mark: str, templates: tuple[str, ...], since: date, finding: Element) -> Element:
    ended = finding.find("{*}effectiveTime/{*}high")
    until = el("high", {"value": ended.get("value", "")}) if ended is not None else None
    return el(
        "act",
        {"classCode": "ACT", "moodCode": "EVN"},
        *template(*_CONCERN, *templates),
        identifier(document, f"{mark}-concern"),
        el("code", {"nullFlavor": "NA"}),
        el("statusCode", {"code": "active" if ended is None else "completed"}),
        el("effectiveTime", None, el("low", {"value": moment(since)}), until),
        el("entryRelationship", {"typeCode": "SUBJ", "inversionInd": "false"}, finding),
    )


def problem(document: str, mark: str, found: Problem) -> Element:
    """The concern and its diagnosis, whose words are at `mark`."""
    finding = el(
        "observation",
        _FINDING,
        *template(*_PROBLEM),
        identifier(document, mark),
        coded("code", snomed("282291009", "interprétation diagnostique")),
        el("text", None, reference(mark)),
        el("statusCode", {"code": "completed"}),
        span("effectiveTime", found.since, found.until),
        coded("value", found.code, original(mark), kind="CD"),
    )
    return _concern(document, mark, _PROBLEM_CONCERN, found.since, finding)


def allergy(document: str, mark: str, found: Allergy) -> Element:
    """The concern and its allergy, whose agent is named at `mark` and whose reaction is at `mark`-reaction."""
    agent = el("playingEntity", {"classCode": "MMAT"}, coded("code", found.agent, original(mark)))
    role = el("participantRole", {"classCode": "MANU"}, agent)
    finding = el(
        "observation",
        _FINDING,
        *template(*_ALLERGY),
        identifier(document, mark),
        coded("code", found.kind),
        el("text", None, reference(mark)),
        el("statusCode", {"code": "completed"}),
        span("effectiveTime", found.since),
        el("value", {"xsi:type": "CD"}, original(f"{mark}-reaction")),
        el("participant", {"typeCode": "CSM"}, role),
    )
    return _concern(document, mark, _ALLERGY_CONCERN, found.since, finding)


def procedure(document: str, mark: str, done: Procedure) -> Element:
    return el(
        "procedure",
        {"classCode": "PROC", "moodCode": "EVN"},
        *template(*_PROCEDURE),
        identifier(document, mark),
        coded("code", done.code),
        el("text", None, reference(mark)),
        el("statusCode", {"code": "completed"}),
        el("effectiveTime", {"value": moment(done.on)}),
    )
