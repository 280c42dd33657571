"""Léo: asthma with the grass pollens, a broken wrist, the vaccines of his age, and something of his own."""

from datetime import timedelta
from decimal import Decimal

from espace.kernel.values import replace
from espace.kernel.words import Visibility
from espace.site.demo.people import LEO
from espace.site.demo.stories import pictures, remedies, visits
from espace.site.demo.stories.conditions import ASTHMA, GRASS_POLLEN, WRIST_FRACTURE
from espace.site.demo.stories.remedies import given
from espace.site.demo.stories.telling import Teller
from espace.site.demo.structures import ATTENDING, EMERGENCY, LUNG_DOCTOR, NURSE, PAEDIATRICIAN
from espace.wire.cda_writing import SUBSTANCE_ALLERGY, Allergy, Problem, Summary

_HALF_GRAM = replace(
    remedies.PARACETAMOL,
    name="Paracétamol 500 mg, comprimé",
    words="1 comprimé toutes les 6 heures en cas de douleur, 4 par jour au plus",
    every_hours=6,
    dose=Decimal(1),
)


def _asthma(teller: Teller) -> None:
    visits.letter(
        teller,
        LEO,
        teller.day(32),
        LUNG_DOCTOR,
        "11488-4",
        "Consultation de pneumologie",
        "Asthme depuis l’âge de 6 ans, gêné au printemps et au sport. Souffle (VEMS) à 88 % de la valeur attendue.",
        "Traitement de fond de mars à juillet, salbutamol avant le sport. Technique d’inhalation revue ensemble.",
    )
    for months in (32, 20, 8):
        day = teller.day(months)
        medicines = (
            given(remedies.FLUTICASONE, day, teller.day(months - 4), reason="Asthme", renewals=3),
            given(
                remedies.SALBUTAMOL,
                day,
                reason="Gêne pour respirer",
                advice="Si la gêne reste après 6 bouffées, appeler le 15.",
            ),
        )
        visits.prescribed(teller, LEO, day, medicines, by=LUNG_DOCTOR, delivered=months == 8)
    visits.letter(
        teller,
        LEO,
        teller.day(20, 5),
        LUNG_DOCTOR,
        "47420-5",
        "Mesure du souffle",
        "VEMS : 2,71 L (93 % de la valeur attendue). Après salbutamol : 2,94 L (+ 8 %).",
        "Souffle normal au repos.",
        media="text/plain",
    )


def _at_school(teller: Teller) -> None:
    visits.letter(
        teller,
        LEO,
        teller.day(27),
        ATTENDING,
        "80771-9",
        "Projet d’accueil individualisé : asthme",
        "À l’école : en cas de gêne, asseoir l’enfant, donner 4 bouffées de salbutamol avec la chambre, "
        "recommencer après 10 minutes. Si la gêne reste ou s’il a du mal à parler : appeler le 15.",
    )


def _wrist(teller: Teller) -> None:
    day = teller.day(18)
    visits.letter(
        teller,
        LEO,
        day,
        EMERGENCY,
        "15507-7",
        "Passage aux urgences : poignet gauche",
        "Chute de planche à roulettes à 16 heures. Douleur à 6 sur 10, main chaude, sensibilité normale.",
        "Radiographie : fracture en motte de beurre du radius, sans déplacement.",
        "Attelle pour trois semaines, paracétamol si besoin, pas de sport pendant six semaines.",
        encounter="EMER",
    )
    visits.imaged(teller, LEO, day, pictures.wrist(), asked_by=EMERGENCY)
    advice = "Au moins 6 heures entre deux prises."
    relief = given(_HALF_GRAM, day, day + timedelta(days=10), reason="Douleur", advice=advice)
    visits.prescribed(teller, LEO, day, (relief,), by=EMERGENCY, delivered=True)
    visits.letter(
        teller,
        LEO,
        day,
        ATTENDING,
        "89601-9",
        "Certificat : dispense de sport",
        "Dispense de sport pendant six semaines à compter de ce jour.",
    )
    visits.consultation(
        teller,
        LEO,
        teller.day(17),
        PAEDIATRICIAN,
        "Contrôle du poignet",
        "Pas de douleur, mobilité complète. Attelle retirée. Reprise du sport dans trois semaines.",
    )


def _growing(teller: Teller) -> None:
    visits.vaccinated(
        teller, LEO, teller.day(30), "Diphtérie, tétanos, coqueluche, poliomyélite", "J07CA02", 5, booster=True
    )
    visits.vaccinated(teller, LEO, teller.day(30), "Papillomavirus humains (9 valences)", "J07BM03", 1, by=NURSE)
    visits.vaccinated(teller, LEO, teller.day(23), "Papillomavirus humains (9 valences)", "J07BM03", 2, by=NURSE)
    visits.vaccinated(teller, LEO, teller.day(6), "Méningocoques A, C, W, Y", "J07AH08", 1, by=NURSE)
    visits.letter(
        teller,
        LEO,
        teller.day(29),
        PAEDIATRICIAN,
        "59283-2",
        "Examen de santé des 11-13 ans",
        "Taille 1,52 m, poids 41 kg : croissance régulière. Vue et audition normales. Dos droit.",
        "Vaccins à jour. Sommeil : neuf heures. Conseils sur les écrans et le casque à vélo.",
    )
    visits.letter(
        teller,
        LEO,
        teller.day(4),
        NURSE,
        "11488-4",
        "Entretien confidentiel",
        "Entretien demandé par le jeune, seul. Difficultés avec un groupe au collège depuis la rentrée, "
        "sommeil troublé. Pas de mise en danger.",
        "Il a choisi d’en parler d’abord à l’infirmière du collège. Nouveau rendez-vous dans deux semaines.",
        visibility=frozenset({Visibility.INVISIBLE_REPRESENTANTS_LEGAUX} if teller.minor(LEO) else ()),
    )


def _summary(teller: Teller) -> None:
    since = teller.day(96)
    summary = Summary(
        problems=(Problem(ASTHMA, since),),
        history=(Problem(WRIST_FRACTURE, teller.day(18), teller.day(17)),),
        allergies=(Allergy(SUBSTANCE_ALLERGY, GRASS_POLLEN, "Rhinite et asthme au printemps", since),),
        habits=("Planche à voile et planche à roulettes.",),
        attention=("Projet d’accueil individualisé à l’école.",),
        treatments=(given(remedies.SALBUTAMOL, teller.day(32), reason="Gêne pour respirer"),),
    )
    visits.summed_up(teller, LEO, teller.day(5), summary)


def tell(teller: Teller) -> None:
    for part in (_asthma, _at_school, _wrist, _growing, _summary):
        part(teller)
