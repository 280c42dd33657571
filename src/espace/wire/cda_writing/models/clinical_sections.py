"""Sections that several models share: problems, history, acts, allergies, treatments."""

from dataclasses import dataclass

from espace.wire.cda_writing.entries.conditions import (
    Allergy,
    Problem,
    Procedure,
    allergy,
    no_allergy,
    problem,
    procedure,
)
from espace.wire.cda_writing.entries.medicines import Medicine, taken
from espace.wire.cda_writing.entries.told import Implant, implant
from espace.wire.cda_writing.models.medication import days
from espace.wire.cda_writing.narrative import Block, Mark, Paragraph, Section, Table, Text, said
from espace.wire.cda_writing.words import loinc
from espace.wire.cda_writing.xml import Element
from espace.wire.xds import Coded

_NONE = said("Rien à signaler.")
_NO_ALLERGY = "sans-allergie"


@dataclass(frozen=True, slots=True)
class Heading:
    """What a section is by its code (LOINC) and its templates (CI-SIS, IHE PCC, HL7 CCD)."""

    code: Coded
    templates: tuple[str, ...]

    def section(self, title: str, text: tuple[Block, ...], entries: tuple[Element, ...] = ()) -> Section:
        return Section(self.code, title, self.templates, text, entries)


PROBLEMS = Heading(
    loinc("11450-4", "Liste des problèmes actifs"),
    ("2.16.840.1.113883.10.20.1.11", "1.3.6.1.4.1.19376.1.5.3.1.3.6", "1.2.250.1.213.1.1.2.132"),
)
PAST = Heading(
    loinc("11348-0", "Antécédents médicaux"),
    ("1.3.6.1.4.1.19376.1.5.3.1.3.8", "1.2.250.1.213.1.1.2.134"),
)
ACTS = Heading(
    loinc("47519-4", "Historique des actes"),
    (
        "2.16.840.1.113883.10.20.1.12",
        "1.3.6.1.4.1.19376.1.5.3.1.3.11",
        "1.3.6.1.4.1.19376.1.5.3.1.3.12",
        "1.2.250.1.213.1.1.2.136",
    ),
)
ALLERGIES = Heading(
    loinc("48765-2", "Allergies et hypersensibilités"),
    ("2.16.840.1.113883.10.20.1.2", "1.3.6.1.4.1.19376.1.5.3.1.3.13", "1.2.250.1.213.1.1.2.137"),
)
DEVICES = Heading(
    loinc("46264-8", "Dispositifs médicaux"),
    ("2.16.840.1.11383.10.20.1.7", "1.3.6.1.4.1.19376.1.5.3.1.1.5.3.5", "1.2.250.1.213.1.1.2.1"),
)
"""The first template as the agency's examples write it."""
TREATMENTS = Heading(
    loinc("10160-0", "Traitements"),
    ("2.16.840.1.113883.10.20.1.8", "1.3.6.1.4.1.19376.1.5.3.1.3.19", "1.2.250.1.213.1.1.2.143"),
)
LEAVING = Heading(
    loinc("10183-2", "Traitements à la sortie"),
    ("1.3.6.1.4.1.19376.1.5.3.1.3.22", "1.2.250.1.213.1.1.2.146"),
)


def _day(on: object) -> str:
    return f"{on:%d/%m/%Y}"


def problems(document: str, title: str, found: tuple[Problem, ...], *, past: bool = False) -> Section:
    """Active problems, or past ones where `past`."""
    named = tuple((f"{'antecedent' if past else 'probleme'}-{rank}", item) for rank, item in enumerate(found))
    rows: tuple[tuple[Text, ...], ...] = tuple(
        (Mark(item.code.display, mark), days(item.since, item.until)) for mark, item in named
    )
    text = (Table(("Maladie", "Période"), rows),) if rows else _NONE
    entries = tuple(problem(document, mark, item) for mark, item in named)
    return (PAST if past else PROBLEMS).section(title, text, entries)


def procedures(document: str, title: str, done: tuple[Procedure, ...]) -> Section:
    named = tuple((f"acte-{rank}", item) for rank, item in enumerate(done))
    rows: tuple[tuple[Text, ...], ...] = tuple(
        (Mark(item.code.display, mark), item.place or "-", _day(item.on)) for mark, item in named
    )
    text = (Table(("Acte", "Localisation", "Date"), rows),) if rows else _NONE
    return ACTS.section(title, text, tuple(procedure(document, mark, item) for mark, item in named))


def allergies(document: str, title: str, found: tuple[Allergy, ...]) -> Section:
    """Those that are known; that there is none, where there is none."""
    if not found:
        none = (Paragraph((Mark("Aucune allergie connue.", _NO_ALLERGY),)),)
        return ALLERGIES.section(title, none, (no_allergy(document, _NO_ALLERGY),))
    named = tuple((f"allergie-{rank}", item) for rank, item in enumerate(found))
    rows: tuple[tuple[Text, ...], ...] = tuple(
        (
            Mark(item.agent.display, mark),
            item.kind.display.capitalize(),
            Mark(item.reaction, f"{mark}-reaction"),
            f"depuis le {item.since:%d/%m/%Y}",
        )
        for mark, item in named
    )
    text = (Table(("Cause", "Type", "Réaction", "Connue"), rows),)
    return ALLERGIES.section(title, text, tuple(allergy(document, mark, item) for mark, item in named))


def devices(document: str, title: str, found: tuple[Implant, ...]) -> Section:
    named = tuple((f"dispositif-{rank}", item) for rank, item in enumerate(found))
    rows: tuple[tuple[Text, ...], ...] = tuple((Mark(item.words, mark), _day(item.since)) for mark, item in named)
    text = (Table(("Dispositif", "Posé le"), rows),)
    return DEVICES.section(title, text, tuple(implant(document, mark, item) for mark, item in named))


def _treatment_row(item: Medicine, mark: str) -> tuple[Text, ...]:
    why: Text = Mark(item.reason, f"{mark}-motif") if item.reason else "-"
    return Mark(item.name, mark), item.words, days(item.since, item.until), why


def treatments(document: str, title: str, medicines: tuple[Medicine, ...], *, leaving: bool = False) -> Section:
    """Treatments in progress, or those at the end of a stay where `leaving`."""
    named = tuple((f"traitement-{rank}", item) for rank, item in enumerate(medicines))
    rows = tuple(_treatment_row(item, mark) for mark, item in named)
    text = (Table(("Médicament", "Posologie", "Durée", "Pourquoi"), rows),) if rows else said("Aucun.")
    entries = tuple(taken(document, mark, item) for mark, item in named)
    return (LEAVING if leaving else TREATMENTS).section(title, text, entries)
