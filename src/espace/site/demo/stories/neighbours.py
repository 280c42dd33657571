"""Inès, who has a child; Ange, who stops smoking; Linh, who waits for a result."""

from datetime import date, timedelta

from espace.kernel.words import Visibility
from espace.site.demo.people import ANGE, INES, LINH
from espace.site.demo.stories import analyses, pictures, remedies, visits
from espace.site.demo.stories.conditions import BREAST_CANCER, COPD, DELIVERY, FIBROADENOMA, PNEUMONIA
from espace.site.demo.stories.remedies import given
from espace.site.demo.stories.telling import Teller
from espace.site.demo.structures import ATTENDING, LUNG_DOCTOR, MIDWIFE, NURSE, PATHOLOGIST, SCREENER
from espace.wire.cda_writing import FORMER_SMOKER, MATERNAL_AUNT, Problem, Relative, Smoking, Stay, Summary


def _expecting(teller: Teller) -> None:
    start = teller.day(16)
    folic = given(remedies.FOLIC_ACID, start, teller.day(13), reason="Début de grossesse", boxes=3)
    visits.prescribed(teller, INES, start, (folic,), delivered=True)
    for months, week in ((14, 12), (11, 22), (9, 32)):
        visits.letter(
            teller,
            INES,
            teller.day(months),
            MIDWIFE,
            "89233-1",
            f"Suivi de grossesse : {week} semaines",
            f"Grossesse de {week} semaines d’aménorrhée, bien vécue. Tension 112/68, pas de protéine dans les urines.",
            "Le cœur du bébé bat régulièrement. Prochain rendez-vous dans un mois.",
        )
    keys = (*analyses.BLOOD_COUNT, "ferritin", "glucose", "tsh")
    visits.blood(teller, INES, teller.day(13, 20), keys, {"hb": "12.4", "glucose": "4.35"}, asked_by=MIDWIFE)
    visits.blood(
        teller, INES, teller.day(9), keys, {"hb": "10.9", "ferritin": "9", "glucose": "4.52"}, asked_by=MIDWIFE
    )
    iron = given(remedies.IRON, teller.day(9), teller.day(6), reason="Manque de fer", boxes=3)
    visits.prescribed(teller, INES, teller.day(9), (iron,), by=MIDWIFE, delivered=True)


def _birth(teller: Teller) -> None:
    day = teller.day(7)
    visits.letter(
        teller,
        INES,
        day,
        MIDWIFE,
        "15508-5",
        "Compte rendu d’accouchement",
        "Travail spontané à 39 semaines et 4 jours. Naissance à 5 h 12, sans instrument, sous péridurale.",
        "Une fille, 3 280 g, 50 cm, Apgar 10/10. Mise au sein dans la première heure.",
        encounter="IMP",
    )
    stay = Stay(
        "Naissance d’une fille à terme.",
        ("Suites simples. Allaitement bien commencé. Moral bon.",),
        (Problem(DELIVERY, day, day),),
        (given(remedies.PARACETAMOL, day, day + timedelta(days=8), reason="Douleur"),),
        plan=(
            "Sage-femme à domicile deux fois dans la semaine.",
            "Consultation après la naissance dans six semaines.",
            "Parler sans attendre d’une tristesse qui dure.",
        ),
    )
    visits.stayed(teller, INES, day, 3, MIDWIFE, "Sortie de maternité", stay)
    visits.letter(
        teller,
        INES,
        teller.day(5, 15),
        MIDWIFE,
        "11488-4",
        "Consultation après la naissance",
        "Va bien, dort par périodes de quatre heures. Périnée tonique. Rééducation : dix séances.",
        media="text/rtf",
    )
    visits.vaccinated(
        teller, INES, teller.day(15), "Diphtérie, tétanos, coqueluche, poliomyélite", "J07CA02", 5, booster=True
    )


def _pneumonia(teller: Teller) -> None:
    ill = teller.day(26)
    visits.imaged(teller, ANGE, ill, pictures.chest_pneumonia())
    cure = given(remedies.AMOXICILLIN, ill, ill + timedelta(days=7), reason="Pneumopathie", boxes=2)
    visits.prescribed(teller, ANGE, ill, (cure,), delivered=True)
    values = {"crp": "142.0", "wbc": "14.8"}
    visits.blood(teller, ANGE, ill, (*analyses.BLOOD_COUNT_MAN, "crp"), values)
    visits.imaged(teller, ANGE, teller.day(24, 15), pictures.chest_clear("Contrôle d’une pneumopathie droite."))


def _ange(teller: Teller) -> None:
    visits.consultation(
        teller,
        ANGE,
        teller.day(23),
        LUNG_DOCTOR,
        "Consultation de pneumologie",
        "Toux du matin depuis des années, essoufflé au deuxième étage. VEMS à 64 % de la valeur attendue, "
        "sans retour à la normale après salbutamol : bronchite chronique due au tabac.",
        "Tiotropium chaque matin. Il veut arrêter de fumer : patchs, et un appel par semaine avec l’infirmière.",
    )
    for months in (23, 11):
        day = teller.day(months)
        inhaled = given(remedies.TIOTROPIUM, day, reason="Bronchite chronique", boxes=3, renewals=3)
        visits.prescribed(teller, ANGE, day, (inhaled,), by=LUNG_DOCTOR, delivered=months == 11)
    visits.imaged(teller, ANGE, teller.day(12), pictures.low_dose_scan(), asked_by=LUNG_DOCTOR)
    visits.letter(
        teller,
        ANGE,
        teller.day(10),
        NURSE,
        "11506-3",
        "Arrêt du tabac : un an",
        "Douze mois sans tabac. Monoxyde de carbone expiré : 2 ppm. Poids : + 3 kg.",
        "Il est fier, et sa petite-fille aussi.",
    )
    visits.vaccinated(teller, ANGE, teller.day(22), "Pneumocoque (20 valences)", "J07AL02", 1)
    visits.vaccinated(teller, ANGE, teller.day(1), "Grippe saisonnière", "J07BB02", 1)
    summary = Summary(
        problems=(Problem(COPD, teller.day(23)),),
        history=(Problem(PNEUMONIA, teller.day(26), teller.day(24, 15)),),
        habits=(Smoking("Ne fume plus (35 paquets-années).", FORMER_SMOKER, 35),),
        treatments=(given(remedies.TIOTROPIUM, teller.day(23), reason="Bronchite chronique", problem=COPD),),
    )
    visits.summed_up(teller, ANGE, teller.day(8), summary)


def _waiting(teller: Teller) -> None:
    seen = pictures.mammogram(
        "Masse du sein gauche à préciser (ACR 4). Prélèvement conseillé.",
        "Sein gauche : masse de 9 mm du quadrant supéro-externe, à contours indistincts.",
        "Sein droit : pas d’anomalie.",
    )
    visits.imaged(teller, LINH, teller.day(10), seen, asked_by=SCREENER)
    visits.letter(
        teller,
        LINH,
        teller.day(9, 10),
        PATHOLOGIST,
        "60568-3",
        "Analyse du prélèvement du sein gauche",
        "Cinq fragments. Lésion fibro-épithéliale : adénofibrome. Pas de cellule maligne.",
    )
    visits.consultation(
        teller,
        LINH,
        teller.day(9),
        ATTENDING,
        "Consultation d’annonce",
        "La masse est un adénofibrome, bénin. Madame Nguyen est soulagée.",
        "Mammographie et échographie de contrôle dans six mois.",
    )
    calm = pictures.mammogram(
        "Adénofibrome stable. Retour au dépistage organisé.",
        "Masse de 9 mm du sein gauche, inchangée, clip en place.",
        "Sein droit : pas d’anomalie.",
        reason="Contrôle à six mois d’un adénofibrome du sein gauche.",
    )
    visits.imaged(teller, LINH, teller.day(3), calm)


def _linh(teller: Teller) -> None:
    visits.letter(
        teller,
        LINH,
        teller.day(0, 8),
        PATHOLOGIST,
        "60568-3",
        "Analyse d’un grain de beauté",
        "Résultat à annoncer en consultation : exérèse complémentaire à prévoir.",
        visibility=frozenset({Visibility.INVISIBLE_PATIENT}),
    )
    visits.blood(teller, LINH, teller.day(20), (*analyses.BLOOD_COUNT, *analyses.LIPIDS, "glucose", "tsh"))
    visits.vaccinated(teller, LINH, teller.day(18), "Hépatite B", "J07BC01", 3, by=NURSE)
    summary = Summary(
        problems=(Problem(FIBROADENOMA, teller.day(10)),),
        history=(Problem(PNEUMONIA, date(2012, 1, 9), date(2012, 2, 6)),),
        family=(Relative("Tante maternelle : cancer du sein à 61 ans.", MATERNAL_AUNT, (BREAST_CANCER,), 61),),
    )
    visits.summed_up(teller, LINH, teller.day(2), summary)


def tell(teller: Teller) -> None:
    for part in (_expecting, _birth, _pneumonia, _ange, _waiting, _linh):
        part(teller)
