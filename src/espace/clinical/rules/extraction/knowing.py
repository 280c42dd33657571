"""Codes that say that there is nothing, or that nothing is known.

Sources: JDV_AbsentOrUnknown{Allergy,Problem,Medication,Immunization,Procedure,Devices}_CISIS (2021-12-22), taken from
the IPS list `absent-unknown-uv-ips`; SNOMED CT, as IHE PCC (TF-2, 6.3.4.12-6.3.4.16), IPS and C-CDA use it.
"""

from espace.wire.clinical_statements.values import Concept
from espace.wire.nomenclature.systems import SNOMED_CT

_NONE = frozenset(
    {
        *("no-known-allergies", "no-known-medication-allergies", "no-known-environmental-allergies"),
        *("no-known-food-allergies", "no-known-problems", "no-known-medications", "no-known-immunizations"),
        *("no-known-procedures", "no-known-devices"),
    }
)
_NONE_SNOMED = frozenset(
    {
        *("716186003", "409137002", "428607008", "429625007", "160244002"),  # allergies
        *("160243008", "160245001"),  # problems
        *("182849000", "408350003", "787481004"),  # medicines
    }
)
_UNSAID = frozenset(
    {
        *("no-allergy-info", "no-problem-info", "no-medication-info", "no-immunization-info"),
        *("no-procedure-info", "no-device-info"),
    }
)
_UNSAID_SNOMED = frozenset({"396782006", "407559004", "182904002", "64970000"})


_WHOLE = {
    **dict.fromkeys(("419199007", "420134006", "418038007", "609328004"), ("716186003", "Aucune allergie connue")),
    **dict.fromkeys(("416098002", "419511003"), ("409137002", "Aucune allergie médicamenteuse connue")),
    **dict.fromkeys(("414285001", "418471000"), ("429625007", "Aucune allergie alimentaire connue")),
    "426232007": ("428607008", "Aucune allergie environnementale connue"),
    **dict.fromkeys(("55607006", "64572001", "404684003"), ("160245001", "Aucun problème connu")),
}
"""SNOMED CT: a whole sort of things → that there is none of it (C-CDA: « no known », a type that is negated)."""


def none_of(sort: Concept | None) -> Concept | None:
    """That there is nothing of a sort, where it is a sort and no single thing."""
    code, words = _WHOLE.get(sort.code, ("", "")) if sort and sort.system == SNOMED_CT.oid else ("", "")
    return Concept(code, SNOMED_CT.oid, words) if code else None


def none_known(concept: Concept | None) -> bool:
    """It says that there is none."""
    return _in(concept, _NONE, _NONE_SNOMED)


def unsaid(concept: Concept | None) -> bool:
    """It says that nothing is known: no fact."""
    return _in(concept, _UNSAID, _UNSAID_SNOMED)


def _in(concept: Concept | None, codes: frozenset[str], snomed: frozenset[str]) -> bool:
    """The system is asked where the code is a bare number, which medicines and devices have too."""
    if concept is None:
        return False
    return concept.code in codes or (concept.code in snomed and concept.system == SNOMED_CT.oid)
