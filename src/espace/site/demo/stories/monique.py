"""Monique: diabetes and blood pressure followed closely, a hip replaced, cataracts."""

from datetime import date, timedelta

from espace.site.demo.people import MONIQUE
from espace.site.demo.stories import analyses, pictures, remedies, visits
from espace.site.demo.stories.conditions import (
    CATARACT,
    CATARACT_SURGERY,
    CHOLESTEROL,
    DIABETES,
    EYE,
    HIP,
    HIP_ARTHRITIS,
    HIP_REPLACEMENT,
    HYPERTENSION,
)
from espace.site.demo.stories.remedies import given
from espace.site.demo.stories.telling import Teller
from espace.site.demo.structures import (
    ATTENDING,
    DIABETOLOGIST,
    NURSE,
    OPHTHALMOLOGIST,
    PHARMACIST,
    SCREENER,
    SURGEON,
)
from espace.wire.cda_writing import (
    ARTIFICIAL_LENS,
    HIP_PROSTHESIS,
    LEFT,
    NEVER_SMOKED,
    RIGHT,
    Implant,
    Medicine,
    Problem,
    Procedure,
    Smoking,
    Stay,
    Summary,
)

_SUGAR = ("glucose", "hba1c", *analyses.KIDNEY, "albuminuria")
_FOLLOWED = (
    (35, "8.4", "9.10"),
    (29, "7.6", "7.70"),
    (23, "7.2", "7.10"),
    (17, "7.0", "6.80"),
    (12, "7.3", "7.25"),
    (8, "7.0", "6.95"),
    (4, "6.9", "6.75"),
    (1, "6.8", "6.70"),
)
"""Months ago, glycated haemoglobin (%), fasting glucose (mmol/L)."""


def _long_course(since: date) -> tuple[Medicine, ...]:
    return (
        given(remedies.METFORMIN, since, reason="Diabète", problem=DIABETES, boxes=3, renewals=3),
        given(remedies.RAMIPRIL, since, reason="Tension", problem=HYPERTENSION, boxes=3, renewals=3),
        given(remedies.ATORVASTATIN, since, reason="Cholestérol", problem=CHOLESTEROL, boxes=3, renewals=3),
    )


def _sugar(teller: Teller) -> None:
    for months, hba1c, glucose in _FOLLOWED:
        values = {"hba1c": hba1c, "glucose": glucose, "creatinine": "79", "gfr": "68"}
        said = f"HbA1c : {hba1c.replace('.', ',')} %. Objectif pour cette patiente : 7 % ou moins."
        title = "Surveillance du diabète"
        visits.blood(teller, MONIQUE, teller.day(months), _SUGAR, values, comment=said, title=title)
    for months in (34, 26, 14, 3):
        day = teller.day(months)
        visits.prescribed(teller, MONIQUE, day, _long_course(day), delivered=months in (34, 3))
    for months in (30, 6):
        visits.blood(
            teller,
            MONIQUE,
            teller.day(months),
            analyses.LIPIDS,
            {"ldl": "2.10", "cholesterol": "4.03"},
            title="Bilan lipidique",
        )


def _advice(teller: Teller) -> None:
    visits.consultation(
        teller,
        MONIQUE,
        teller.day(33),
        DIABETOLOGIST,
        "Consultation de diabétologie",
        "Diabète de type 2 connu depuis 2014. HbA1c à 8,4 %. Poids 78 kg pour 1,61 m. Tension 146/84.",
        "Nous avons parlé de la marche (30 minutes par jour) et du petit déjeuner. "
        "Metformine portée à 1 000 mg matin et soir. Contrôle de l’HbA1c dans trois mois.",
    )
    visits.letter(
        teller,
        MONIQUE,
        teller.day(31),
        ATTENDING,
        "PROT_ALD",
        "Protocole de soins : affection de longue durée",
        "Affection : diabète de type 2 (ALD 8). Durée : cinq ans.",
        "Suivi : HbA1c tous les trois mois, bilan des reins et lipides chaque année, fond d’œil chaque année, "
        "examen des pieds à chaque consultation, dentiste chaque année.",
    )
    visits.letter(
        teller,
        MONIQUE,
        teller.day(14),
        PHARMACIST,
        "56445-0",
        "Bilan de médication",
        "Trois médicaments, pris régulièrement. Pas d’interaction importante.",
        "Conseil : prendre la metformine au cours des repas. Éviter l’ibuprofène sans avis (tension, reins).",
        media="text/plain",
    )


def _hip(teller: Teller) -> None:
    visits.imaged(teller, MONIQUE, teller.day(27), pictures.hip())
    day = teller.day(25)
    visits.letter(
        teller,
        MONIQUE,
        day,
        SURGEON,
        "34874-8",
        "Compte rendu opératoire : prothèse de la hanche gauche",
        "Prothèse totale de la hanche gauche par voie antérieure. Perte de sang : 250 ml, pas de transfusion.",
        "Appui complet autorisé le lendemain avec deux cannes.",
        encounter="IMP",
    )
    out = day + timedelta(days=4)
    stay = Stay(
        "Prothèse totale de la hanche gauche pour une arthrose évoluée.",
        (
            "Intervention sans complication. Premier lever le lendemain, marche dans le couloir avec deux cannes.",
            "Glycémies entre 6 et 9 mmol/L. Cicatrice propre.",
        ),
        (Problem(HIP_ARTHRITIS, teller.day(30), day), Problem(DIABETES, date(2014, 5, 6))),
        (
            given(remedies.PARACETAMOL, out, out + timedelta(days=21), reason="Douleur"),
            given(remedies.ENOXAPARIN, out, out + timedelta(days=30), reason="Éviter une phlébite"),
            *_long_course(teller.day(34)),
        ),
        plan=(
            "Infirmière à domicile chaque soir pendant 30 jours.",
            "Rééducation : 20 séances.",
            "Contrôle et radiographie dans six semaines.",
        ),
        implants=(Implant("Prothèse totale de la hanche gauche", HIP_PROSTHESIS, day),),
    )
    visits.stayed(teller, MONIQUE, day, 4, SURGEON, "Sortie après la prothèse de hanche", stay)
    for months, platelets in ((24, "268"), (23, "255")):
        keys = (*analyses.BLOOD_COUNT, "crp")
        values = {"plt": platelets, "hb": "11.4", "crp": "22.0" if months == 24 else "4.2"}
        visits.blood(teller, MONIQUE, teller.day(months, 10), keys, values, asked_by=SURGEON)


def _eyes(teller: Teller) -> None:
    for months in (29, 17, 5):
        visits.letter(
            teller,
            MONIQUE,
            teller.day(months),
            OPHTHALMOLOGIST,
            "78513-9",
            "Fond d’œil annuel",
            "Pas de rétinopathie diabétique. Pression des yeux : 15 mmHg à droite, 16 à gauche.",
            "Cataracte débutante, à revoir." if months > 17 else "Prochain contrôle dans un an.",
        )
    day = teller.day(13)
    stay = Stay(
        "Opération de la cataracte de l’œil droit.",
        ("Intervention de 20 minutes sous anesthésie locale. Sortie deux heures après.",),
        (Problem(CATARACT, teller.day(29), day),),
        plan=("Collyres pendant un mois.", "Pas de baignade pendant un mois.", "Contrôle dans sept jours."),
        implants=(Implant("Cristallin artificiel de l’œil droit", ARTIFICIAL_LENS, day),),
    )
    visits.stayed(teller, MONIQUE, day, 0, OPHTHALMOLOGIST, "Sortie après l’opération de la cataracte", stay)


def _prevention(teller: Teller) -> None:
    normal = ("Densité de type B. Pas de masse, pas de microcalcification suspecte.",)
    seen = pictures.mammogram("Mammographie normale (ACR 1 à droite et à gauche).", *normal)
    visits.imaged(teller, MONIQUE, teller.day(22), seen, asked_by=SCREENER)
    visits.letter(
        teller,
        MONIQUE,
        teller.day(9),
        SCREENER,
        "75492-9",
        "Dépistage du cancer colorectal : résultat",
        "Aucun saignement n’a été trouvé dans votre prélèvement.",
        "Le prochain test vous sera proposé dans deux ans.",
    )
    for months in (13, 1):
        visits.vaccinated(teller, MONIQUE, teller.day(months, 20), "Grippe saisonnière", "J07BB02", 1)
    visits.vaccinated(teller, MONIQUE, teller.day(19), "Pneumocoque (20 valences)", "J07AL02", 1, by=NURSE)
    visits.vaccinated(teller, MONIQUE, teller.day(7), "Zona (recombinant)", "J07BK03", 1, by=NURSE)
    visits.vaccinated(teller, MONIQUE, teller.day(4), "Zona (recombinant)", "J07BK03", 2, by=NURSE)


def _summaries(teller: Teller) -> None:
    lasting = (
        Problem(DIABETES, date(2014, 5, 6)),
        Problem(HYPERTENSION, date(2009, 11, 16)),
        Problem(CHOLESTEROL, date(2011, 3, 8)),
    )
    first = Summary(
        problems=(*lasting, Problem(HIP_ARTHRITIS, teller.day(30))),
        habits=(Smoking("N’a jamais fumé.", NEVER_SMOKED), "Marche chaque jour."),
        treatments=_long_course(teller.day(34)),
    )
    told = visits.summed_up(teller, MONIQUE, teller.day(29), first)
    second = Summary(
        problems=lasting,
        history=(Problem(HIP_ARTHRITIS, teller.day(30), teller.day(25)),),
        procedures=(
            Procedure(HIP_REPLACEMENT, teller.day(25), HIP, LEFT),
            Procedure(CATARACT_SURGERY, teller.day(13), EYE, RIGHT),
        ),
        habits=first.habits,
        attention=("Éviter les anti-inflammatoires.",),
        treatments=first.treatments,
    )
    visits.summed_up(teller, MONIQUE, teller.day(2), second, replaces=told)


def tell(teller: Teller) -> None:
    for part in (_sugar, _advice, _hip, _eyes, _prevention, _summaries):
        part(teller)
