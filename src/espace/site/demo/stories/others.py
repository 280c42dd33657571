"""The neighbourhood: each with one thread, drawn from a few ordinary ones."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from espace.site.demo.people import Person, person
from espace.site.demo.stories import analyses, pictures, remedies, visits
from espace.site.demo.stories.conditions import APPENDECTOMY, APPENDICITIS, GALLSTONES
from espace.site.demo.stories.remedies import given
from espace.site.demo.stories.telling import Teller
from espace.site.demo.structures import ATTENDING, EMERGENCY, NURSE, PAEDIATRICIAN, SCREENER, STRANGER, SURGEON
from espace.wire.cda_writing import Problem, Procedure, Stay, Summary

Thread = Callable[[Teller, Person], None]


def _pressure(teller: Teller, someone: Person) -> None:
    months = teller.chance.between(20, 34)
    keys = analyses.KIDNEY_MAN if someone.patient.sex == "M" else analyses.KIDNEY
    visits.consultation(
        teller,
        someone,
        teller.day(months),
        ATTENDING,
        "Consultation : tension",
        f"Tension mesurée à la maison, moyenne {teller.chance.between(142, 158)}/{teller.chance.between(84, 92)}.",
        "Moins de sel, marche, et un médicament le matin. Contrôle dans un mois.",
    )
    day = teller.day(months)
    visits.prescribed(
        teller, someone, day, (given(remedies.AMLODIPINE, day, reason="Tension", renewals=3),), delivered=True
    )
    visits.blood(teller, someone, teller.day(months - 1), keys, title="Bilan avant traitement")


def _appendix(teller: Teller, someone: Person) -> None:
    day = teller.day(teller.chance.between(6, 30))
    stay = Stay(
        "Douleur du bas-ventre à droite et fièvre depuis la veille.",
        ("Appendicite aiguë opérée par cœlioscopie dans la nuit. Suites simples, reprise des repas le lendemain.",),
        (Problem(APPENDICITIS, day),),
        (given(remedies.PARACETAMOL, day, day + timedelta(days=7), reason="Douleur"),),
        plan=("Pas d’effort de portage pendant trois semaines.", "Consulter si la fièvre revient."),
    )
    visits.stayed(teller, someone, day, 2, SURGEON, "Sortie après une appendicite", stay)
    visits.letter(
        teller,
        someone,
        day,
        EMERGENCY,
        "15507-7",
        "Passage aux urgences : douleur du ventre",
        "Douleur de la fosse iliaque droite, défense. Température 38,4 °C. Échographie : appendice de 11 mm.",
        encounter="EMER",
    )
    summary = Summary(procedures=(Procedure(APPENDECTOMY, day),), habits=("Rien à signaler.",))
    visits.summed_up(teller, someone, teller.day(2), summary)


def _stones(teller: Teller, someone: Person) -> None:
    months = teller.chance.between(8, 30)
    visits.imaged(teller, someone, teller.day(months), pictures.abdomen_stones())
    visits.blood(teller, someone, teller.day(months), analyses.LIVER, {"ggt": "58"}, title="Bilan du foie")
    summary = Summary(problems=(Problem(GALLSTONES, teller.day(months)),), attention=("Éviter les repas gras.",))
    visits.summed_up(teller, someone, teller.day(months - 2), summary)


def _cold(teller: Teller, someone: Person) -> None:
    months = teller.chance.between(2, 28)
    visits.imaged(teller, someone, teller.day(months), pictures.chest_clear("Toux depuis trois semaines."))
    visits.letter(
        teller,
        someone,
        teller.day(months),
        STRANGER,
        "11488-4",
        "Consultation : toux",
        "Toux qui dure après un rhume. Auscultation normale, pas de fièvre.",
        "Pas d’antibiotique. Boire, aérer, consulter de nouveau si la toux dure plus de trois semaines.",
        media="text/plain",
    )


def _child(teller: Teller, someone: Person) -> None:
    visits.vaccinated(
        teller, someone, teller.day(24), "Diphtérie, tétanos, coqueluche, poliomyélite", "J07CA02", 4, booster=True
    )
    visits.letter(
        teller,
        someone,
        teller.day(12),
        PAEDIATRICIAN,
        "59283-2",
        "Examen de santé de l’enfant",
        "Croissance régulière, bon développement. Vue et audition normales.",
        "Vaccins à jour. Une consultation chez le dentiste est offerte cette année.",
    )
    visits.letter(
        teller,
        someone,
        teller.day(3),
        ATTENDING,
        "89601-9",
        "Certificat pour le sport",
        "Certificat remis pour la pratique du judo, après un examen normal.",
    )


def _young(teller: Teller, someone: Person) -> None:
    visits.blood(
        teller,
        someone,
        teller.day(teller.chance.between(4, 20)),
        (*analyses.BLOOD_COUNT, "ferritin", "glucose"),
        {"ferritin": "38", "glucose": f"4.{teller.chance.between(40, 98)}", "hb": "13.9"},
    )
    visits.vaccinated(teller, someone, teller.day(5), "Diphtérie, tétanos, poliomyélite", "J07CA01", 5, booster=True)


def _screened(teller: Teller, someone: Person) -> None:
    visits.letter(
        teller,
        someone,
        teller.day(teller.chance.between(1, 24)),
        SCREENER,
        "75492-9",
        "Dépistage du cancer colorectal : résultat",
        "Aucun saignement n’a été trouvé dans votre prélèvement.",
        "Le prochain test vous sera proposé dans deux ans.",
    )
    visits.vaccinated(teller, someone, teller.day(1), "Grippe saisonnière", "J07BB02", 1, by=NURSE)


_THREADS: Mapping[str, tuple[Thread, ...]] = {
    "alain": (_pressure,),
    "brigitte": (_stones,),
    "cedric": (_cold,),
    "denise": (_screened,),
    "elias": (_child,),
    "fatou": (_young,),
    "gael": (_appendix,),
    "helene": (_cold,),
    "ibrahim": (_young,),
    "julien": (_young,),
    "karine": (_stones,),
    "lucas": (_appendix,),
    "maelle": (_child,),
    "nadia": (_pressure, _screened),
    "olivier": (_pressure,),
    "pauline": (_young,),
    "quentin": (_cold,),
    "rosa": (_screened,),
    "simon": (_young,),
    "therese": (_screened,),
}


def tell(teller: Teller) -> None:
    for slug, threads in _THREADS.items():
        for thread in threads:
            thread(teller, person(slug))
