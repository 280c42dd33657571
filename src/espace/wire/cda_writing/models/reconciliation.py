"""Medication reconciliation (JDV_J07 80820-4): each treatment that was looked at, and what was decided of it.

No national model has been published for it: the header is that of every document (CI-SIS, Structuration minimale), the
sections and entries are those of the models that state treatments (FR-Traitements, FR-Plan-de-soins; FR-Traitement,
FR-Simple-Observation, FR-Demande-d-examen-ou-de-suivi). What is kept bears the medication status « active » (CCD
3.9.2.3), what is stopped the reason (TA_ASIP MED-052, as the telemedicine request does), and what is not sure is asked
to be looked at, which decides nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from espace.kernel.values import replace
from espace.wire.cda_writing.entries.statements import because, entry
from espace.wire.cda_writing.header import document
from espace.wire.cda_writing.narrative import Mark, Section, Table, Text, structured_body
from espace.wire.cda_writing.words import ACT_CODE, LOINC, SNOMED, Frame, Model, loinc
from espace.wire.cda_writing.xml import Element, to_bytes
from espace.wire.clinical_statements.values import (
    UNDATED,
    Concept,
    Interval,
    Period,
    Product,
    Quantity,
    Related,
    Statement,
    Value,
    When,
)
from espace.wire.xds import Coded

TYPE = "80820-4"
RECONCILIATION = Model(
    loinc(TYPE, "Formulaire de conciliation médicamenteuse (Hôpital)"),
    "Conciliation médicamenteuse",
    (),
    loinc(TYPE, "Formulaire de conciliation médicamenteuse (Hôpital)"),
)
_TA_ASIP = "1.2.250.1.213.1.1.4.322"
_TREATMENT = (
    "2.16.840.1.113883.10.20.1.24",
    "1.3.6.1.4.1.19376.1.5.3.1.4.7",
    "1.2.250.1.213.1.1.3.42",
    "1.3.6.1.4.1.19376.1.5.3.1.4.7.1",
)
_COMMENT = ("2.16.840.1.113883.10.20.1.40", "1.3.6.1.4.1.19376.1.5.3.1.4.2", "1.2.250.1.213.1.1.3.32")
_OBSERVATION = ("1.3.6.1.4.1.19376.1.5.3.1.4.13", "1.2.250.1.213.1.1.3.48")
_REQUEST = ("2.16.840.1.113883.10.20.1.25", "1.3.6.1.4.1.19376.1.5.3.1.1.20.3.1", "1.2.250.1.213.1.1.3.27")
_STATUS = ("2.16.840.1.113883.10.20.1.47",)
_TREATMENTS = ("2.16.840.1.113883.10.20.1.8", "1.3.6.1.4.1.19376.1.5.3.1.3.19", "1.2.250.1.213.1.1.2.143")
_PLAN = ("2.16.840.1.113883.10.20.1.10", "1.3.6.1.4.1.19376.1.5.3.1.3.36", "1.2.250.1.213.1.1.2.158")
_HEAD = ("Médicament", "Posologie", "Indication", "Période", "D’après", "Motif de la décision")


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A treatment that was looked at. `since` and `until` are days of ISO 8601, or years or months, and `reasons` what
    it is taken for; `posology`, `period` and `indication` are how people read these. `sources` says in words what it
    is known from, `why` why it was decided so."""

    what: Concept
    name: str
    substances: tuple[Concept, ...] = ()
    posology: str = ""
    dose: Interval | None = None
    every: Quantity | None = None
    route: Concept | None = None
    since: str = ""
    until: str = ""
    period: str = ""
    reasons: tuple[Concept, ...] = ()
    indication: str = ""
    sources: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """All treatments that were looked at, by what was decided: at least one."""

    kept: tuple[Reconciled, ...] = ()
    added: tuple[Reconciled, ...] = ()
    stopped: tuple[Reconciled, ...] = ()
    unsure: tuple[Reconciled, ...] = ()


_Entry = Callable[[Frame, Reconciled], Statement]


def reconciliation(frame: Frame, found: Reconciliation) -> bytes:
    return to_bytes(document(frame, RECONCILIATION, structured_body(frame.id, tuple(_sections(frame, found)))))


def _sections(frame: Frame, found: Reconciliation) -> Iterator[Section]:
    taken, plan = loinc("10160-0", "Traitements"), loinc("18776-5", "Plan de soins")
    parts: tuple[tuple[str, str, Coded, tuple[str, ...], tuple[Reconciled, ...], _Entry], ...] = (
        ("garde", "Traitements gardés", taken, _TREATMENTS, found.kept, _kept),
        ("ajoute", "Traitements ajoutés", taken, _TREATMENTS, found.added, _kept),
        ("arrete", "Traitements arrêtés", taken, _TREATMENTS, found.stopped, _stopped),
        ("verifier", "Traitements à vérifier", plan, _PLAN, found.unsure, _to_check),
    )
    for slug, title, code, templates, lines, made in parts:
        named = [(f"{slug}-{rank}", line) for rank, line in enumerate(lines)]
        table = Table(_HEAD, tuple(_row(mark, line) for mark, line in named))
        entries = tuple(_entry(frame, mark, made(frame, line), line) for mark, line in named)
        if named:
            yield Section(code, title, templates, (table,), entries)


def _entry(frame: Frame, mark: str, said: Statement, line: Reconciled) -> Element:
    marks = {
        line.posology: f"{mark}-posologie",
        line.indication: f"{mark}-indication",
        line.why: f"{mark}-motif",
        line.name: mark,
    }
    return entry(said, {words: id for words, id in marks.items() if words}, frame.id, mark)


def _row(mark: str, line: Reconciled) -> tuple[Text, ...]:
    return (
        Mark(line.name, mark),
        Mark(line.posology, f"{mark}-posologie") if line.posology else "-",
        Mark(line.indication, f"{mark}-indication") if line.indication else "-",
        line.period or "-",
        line.sources or "-",
        Mark(line.why, f"{mark}-motif") if line.why else "-",
    )


# -- entries


def _kept(frame: Frame, line: Reconciled) -> Statement:
    active = Value(concept=Concept("55561003", SNOMED, "Actif"))
    status = _statement("observation", _STATUS, Concept("33999-4", LOINC, "Statut"), values=(active,))
    return _treatment(line, Related("REFR", status), *_comment(line))


def _stopped(frame: Frame, line: Reconciled) -> Statement:
    today = f"{frame.written:%Y-%m-%d}"
    stop = _statement(
        "observation",
        _OBSERVATION,
        Concept("MED-052", _TA_ASIP, "Arrêt de tous les traitements actifs"),
        words=line.why,
        when=When(today, today),
        values=(Value(words=line.why or "Traitement arrêté"),),
    )
    over = replace(line, until=line.until if "" < line.until < today else today)
    return _treatment(over, Related("COMP", stop))


def _to_check(frame: Frame, line: Reconciled) -> Statement:
    """A follow-up that is asked for: of the treatment itself it says nothing."""
    asked = _statement(
        "observation",
        _REQUEST,
        Concept("ORG-064", _TA_ASIP, "Demande d'examen ou de suivi"),
        words=line.name,
        values=(Value(words=f"Traitement à vérifier : {line.name}"),),
        related=_comment(line),
    )
    return replace(asked, mood="INT", status="active")


def _comment(line: Reconciled) -> tuple[Related, ...]:
    said = _statement("act", _COMMENT, Concept("48767-8", LOINC, "Commentaire"), words=line.why)
    return (Related("SUBJ", said, inverted=True),) if line.why else ()


def _treatment(line: Reconciled, *related: Related) -> Statement:
    """Coded as it is known, its substances and ATC class with it, so that it is known again as the same."""
    stated = _statement(
        "substanceAdministration",
        _TREATMENT,
        Concept("DRUG", ACT_CODE, "Médicament"),
        words=line.posology or line.name,
        when=When(line.since, line.until),
        related=(*related, *map(because, line.reasons)),
    )
    return replace(
        stated,
        periods=(Period(line.every),) if line.every else (),
        dose=line.dose,
        route=line.route,
        product=Product(replace(line.what, words=line.name), line.name, substances=line.substances),
    )


def _statement(
    tag: str,
    templates: tuple[str, ...],
    code: Concept,
    *,
    words: str = "",
    when: When = UNDATED,
    values: tuple[Value, ...] = (),
    related: tuple[Related, ...] = (),
) -> Statement:
    """What is or was (EVN), told once."""
    return Statement(
        tag,
        "EVN",
        0,
        frozenset(templates),
        code=code,
        status="completed",
        words=words,
        when=when,
        values=values,
        related=related,
    )
