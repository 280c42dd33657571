"""The facts of a bench: as many for each document as was asked for, of the kinds and in the shares of a long life."""

from collections.abc import Iterable
from itertools import count

from espace import edge
from espace.access import gate
from espace.clinical import actions as clinical
from espace.clinical.facts import Detail, Dosage, Extracted, Fact, Kind, Place, State
from espace.clinical.rules.naming import USUAL
from espace.kernel.values import replace
from espace.kernel.words import ITSELF, Purpose, Verb
from espace.site.bench.people import Resident
from espace.wire.cda import CdaDocument
from espace.wire.clinical_statements.values import Concept, Interval, Quantity, ReferenceRange, Value, When

LOINC, ATC, ICD_10 = "2.16.840.1.113883.6.1", "2.16.840.1.113883.6.73", "2.16.840.1.113883.6.3"
_RARE = 24
"""Analytes that doctors have no place for, beside those that they look for first."""
_ILLNESSES = ("I10", "E11", "E78", "J45", "M17", "H25", "K21", "G43", "F32", "N18")
_MEDICINES = ("A10BA02", "C09AA05", "C10AA05", "N02BE01", "A02BC01", "B01AC06", "C07AB07", "R03AC02")
_VACCINES = ("Grippe saisonnière", "Diphtérie, tétanos, poliomyélite", "Pneumocoque", "Zona")
_TURNS = (*("result",) * 14, "prescription", "dispensation", "prescription", "dispensation", "problem", "other")
"""Of twenty facts: the most are results of laboratories."""


def give(residents: Iterable[Resident], each: int) -> None:
    """So many facts for every document of everybody, kept as those that are extracted are."""
    numbers = count()

    def invented(_cda: CdaDocument) -> Extracted:
        return Extracted("", tuple(fact(next(numbers)) for _ in range(each)), entries=each)

    for one in residents:
        while _batch(one, invented):
            pass


def _batch(one: Resident, invented: clinical.Reader) -> bool:
    with gate.open_record(
        actor=ITSELF, patient=one.patient, purpose=Purpose.EXTRACTION, verb=Verb.EXTRACT, at=edge.now()
    ) as grant:
        return clinical.extract(grant, read=invented).more


def fact(number: int) -> Fact:
    """The fact of that number: the same one each time."""
    day = f"{2016 + number // 997 % 10}-{number % 12 + 1:02}-{number % 28 + 1:02}"
    turn = _TURNS[number % len(_TURNS)]
    if turn == "result":
        return _result(number, day)
    if turn == "problem":
        return _coded(Kind.PROBLEM, Concept(_ILLNESSES[number // 20 % 10], ICD_10, "Maladie"), day, number)
    if turn == "other":
        return _other(number, day)
    return _medicine(Kind(turn), number, day)


def _coded(kind: Kind, what: Concept, day: str, number: int) -> Fact:
    return Fact(kind, what, Place("11450-4", "Section", f"p{number % 9}", number % 10), State.ACTIVE, when=When(day))


def _result(number: int, day: str) -> Fact:
    rank = number % (len(USUAL) + _RARE)
    code = USUAL[rank].codes[0] if rank < len(USUAL) else f"{9000 + rank}-1"
    value, unit = f"{4 + number % 40 / 10:.1f}", "mmol/L"
    expected = ReferenceRange(Value(interval=Interval(Quantity("4.0", unit), Quantity("7.0", unit))))
    found = _coded(Kind.RESULT, Concept(code, LOINC, f"Dosage {code} dans le sérum ou le plasma"), day, number)
    return replace(
        found, when=When(day, day), value=Value(quantity=Quantity(value, unit)), ranges=(expected,), group="Biochimie"
    )


def _medicine(kind: Kind, number: int, day: str) -> Fact:
    atc = _MEDICINES[number // 4 % len(_MEDICINES)]
    found = _coded(kind, Concept("", "", "", f"Médicament {atc}"), day, number)
    substance: dict[Detail, tuple[Concept, ...]] = {Detail.SUBSTANCE: (Concept(atc, ATC, "Substance"),)}
    return replace(found, details=substance, dosage=Dosage("1 comprimé matin et soir"))


def _other(number: int, day: str) -> Fact:
    if number // 20 % 5 == 0:
        return _coded(Kind.ALLERGY, Concept("", "", "", f"Allergène {number // 100 % 4}"), day, number)
    return _coded(Kind.VACCINATION, Concept("", "", "", _VACCINES[number // 20 % 4]), day, number)
