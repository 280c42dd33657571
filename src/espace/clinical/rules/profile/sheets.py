"""The fourteen sections of the holder's profile and their fields (E01-E17): forms, checks and pages come from here.

Lengths: a line of 200 characters, a comment of 3,000 (E19), a posology of 1,000 (E07).
"""

from collections.abc import Mapping

from espace.clinical.facts.profile import Asked, Choice, Section, Shape, Sheet
from espace.clinical.rules.profile import lists
from espace.clinical.rules.profile.measures import MEASURES
from espace.kernel.reasons import Sentence

LINE, COMMENT, POSOLOGY, DIRECTIVES = 200, 3000, 1000, 10000

_COMMENT = Asked("comment", Sentence("Commentaire", "Comment"), Shape.TEXT, most=COMMENT)
_WHEN = Sentence("Par exemple 2019, 03/2019 ou 14/03/2019.", "For example 2019, 03/2019 or 14/03/2019.")
_SINCE = Asked("since", Sentence("Depuis quand", "Since when"), Shape.DAY, hint=_WHEN)
_UNTIL = Asked("until", Sentence("Jusqu’à quand", "Until when"), Shape.DAY, hint=_WHEN, ahead=True)
_DAY = Asked("day", Sentence("Date", "Date"), Shape.DAY, hint=_WHEN, required=True)
_PHONE = Asked("phone", Sentence("Téléphone", "Telephone"), most=30)


def _named(fr: str, en: str, hint: Sentence | None = None) -> Asked:
    return Asked("name", Sentence(fr, en), required=True, hint=hint)


def _chosen(name: str, label: Sentence, choices: tuple[Choice, ...], *, required: bool = False) -> Asked:
    return Asked(name, label, Shape.CHOICE, choices, required)


_MEASURED = tuple(
    Choice(one.code, Sentence(f"{one.label.fr} ({one.shown})", f"{one.label.en} ({one.shown})"))
    for one in MEASURES.values()
)
_SHEETS = (
    Sheet(
        Section.ALLERGIES,
        Sentence("Allergies", "Allergies"),
        Sentence(
            "Médicaments, aliments, pollens, insectes… et ce qui s’est passé.",
            "Medicines, food, pollen, insects… and what happened.",
        ),
        Sentence("Ajouter une allergie", "Add an allergy"),
        "shield",
        (
            _named(
                "Allergie à quoi", "Allergy to what", Sentence("Par exemple pénicilline.", "For example penicillin.")
            ),
            _chosen("kind", Sentence("Sorte", "Kind"), lists.ALLERGY_KINDS),
            Asked("reaction", Sentence("Réaction", "Reaction")),
            _chosen("severity", Sentence("Gravité", "Severity"), lists.SEVERITIES),
            _SINCE,
            _COMMENT,
        ),
    ),
    Sheet(
        Section.PROBLEMS,
        Sentence("Sujets de santé", "Health topics"),
        Sentence("Maladies et problèmes de santé, actuels ou passés.", "Illnesses and health problems, now or before."),
        Sentence("Ajouter un sujet de santé", "Add a health topic"),
        "stethoscope",
        (
            _named("Maladie ou problème", "Illness or problem", Sentence("Par exemple asthme.", "For example asthma.")),
            _SINCE,
            _UNTIL,
            _COMMENT,
        ),
    ),
    Sheet(
        Section.TREATMENTS,
        Sentence("Traitements", "Treatments"),
        Sentence("Médicaments pris, avec ou sans ordonnance.", "Medicines taken, with or without prescription."),
        Sentence("Ajouter un traitement", "Add a treatment"),
        "pill",
        (
            Asked(
                "name",
                Sentence("Médicament", "Medicine"),
                Shape.MEDICINE,
                required=True,
                hint=Sentence(
                    "Son nom, ou les 13 chiffres de la boîte, ou ce que lit un lecteur de code.",
                    "Its name, or the 13 figures of the box, or what a code reader types.",
                ),
            ),
            Asked("dosage", Sentence("Comment il est pris", "How it is taken"), Shape.TEXT, most=POSOLOGY),
            Asked("why", Sentence("Pour quelle raison", "What for")),
            _SINCE,
            _UNTIL,
            _COMMENT,
        ),
    ),
    Sheet(
        Section.STAYS,
        Sentence("Hospitalisations et opérations", "Hospital stays and operations"),
        Sentence(
            "Séjours, opérations, passages aux urgences.", "Stays, operations, visits to an emergency department."
        ),
        Sentence("Ajouter une hospitalisation ou une opération", "Add a hospital stay or an operation"),
        "bed",
        (
            _named("Motif ou opération", "Reason or operation"),
            _chosen("kind", Sentence("Sorte", "Kind"), lists.STAY_KINDS),
            _SINCE,
            _UNTIL,
            Asked("place", Sentence("Établissement", "Hospital")),
            _COMMENT,
        ),
    ),
    Sheet(
        Section.FAMILY,
        Sentence("Antécédents familiaux", "Family history"),
        Sentence("Maladies des parents, frères, sœurs et enfants.", "Illnesses of parents, siblings and children."),
        Sentence("Ajouter un antécédent familial", "Add a family illness"),
        "folder",
        (
            _named("Maladie", "Illness"),
            _chosen("relative", Sentence("Qui", "Who"), lists.RELATIVES, required=True),
            Asked("age", Sentence("Âge au début, en années", "Age when it began, in years"), Shape.NUMBER, most=3),
            _COMMENT,
        ),
    ),
    Sheet(
        Section.LIFESTYLE,
        Sentence("Mode de vie", "Lifestyle"),
        Sentence(
            "Alimentation, activité physique, sommeil, écrans, alcool, tabac.",
            "Food, physical activity, sleep, screens, alcohol, tobacco.",
        ),
        Sentence("Ajouter une habitude", "Add a habit"),
        "heart",
        (
            _chosen("part", Sentence("Sujet", "Subject"), lists.LIFESTYLE_PARTS, required=True),
            Asked(
                "answer",
                Sentence("En quelques mots", "In a few words"),
                Shape.TEXT,
                required=True,
                most=POSOLOGY,
                hint=Sentence("Par exemple : 30 minutes de marche par jour.", "For example: 30 minutes’ walk a day."),
            ),
            Asked("day", Sentence("Date", "Date"), Shape.DAY, hint=_WHEN),
        ),
    ),
    Sheet(
        Section.HANDICAPS,
        Sentence("Handicaps", "Disabilities"),
        Sentence("Ce qu’un soignant doit savoir pour bien accueillir.", "What a carer must know to receive well."),
        Sentence("Ajouter un handicap", "Add a disability"),
        "access",
        (
            _chosen("kind", Sentence("Sorte", "Kind"), lists.HANDICAP_KINDS, required=True),
            _chosen("rate", Sentence("Taux reconnu", "Recognised rate"), lists.HANDICAP_RATES),
            _chosen("help", Sentence("Aide d’une autre personne", "Help from another person"), lists.YES_NO),
            _COMMENT,
        ),
    ),
    Sheet(
        Section.MEASURES,
        Sentence("Mesures", "Measures"),
        Sentence(
            "Poids, tension, glycémie, température… dans le temps.",
            "Weight, pressure, glucose, temperature… over time.",
        ),
        Sentence("Ajouter une mesure", "Add a measure"),
        "scan",
        (
            _chosen("measure", Sentence("Mesure", "Measure"), _MEASURED, required=True),
            Asked("value", Sentence("Valeur", "Value"), Shape.NUMBER, required=True, most=10),
            Asked(
                "second",
                Sentence("Deuxième chiffre de la tension", "Second figure of the blood pressure"),
                Shape.NUMBER,
                most=10,
                hint=Sentence("Pour 120/80, écrivez 120 puis 80.", "For 120/80, write 120 then 80."),
            ),
            _DAY,
            _COMMENT,
        ),
        most=2000,
    ),
    Sheet(
        Section.BLOOD,
        Sentence("Groupe sanguin", "Blood group"),
        Sentence(
            "Déclaré, et non vérifié : jamais valable pour une transfusion.",
            "Declared, and not verified: never valid for a transfusion.",
        ),
        Sentence("Écrire le groupe sanguin", "Write the blood group"),
        "flask",
        (_chosen("group", Sentence("Groupe sanguin", "Blood group"), lists.BLOOD_GROUPS, required=True),),
        most=1,
    ),
    Sheet(
        Section.CONTACTS,
        Sentence("Entourage", "People around"),
        Sentence("Qui prévenir, la personne de confiance, qui aide.", "Who to call, the trusted person, who helps."),
        Sentence("Ajouter une personne", "Add a person"),
        "people",
        (
            _named("Nom", "Name"),
            _chosen("role", Sentence("Rôle", "Role"), lists.CONTACT_ROLES, required=True),
            _chosen("relation", Sentence("Lien", "Relation"), lists.CONTACT_RELATIONS),
            _PHONE,
            Asked("mail", Sentence("Adresse électronique", "E-mail address")),
            _COMMENT,
        ),
        reads="EXPPAT_1",
    ),
    Sheet(
        Section.WISHES,
        Sentence("Volontés", "Wishes"),
        Sentence(
            "Directives anticipées, don d’organes : écrites ici, ou dans un document.",
            "Advance directives, organ donation: written here, or in a document.",
        ),
        Sentence("Écrire une volonté", "Write a wish"),
        "signature",
        (
            _chosen("kind", Sentence("De quoi s’agit-il", "What is it about"), lists.WISH_KINDS, required=True),
            Asked("text", Sentence("Texte", "Text"), Shape.TEXT, most=DIRECTIVES),
            Asked("day", Sentence("Écrit le", "Written on"), Shape.DAY, hint=_WHEN),
        ),
        most=20,
        reads="EXPPAT_3",
    ),
    Sheet(
        Section.PROFESSIONALS,
        Sentence("Professionnels", "Professionals"),
        Sentence("Médecins, infirmiers, kinésithérapeutes, pharmacie…", "Doctors, nurses, physiotherapists, pharmacy…"),
        Sentence("Ajouter un professionnel", "Add a professional"),
        "list",
        (
            _named("Nom", "Name"),
            Asked("profession", Sentence("Profession ou spécialité", "Profession or speciality")),
            Asked("place", Sentence("Lieu", "Place")),
            _PHONE,
            _COMMENT,
        ),
    ),
    Sheet(
        Section.ADMINISTRATIVE,
        Sentence("Administratif", "Administrative"),
        Sentence("Mutuelle, ALD, cartes et droits.", "Insurance, long-term illness scheme, cards and rights."),
        Sentence("Ajouter un renseignement", "Add an information"),
        "page",
        (
            _named("Nom", "Name", Sentence("Par exemple le nom de la mutuelle.", "For example the insurer’s name.")),
            _chosen("kind", Sentence("Sorte", "Kind"), lists.PAPER_KINDS, required=True),
            Asked("until", Sentence("Valable jusqu’à", "Valid until"), Shape.DAY, hint=_WHEN, ahead=True),
            _COMMENT,
        ),
    ),
    Sheet(
        Section.VACCINATIONS,
        Sentence("Vaccinations", "Vaccinations"),
        Sentence("Vaccins reçus, le calendrier, ce qui est à faire.", "Vaccines received, the calendar, what is due."),
        Sentence("Ajouter un vaccin", "Add a vaccine"),
        "syringe",
        (
            _named(
                "Vaccin",
                "Vaccine",
                Sentence(
                    "Le nom sur la boîte, ou la maladie. Par exemple Infanrix hexa, ou tétanos.",
                    "The name on the box, or the disease. For example Infanrix hexa, or tetanus.",
                ),
            ),
            _DAY,
            Asked("dose", Sentence("Numéro de la dose", "Number of the dose"), Shape.NUMBER, most=2),
            Asked("lot", Sentence("Numéro de lot", "Batch number"), most=40),
            Asked("place", Sentence("Par qui, où", "By whom, where")),
            _COMMENT,
        ),
    ),
)
SHEETS: Mapping[Section, Sheet] = {one.section: one for one in _SHEETS}
"""By section, in the order in which they are shown."""
