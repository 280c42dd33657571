"""Professions in the language of the page: the French labels are the nomenclature's, the English ones ours."""

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


def profession_name(code: str) -> str:
    """« Médecin », “Doctor”; "" for an unknown code."""
    return ENGLISH.get(code, "") if english() else profession_label(code)
