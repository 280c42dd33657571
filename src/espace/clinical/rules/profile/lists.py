"""The closed lists of the holder's profile.

Sources: HL7 v3 RoleCode (JDV_HL7_PersonalRelationshipRoleType of 2024-07-18), HL7 v3 ActCode
(JDV_HL7_ObservationIntoleranceType of 2010-01-01) and HL7 v3 ObservationValue for how serious; the other lists are
ours, after the answers that the public service offers (E09-E15). No licensed terminology is copied: where a national
list is one, the answer is kept in words.
"""

from espace.clinical.facts.profile import Choice
from espace.kernel.reasons import Sentence

ROLE_CODE = "2.16.840.1.113883.5.111"
ACT_CODE = "2.16.840.1.113883.5.4"
OBSERVATION_VALUE = "2.16.840.1.113883.5.1063"


def _choices(system: str, *rows: tuple[str, str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(code, Sentence(fr, en), system) for code, fr, en in rows)


ALLERGY_KINDS = _choices(
    ACT_CODE,
    ("DINT", "Médicament", "Medicine"),
    ("FINT", "Aliment", "Food"),
    ("EINT", "Pollen, animal, latex, insecte…", "Pollen, animal, latex, insect…"),
    ("OINT", "Autre, ou je ne sais pas", "Other, or I do not know"),
)
SEVERITIES = _choices(
    OBSERVATION_VALUE,
    ("L", "Légère", "Mild"),
    ("M", "Moyenne", "Moderate"),
    ("H", "Grave", "Severe"),
)
STAY_KINDS = _choices(
    "",
    ("surgery", "Opération", "Operation"),
    ("stay", "Hospitalisation sans opération", "Stay in hospital without operation"),
    ("emergency", "Passage aux urgences", "Visit to the emergency department"),
    ("birth", "Accouchement", "Giving birth"),
)
RELATIVES = _choices(
    ROLE_CODE,
    ("MTH", "Mère", "Mother"),
    ("FTH", "Père", "Father"),
    ("SIS", "Sœur", "Sister"),
    ("BRO", "Frère", "Brother"),
    ("DAUC", "Fille", "Daughter"),
    ("SONC", "Fils", "Son"),
    ("MGRMTH", "Grand-mère maternelle", "Maternal grandmother"),
    ("MGRFTH", "Grand-père maternel", "Maternal grandfather"),
    ("PGRMTH", "Grand-mère paternelle", "Paternal grandmother"),
    ("PGRFTH", "Grand-père paternel", "Paternal grandfather"),
    ("AUNT", "Tante", "Aunt"),
    ("UNCLE", "Oncle", "Uncle"),
    ("COUSN", "Cousin ou cousine", "Cousin"),
    ("FAMMEMB", "Autre personne de la famille", "Other relative"),
)
LIFESTYLE_PARTS = _choices(
    "",
    ("food", "Alimentation", "Food"),
    ("activity", "Activité physique", "Physical activity"),
    ("sleep", "Sommeil", "Sleep"),
    ("screens", "Écrans", "Screens"),
    ("alcohol", "Alcool", "Alcohol"),
    ("tobacco", "Tabac", "Tobacco"),
)
HANDICAP_KINDS = _choices(
    "",
    ("motor", "Moteur", "Motor"),
    ("visual", "Visuel", "Visual"),
    ("hearing", "Auditif", "Hearing"),
    ("mental", "Intellectuel", "Intellectual"),
    ("psychic", "Psychique", "Psychic"),
    ("cognitive", "Cognitif ou du développement", "Cognitive or developmental"),
    ("illness", "Dû à une maladie", "Due to an illness"),
)
HANDICAP_RATES = _choices(
    "",
    ("under_50", "Moins de 50 %", "Less than 50%"),
    ("50_79", "De 50 à 79 %", "From 50 to 79%"),
    ("80", "80 % ou plus", "80% or more"),
    ("unknown", "Je ne sais pas", "I do not know"),
)
YES_NO = _choices("", ("yes", "Oui", "Yes"), ("no", "Non", "No"))
BLOOD_GROUPS = _choices(
    "",
    *(
        (f"{letters}{sign}", f"{letters} {fr}", f"{letters} {en}")
        for letters in ("A", "B", "AB", "O")
        for sign, fr, en in (("+", "positif (+)", "positive (+)"), ("-", "négatif (−)", "negative (−)"))
    ),
)
CONTACT_ROLES = _choices(
    "",
    ("emergency", "À prévenir en cas d’urgence", "To call in an emergency"),
    ("trusted", "Personne de confiance", "Trusted person"),
    ("carer", "Aide au quotidien (aidant)", "Helps every day (carer)"),
    ("helped", "Est aidé au quotidien", "Is helped every day"),
)
CONTACT_RELATIONS = _choices(
    ROLE_CODE,
    ("SPS", "Époux, épouse ou partenaire", "Spouse or partner"),
    ("MTH", "Mère", "Mother"),
    ("FTH", "Père", "Father"),
    ("CHILD", "Enfant", "Child"),
    ("SIB", "Frère ou sœur", "Brother or sister"),
    ("FAMMEMB", "Autre personne de la famille", "Other relative"),
    ("FRND", "Ami ou amie", "Friend"),
    ("NBOR", "Voisin ou voisine", "Neighbour"),
    ("GUARD", "Tuteur ou tutrice", "Guardian"),
)
ORGANS = "organs"
WISH_KINDS = _choices(
    "",
    ("directives", "Directives anticipées", "Advance directives"),
    (ORGANS, "Don d’organes : je me suis informé(e)", "Organ donation: I have informed myself"),
    ("other", "Une autre volonté", "Another wish"),
)
PAPER_KINDS = _choices(
    "",
    ("insurance", "Complémentaire santé (mutuelle)", "Complementary insurance"),
    ("fund", "Caisse d’assurance maladie", "Health insurance fund"),
    ("long_term", "Affection de longue durée (ALD)", "Long-term illness scheme (ALD)"),
    ("handicap_card", "Carte ou droit lié à un handicap", "Card or right linked to a disability"),
    ("employer", "Employeur ou médecine du travail", "Employer or occupational health"),
    ("other", "Autre", "Other"),
)
