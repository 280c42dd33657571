"""Youssef, whose heart stopped him for a week, and Jeanne, whose heart is tired."""

from datetime import date

from espace.site.demo.people import JEANNE, YOUSSEF
from espace.site.demo.stories import analyses, pictures, remedies, visits
from espace.site.demo.stories.conditions import (
    CHOLESTEROL,
    FALL,
    FIBRILLATION,
    HEART_ATTACK,
    HEART_FAILURE,
    HYPERTENSION,
    INFARCTION,
)
from espace.site.demo.stories.remedies import given
from espace.site.demo.stories.telling import Teller
from espace.site.demo.structures import ATTENDING, CARDIOLOGIST, EMERGENCY, GERIATRICIAN, NURSE
from espace.wire.cda_writing import (
    CORONARY_STENT,
    FATHER,
    FORMER_SMOKER,
    Implant,
    Medicine,
    Problem,
    Relative,
    Smoking,
    Stay,
    Summary,
)


def _for_the_heart(since: date) -> tuple[Medicine, ...]:
    return (
        given(remedies.ASPIRIN, since, reason="Après l’infarctus", boxes=3, renewals=3),
        given(remedies.BISOPROLOL, since, reason="Après l’infarctus", boxes=3, renewals=3),
        given(remedies.RAMIPRIL, since, reason="Après l’infarctus", boxes=3, renewals=3),
        given(remedies.ATORVASTATIN, since, reason="Cholestérol", problem=CHOLESTEROL, boxes=3, renewals=3),
    )


def _heart_attack(teller: Teller) -> None:
    day = teller.day(28)
    visits.letter(
        teller,
        YOUSSEF,
        day,
        EMERGENCY,
        "15507-7",
        "Passage aux urgences : douleur de la poitrine",
        "Douleur serrant la poitrine depuis 50 minutes, irradiant au bras gauche, sueurs. "
        "Électrocardiogramme : sus-décalage du segment ST en inférieur.",
        "Transfert immédiat en salle de coronarographie.",
        encounter="EMER",
    )
    stay = Stay(
        "Infarctus du myocarde de la paroi inférieure.",
        (
            "Coronarographie à 1 h 40 du début : occlusion de la coronaire droite, ouverte et gardée par un stent.",
            "Suites simples. Échographie au quatrième jour : fonction du cœur à 50 %.",
            "Arrêt du tabac décidé pendant le séjour, avec substituts.",
        ),
        (Problem(HEART_ATTACK, day),),
        _for_the_heart(day),
        plan=(
            "Réadaptation cardiaque : 20 séances.",
            "Consultation de cardiologie dans un mois.",
            "Appeler le 15 sans attendre si la douleur revient.",
        ),
        implants=(Implant("Stent de la coronaire droite", CORONARY_STENT, day),),
    )
    visits.stayed(teller, YOUSSEF, day, 5, CARDIOLOGIST, "Sortie après un infarctus", stay)
    seen = pictures.heart(
        "Fonction du ventricule gauche presque normale.",
        "Fraction d’éjection du ventricule gauche : 55 %.",
        "Paroi inférieure un peu moins mobile. Valves normales.",
        reason="Contrôle à trois mois d’un infarctus inférieur.",
    )
    visits.imaged(teller, YOUSSEF, teller.day(25), seen, by=CARDIOLOGIST)


def _after(teller: Teller) -> None:
    for months in (25, 1):
        visits.consultation(
            teller,
            YOUSSEF,
            teller.day(months),
            CARDIOLOGIST,
            "Consultation de cardiologie",
            "Pas de douleur, marche 45 minutes par jour, ne fume plus. Tension 128/76, pouls 62.",
            "Poursuivre le traitement. LDL à garder sous 1,4 mmol/L. Revoir dans un an.",
        )
    for months, ldl in ((27, "2.05"), (14, "1.38"), (2, "1.29")):
        keys = (*analyses.LIPIDS, *analyses.KIDNEY_MAN, *analyses.LIVER)
        visits.blood(teller, YOUSSEF, teller.day(months), keys, {"ldl": ldl, "cholesterol": "3.20"})
    day = teller.day(10)
    visits.prescribed(teller, YOUSSEF, day, _for_the_heart(day), delivered=True)
    summary = Summary(
        problems=(Problem(CHOLESTEROL, date(2018, 6, 12)),),
        history=(Problem(HEART_ATTACK, teller.day(28), teller.day(27)),),
        habits=(Smoking("Ne fume plus depuis l’infarctus (25 paquets-années).", FORMER_SMOKER, 25),),
        family=(Relative("Père : infarctus à 58 ans.", FATHER, (INFARCTION,), 58),),
        attention=("Stent de la coronaire droite : ne pas arrêter l’aspirine sans avis.",),
        treatments=_for_the_heart(teller.day(28)),
    )
    visits.summed_up(teller, YOUSSEF, teller.day(9), summary)


def _tired_heart(since: date) -> tuple[Medicine, ...]:
    return (
        given(remedies.APIXABAN, since, reason="Fibrillation", problem=FIBRILLATION, boxes=3, renewals=3),
        given(remedies.BISOPROLOL, since, reason="Insuffisance cardiaque", problem=HEART_FAILURE, boxes=3, renewals=3),
        given(
            remedies.FUROSEMIDE,
            since,
            reason="Insuffisance cardiaque",
            problem=HEART_FAILURE,
            advice="Se peser chaque matin ; appeler si le poids monte de 2 kg en trois jours.",
            boxes=3,
            renewals=3,
        ),
    )


def _jeanne_falls(teller: Teller) -> None:
    day = teller.day(14)
    visits.letter(
        teller,
        JEANNE,
        day,
        EMERGENCY,
        "15507-7",
        "Passage aux urgences : chute à domicile",
        "Chute dans la cuisine, sans malaise. Contusion de l’épaule droite, pas de plaie. "
        "Sous anticoagulant : scanner du crâne sans saignement.",
        "Retour à domicile le soir même avec sa nièce.",
        encounter="EMER",
    )
    visits.letter(
        teller,
        JEANNE,
        teller.day(12),
        GERIATRICIAN,
        "34120-6",
        "Bilan gériatrique",
        "Vit seule, deux passages par jour de l’aide à domicile. Marche avec une canne, lever de chaise lent.",
        "Mémoire : 27 sur 30. Humeur bonne. Poids stable.",
        "Proposé : barres d’appui, kinésithérapie d’équilibre, téléalarme, lunettes à revoir.",
    )
    visits.letter(
        teller,
        JEANNE,
        teller.day(11),
        ATTENDING,
        "18776-5",
        "Plan personnalisé de soins",
        "Ce qui compte pour Madame Kervella : rester chez elle et aller au marché le samedi.",
        "Infirmière : pilulier chaque lundi, poids et tension. Kinésithérapeute : deux fois par semaine.",
        "En cas de souffle court ou de jambes gonflées : appeler la maison de santé le jour même.",
    )


def _jeanne(teller: Teller) -> None:
    day = teller.day(23)
    stay = Stay(
        "Essoufflement et gonflement des jambes depuis dix jours.",
        (
            "Poussée d’insuffisance cardiaque sur une fibrillation auriculaire rapide.",
            "Amélioration sous diurétiques : 5 kg perdus en six jours. Cœur ralenti à 78 par minute.",
        ),
        (Problem(HEART_FAILURE, day), Problem(FIBRILLATION, day)),
        _tired_heart(day),
        stopped=("Amlodipine : chevilles gonflées.",),
        pending="TSH en cours : le résultat sera envoyé au médecin traitant.",
        plan=("Peser chaque matin.", "Prise de sang dans une semaine.", "Infirmière à domicile."),
    )
    visits.stayed(teller, JEANNE, day, 7, CARDIOLOGIST, "Sortie après une poussée d’insuffisance cardiaque", stay)
    keys = (*analyses.KIDNEY, "ntprobnp", *analyses.BLOOD_COUNT)
    followed = ((22, "1850", "52"), (13, "1310", "47"), (3, "1050", "46"))
    for months, peptide, filtration in followed:
        values = {"ntprobnp": peptide, "gfr": filtration, "creatinine": "98", "potassium": "4.6", "hb": "12.1"}
        visits.blood(teller, JEANNE, teller.day(months), keys, values, asked_by=CARDIOLOGIST)
    visits.prescribed(teller, JEANNE, teller.day(7), _tired_heart(teller.day(7)), delivered=True)
    for months in (13, 1):
        visits.vaccinated(teller, JEANNE, teller.day(months), "Grippe saisonnière", "J07BB02", 1, by=NURSE)
    _jeanne_falls(teller)
    summary = Summary(
        problems=(
            Problem(HEART_FAILURE, teller.day(23)),
            Problem(FIBRILLATION, teller.day(23)),
            Problem(HYPERTENSION, date(1998, 4, 20)),
        ),
        history=(Problem(FALL, teller.day(14), teller.day(14)),),
        habits=("Vit seule. Personne de confiance : sa nièce.",),
        attention=("Sous anticoagulant.", "Risque de chute."),
        treatments=_tired_heart(teller.day(23)),
    )
    visits.summed_up(teller, JEANNE, teller.day(6), summary)


def tell(teller: Teller) -> None:
    for part in (_heart_attack, _after, _jeanne):
        part(teller)
