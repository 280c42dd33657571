"""Medical summary (volet de synthèse médicale, VSM 1.4): what the attending doctor knows of the person."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

from espace.wire.cda_writing.entries.conditions import Allergy, Problem, Procedure
from espace.wire.cda_writing.entries.medicines import Medicine
from espace.wire.cda_writing.entries.statements import entry, words_in
from espace.wire.cda_writing.entries.told import Ancestry, Habit, Relative, Smoking, alert, habit, relative, words_of
from espace.wire.cda_writing.header import document
from espace.wire.cda_writing.models.clinical_sections import (
    ACTS,
    ALLERGIES,
    PAST,
    PROBLEMS,
    TREATMENTS,
    Heading,
    allergies,
    problems,
    procedures,
    treatments,
)
from espace.wire.cda_writing.narrative import Bullets, Mark, Section, Table, Text, said, structured_body
from espace.wire.cda_writing.words import Frame, Model, loinc
from espace.wire.cda_writing.xml import Element, to_bytes
from espace.wire.clinical_statements.values import Statement
from espace.wire.nomenclature.systems import TYPE
from espace.wire.xds import Coded

T = TypeVar("T", bound=Smoking | Relative | str)

MODEL = Model(
    Coded("SYNTH", TYPE.oid, "Synthèse"),
    "Synthèse médicale",
    ("1.2.250.1.213.1.1.1.13",),
    Coded("SYNTH", TYPE.oid, "Synthèse"),
)
HABITS = Heading(
    loinc("29762-2", "Habitus, Mode de vie"),
    (
        "2.16.840.1.113883.10.20.1.15",
        "1.3.6.1.4.1.19376.1.5.3.1.3.16",
        "1.3.6.1.4.1.19376.1.5.3.1.3.16.1",
        "1.2.250.1.213.1.1.2.141",
    ),
)
FAMILY = Heading(
    loinc("10157-6", "Historique des pathologies familiales"),
    (
        "2.16.840.1.113883.10.20.1.4",
        "1.3.6.1.4.1.19376.1.5.3.1.3.14",
        "1.3.6.1.4.1.19376.1.5.3.1.3.15",
        "1.2.250.1.213.1.1.2.139",
    ),
)
ATTENTION = Heading(
    loinc("30954-2", "Résultats d'examens"), ("1.3.6.1.4.1.19376.1.5.3.1.3.27", "1.2.250.1.213.1.1.2.150")
)


@dataclass(frozen=True, slots=True)
class Summary:
    """Of the invented population: everything is coded but what is told in a mere sentence."""

    problems: tuple[Problem, ...] = ()
    history: tuple[Problem, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    allergies: tuple[Allergy, ...] = ()
    habits: tuple[Habit, ...] = ()
    family: tuple[Ancestry, ...] = ()
    attention: tuple[str, ...] = ()
    treatments: tuple[Medicine, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """What people read of one thing: its name, what is said of it, when, why; and the statement that codes the same,
    None for prose. What the statement says too in the same words is what it refers to."""

    name: str
    said: str = ""
    when: str = ""
    statement: Statement | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Chapters:
    """Of a person: everything that the summary says, as its author kept it."""

    problems: tuple[Row, ...] = ()
    history: tuple[Row, ...] = ()
    acts: tuple[Row, ...] = ()
    allergies: tuple[Row, ...] = ()
    habits: tuple[Row, ...] = ()
    family: tuple[Row, ...] = ()
    attention: tuple[Row, ...] = ()
    treatments: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sections:
    problems: Section
    history: Section
    acts: Section
    allergies: Section
    habits: Section
    family: Section
    attention: Section
    treatments: Section


def synthesis(frame: Frame, summary: Summary, *, title: str = "") -> bytes:
    return _document(
        frame,
        _Sections(
            problems=problems(frame.id, "Pathologies en cours", summary.problems),
            history=problems(frame.id, "Antécédents médicaux", summary.history, past=True),
            acts=procedures(frame.id, "Antécédents chirurgicaux", summary.procedures),
            allergies=allergies(frame.id, "Allergies et hypersensibilités", summary.allergies),
            habits=_told(frame.id, HABITS, "Mode de vie", "habitude", summary.habits, habit),
            family=_told(frame.id, FAMILY, "Antécédents familiaux", "famille", summary.family, relative),
            attention=_told(frame.id, ATTENTION, "Points de vigilance", "vigilance", summary.attention, alert),
            treatments=treatments(frame.id, "Traitements", summary.treatments),
        ),
        title,
    )


def medical_summary(frame: Frame, chapters: Chapters, *, title: str = "") -> bytes:
    """What an author kept of what is known, in the words and the codes in which it was known."""
    made = _Writing(frame.id)
    disease, cause = ("Maladie", "Précisions", "Période"), ("Cause", "Réaction", "Période")
    return _document(
        frame,
        _Sections(
            problems=made.section(PROBLEMS, "Pathologies en cours", "probleme", disease, chapters.problems),
            history=made.section(PAST, "Antécédents médicaux", "antecedent", disease, chapters.history),
            acts=made.section(ACTS, "Antécédents chirurgicaux", "acte", ("Acte", "Précisions", "Date"), chapters.acts),
            allergies=made.section(ALLERGIES, "Allergies et hypersensibilités", "allergie", cause, chapters.allergies),
            habits=made.section(
                HABITS, "Mode de vie", "habitude", ("Habitude", "Ce qui est dit", "Date"), chapters.habits
            ),
            family=made.section(
                FAMILY, "Antécédents familiaux", "famille", ("Maladie", "Parent", "Date"), chapters.family
            ),
            attention=made.section(
                ATTENTION, "Points de vigilance", "vigilance", ("Point", "Précisions", "Date"), chapters.attention
            ),
            treatments=made.section(
                TREATMENTS,
                "Traitements",
                "traitement",
                ("Médicament", "Posologie", "Période", "Motif"),
                chapters.treatments,
            ),
        ),
        title,
    )


@dataclass(frozen=True, slots=True)
class _Writing:
    document: str

    def section(self, heading: Heading, title: str, name: str, head: tuple[str, ...], rows: tuple[Row, ...]) -> Section:
        if not rows:
            return heading.section(title, said("Non renseigné."))
        cells = tuple(tuple(self._cells(row, f"{name}-{rank}"))[: len(head)] for rank, row in enumerate(rows))
        entries = (self._entry(row, f"{name}-{rank}") for rank, row in enumerate(rows))
        return heading.section(title, (Table(head, cells),), tuple(one for one in entries if one is not None))

    def _cells(self, row: Row, name: str) -> Iterator[Text]:
        """A text to which the entry refers bears an id, once."""
        marks = self._marks(row, name)
        for text in (row.name, row.said, row.when, row.why):
            mark = marks.pop(text, "")
            yield Mark(text, mark) if mark else text or "-"

    def _marks(self, row: Row, name: str) -> dict[str, str]:
        referred = words_in(row.statement) if row.statement else frozenset[str]()
        ids = {row.why: f"{name}-motif", row.said: f"{name}-dit", row.name: name}
        return {text: ids[text] for text in ids if text in referred}

    def _entry(self, row: Row, name: str) -> Element | None:
        if row.statement is None:
            return None
        return entry(row.statement, self._marks(row, name), self.document, name)


def _told(
    document: str,
    heading: Heading,
    title: str,
    name: str,
    items: tuple[T, ...],
    coded: Callable[[str, str, T], tuple[Element, ...]],
) -> Section:
    """A sentence for each, with what it says by codes."""
    if not items:
        return heading.section(title, said("Rien à signaler."))
    named = tuple((f"{name}-{rank}", item) for rank, item in enumerate(items))
    entries = {mark: coded(document, mark, item) for mark, item in named}
    lines = tuple(Mark(words_of(item), mark) if entries[mark] else words_of(item) for mark, item in named)
    return heading.section(title, (Bullets(lines),), tuple(chain.from_iterable(entries.values())))


def _document(frame: Frame, sections: _Sections, title: str) -> bytes:
    risks = Section(
        loinc("57207-3", "Facteurs de risque présents ou passés affectant l'état de santé"),
        "Facteurs de risque",
        ("1.2.250.1.213.1.1.2.31",),
        sections=(sections.habits, sections.family),
    )
    history = Section(
        loinc("34117-2", "Historique et physique"),
        "Pathologies en cours, antécédents et allergies",
        ("1.2.250.1.213.1.1.2.30",),
        sections=(sections.problems, sections.history, sections.acts, sections.allergies),
    )
    known = Section(
        loinc("46612-8", "Conclusions de synthèse"),
        "Pathologies en cours, antécédents, allergies et facteurs de risque",
        ("1.2.250.1.213.1.1.2.29",),
        sections=(history, risks),
    )
    plan = Section(
        loinc("18776-5", "Plan de traitement"),
        "Traitements au long cours",
        ("1.2.250.1.213.1.1.2.32",),
        sections=(sections.treatments,),
    )
    body = structured_body(frame.id, (known, sections.attention, plan))
    return to_bytes(document(frame, MODEL, body, title=title))
