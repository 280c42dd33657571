"""Which results are of the same analyte: the same LOINC code, or one that says the same by another method or unit.

What has no LOINC code is only the same as what has its own code, or its own name on the same specimen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from espace.clinical.facts import Detail, Fact
from espace.clinical.rules.naming import NO_RANK, USUAL, full_name
from espace.kernel.folding import folded
from espace.wire.clinical_statements.values import Concept
from espace.wire.nomenclature.systems import LOINC

Key = tuple[str, ...]
"""A code system and a code, or the name of what has no code and of its specimen; then the germ, for what is about one.
"""


class Chapter(StrEnum):
    """Where people look for an analyte."""

    SUGAR = "sugar"
    KIDNEY = "kidney"
    FATS = "fats"
    LIVER = "liver"
    BLOOD = "blood"
    HEART = "heart"
    THYROID = "thyroid"
    INFLAMMATION = "inflammation"
    VITAMINS = "vitamins"
    MEASURES = "measures"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Same:
    """LOINC codes that are of one analyte; the first one stands for all."""

    codes: tuple[str, ...]
    chapter: Chapter = Chapter.OTHER


MORE: tuple[Same, ...] = (
    Same(("4548-4", "4549-2"), Chapter.SUGAR),  # HbA1c
    Same(("2345-7", "40193-5", "2339-0", "15074-8"), Chapter.SUGAR),  # glucose
    Same(("2160-0", "38483-4", "59826-8"), Chapter.KIDNEY),  # creatinine
    Same(("62238-1",), Chapter.KIDNEY),  # estimated filtration rate
    Same(("3091-6", "3094-0"), Chapter.KIDNEY),  # urea; its nitrogen is converted, and stands alone elsewhere
    Same(("2823-3", "6298-4"), Chapter.KIDNEY),  # potassium
    Same(("2951-2", "2947-0"), Chapter.KIDNEY),  # sodium
    Same(("2075-0",), Chapter.KIDNEY),  # chloride
    Same(("3084-1", "14933-6"), Chapter.KIDNEY),  # urate
    Same(("17861-6",), Chapter.VITAMINS),  # calcium
    Same(("19123-9", "2601-3"), Chapter.VITAMINS),  # magnesium
    Same(("2777-1", "14879-1"), Chapter.VITAMINS),  # phosphate
    Same(("2498-4", "14798-3"), Chapter.BLOOD),  # iron
    Same(("2276-4",), Chapter.BLOOD),  # ferritin
    Same(("1989-3", "62292-8", "14635-7"), Chapter.VITAMINS),  # 25-hydroxyvitamin D
    Same(("2132-9", "14685-0"), Chapter.VITAMINS),  # vitamin B12
    Same(("2284-8", "14732-0"), Chapter.VITAMINS),  # folate
    Same(("2093-3",), Chapter.FATS),
    Same(("2085-9",), Chapter.FATS),
    Same(("13457-7",), Chapter.FATS),
    Same(("2571-8",), Chapter.FATS),
    Same(("1742-6", "1743-4", "1744-2"), Chapter.LIVER),  # ALT, with or without P-5'-P
    Same(("1920-8", "30239-8", "88112-8"), Chapter.LIVER),  # AST
    Same(("2324-2",), Chapter.LIVER),
    Same(("6768-6",), Chapter.LIVER),  # alkaline phosphatase
    Same(("1975-2", "14631-6"), Chapter.LIVER),  # bilirubin
    Same(("1968-7", "14629-0"), Chapter.LIVER),  # its direct part
    Same(("1751-7",), Chapter.LIVER),  # albumin
    Same(("718-7",), Chapter.BLOOD),
    Same(("6690-2", "26464-8", "804-5"), Chapter.BLOOD),  # white cells
    Same(("777-3", "26515-7"), Chapter.BLOOD),  # platelets
    Same(("789-8", "26453-1"), Chapter.BLOOD),  # red cells
    Same(("4544-3", "20570-8"), Chapter.BLOOD),  # haematocrit
    Same(("787-2", "30428-7"), Chapter.BLOOD),  # mean cell volume
    Same(("6301-6",), Chapter.BLOOD),
    Same(("33762-6",), Chapter.HEART),
    Same(("30934-4",), Chapter.HEART),
    Same(("3016-3",), Chapter.THYROID),
    Same(("3024-7",), Chapter.THYROID),
    Same(("3051-0", "14928-6"), Chapter.THYROID),  # free triiodothyronine
    Same(("1988-5",), Chapter.INFLAMMATION),
    *(
        Same((code,), Chapter.MEASURES)
        for code in ("8480-6", "8462-4", "29463-7", "8302-2", "39156-5", "8867-4", "59408-5", "8310-5")
    ),
)
"""What `naming.USUAL` holds together, and more codes of it by another method; where to look for it. LOINC 2.78, our
choice of 2026-11-22: nothing here holds together a total and a part of it, or two specimens but blood and its serum."""

_LEADS: dict[str, str] = {code: usual.codes[0] for usual in USUAL for code in usual.codes}
_LEADS |= {code: _LEADS.get(one.codes[0], one.codes[0]) for one in MORE for code in one.codes}
_RANKS: Mapping[str, int] = {usual.codes[0]: rank for rank, usual in enumerate(USUAL)}
_CHAPTERS: Mapping[str, Chapter] = {_LEADS[one.codes[0]]: one.chapter for one in MORE}


def key_of(fact: Fact) -> Key:
    """What the results of one analyte share."""
    of_germ = tuple(_name(one) for one in fact.details.get(Detail.ISOLATE, ()))
    code = loinc_of(fact.what)
    if code:
        return (LOINC.oid, _LEADS.get(code, code), *of_germ)
    if fact.what.code:
        return (fact.what.system, fact.what.code, *of_germ)
    specimens = sorted(_name(one) for one in fact.details.get(Detail.SPECIMEN, ()))
    return ("", folded(full_name(fact.what)), *specimens, *of_germ)


def loinc_of(what: Concept) -> str:
    """Its LOINC code, or that of one of its translations; "" for none."""
    if what.code and what.system == LOINC.oid:
        return what.code
    return next((one.code for one in what.others if one.system == LOINC.oid), "")


def usual_rank(key: Key) -> int:
    """Where an analyte stands in `USUAL`; NO_RANK for one that is not there, and for the susceptibility of a germ."""
    return _RANKS.get(key[1], NO_RANK) if key[0] == LOINC.oid and len(key) == 2 else NO_RANK


def chapter_of(key: Key) -> Chapter:
    return _CHAPTERS.get(key[1], Chapter.OTHER) if key[0] == LOINC.oid else Chapter.OTHER


def _name(what: Concept) -> str:
    return what.code or folded(what.words or what.display)
