"""Habits, diseases of relatives, what to beware of, implants (CI-SIS templates 3.52, 3.51 and 3.59, 3.48, 3.20): what
people read is a sentence, and each statement refers to it."""

from dataclasses import dataclass
from datetime import date

from espace.wire.cda_writing.entries.statements import entry
from espace.wire.cda_writing.words import loinc, snomed
from espace.wire.cda_writing.xml import Element
from espace.wire.clinical_statements.values import Concept, Party, Quantity, Related, Statement, Value, When
from espace.wire.nomenclature.systems import LOINC
from espace.wire.xds import Coded

_HABIT = frozenset(
    {
        *("2.16.840.1.113883.10.20.1.33", "1.3.6.1.4.1.19376.1.5.3.1.4.13", "1.3.6.1.4.1.19376.1.5.3.1.4.13.4"),
        "1.2.250.1.213.1.1.3.52",
    }
)
_RELATIVES = frozenset({"2.16.840.1.113883.10.20.1.23", "1.3.6.1.4.1.19376.1.5.3.1.4.15", "1.2.250.1.213.1.1.3.59"})
_DISEASE = frozenset(
    {
        *("2.16.840.1.113883.10.20.1.22", "1.3.6.1.4.1.19376.1.5.3.1.4.13", "1.3.6.1.4.1.19376.1.5.3.1.4.13.3"),
        "1.2.250.1.213.1.1.3.51",
    }
)
_AGE = frozenset({"2.16.840.1.113883.10.20.1.38"})
_SIMPLE = frozenset({"1.3.6.1.4.1.19376.1.5.3.1.4.13", "1.2.250.1.213.1.1.3.48"})
_DEVICE = frozenset({"2.16.840.1.113883.10.20.1.34", "1.2.250.1.213.1.1.3.20"})

_DIAGNOSIS = snomed("282291009", "interprétation diagnostique")
_AT_AGE = snomed("397659008", "âge")
_SMOKES, _SMOKED = loinc("72166-2", "Statut tabagique"), loinc("74011-8", "Consommation tabagique")
_EMDN = "1.2.250.1.213.2.68"
_ALERT = Concept("44944-7", LOINC.oid, "Autres alertes")
"""The code that CI-SIS gives to points of vigilance (FR-Points-de-vigilances-non-code, template 2.245)."""

HIP_PROSTHESIS, KNEE_PROSTHESIS, CORONARY_STENT, ARTIFICIAL_LENS = "P0908", "P0909", "P0704", "P0301"
"""EMDN, groups: hip and knee prostheses, vascular and cardiac stents, intraocular lenses."""

NEVER_SMOKED = loinc("LA18978-9", "N’a jamais fumé")
FORMER_SMOKER = loinc("LA15920-4", "Ancien fumeur")
DAILY_SMOKER = loinc("LA18976-3", "Fumeur quotidien")
_ROLES = "2.16.840.1.113883.5.111"
FATHER, MOTHER = Coded("FTH", _ROLES, "Père"), Coded("MTH", _ROLES, "Mère")
MATERNAL_AUNT = Coded("MAUNT", _ROLES, "Tante maternelle")
MATERNAL_GRANDMOTHER = Coded("MGRMTH", _ROLES, "Grand-mère maternelle")


@dataclass(frozen=True, slots=True)
class Smoking:
    """A sentence on tobacco: the status (LOINC answers of 72166-2) and the pack-years, where they are known."""

    words: str
    status: Coded
    pack_years: int | None = None


@dataclass(frozen=True, slots=True)
class Relative:
    """A sentence on a relative (HL7 RoleCode), with the diseases (ICD-10); `age` in years when it began."""

    words: str
    who: Coded
    diseases: tuple[Coded, ...]
    age: int | None = None


@dataclass(frozen=True, slots=True)
class Implant:
    """What was put in, a code of EMDN, and its name, since that day."""

    words: str
    kind: str
    since: date


Habit = Smoking | str
Ancestry = Relative | str
"""A string says nothing by codes."""


def words_of(told: Smoking | Relative | str) -> str:
    return told if isinstance(told, str) else told.words


def _concept(code: Coded) -> Concept:
    return Concept(code.code, code.system, code.display)


def _observation(templates: frozenset[str], code: Concept, words: str, value: Value, *inside: Related) -> Statement:
    return Statement(
        *("observation", "EVN", 0),
        templates=templates,
        code=code,
        status="completed",
        words=words,
        values=(value,),
        related=inside,
    )


def habit(document: str, mark: str, told: Habit) -> tuple[Element, ...]:
    """The statements of a sentence that stands at `mark`."""
    if isinstance(told, str):
        return ()
    said = [(_SMOKES, Value(concept=_concept(told.status)))]
    if told.pack_years is not None:
        said.append((_SMOKED, Value(quantity=Quantity(str(told.pack_years), "{pack}/a"))))
    made = (_observation(_HABIT, _concept(code), told.words, value) for code, value in said)
    return tuple(entry(one, {told.words: mark}, document, f"{mark}-{rank}") for rank, one in enumerate(made))


def relative(document: str, mark: str, told: Ancestry) -> tuple[Element, ...]:
    """The organizer of what a relative has or had, whose sentence stands at `mark`."""
    if isinstance(told, str):
        return ()
    began = () if told.age is None else (Related("SUBJ", _aged(told.age), inverted=True),)
    found = (
        _observation(_DISEASE, _concept(_DIAGNOSIS), told.words, Value(concept=_concept(disease)), *began)
        for disease in told.diseases
    )
    group = Statement(
        *("organizer", "EVN", 0),
        templates=_RELATIVES,
        status="completed",
        subject=_concept(told.who),
        related=tuple(Related("COMP", one) for one in found),
    )
    return (entry(group, {told.words: mark}, document, mark),)


def _aged(years: int) -> Statement:
    return _observation(_AGE, _concept(_AT_AGE), "", Value(quantity=Quantity(str(years), "a")))


def alert(document: str, mark: str, words: str) -> tuple[Element, ...]:
    """What to beware of, in the words that stand at `mark`."""
    said = _observation(_SIMPLE, _ALERT, words, Value(concept=Concept(words=words)))
    return (entry(said, {words: mark}, document, mark),)


def implant(document: str, mark: str, there: Implant) -> Element:
    """A device that stays in the body, named at `mark`."""
    kind = Concept(there.kind, _EMDN, words=there.words)
    said = Statement(
        *("supply", "EVN", 0),
        templates=_DEVICE,
        words=there.words,
        when=When(there.since.isoformat()),
        parties=(Party("DEV", what=kind),),
    )
    return entry(said, {there.words: mark}, document, mark)
