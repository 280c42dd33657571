"""Camille: an autoimmune thyroid, migraines, a knee operated on, and three ordinary years around them."""

from datetime import date, timedelta

from espace.kernel.words import Visibility
from espace.site.demo.people import CAMILLE
from espace.site.demo.stories import analyses, pictures, remedies, visits
from espace.site.demo.stories.conditions import (
    DIABETES,
    HYPERTENSION,
    KNEE,
    KNEE_ARTHROSCOPY,
    MENISCUS,
    MIGRAINE,
    PENICILLINS,
    THYROIDITIS,
)
from espace.site.demo.stories.remedies import given
from espace.site.demo.stories.telling import Teller
from espace.site.demo.structures import (
    ANAESTHETIST,
    ATTENDING,
    NURSE,
    PHYSIOTHERAPIST,
    PSYCHIATRIST,
    SCREENER,
    SURGEON,
)
from espace.wire.cda_writing import DRUG_ALLERGY, MOTHER, RIGHT, Allergy, Problem, Procedure, Relative, Stay, Summary

_ALLERGY = Allergy(DRUG_ALLERGY, PENICILLINS, "Urticaire et gonflement des lèvres", date(1996, 2, 10))
_THYROID = ("tsh", "ft4")


def _thyroid(teller: Teller) -> None:
    low = {"tsh": "7.62", "ft4": "11.2"}
    said = "TSH élevée et T4 libre basse : à interpréter avec les signes et le traitement."
    visits.blood(teller, CAMILLE, teller.day(34), _THYROID, low, comment=said, title="Bilan de la thyroïde")
    visits.consultation(
        teller,
        CAMILLE,
        teller.day(33, 15),
        ATTENDING,
        "Consultation : fatigue",
        "Madame Marchand consulte pour une fatigue qui dure depuis trois mois, une frilosité et une prise de 4 kg.",
        "Le bilan montre une TSH à 7,62 mUI/L et une T4 libre à 11,2 pmol/L. Poids 66 kg, tension 118/74.",
        "Je propose de passer la lévothyroxine de 50 à 75 microgrammes, et de contrôler la TSH dans huit semaines.",
    )
    since = teller.day(33, 15)
    treatment = given(remedies.LEVOTHYROXINE, since, reason="Thyroïdite de Hashimoto", boxes=3, renewals=3)
    visits.prescribed(teller, CAMILLE, since, (treatment,), delivered=True)
    for months, value in ((31, "3.10"), (24, "2.24"), (12, "2.05"), (0, "2.31")):
        visits.blood(teller, CAMILLE, teller.day(months, 10), _THYROID, {"tsh": value}, title="Bilan de la thyroïde")
    for months in (21, 9):
        again = given(remedies.LEVOTHYROXINE, teller.day(months), boxes=3, renewals=3)
        visits.prescribed(teller, CAMILLE, teller.day(months), (again,), delivered=months == 9)


def _knee(teller: Teller) -> None:
    visits.imaged(teller, CAMILLE, teller.day(17), pictures.knee())
    visits.consultation(
        teller,
        CAMILLE,
        teller.day(16),
        SURGEON,
        "Avis du chirurgien sur le genou droit",
        "L’IRM montre une fissure du ménisque interne, responsable des blocages.",
        "Après discussion, Madame Marchand préfère une arthroscopie, au cours d’une journée à l’hôpital.",
    )
    visits.letter(
        teller,
        CAMILLE,
        teller.day(15, 10),
        ANAESTHETIST,
        "34749-2",
        "Consultation d’anesthésie",
        "Pas d’antécédent d’anesthésie. Allergie connue aux pénicillines : urticaire et gonflement des lèvres.",
        "Anesthésie de la jambe ou générale possible. À jeun à partir de minuit. Poursuivre la lévothyroxine.",
    )
    day = teller.day(15)
    visits.letter(
        teller,
        CAMILLE,
        day,
        SURGEON,
        "34874-8",
        "Compte rendu de l’arthroscopie du genou droit",
        "Régularisation de la corne postérieure du ménisque interne. Cartilage et ligaments intacts.",
        "Durée : 25 minutes. Pas de difficulté. Pansement simple, appui permis.",
        encounter="IMP",
    )
    _after_the_operation(teller, day)


def _after_the_operation(teller: Teller, day: date) -> None:
    stay = Stay(
        "Arthroscopie du genou droit pour une fissure du ménisque interne.",
        ("L’intervention s’est bien passée. Lever l’après-midi même, douleur à 2 sur 10 au départ.",),
        (Problem(MENISCUS, day),),
        (given(remedies.PARACETAMOL, day, day + timedelta(days=10), reason="Douleur"),),
        plan=("Rééducation : 15 séances.", "Contrôle dans six semaines.", "Reprise de la course après accord."),
        allergies=(_ALLERGY,),
    )
    visits.stayed(teller, CAMILLE, day, 0, SURGEON, "Sortie après l’arthroscopie du genou", stay)
    visits.letter(
        teller,
        CAMILLE,
        teller.day(11),
        PHYSIOTHERAPIST,
        "11506-3",
        "Bilan de fin de rééducation du genou",
        "Quinze séances. Flexion 140°, extension complète, pas d’épanchement. Course reprise sans douleur.",
        media="text/rtf",
    )


def _ordinary(teller: Teller) -> None:
    visits.vaccinated(teller, CAMILLE, teller.day(26), "Diphtérie, tétanos, poliomyélite", "J07CA01", 5, booster=True)
    visits.blood(
        teller,
        CAMILLE,
        teller.day(20),
        (*analyses.BLOOD_COUNT, "ferritin", "glucose", *analyses.LIPIDS),
        {"ferritin": "11", "hb": "11.8", "mcv": "79"},
        comment="Réserves en fer basses : un complément peut être utile.",
    )
    iron = given(
        remedies.IRON,
        teller.day(19, 20),
        teller.day(16, 20),
        reason="Manque de fer",
        advice="Les selles peuvent noircir : c’est normal.",
        boxes=3,
    )
    visits.prescribed(teller, CAMILLE, teller.day(19, 20), (iron,))


def _prevention(teller: Teller) -> None:
    visits.letter(
        teller,
        CAMILLE,
        teller.day(10),
        SCREENER,
        "75492-9",
        "Dépistage du cancer du col de l’utérus : résultat",
        "Le test HPV de votre prélèvement est négatif.",
        "Le prochain test vous sera proposé dans cinq ans. Consultez sans attendre en cas de saignement anormal.",
    )
    visits.letter(
        teller,
        CAMILLE,
        teller.day(5),
        ATTENDING,
        "89601-9",
        "Certificat : pas de contre-indication à la course à pied",
        "Je soussignée certifie avoir examiné ce jour Madame Camille Marchand et n’avoir pas constaté de signe "
        "qui contre-indique la pratique de la course à pied, en compétition.",
    )
    for months in (13, 1):
        visits.vaccinated(teller, CAMILLE, teller.day(months), "Grippe saisonnière", "J07BB02", 1, by=NURSE)


def _migraines(teller: Teller) -> None:
    visits.consultation(
        teller,
        CAMILLE,
        teller.day(8),
        ATTENDING,
        "Consultation : migraines",
        "Deux crises par mois, précédées de lignes brillantes pendant vingt minutes. Examen neurologique normal.",
        "Traitement de crise par sumatriptan. Tenir un calendrier. Pas de contraception par œstrogènes.",
    )
    crisis = given(remedies.SUMATRIPTAN, teller.day(8), reason="Crise de migraine", advice="Pas plus de 2 par jour.")
    visits.prescribed(teller, CAMILLE, teller.day(8), (crisis,), delivered=True)
    visits.letter(
        teller,
        CAMILLE,
        teller.day(7),
        PSYCHIATRIST,
        "11488-4",
        "Consultation de soutien",
        "Entretien de soutien dans une période de deuil. Sommeil fragile, appétit conservé, pas d’idée noire.",
        "Prochain rendez-vous dans un mois. Pas de médicament.",
        visibility=frozenset({Visibility.MASQUE_PS}),
    )


def _summaries(teller: Teller) -> None:
    thyroid = Problem(THYROIDITIS, date(2017, 9, 4))
    treatment = given(remedies.LEVOTHYROXINE, teller.day(33, 15), reason="Thyroïdite de Hashimoto", problem=THYROIDITIS)
    first = Summary(
        problems=(thyroid,),
        allergies=(_ALLERGY,),
        habits=("Ne fume pas.", "Course à pied deux fois par semaine."),
        family=(Relative("Mère : diabète de type 2, hypertension.", MOTHER, (DIABETES, HYPERTENSION)),),
        treatments=(treatment,),
    )
    told = visits.summed_up(teller, CAMILLE, teller.day(30), first)
    crisis = given(remedies.SUMATRIPTAN, teller.day(8), reason="Crise de migraine", problem=MIGRAINE)
    second = Summary(
        problems=(thyroid, Problem(MIGRAINE, teller.day(8))),
        history=(Problem(MENISCUS, teller.day(17), teller.day(11)),),
        procedures=(Procedure(KNEE_ARTHROSCOPY, teller.day(15), KNEE, RIGHT),),
        allergies=first.allergies,
        habits=first.habits,
        family=first.family,
        attention=("Pas d’œstrogènes : migraine avec aura.",),
        treatments=(treatment, crisis),
    )
    visits.summed_up(teller, CAMILLE, teller.day(3), second, replaces=told)


def tell(teller: Teller) -> None:
    for part in (_thyroid, _knee, _ordinary, _prevention, _migraines, _summaries):
        part(teller)
