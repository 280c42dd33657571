"""TD0.2, « test d’existence »: PRPA_IN201307UV02 → values → PRPA_IN201308UV02 (HL7 v3, « Patient Registry »).

The frame of both messages is HL7’s; which observations say what of the space is this platform’s own choice, for the
national list is not at hand (docs/vendors/national-requests.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from uuid import UUID
from xml.sax.saxutils import escape, quoteattr

from espace.kernel.reasons import national as reasons
from espace.kernel.words import Problem, Refused, RefusedProblems
from espace.wire.dmp.fields import told
from espace.wire.fhir.outcome import problems_of
from espace.wire.xds import PatientStatement
from espace.wire.xml import Element

V3 = "urn:hl7-org:v3"
ASKED, ANSWERED = "PRPA_IN201307UV02", "PRPA_IN201308UV02"
REQUEST, ANSWER = f"{{{V3}}}{ASKED}", f"{{{V3}}}{ANSWERED}"
REASON, REASONS_OID = "TEST_EXST", "1.2.250.1.213.1.1.4.11"
INTERACTIONS = "2.16.840.1.113883.1.6"
_REFUSALS = "urn:espace:refused"
_ACT = "controlActProcess"
_QUERY = f"{_ACT}/queryByParameter"
_VALUE = f"{_QUERY}/parameterList/patientIdentifier/value"
_MOST_CHARS = 200


class Kept(StrEnum):
    """What there is of the space."""

    OPEN = "ACTIF"
    CLOSED = "FERME"
    NONE = "INEXISTANT"


@dataclass(frozen=True, slots=True)
class Id:
    """An identifier (II)."""

    root: str = ""
    extension: str = ""


NOBODY = Id()


@dataclass(frozen=True, slots=True)
class Question:
    """`patient` is whom it is about; `id` and `query` are what an answer refers to, `sender` whom it goes back to."""

    patient: PatientStatement
    id: Id
    query: Id
    sender: Id


@dataclass(frozen=True, slots=True)
class Answered:
    """What is told of a space: `access` of the professional who asks (`wire.dmp.authorising.Access`), `attending`
    whether they are the attending doctor, `activated` whether its holder uses it (« rattachement à Mon espace santé »),
    `person` the traits, for whoever may read."""

    kept: Kept
    access: str = ""
    attending: bool = False
    activated: bool = False
    closed_on: date | None = None
    motive: str = ""
    cause: str = ""
    person: PatientStatement | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """What is the answering message’s own."""

    id: UUID
    at: datetime
    device: str
    """The OID of the platform."""


def read(request: Element) -> Question:
    """Raises RefusedProblems (NATIONAL_MALFORMED)."""
    problems: list[Problem] = []
    for path, name, expected in (
        ("interactionId", "extension", ASKED),
        (f"{_ACT}/reasonCode", "code", REASON),
        (f"{_ACT}/reasonCode", "codeSystem", REASONS_OID),
    ):
        if [one.get(name) for one in _all(request, path)] != [expected]:
            problems.append(_wrong(f"{path}/@{name}", expected))
    found = {path: _id(request, path) for path in ("id", f"{_QUERY}/queryId", _VALUE)}
    problems += [_wrong(path, "one, with its root") for path, one in found.items() if not one.root]
    if not found[_VALUE].extension:
        problems.append(_wrong(f"{_VALUE}/@extension", "the INS"))
    if problems:
        raise RefusedProblems(tuple(problems))
    value = found[_VALUE]
    patient = PatientStatement(f"{ASKED}/{_VALUE}", number=value.extension, authority=value.root)
    return Question(patient, found["id"], found[f"{_QUERY}/queryId"], _id(request, "sender/device/id"))


def _all(request: Element, path: str) -> list[Element]:
    return request.findall("/".join(f"{{{V3}}}{step}" for step in path.split("/")))


def _id(request: Element, path: str) -> Id:
    """The identifier that is there once; none of any other."""
    found = _all(request, path)
    said = Id(found[0].get("root", "").strip(), found[0].get("extension", "").strip()) if len(found) == 1 else NOBODY
    return NOBODY if max(len(said.root), len(said.extension)) > _MOST_CHARS else said


def _wrong(path: str, expected: str) -> Problem:
    return Problem(reasons.NATIONAL_MALFORMED, f"{ASKED}/{path}", f"{expected} expected")


def write(question: Question, answered: Answered, frame: Frame) -> bytes:
    """The answer; a space of which there is none has no subject, and the query found nothing (NF)."""
    found = answered.kept is not Kept.NONE
    acknowledged = _acknowledged("AA", question.id, () if found else (_detail("I", Kept.NONE, "", _ABSENT),))
    subject = _subject(question, answered) if found else ""
    echoed = (
        f"<queryByParameter>{_written('queryId', question.query)}"
        '<statusCode code="deliveredResponse"/><parameterList>'
        f"<patientIdentifier>{_written('value', Id(question.patient.authority, question.patient.number))}"
        "<semanticsText>Patient.id</semanticsText></patientIdentifier></parameterList></queryByParameter>"
    )
    act = f"{subject}{_ack(question.query, 'OK' if found else 'NF')}{echoed}"
    return _message(frame, question.sender, acknowledged, act)


def refusal(refused: Refused, frame: Frame) -> bytes:
    """The answer to a request that was refused: an application error (AE), each problem in a detail of its own."""
    details = (_detail("E", one.reason.told_code, one.place, told(one)) for one in problems_of(refused))
    return _message(frame, NOBODY, _acknowledged("AE", NOBODY, tuple(details)), _ack(NOBODY, "AE"))


_ABSENT = "Aucun espace n’existe pour cette identité."


def _message(frame: Frame, to: Id, acknowledged: str, act: str) -> bytes:
    at = frame.at.astimezone(UTC).strftime("%Y%m%d%H%M%S+0000")
    return (
        f'<{ANSWERED} xmlns="{V3}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ITSVersion="XML_1.0">'
        f'<id root="{str(frame.id).upper()}"/><creationTime value="{at}"/>'
        f'<interactionId root="{INTERACTIONS}" extension="{ANSWERED}"/><processingCode code="P"/>'
        '<processingModeCode code="T"/><acceptAckCode code="NE"/>'
        f"{_device('receiver', 'RCV', to)}{_device('sender', 'SND', Id(frame.device))}{acknowledged}"
        f'<{_ACT} classCode="CACT" moodCode="EVN"><code code="PRPA_TE201308UV02" codeSystem="{INTERACTIONS}"/>'
        f'<reasonCode code="{REASON}" codeSystem="{REASONS_OID}"/>{act}</{_ACT}></{ANSWERED}>'
    ).encode()


def _device(name: str, kind: str, id: Id) -> str:
    inside = f'<device classCode="DEV" determinerCode="INSTANCE">{_written("id", id)}</device>'
    return f'<{name} typeCode="{kind}">{inside}</{name}>'


def _written(name: str, id: Id) -> str:
    if not id.root:
        return f'<{name} nullFlavor="NI"/>'
    more = f" extension={quoteattr(id.extension)}" if id.extension else ""
    return f"<{name} root={quoteattr(id.root)}{more}/>"


def _acknowledged(code: str, of: Id, details: tuple[str, ...]) -> str:
    target = f"<targetMessage>{_written('id', of)}</targetMessage>"
    return f'<acknowledgement><typeCode code="{code}"/>{target}{"".join(details)}</acknowledgement>'


def _detail(kind: str, code: str, place: str, text: str) -> str:
    where = f"<location>{escape(place)}</location>" if place else ""
    return (
        f'<acknowledgementDetail typeCode="{kind}"><code code={quoteattr(code)} codeSystemName="{_REFUSALS}"/>'
        f"<text>{escape(text)}</text>{where}</acknowledgementDetail>"
    )


def _ack(query: Id, code: str) -> str:
    return f'<queryAck>{_written("queryId", query)}<queryResponseCode code="{code}"/></queryAck>'


def _subject(question: Question, told_: Answered) -> str:
    one = question.patient
    status = "active" if told_.kept is Kept.OPEN else "terminated"
    said = "".join(f"<subjectOf>{_observation(code, value)}</subjectOf>" for code, value in _observed(told_).items())
    patient = (
        f'<patient classCode="PAT">{_written("id", Id(one.authority, one.number))}<statusCode code="{status}"/>'
        f"{_person(told_.person)}{said}</patient>"
    )
    return (
        '<subject typeCode="SUBJ" contextConductionInd="false"><registrationEvent classCode="REG" moodCode="EVN">'
        f'<id nullFlavor="NA"/><statusCode code="{status}"/><subject1 typeCode="SBJ">{patient}</subject1>'
        "</registrationEvent></subject>"
    )


def _observed(said: Answered) -> Mapping[str, str]:
    """What is said of the space, each under its code, as a value that is typed already."""
    words = {
        "STATUT_DMP": said.kept.value, "MOTIF_FERMETURE": said.motive, "AUTORISATION_PS": said.access,
    }  # fmt: skip
    found = {code: f'<value xsi:type="CD" code={quoteattr(word)}/>' for code, word in words.items() if word}
    if said.closed_on:
        found["DATE_FERMETURE"] = f'<value xsi:type="TS" value="{said.closed_on:%Y%m%d}"/>'
    if said.cause:
        found["RAISON_FERMETURE"] = f'<value xsi:type="ST">{escape(said.cause)}</value>'
    flags = {"MEDECIN_TRAITANT_DMP": said.attending, "RATTACHEMENT_MES": said.activated}
    return found | {code: f'<value xsi:type="BL" value="{str(on).lower()}"/>' for code, on in flags.items()}


def _observation(code: str, value: str) -> str:
    return (
        '<administrativeObservation classCode="OBS" moodCode="EVN">'
        f'<code code="{code}" codeSystemName="urn:espace:td02"/>{value}</administrativeObservation>'
    )


def _person(one: PatientStatement | None) -> str:
    """The traits, or that they are kept back."""
    if one is None:
        return '<patientPerson classCode="PSN" determinerCode="INSTANCE" nullFlavor="MSK"/>'
    given = "".join(f"<given>{escape(name)}</given>" for name in one.given_names)
    born = f'<birthTime value="{one.birth_date:%Y%m%d}"/>' if one.birth_date else ""
    return (
        '<patientPerson classCode="PSN" determinerCode="INSTANCE">'
        f'<name><family qualifier="BR">{escape(one.birth_name)}</family>{given}</name>'
        f'<administrativeGenderCode code={quoteattr(one.sex)} codeSystem="2.16.840.1.113883.5.1"/>{born}'
        "</patientPerson>"
    )
