"""Report of medical biology (CR-BIO 2024.01): a table of results and, for each, its observation."""

from dataclasses import dataclass
from datetime import datetime

from espace.wire.cda_writing.entries.measures import Measure, measured
from espace.wire.cda_writing.header import document
from espace.wire.cda_writing.narrative import Block, Mark, Paragraph, Section, Table, structured_body
from espace.wire.cda_writing.words import Frame, Model, loinc
from espace.wire.cda_writing.xml import Element, coded, el, template, to_bytes
from espace.wire.xds import Coded

MODEL = Model(
    loinc("11502-2", "CR d'examens biologiques"),
    "Compte rendu d’examens biologiques",
    ("1.3.6.1.4.1.19376.1.3.3", "1.2.250.1.213.1.1.1.55"),
    loinc("18719-5", "Biochimie"),
)
_CHAPTER = ("1.3.6.1.4.1.19376.1.3.3.2.1", "1.2.250.1.213.1.1.2.70")
_LEAF = ("1.3.6.1.4.1.19376.1.3.3.2.2", "1.2.250.1.213.1.1.2.71")
_ACT = ("1.3.6.1.4.1.19376.1.3.1", "1.2.250.1.213.1.1.3.21")
_RESULT = ("1.3.6.1.4.1.19376.1.3.1.6", "1.2.250.1.213.1.1.3.80")

BIOCHEMISTRY = loinc("18719-5", "Biochimie")
HAEMATOLOGY = loinc("18723-7", "Hématologie")
MICROBIOLOGY = loinc("18725-2", "Microbiologie")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of the report (LOINC), its results, what the biologist says of them."""

    code: Coded
    results: tuple[Measure, ...]
    comment: str = ""


def _text(chapter: Chapter, key: str) -> tuple[Block, ...]:
    rows = tuple(
        (Mark(result.label, f"{key}-{rank}"), result.words, result.range) for rank, result in enumerate(chapter.results)
    )
    table = Table(("Analyse", "Résultat", "Valeurs de référence"), rows)
    return (table, Paragraph((chapter.comment,))) if chapter.comment else (table,)


def _entry(chapter: Chapter, key: str, at: datetime) -> Element:
    results = (measured(result, f"{key}-{rank}", at, *_RESULT) for rank, result in enumerate(chapter.results))
    return el(
        "act",
        {"classCode": "ACT", "moodCode": "EVN"},
        *template(*_ACT),
        coded("code", chapter.code),
        el("statusCode", {"code": "completed"}),
        *(el("entryRelationship", {"typeCode": "COMP"}, result) for result in results),
    )


def _section(chapter: Chapter, key: str, at: datetime) -> Section:
    leaf = Section(chapter.code, "Résultats", _LEAF, _text(chapter, key), (_entry(chapter, key, at),))
    return Section(chapter.code, chapter.code.display, _CHAPTER, sections=(leaf,))


def biology(frame: Frame, chapters: tuple[Chapter, ...], *, title: str = "") -> bytes:
    """The report; the results are of `frame.began`, when the sample was taken."""
    sections = tuple(_section(chapter, f"resultat-{rank}", frame.began) for rank, chapter in enumerate(chapters))
    return to_bytes(document(frame, MODEL, structured_body(frame.id, sections), title=title))
