"""Report of imaging (CR-IMG 2024.01)."""

from dataclasses import dataclass

from espace.wire.cda_writing.header import document
from espace.wire.cda_writing.narrative import Bullets, Mark, Section, identifier, reference, said, structured_body
from espace.wire.cda_writing.words import Frame, Model, loinc
from espace.wire.cda_writing.xml import Element, coded, el, moment, template, to_bytes
from espace.wire.xds import Coded

_TYPE = loinc("18748-4", "CR d'imagerie médicale")
_TEMPLATES = ("1.2.840.10008.9.1", "1.2.840.10008.9.20", "1.2.840.10008.9.21", "1.2.250.1.213.1.1.1.45")
_MARK = "technique"


@dataclass(frozen=True, slots=True)
class Examination:
    """What was done and seen: `act` (LOINC or CCAM), modality (DICOM), region (SNOMED CT), then the prose."""

    act: Coded
    modality: Coded
    region: Coded
    reason: str
    technique: str
    results: tuple[str, ...]
    conclusion: str
    comparison: str = ""
    radiation: str = ""


def _procedure(frame: Frame, done: Examination) -> Element:
    return el(
        "procedure",
        {"classCode": "PROC", "moodCode": "EVN"},
        *template("1.2.840.10008.9.14", "1.2.250.1.213.1.1.3.153"),
        identifier(frame.id, _MARK),
        coded("code", done.act),
        el("text", None, reference(_MARK)),
        el("effectiveTime", {"value": moment(frame.began)}),
        coded("methodCode", done.modality),
        coded("targetSiteCode", done.region, kind="CD"),
    )


def _technique(frame: Frame, done: Examination) -> Section:
    inner = Section(
        loinc("73569-6", "Exposition aux rayonnements et informations de radioprotection"),
        "Exposition aux rayonnements",
        ("1.2.840.10008.9.8", "1.2.250.1.213.1.1.2.215"),
        said(done.radiation),
    )
    return Section(
        loinc("55111-9", "Description de l'acte d’imagerie"),
        "Technique",
        ("1.2.840.10008.9.3", "1.2.250.1.213.1.1.2.206"),
        (Bullets((Mark(done.technique, _MARK),)),),
        (_procedure(frame, done),),
        (inner,) if done.radiation else (),
    )


def _sections(frame: Frame, done: Examination) -> tuple[Section, ...]:
    clinical = Section(
        loinc("55752-0", "Informations cliniques"),
        "Pourquoi cet examen",
        ("1.2.840.10008.9.2", "1.2.250.1.213.1.1.2.205"),
        said(done.reason),
    )
    results = Section(
        loinc("59776-5", "Résultats de l'acte"),
        "Résultats",
        ("2.16.840.1.113883.10.20.6.1.2", "1.2.250.1.213.1.1.2.208"),
        said(*done.results),
    )
    comparison = Section(
        loinc("18834-2", "Examen de comparaison radiologique"),
        "Comparaison avec les examens antérieurs",
        ("1.2.840.10008.9.4", "1.2.250.1.213.1.1.2.207"),
        said(done.comparison),
    )
    conclusion = Section(
        loinc("19005-8", "Conclusions"),
        "Conclusion",
        ("1.2.840.10008.9.5", "1.2.250.1.213.1.1.2.209"),
        said(done.conclusion),
    )
    middle = (comparison,) if done.comparison else ()
    return (clinical, _technique(frame, done), results, *middle, conclusion)


def imaging(frame: Frame, done: Examination, *, title: str = "") -> bytes:
    model = Model(_TYPE, f"Compte rendu d’imagerie : {done.act.display.lower()}", _TEMPLATES, done.act)
    return to_bytes(document(frame, model, structured_body(frame.id, _sections(frame, done)), title=title))
