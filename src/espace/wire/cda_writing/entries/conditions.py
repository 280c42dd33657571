"""Problems, procedures and allergies (CI-SIS templates 3.37, 3.39 to 3.41, 3.62)."""

from dataclasses import dataclass
from datetime import date

from espace.wire.cda_writing.narrative import identifier, original, reference
from espace.wire.cda_writing.words import loinc, snomed
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
_STATUS = (
    "2.16.840.1.113883.10.20.1.50",
    "2.16.840.1.113883.10.20.1.57",
    "1.3.6.1.4.1.19376.1.5.3.1.4.1.1",
    "1.2.250.1.213.1.1.3.30",
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
_PROPENSITY = snomed("420134006", "propension aux effets indésirables")
_NONE_KNOWN = Coded("no-known-allergies", "2.16.840.1.113883.5.1150.1", "Aucune allergie connue")
"""JDV_AbsentOrUnknownAllergy_CISIS."""
_INACTIVE = Coded("inactive", "2.16.840.1.113883.4.642.4.1373", "Inactif")
LEFT, RIGHT = snomed("7771000", "gauche"), snomed("24028007", "droit")


@dataclass(frozen=True, slots=True)
class Problem:
    """A condition coded in ICD-10, active while it has no end; what lasted one day has it twice."""

    code: Coded
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Procedure:
    """An act coded in CCAM, where it was done (SNOMED CT) and on which side."""

    code: Coded
    on: date
    site: Coded | None = None
    side: Coded | None = None

    @property
    def place(self) -> str:
        """As people read it: « hanche gauche »."""
        return " ".join(one.display for one in (self.site, self.side) if one)


@dataclass(frozen=True, slots=True)
class Allergy:
    """An allergy: its kind (SNOMED CT), the agent with its code, what it did."""

    kind: Coded
    agent: Coded
    reaction: str
    since: date


def _concern(document: str, mark: str, templates: tuple[str, ...], since: date | None, finding: Element) -> Element:
    ended = finding.find("{*}effectiveTime/{*}high")
    until = el("high", {"value": ended.get("value", "")}) if ended is not None else None
    return el(
        "act",
        {"classCode": "ACT", "moodCode": "EVN"},
        *template(*_CONCERN, *templates),
        identifier(document, f"{mark}-concern"),
        el("code", {"nullFlavor": "NA"}),
        el("statusCode", {"code": "active" if ended is None and since else "completed"}),
        el("effectiveTime", None, el("low", {"value": moment(since)} if since else {"nullFlavor": "UNK"}), until),
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
        _no_more(document, mark) if found.since == found.until else None,
    )
    return _concern(document, mark, _PROBLEM_CONCERN, found.since, finding)


def _no_more(document: str, mark: str) -> Element:
    """The status of what came and went on one day: two equal moments alone say only when it began."""
    status = el(
        "observation",
        {"classCode": "OBS", "moodCode": "EVN"},
        *template(*_STATUS),
        identifier(document, f"{mark}-statut"),
        coded("code", loinc("33999-4", "Statut")),
        el("text", None, reference(mark)),
        el("statusCode", {"code": "completed"}),
        coded("value", _INACTIVE, kind="CE"),
    )
    return el("entryRelationship", {"typeCode": "REFR", "inversionInd": "false"}, status)


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


def no_allergy(document: str, mark: str) -> Element:
    """That there is none, as the words at `mark` say."""
    finding = el(
        "observation",
        _FINDING,
        *template(*_ALLERGY),
        identifier(document, mark),
        coded("code", _PROPENSITY),
        el("text", None, reference(mark)),
        el("statusCode", {"code": "completed"}),
        span("effectiveTime", None),
        coded("value", _NONE_KNOWN, original(mark), kind="CD"),
    )
    return _concern(document, mark, _ALLERGY_CONCERN, None, finding)


def procedure(document: str, mark: str, done: Procedure) -> Element:
    """The act that is named at `mark`."""
    side = el("qualifier", None, coded("value", done.side)) if done.side else None
    return el(
        "procedure",
        {"classCode": "PROC", "moodCode": "EVN"},
        *template(*_PROCEDURE),
        identifier(document, mark),
        coded("code", done.code),
        el("text", None, reference(mark)),
        el("statusCode", {"code": "completed"}),
        el("effectiveTime", {"value": moment(done.on)}),
        coded("targetSiteCode", done.site, side) if done.site else None,
    )
