"""What concerns somebody besides age, out of the facts of their record: only what a code or plain words state.

Codes: ICD-10 (« CIM-10 »), the chapters that the calendar names for influenza, pneumococcus and RSV. Words: folded
beginnings. What is over, denied, or said of a relative says nothing. Where somebody lives is not in a record.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from espace.clinical.facts import Fact, Kind, Sourced, State
from espace.clinical.rules.vaccines.values import Condition
from espace.kernel.folding import folded
from espace.wire.clinical_statements.values import Concept

ICD_10 = "2.16.840.1.113883.6.3"
LONGEST = timedelta(days=300)
"""Of a pregnancy."""
DUE_DATES = frozenset({"11778-8", "11779-6", "11780-4"})
"""LOINC: the estimated day of delivery."""

_HEART_OR_LUNG = ("I05", "I06", "I07", "I08", "I2", "I3", "I4", "I50", "I6", "J40", "J41", "J42", "J43", "J44", "J45",
                  "J47", "J84", "E84", "Q2")  # fmt: skip
_CHRONIC = ("E10", "E11", "E12", "E13", "E14", "N04", "N18", "K70", "K72", "K73", "K74", "D57", "G12", "G20", "G35",
            "G70", "G71", "E66")  # fmt: skip
_WEAK = ("B20", "B21", "B22", "B23", "B24", "D80", "D81", "D82", "D83", "D84", "Z94", "Q89.0", "C81", "C82", "C83",
         "C84", "C85", "C90", "C91", "C92")  # fmt: skip

CODES: dict[Condition, tuple[str, ...]] = {
    Condition.HEART_OR_LUNG: _HEART_OR_LUNG,
    Condition.CHRONIC_ILLNESS: _CHRONIC,
    Condition.WEAK_IMMUNITY: _WEAK,
    Condition.HAD_DENGUE: ("A90", "A91", "A97"),
}
WORDS: dict[Condition, tuple[str, ...]] = {
    Condition.HEART_OR_LUNG: ("insuffisance cardiaque", "bpco", "bronchopneumopathie chronique", "asthme",
                              "mucoviscidose", "cardiopathie", "insuffisance respiratoire"),
    Condition.CHRONIC_ILLNESS: ("diabete", "insuffisance renale", "syndrome nephrotique", "drepanocytose", "cirrhose",
                                "hepatopathie", "obesite"),
    Condition.WEAK_IMMUNITY: ("immunodepression", "deficit immunitaire", "asplenie", "splenectomie",
                              "infection par le vih", "greffe de"),
    Condition.HAD_DENGUE: ("dengue",),
}  # fmt: skip


def conditions_of(facts: Iterable[Sourced], at: date) -> frozenset[Condition]:
    """Everything that the facts of somebody say of them on that day."""
    problems: set[tuple[Concept, bool]] = set()
    found: set[Condition] = set()
    for one in facts:
        fact = one.fact
        if fact.absent:
            continue
        if fact.kind is Kind.PROBLEM:
            problems.add((fact.what, fact.state is State.OVER))
        elif fact.kind is Kind.PREGNANCY and _due_soon(fact, at):
            found.add(Condition.PREGNANT)
    return frozenset(found.union(*(_of_problem(what, over=over) for what, over in problems)))


def _of_problem(what: Concept, *, over: bool) -> set[Condition]:
    codes = [what.code] if what.system == ICD_10 else []
    codes += [other.code for other in what.others if other.system == ICD_10]
    words = [folded(said) for said in (what.display, what.words) if said]
    return {
        condition
        for condition in CODES
        if not (over and condition is not Condition.HAD_DENGUE)
        and (
            any(code.startswith(CODES[condition]) for code in codes)
            or any(said.startswith(WORDS[condition]) for said in words)
        )
    }


def _due_soon(fact: Fact, at: date) -> bool:
    """A stated day of delivery that is still to come: the only thing that says that a pregnancy goes on."""
    if fact.what.code not in DUE_DATES or fact.value is None:
        return False
    try:
        day = date.fromisoformat(fact.value.words[:10])
    except ValueError:
        return False
    return at <= day <= at + LONGEST
