"""Codes and words that say that there is nothing, or that nothing is known.

Sources: JDV_AbsentOrUnknown{Allergy,Problem,Medication,Immunization,Procedure,Devices}_CISIS (2021-12-22), taken from
the IPS list `absent-unknown-uv-ips`; SNOMED CT, as IHE PCC (TF-2, 6.3.4.12-6.3.4.16), IPS and C-CDA use it.
"""

import re

from espace.kernel.folding import folded
from espace.wire.clinical_statements.values import Concept
from espace.wire.nomenclature.systems import SNOMED_CT
from espace.wire.xds import Coded

TA_ASIP = "1.2.250.1.213.1.1.4.322"
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
        *("160243008", "160245001", "443508001"),  # problems; no history of any (JDV_AntecedentsPersonnels_CISIS)
        "860642002",  # no disorder of development (JDV_ReperageTroubleNeurodeveloppement_CISIS)
        "160266009",  # of the family
        "416128008",  # procedures
        *("182849000", "408350003", "787481004"),  # medicines
    }
)
_UNSAID = frozenset(
    {
        *("no-allergy-info", "no-problem-info", "no-medication-info", "no-immunization-info"),
        *("no-procedure-info", "no-device-info"),
    }
)
_NONE_NATIONAL = frozenset({"MED-222"})
"""TA_ASIP: no anaesthesia (JDV_TypeAnalgesie_CISIS)."""
_UNSAID_SNOMED = frozenset(
    {
        *("396782006", "407559004", "182904002", "64970000"),
        *("261665006", "373068000", "385432009"),  # unknown, undetermined, not applicable: alone, they name nothing
    }
)
_NOTHING = frozenset(
    {
        *("non renseigne", "non renseignee", "non precise", "non precisee", "non connu", "non connue"),
        *("inconnu", "inconnue", "sans objet", "non applicable", "aucun", "aucune", "neant"),
        *("unknown", "not known", "not specified", "not applicable", "not available", "none"),
    }
)
"""What forms have where somebody had nothing to write, folded: alone, it names no disease, no agent, no side. « Aucune
allergie connue » is a sentence and says something."""
_GOES_ON = r"mais|puis|sauf|hormis|sinon|que|seulement|et|avec|but|then|except|only|and|with"
_DENIAL = re.compile(
    rf"(?:(?:aucune?|pas|sans|no|absence (?:de|of)) |absence d')(?!.*\b(?:{_GOES_ON})\b)(?:(?! -)[^,;:.()/+>–—])+"
)
"""One clause that begins by saying no; one that goes on (« pas de choc, urticaire ») says something as well."""
_MOST_NOTHING, _MOST_DENIAL, _MOST_NONE = 40, 200, 80
"""Letters: what is longer says more."""


_ABSENT_OR_UNKNOWN = "2.16.840.1.113883.5.1150.1"


def _none(words: str, code: str, *sorts: str, system: str = SNOMED_CT.oid) -> dict[str, Concept]:
    return dict.fromkeys(sorts, Concept(code, system, words))


_WHOLE: dict[str, Concept] = {
    **_none("Aucune allergie connue", "716186003", "419199007", "420134006", "418038007", "609328004"),
    **_none("Aucune allergie médicamenteuse connue", "409137002", "416098002", "419511003"),
    **_none("Aucune allergie alimentaire connue", "429625007", "414285001", "418471000"),
    **_none("Aucune allergie environnementale connue", "428607008", "426232007"),
    **_none("Aucun problème connu", "160245001", "55607006", "64572001", "404684003"),
    **_none("Aucun traitement connu", "787481004", "410942007"),
    **_none("Aucun acte connu", "416128008", "71388002"),
    **_none("Aucun dispositif connu", "no-known-devices", "40388003", "49062001", system=_ABSENT_OR_UNKNOWN),
}
"""SNOMED CT: a whole sort of things → that there is none of it (C-CDA: « no known », a type that is negated)."""
_NO_WORDS = re.compile(
    r"(?:(?:aucune?|pas|sans|no|absence (?:de|of)) |absence d')"
    r"(?:d'|de |autres? |known |other |current |active )*"
    r"(?:(?:drug|food|medication|medical|environmental|past|surgical|family) )*"
    r"(?:allerg(?:ies?|y)|intolerances?|hypersensibilites?|antecedents?|traitements?|medicaments?|problemes?"
    r"|pathologies?|maladies?|vaccins?|vaccinations?|interventions?|actes?|operations?|dispositifs?|implants?"
    r"|problems?|medications?|drugs?|procedures?|immuni[sz]ations?|devices?|history)"
    r"(?: (?:ni |et |ou )?(?:medica(?:l|ux|les?)|medicamenteu(?:x|ses?)|alimentaires?|chirurgica(?:l|ux|les?)"
    r"|familia(?:l|ux|les?)|allergiques?|environnementales?|personnels?|particuli(?:er|ere)s?|notables?|significatifs?|connue?s?|known|signalee?s?"
    r"|declaree?s?|identifiee?s?|en cours|a ce jour|de fond|significant|reported))*"
    r"|nka|nkda"
)
"""Words alone, folded, that say that there is nothing of a whole sort: « aucune allergie connue », « pas d'antécédent
familial », « no known drug allergies ». A single thing that is denied (« pas d'allergie à la pénicilline ») is not
among them."""
_SORTS: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(words), code, system)
    for words, code, system in (
        (r"nkda|(?=.*(?:allerg|intoleran|hypersens)).*(?:medic|drug)", "409137002", SNOMED_CT.oid),
        (r"(?=.*(?:allerg|intoleran|hypersens)).*(?:aliment|food)", "429625007", SNOMED_CT.oid),
        (r"(?=.*(?:allerg|intoleran|hypersens)).*environ", "428607008", SNOMED_CT.oid),
        (r"nka|.*(?:allerg|intoleran|hypersens)", "716186003", SNOMED_CT.oid),
        (r".*famil", "160266009", SNOMED_CT.oid),
        (r".*(?:chirurg|surgical|operation|intervention|acte|procedure)", "416128008", SNOMED_CT.oid),
        (r".*(?:vaccin|immuni)", "no-known-immunizations", _ABSENT_OR_UNKNOWN),
        (r".*(?:dispositif|implant|device)", "no-known-devices", _ABSENT_OR_UNKNOWN),
        (r".*(?:traitement|medicament|medication|drug)", "787481004", SNOMED_CT.oid),
        (r".*(?:antecedent|history)", "443508001", SNOMED_CT.oid),
        (r".*(?:problem|patholog|maladie)", "160245001", SNOMED_CT.oid),
    )
)
"""Which sort such words are about, the first that fits, and the code that says that there is none of it."""


def none_of(sort: Concept | None) -> Concept | None:
    """That there is nothing of a sort, where it is a sort and no single thing."""
    return _WHOLE.get(sort.code) if sort and sort.system == SNOMED_CT.oid else None


def none_known(concept: Concept | None) -> bool:
    """It says that there is none."""
    if concept is not None and concept.system == TA_ASIP and concept.code in _NONE_NATIONAL:
        return True
    return _in(concept, _NONE, _NONE_SNOMED)


def none_said(concept: Concept) -> Concept | None:
    """That there is nothing of a sort, where words alone say so, or the name of a code that is not of the lists above:
    they stay beside the code."""
    words = concept.display if concept.code else concept.words
    bare = "" if none_known(concept) or len(words) > _MOST_NONE else _bare(words)
    if _NO_WORDS.fullmatch(bare) is None:
        return None
    code, system = next((code, system) for sort, code, system in _SORTS if sort.match(bare))
    own = (Coded(concept.code, concept.system, concept.display),) if concept.code else ()
    return Concept(code, system, words=words, others=own)


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
