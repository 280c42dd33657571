"""Medical summary (volet de synthèse médicale, VSM 1.4): what the attending doctor knows of the person."""

from dataclasses import dataclass

from espace.wire.cda_writing.entries.conditions import Allergy, Problem, Procedure
from espace.wire.cda_writing.entries.medicines import Medicine
from espace.wire.cda_writing.header import document
from espace.wire.cda_writing.models.clinical_sections import allergies, problems, procedures, treatments
from espace.wire.cda_writing.narrative import Bullets, Section, said, structured_body
from espace.wire.cda_writing.words import Frame, Model, loinc
from espace.wire.cda_writing.xml import to_bytes
from espace.wire.nomenclature.systems import TYPE
from espace.wire.xds import Coded

MODEL = Model(
    Coded("SYNTH", TYPE.oid, "Synthèse"),
    "Synthèse médicale",
    ("1.2.250.1.213.1.1.1.13",),
    Coded("SYNTH", TYPE.oid, "Synthèse"),
)


@dataclass(frozen=True, slots=True)
class Summary:
    problems: tuple[Problem, ...] = ()
    history: tuple[Problem, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    allergies: tuple[Allergy, ...] = ()
    habits: tuple[str, ...] = ()
    family: tuple[str, ...] = ()
    attention: tuple[str, ...] = ()
    treatments: tuple[Medicine, ...] = ()


def _prose(code: str, label: str, title: str, templates: tuple[str, ...], items: tuple[str, ...]) -> Section:
    text = (Bullets(items),) if items else said("Rien à signaler.")
    return Section(loinc(code, label), title, templates, text)


def _history(document_id: str, summary: Summary) -> Section:
    inner = Section(
        loinc("34117-2", "Historique et physique"),
        "Pathologies en cours, antécédents et allergies",
        ("1.2.250.1.213.1.1.2.30",),
        sections=(
            problems(document_id, "Pathologies en cours", summary.problems),
            problems(document_id, "Antécédents médicaux", summary.history, past=True),
            procedures(document_id, "Antécédents chirurgicaux", summary.procedures),
            allergies(document_id, "Allergies et hypersensibilités", summary.allergies),
        ),
    )
    return Section(
        loinc("46612-8", "Conclusions de synthèse"),
        "Pathologies en cours, antécédents, allergies et facteurs de risque",
        ("1.2.250.1.213.1.1.2.29",),
        sections=(inner, _risks(summary)),
    )


def _risks(summary: Summary) -> Section:
    habits = (
        "2.16.840.1.113883.10.20.1.15",
        "1.3.6.1.4.1.19376.1.5.3.1.3.16",
        "1.3.6.1.4.1.19376.1.5.3.1.3.16.1",
        "1.2.250.1.213.1.1.2.141",
    )
    family = (
        "2.16.840.1.113883.10.20.1.4",
        "1.3.6.1.4.1.19376.1.5.3.1.3.14",
        "1.3.6.1.4.1.19376.1.5.3.1.3.15",
        "1.2.250.1.213.1.1.2.139",
    )
    return Section(
        loinc("57207-3", "Facteurs de risque présents ou passés affectant l'état de santé"),
        "Facteurs de risque",
        ("1.2.250.1.213.1.1.2.31",),
        sections=(
            _prose("29762-2", "Habitus, Mode de vie", "Mode de vie", habits, summary.habits),
            _prose(
                "10157-6",
                "Historique des pathologies familiales",
                "Antécédents familiaux",
                family,
                summary.family,
            ),
        ),
    )


def synthesis(frame: Frame, summary: Summary, *, title: str = "") -> bytes:
    attention = ("1.3.6.1.4.1.19376.1.5.3.1.3.27", "1.2.250.1.213.1.1.2.150")
    plan = Section(
        loinc("18776-5", "Plan de traitement"),
        "Traitements au long cours",
        ("1.2.250.1.213.1.1.2.32",),
        sections=(treatments(frame.id, "Traitements", summary.treatments),),
    )
    sections = (
        _history(frame.id, summary),
        _prose("30954-2", "Résultats d'examens", "Points de vigilance", attention, summary.attention),
        plan,
    )
    return to_bytes(document(frame, MODEL, structured_body(frame.id, sections), title=title))
