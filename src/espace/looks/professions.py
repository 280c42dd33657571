"""Professions in the language of the page: the English names are ours, the French ones the nomenclature's labels, or
ours where the label is masculine only."""

from collections.abc import Mapping

from espace.looks.words import english
from espace.wire.nomenclature import profession_label

ENGLISH: Mapping[str, str] = {
    "10": "Doctor",
    "21": "Pharmacist",
    "26": "Audiologist",
    "28": "Optician",
    "31": "Dental assistant",
    "32": "Medical physicist",
    "35": "Healthcare assistant",
    "36": "Ambulance worker",
    "37": "Childcare assistant",
    "38": "Hospital pharmacy technician",
    "39": "Community pharmacy technician",
    "40": "Dentist",
    "41": "Social work assistant",
    "42": "Home care worker",
    "43": "Social and family support worker",
    "44": "Social and family adviser",
    "45": "Family mediator",
    "46": "Family assistant",
    "47": "Care and support assistant",
    "48": "Activity leader",
    "49": "Early years educator",
    "50": "Midwife",
    "51": "Special needs educator",
    "52": "Special needs technical educator",
    "53": "Educational and social support worker",
    "60": "Nurse",
    "69": "Psychiatric nurse",
    "70": "Physiotherapist",
    "71": "Osteopath",
    "72": "Psychotherapist",
    "73": "Chiropractor",
    "80": "Podiatrist",
    "81": "Orthotist and prosthetist",
    "82": "Foot orthotist",
    "83": "Orthopaedic fitter",
    "84": "Ocularist",
    "85": "Epithesis maker",
    "86": "Medical laboratory technician",
    "91": "Speech therapist",
    "92": "Orthoptist",
    "93": "Psychologist",
    "94": "Occupational therapist",
    "95": "Dietitian",
    "96": "Psychomotor therapist",
    "97": "Genetic counsellor",
    "98": "Radiographer",
}

FRENCH: Mapping[str, str] = {
    "21": "Pharmacien ou pharmacienne",
    "28": "Opticien-lunetier ou opticienne-lunetière",
    "31": "Assistant ou assistante dentaire",
    "32": "Physicien médical ou physicienne médicale",
    "35": "Aide-soignant ou aide-soignante",
    "36": "Ambulancier ou ambulancière",
    "38": "Préparateur ou préparatrice en pharmacie hospitalière",
    "39": "Préparateur ou préparatrice en pharmacie (officine)",
    "40": "Chirurgien-dentiste ou chirurgienne-dentiste",
    "41": "Assistant ou assistante de service social",
    "43": "Technicien ou technicienne de l’intervention sociale et familiale",
    "44": "Conseiller ou conseillère en économie sociale et familiale",
    "45": "Médiateur familial ou médiatrice familiale",
    "46": "Assistant familial ou assistante familiale",
    "48": "Moniteur éducateur ou monitrice éducatrice",
    "49": "Éducateur ou éducatrice de jeunes enfants",
    "51": "Éducateur spécialisé ou éducatrice spécialisée",
    "52": "Éducateur ou éducatrice technique",
    "53": "Accompagnant éducatif et social ou accompagnante éducative et sociale",
    "60": "Infirmier ou infirmière",
    "69": "Infirmier ou infirmière psychiatrique",
    "70": "Masseur-kinésithérapeute ou masseuse-kinésithérapeute",
    "73": "Chiropracteur ou chiropractrice",
    "86": "Technicien ou technicienne de laboratoire médical",
    "95": "Diététicien ou diététicienne",
    "96": "Psychomotricien ou psychomotricienne",
    "97": "Conseiller ou conseillère en génétique",
    "98": "Manipulateur ou manipulatrice en électroradiologie",
}
"""Both forms: what professionals are called does not say which of the two they use."""
_CODES = {profession_label(code): code for code in ENGLISH}


def profession_name(code: str) -> str:
    """« Médecin », « Infirmier ou infirmière », “Doctor”; "" for an unknown code."""
    return ENGLISH.get(code, "") if english() else FRENCH.get(code, profession_label(code))


def practised(label: str) -> str:
    """The French label of a specialty, or the name of the profession where it says nothing more."""
    return profession_name(_CODES[label]) if label in _CODES else label
