"""What a notion is called where people read it: its name, else its author's words; never a code without its system."""

from dataclasses import dataclass

from espace.wire.clinical_statements.values import Concept
from espace.wire.nomenclature import system_of
from espace.wire.nomenclature.systems import ATC, LOINC
from espace.wire.xds import Coded

WHOLE_ATC = len("A10BA02")
"""Of a code of a substance: what is shorter is a class of them."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What doctors call an observation, in French and in English, and the LOINC codes under which laboratories send
    it: by mass or by amount of substance, calculated or measured."""

    french: str
    english: str
    codes: tuple[str, ...]


USUAL: tuple[Usual, ...] = (
    Usual("HbA1c", "HbA1c", ("4548-4", "17856-6", "59261-8")),
    Usual("Glycémie", "Glucose", ("2345-7", "14749-6", "1558-6", "14771-0")),
    Usual("Créatinine", "Creatinine", ("2160-0", "14682-9")),
    Usual("DFG estimé", "eGFR", ("62238-1", "33914-3", "98979-8", "88293-6", "48642-3", "48643-1")),
    Usual("Potassium", "Potassium", ("2823-3",)),
    Usual("Sodium", "Sodium", ("2951-2",)),
    Usual("INR", "INR", ("6301-6", "34714-6")),
    Usual("TSH", "TSH", ("3016-3", "11580-8")),
    Usual("Hémoglobine", "Haemoglobin", ("718-7", "59260-0")),
    Usual("Leucocytes", "White cells", ("6690-2",)),
    Usual("Plaquettes", "Platelets", ("777-3",)),
    Usual("CRP", "CRP", ("1988-5", "30522-7")),
    Usual("Cholestérol LDL", "LDL cholesterol", ("13457-7", "2089-1", "22748-8", "39469-2")),
    Usual("Cholestérol HDL", "HDL cholesterol", ("2085-9", "14646-4")),
    Usual("Cholestérol total", "Total cholesterol", ("2093-3", "14647-2")),
    Usual("Triglycérides", "Triglycerides", ("2571-8", "14927-8")),
    Usual("ALAT", "ALT", ("1742-6",)),
    Usual("ASAT", "AST", ("1920-8",)),
    Usual("Gamma-GT", "GGT", ("2324-2",)),
    Usual("Ferritine", "Ferritin", ("2276-4",)),
    Usual("NT-proBNP", "NT-proBNP", ("33762-6",)),
    Usual("BNP", "BNP", ("30934-4",)),
    Usual("PSA", "PSA", ("2857-1",)),
    Usual("T4 libre", "Free T4", ("3024-7", "14920-3")),
    Usual("Urée", "Urea", ("22664-7", "3091-6")),
    Usual("Calcium", "Calcium", ("17861-6", "2000-8")),
    Usual("PA systolique", "Systolic BP", ("8480-6",)),
    Usual("PA diastolique", "Diastolic BP", ("8462-4",)),
    Usual("Poids", "Weight", ("29463-7", "3141-9")),
    Usual("Taille", "Height", ("8302-2",)),
    Usual("IMC", "BMI", ("39156-5",)),
    Usual("Fréquence cardiaque", "Heart rate", ("8867-4",)),
    Usual("Saturation en oxygène", "Oxygen saturation", ("59408-5", "2708-6")),
    Usual("Température", "Temperature", ("8310-5",)),
)
"""Our choice, in the order in which a doctor of first resort looks for them. Source: LOINC 2.78, names of our own."""

_RANKS = {code: rank for rank, usual in enumerate(USUAL) for code in usual.codes}
NO_RANK = len(USUAL)


def rank_of(what: Concept) -> int:
    """Where an observation stands in `USUAL`; NO_RANK for one that is not there."""
    return _RANKS.get(what.code, NO_RANK) if what.system == LOINC.oid or not what.system else NO_RANK


def name_of(what: Concept, *, english: bool = False) -> str:
    """What it is called where there is little room: « HbA1c »; else its name, its author's words, or its code with
    the name of the list that the code is from."""
    rank = rank_of(what)
    if rank != NO_RANK:
        return USUAL[rank].english if english else USUAL[rank].french
    return full_name(what)


def full_name(what: Concept) -> str:
    """As its document calls it."""
    return _first_letter(what.display.strip() or what.words.strip()) or coded_name(what)


def product(what: Concept) -> str:
    """The medicine itself, as far as it is named: where the code is that of a class of substances, its author's words
    say which one it is, and how strong."""
    return what.words.strip() if what.system == ATC.oid and what.words.strip() else full_name(what)


def is_class(what: Concept | Coded) -> bool:
    """Whether it is a class of substances, and none of them."""
    return what.system == ATC.oid and len(what.code) < WHOLE_ATC


def coded_name(what: Concept) -> str:
    """« 38341003 (SNOMED CT) »: a code alone means nothing."""
    known = system_of(what.system) if what.system else None
    return f"{what.code} ({known.name if known else what.system})" if what.system else f"« {what.code} »"


def _first_letter(name: str) -> str:
    return name if name[1:2].isupper() else name[:1].upper() + name[1:]  # « pH » stays
