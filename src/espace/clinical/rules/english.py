"""What a notion is called in English, where an open list that is packaged here says so: nothing is translated by guess.

Sources: our own closed lists (profile, vaccination calendar, usual observations), HL7 v3 value sets and FHIR code
systems, and IPS « absent or unknown data » with the concepts of SNOMED CT that IPS 2.0.0 names in its place.
"""

from collections.abc import Iterator, Mapping

from espace.clinical.facts.profile import Choice
from espace.clinical.rules.naming import NO_RANK, USUAL, rank_of
from espace.clinical.rules.profile import lists
from espace.clinical.rules.profile.measures import MEASURES
from espace.clinical.rules.vaccines.words import DISEASES
from espace.kernel.folding import folded
from espace.kernel.reasons import Sentence
from espace.wire.clinical_statements.values import Concept
from espace.wire.nomenclature.systems import ABSENT_OR_UNKNOWN, LOINC, OBSERVATION_VALUE, SNOMED_CT

_NONE = {
    "no-known-allergies": Sentence("Aucune allergie connue", "No known allergies"),
    "no-known-medication-allergies": Sentence(
        "Aucune allergie à un médicament connue", "No known medication allergies"
    ),
    "no-known-environmental-allergies": Sentence(
        "Aucune allergie à l’environnement connue", "No known environmental allergies"
    ),
    "no-known-food-allergies": Sentence("Aucune allergie alimentaire connue", "No known food allergies"),
    "no-known-problems": Sentence("Aucun problème de santé connu", "No known problems"),
    "no-known-medications": Sentence("Aucun traitement connu", "No known medications"),
    "no-known-immunizations": Sentence("Aucune vaccination connue", "No known immunisations"),
    "no-known-procedures": Sentence("Aucune opération connue", "No known procedures"),
    "no-known-devices": Sentence("Aucun appareil porté connu", "No known devices in use"),
}
_NONE_SNOMED = {
    "716186003": _NONE["no-known-allergies"],
    "160245001": _NONE["no-known-problems"],
    "787481004": _NONE["no-known-medications"],
}
_CRITICALITIES = {
    "CRITL": Sentence("Risque faible", "Low risk"),
    "CRITH": Sentence("Risque élevé", "High risk"),
    "CRITU": Sentence("Risque impossible à estimer", "Risk unable to be assessed"),
}
_CERTAINTIES = {
    "confirmed": Sentence("Confirmé", "Confirmed"),
    "unconfirmed": Sentence("Non confirmé", "Unconfirmed"),
    "provisional": Sentence("Provisoire", "Provisional"),
    "differential": Sentence("À distinguer d’un autre", "Differential"),
    "refuted": Sentence("Écarté", "Refuted"),
}
_RISKS = {
    "low": _CRITICALITIES["CRITL"],
    "high": _CRITICALITIES["CRITH"],
    "unable-to-assess": _CRITICALITIES["CRITU"],
}
_DEGREES = {
    "255604002": Sentence("Léger", "Mild"),
    "371923003": Sentence("Léger à modéré", "Mild to moderate"),
    "6736007": Sentence("Modéré", "Moderate"),
    "24484000": Sentence("Grave", "Severe"),
}
_OBSERVED = {
    "72166-2": Sentence("Tabac", "Tobacco use"),
    "74011-8": Sentence("Consommation de tabac", "Tobacco consumption"),
    "74013-4": Sentence("Consommation d’alcool", "Alcohol consumption"),
    "11343-1": Sentence("Drogues non médicales", "Non-medical drugs"),
    "11449-6": Sentence("Grossesse", "Pregnancy status"),
    "82810-3": Sentence("Grossesse", "Pregnancy status"),
    "11778-8": Sentence("Date prévue d’accouchement", "Estimated date of delivery"),
    "11638-4": Sentence("Enfants vivants", "Living children"),
    "75779-9": Sentence("Réanimation", "Resuscitation"),
    "75787-2": Sentence("Assistance respiratoire", "Assisted breathing"),
    "75789-8": Sentence("Maintien artificiel en vie", "Artificial life support"),
    "77352-3": Sentence("Alimentation et hydratation artificielles", "Artificial nutrition and hydration"),
    "42348-3": Sentence("Directives anticipées", "Advance directives"),
}
"""LOINC, under names of our own: what IPS asks of habits, pregnancy and wishes."""
_CERTAINTY, _RISK = "2.16.840.1.113883.4.642.1.1075", "2.16.840.1.113883.4.642.4.130"
"""The OIDs of condition-ver-status and allergy-intolerance-criticality, as IPS-FR 2024.01 has them."""
_CODED: tuple[tuple[Choice, ...], ...] = (
    lists.ALLERGY_KINDS,
    lists.SEVERITIES,
    lists.RELATIVES,
)
_WORDED: tuple[tuple[Choice, ...], ...] = (
    lists.SEVERITIES,
    lists.STAY_KINDS,
    lists.LIFESTYLE_PARTS,
    lists.BLOOD_GROUPS,
    lists.WISH_KINDS,
)
"""Lists whose answers are kept in words; « other » of one of them may be anything in another document."""
_ANYTHING = frozenset({"other"})


def known_name(what: Concept) -> Sentence | None:
    """What our lists call it; None where none of them has it."""
    rank = rank_of(what)
    if rank != NO_RANK:
        return Sentence(USUAL[rank].french, USUAL[rank].english)
    codes = ((what.system, what.code), *((one.system, one.code) for one in what.others))
    coded = next((_BY_CODE[one] for one in codes if one in _BY_CODE), None)
    return coded or _BY_NAME.get(folded(what.display or what.words))


def _codes() -> Iterator[tuple[tuple[str, str], Sentence]]:
    for system, names in (
        (ABSENT_OR_UNKNOWN.oid, _NONE),
        (SNOMED_CT.oid, _NONE_SNOMED),
        (OBSERVATION_VALUE.oid, _CRITICALITIES),
        (_CERTAINTY, _CERTAINTIES),
        (_RISK, _RISKS),
        (SNOMED_CT.oid, _DEGREES),
        (LOINC.oid, _OBSERVED),
    ):
        yield from (((system, code), name) for code, name in names.items())
    yield from (((one.system, one.code), one.label) for choices in _CODED for one in choices)
    yield from (((LOINC.oid, one.loinc), one.label) for one in MEASURES.values() if not one.second)


def _names() -> Iterator[Sentence]:
    yield from DISEASES.values()
    yield from (one.label for choices in _WORDED for one in choices if one.code not in _ANYTHING)


_BY_CODE: Mapping[tuple[str, str], Sentence] = dict(_codes())
_BY_NAME: Mapping[str, Sentence] = {folded(one.fr): one for one in _names()}
