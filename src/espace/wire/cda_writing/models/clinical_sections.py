"""Sections that several models share: problems, history, acts, allergies, treatments."""

from espace.wire.cda_writing.entries.conditions import Allergy, Problem, Procedure, allergy, problem, procedure
from espace.wire.cda_writing.entries.medicines import Medicine, taken
from espace.wire.cda_writing.models.medication import days
from espace.wire.cda_writing.narrative import Mark, Section, Table, Text, said
from espace.wire.cda_writing.words import loinc

_NONE = said("Rien à signaler.")


def _day(on: object) -> str:
    return f"{on:%d/%m/%Y}"


def problems(document: str, title: str, found: tuple[Problem, ...], *, past: bool = False) -> Section:
    """Active problems, or past ones where `past`."""
    code = ("11348-0", "Antécédents médicaux") if past else ("11450-4", "Liste des problèmes actifs")
    templates = (
        ("1.3.6.1.4.1.19376.1.5.3.1.3.8", "1.2.250.1.213.1.1.2.134")
        if past
        else (
            "2.16.840.1.113883.10.20.1.11",
            "1.3.6.1.4.1.19376.1.5.3.1.3.6",
            "1.2.250.1.213.1.1.2.132",
        )
    )
    named = tuple((f"{'antecedent' if past else 'probleme'}-{rank}", item) for rank, item in enumerate(found))
    rows: tuple[tuple[Text, ...], ...] = tuple(
        (Mark(item.code.display, mark), days(item.since, item.until)) for mark, item in named
    )
    text = (Table(("Maladie", "Période"), rows),) if rows else _NONE
    entries = tuple(problem(document, mark, item) for mark, item in named)
    return Section(loinc(*code), title, templates, text, entries)


def procedures(document: str, title: str, done: tuple[Procedure, ...]) -> Section:
    named = tuple((f"acte-{rank}", item) for rank, item in enumerate(done))
    rows: tuple[tuple[Text, ...], ...] = tuple((Mark(item.code.display, mark), _day(item.on)) for mark, item in named)
    return Section(
        loinc("47519-4", "Historique des actes"),
        title,
        (
            "2.16.840.1.113883.10.20.1.12",
            "1.3.6.1.4.1.19376.1.5.3.1.3.11",
            "1.3.6.1.4.1.19376.1.5.3.1.3.12",
            "1.2.250.1.213.1.1.2.136",
        ),
        (Table(("Acte", "Date"), rows),) if rows else _NONE,
        tuple(procedure(document, mark, item) for mark, item in named),
    )


def allergies(document: str, title: str, found: tuple[Allergy, ...]) -> Section:
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
    head = ("Cause", "Type", "Réaction", "Connue")
    return Section(
        loinc("48765-2", "Allergies et hypersensibilités"),
        title,
        (
            "2.16.840.1.113883.10.20.1.2",
            "1.3.6.1.4.1.19376.1.5.3.1.3.13",
            "1.2.250.1.213.1.1.2.137",
        ),
        (Table(head, rows),) if rows else said("Aucune allergie connue."),
        tuple(allergy(document, mark, item) for mark, item in named),
    )


def treatments(document: str, title: str, medicines: tuple[Medicine, ...], *, leaving: bool = False) -> Section:
    """Treatments in progress, or those at the end of a stay where `leaving`."""
    code = ("10183-2", "Traitements à la sortie") if leaving else ("10160-0", "Traitements")
    templates = (
        ("1.3.6.1.4.1.19376.1.5.3.1.3.22", "1.2.250.1.213.1.1.2.146")
        if leaving
        else (
            "2.16.840.1.113883.10.20.1.8",
            "1.3.6.1.4.1.19376.1.5.3.1.3.19",
            "1.2.250.1.213.1.1.2.143",
        )
    )
    named = tuple((f"traitement-{rank}", item) for rank, item in enumerate(medicines))
    rows: tuple[tuple[Text, ...], ...] = tuple(
        (Mark(item.name, mark), item.words, days(item.since, item.until), item.reason or "-") for mark, item in named
    )
    text = (Table(("Médicament", "Posologie", "Durée", "Pourquoi"), rows),) if rows else said("Aucun.")
    entries = tuple(taken(document, mark, item) for mark, item in named)
    return Section(loinc(*code), title, templates, text, entries)
