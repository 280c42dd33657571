"""Codes and words that say that there is nothing, or that nothing is known.

Sources: JDV_AbsentOrUnknown{Allergy,Problem,Medication,Immunization,Procedure,Devices}_CISIS (2021-12-22), taken from
the IPS list `absent-unknown-uv-ips`; SNOMED CT, as IHE PCC (TF-2, 6.3.4.12-6.3.4.16), IPS and C-CDA use it.
"""

import re

from espace.kernel.folding import folded
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
_NOTHING = frozenset(
    {
        *("non renseigne", "non renseignee", "non precise", "non precisee", "non connu", "non connue"),
        *("inconnu", "inconnue", "sans objet", "non applicable", "aucun", "aucune", "neant"),
        *("unknown", "not known", "not specified", "not applicable", "none"),
    }
)
"""What forms have where somebody had nothing to write, folded: alone, it names no disease, no agent, no side. « Aucune
allergie connue » is a sentence and says something."""
_GOES_ON = r"mais|puis|sauf|hormis|sinon|que|seulement|et|avec|but|then|except|only|and|with"
_DENIAL = re.compile(
    rf"(?:(?:aucune?|pas|sans|no|absence (?:de|of)) |absence d')(?!.*\b(?:{_GOES_ON})\b)(?:(?! -)[^,;:.()/+>–—])+"
)
"""One clause that begins by saying no; one that goes on (« pas de choc, urticaire ») says something as well."""
_MOST_NOTHING, _MOST_DENIAL = 40, 200
"""Letters: what is longer says more."""


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


def nothing_in(words: str) -> bool:
    """Whether words stand for no name: dashes, dots, question marks, « non renseigné(e) »."""
    if not any(map(str.isalnum, words)):
        return True
    return len(words) <= _MOST_NOTHING and _bare(words) in _NOTHING


def denied_in(words: str) -> bool:
    """Whether words only say that something did not happen."""
    return len(words) <= _MOST_DENIAL and _DENIAL.fullmatch(_bare(words)) is not None


def _bare(words: str) -> str:
    """Folded, without what stands around letters and digits, nor the ending of both genders."""
    plain = folded(words).replace("(e)", "")
    within = [place for place, letter in enumerate(plain) if letter.isalnum()]
    return plain[within[0] : within[-1] + 1] if within else ""


def _in(concept: Concept | None, codes: frozenset[str], snomed: frozenset[str]) -> bool:
    """The system is asked where the code is a bare number, which medicines and devices have too."""
    if concept is None:
        return False
    return concept.code in codes or (concept.code in snomed and concept.system == SNOMED_CT.oid)
