"""Letter at the end of a hospital stay (LDL-SES 2022.01)."""

from dataclasses import dataclass

from espace.wire.cda_writing.entries.conditions import Allergy, Problem
from espace.wire.cda_writing.entries.medicines import Medicine
from espace.wire.cda_writing.entries.told import Implant
from espace.wire.cda_writing.header import document
from espace.wire.cda_writing.models.clinical_sections import allergies, devices, problems, treatments
from espace.wire.cda_writing.narrative import (
    Block,
    Bullets,
    Mark,
    Paragraph,
    Section,
    identifier,
    reference,
    said,
    structured_body,
)
from espace.wire.cda_writing.words import ACT_CODE, Frame, Model, loinc, snomed
from espace.wire.cda_writing.xml import coded, el, moment, template, to_bytes
from espace.wire.xds import Coded

MODEL = Model(
    loinc("11490-0", "Lettre de liaison à la sortie d'un établissement de soins"),
    "Lettre de liaison à la sortie de l’hôpital",
    ("1.2.250.1.213.1.1.1.29",),
    Coded("IMP", ACT_CODE, "Hospitalisation (établissement, y compris HAD)"),
)
_STATUS = "statut"


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay in hospital: why, what happened, what was found, with what the person leaves, what comes next. `implants`
    were put in during the stay."""

    reason: str
    course: tuple[str, ...]
    diagnoses: tuple[Problem, ...]
    treatments: tuple[Medicine, ...] = ()
    stopped: tuple[str, ...] = ()
    pending: str = ""
    plan: tuple[str, ...] = ()
    allergies: tuple[Allergy, ...] = ()
    implants: tuple[Implant, ...] = ()


def _status(frame: Frame) -> Section:
    entry = el(
        "observation",
        {"classCode": "OBS", "moodCode": "EVN"},
        *template(
            "1.3.6.1.4.1.19376.1.5.3.1.4.13",
            "1.2.250.1.213.1.1.3.48",
            "1.2.250.1.213.1.1.3.48.16",
            "1.2.250.1.213.1.1.3.48.16.1",
        ),
        identifier(frame.id, _STATUS),
        coded("code", Coded("GEN-065", "1.2.250.1.213.1.1.4.322", "Statut du document")),
        el("text", None, reference(_STATUS)),
        el("statusCode", {"code": "completed"}),
        el("effectiveTime", {"value": moment(frame.written)}),
        coded("value", snomed("9571008", "approuvé"), kind="CD"),
    )
    templates = ("1.2.250.1.213.1.1.2.35", "1.2.250.1.213.1.1.2.35.1")
    code = loinc("33557-0", "Etat d'achèvement")
    text = (Paragraph((Mark("Document approuvé.", _STATUS),)),)
    return Section(code, "Statut du document", templates, text, (entry,))


def _prose(code: str, label: str, title: str, templates: tuple[str, ...], text: tuple[Block, ...]) -> Section:
    return Section(loinc(code, label), title, templates, text)


def _optional(stay: Stay) -> tuple[Section, ...]:
    found = []
    if stay.stopped:
        templates = ("1.3.6.1.4.1.19376.1.5.3.1.3.21", "1.2.250.1.213.1.1.2.145")
        text: tuple[Block, ...] = (Bullets(stay.stopped),)
        title = "Traitements arrêtés durant le séjour"
        found.append(_prose("18610-6", "Traitements administrés", title, templates, text))
    if stay.pending:
        templates = ("1.3.6.1.4.1.19376.1.5.3.1.3.27", "1.2.250.1.213.1.1.2.150")
        text = said(stay.pending)
        found.append(_prose("30954-2", "Résultats d'examens", "Résultats attendus", templates, text))
    return tuple(found)


def discharge(frame: Frame, stay: Stay, *, title: str = "") -> bytes:
    reason = ("1.3.6.1.4.1.19376.1.5.3.1.3.1", "1.2.250.1.213.1.1.2.127")
    course = (
        "1.3.6.1.4.1.19376.1.5.3.1.1.21.2.9",
        "1.3.6.1.4.1.19376.1.7.3.1.1.13.7",
        "1.2.250.1.213.1.1.2.163",
        "1.2.250.1.213.1.1.2.163.1",
    )
    plan = ("2.16.840.1.113883.10.20.1.10", "1.3.6.1.4.1.19376.1.5.3.1.3.36", "1.2.250.1.213.1.1.2.158")
    implants = (devices(frame.id, "Dispositifs médicaux", stay.implants),) if stay.implants else ()
    sections = (
        _status(frame),
        _prose("42349-1", "Raison de la recommandation", "Motif de l’hospitalisation", reason, said(stay.reason)),
        _prose("42545-4", "Evènements observés", "Synthèse médicale du séjour", course, said(*stay.course)),
        problems(frame.id, "Diagnostics retenus", stay.diagnoses),
        treatments(frame.id, "Traitements à la sortie", stay.treatments, leaving=True),
        *_optional(stay),
        _prose("18776-5", "Plan de soins", "Suites à donner", plan, (Bullets(stay.plan),)),
        *implants,
        allergies(frame.id, "Allergies", stay.allergies),
    )
    return to_bytes(document(frame, MODEL, structured_body(frame.id, sections), title=title))
