"""Diabetes of both types, thyroid, gout, iron: what is followed by the laboratory."""

from datetime import timedelta

from espace.site.demo.crowd import conditions
from espace.site.demo.crowd.acts import order, prescribe, see, write
from espace.site.demo.crowd.bodies import fasting_glucose
from espace.site.demo.crowd.common import followed_for
from espace.site.demo.crowd.life import Life, french, pressure
from espace.site.demo.stories.analyses import BLOOD_COUNT, KIDNEY, LIPIDS
from espace.site.demo.stories.conditions import ANAEMIA, DIABETES, THYROIDITIS
from espace.wire.cda_writing import Medicine, Problem

_COURSES: tuple[tuple[float, ...], ...] = (
    (8.1, 7.4, 7.0, 6.9, 6.8, 6.9),
    (7.2, 7.0, 6.8, 7.1, 6.9, 6.7),
    (9.4, 8.6, 8.1, 7.6, 7.4, 7.2),
    (7.6, 7.9, 8.3, 7.7, 7.2, 7.0),
)
"""Glycated haemoglobin (%) at the six controls of three years: stable, better, escaping and caught."""
_CONTROLS = (33, 27, 21, 15, 9, 3)


def _sugar_names(life: Life) -> tuple[str, ...]:
    return life.pick((("metformin",), ("metformin", "empagliflozin"), ("metformin", "gliclazide"),
                      ("metformin", "dulaglutide")))  # fmt: skip


def diabetes(life: Life) -> None:
    """Type 2: HbA1c every six months, kidneys, eyes, feet and lipids every year, under a long-term care protocol."""
    life.index = life.between(28, 34)
    since = followed_for(life, life.between(4, 14))
    names = _sugar_names(life)
    course = life.pick(_COURSES)
    kidneys = life.between(62, 78) if life.woman else life.between(76, 98)
    for rank, (months, hba1c) in enumerate(zip(_CONTROLS, course, strict=True)):
        _control(life, months, hba1c, kidneys + rank)
        taken = tuple(life.lasting(name, life.day(months, -7), "Diabète") for name in (*names, "atorvastatin"))
        if rank in (0, 2, 3, 5):
            _sugar_visit(life, months, hba1c, taken, delivered=rank in (0, 3))
    _protocol(life)
    _eyes_and_feet(life)
    life.chart.problems += [Problem(DIABETES, since)]
    if life.index >= 30:
        life.chart.problems.append(Problem(conditions.OBESITY, since))
    life.chart.treatments += [life.lasting(name, since, "Diabète") for name in (*names, "atorvastatin")]
    life.chart.attention.append("Diabète : pieds à examiner à chaque consultation, fond d’œil chaque année.")


def _control(life: Life, months: int, hba1c: float, creatinine: int) -> None:
    keys = ("glucose", "hba1c", *KIDNEY, *(("albuminuria", *LIPIDS) if months in (27, 15, 3) else ()))
    values = {
        "hba1c": hba1c,
        "glucose": fasting_glucose(hba1c) + life.between(-3, 3) / 10,
        "creatinine": creatinine,
        "albuminuria": life.between(6, 28),
        "cholesterol": 4.1,
        "hdl": 1.1,
        "triglycerides": life.between(13, 19) / 10,
    }
    said = f"HbA1c {french(hba1c)} % : objectif {'atteint' if hba1c <= 7 else 'non atteint'} (7 % ou moins)."
    kept = {key: value for key, value in values.items() if key in keys}
    life.blood(life.day(months), keys, kept, title="Surveillance du diabète", comment=said)


def _sugar_visit(life: Life, months: int, hba1c: float, taken: tuple[Medicine, ...], *, delivered: bool) -> None:
    day = life.day(months, -7)
    plan = (
        "Même traitement. Contrôle dans six mois."
        if hba1c <= 7.1
        else "Repas et prises revus ensemble ; consultation de diététique proposée. Contrôle dans trois mois."
    )
    see(
        life, day, life.team.attending, "Suivi du diabète",
        f"HbA1c à {french(hba1c)} %. Poids {life.weight()} kg, tension {pressure(life.between(124, 138), 76)}. "
        "Pas d’hypoglycémie. Pieds : monofilament perçu, pouls présents.",
        plan,
    )  # fmt: skip
    prescribe(life, day, *taken, delivered=delivered)
    if hba1c > 8 and months == 33:
        write(
            life, life.day(months, -25), life.team.dietitian, "34120-6", "Bilan diététique",
            "Petit déjeuner riche en sucres rapides, peu de légumes en semaine, deux verres de soda par jour.",
            "Objectifs choisis ensemble : eau à table, pain complet, marche de 20 minutes après le dîner.",
        )  # fmt: skip


def _protocol(life: Life) -> None:
    write(
        life, life.day(31), life.team.attending, "PROT_ALD", "Protocole de soins : affection de longue durée",
        "Affection : diabète de type 2 (ALD 8).",
        "Suivi : HbA1c deux à quatre fois par an, créatinine, albuminurie, bilan lipidique et fond d’œil chaque année, "
        "électrocardiogramme, examen des pieds, dentiste chaque année.",
    )  # fmt: skip


def _eyes_and_feet(life: Life) -> None:
    mild = life.once_in(4)
    for months in (29, 17, 5):
        seen = (
            "Quelques microanévrismes périphériques à gauche : rétinopathie minime. Contrôle dans un an."
            if mild and months < 20
            else "Pas de rétinopathie diabétique. Macula normale aux deux yeux. Contrôle dans un an."
        )
        write(
            life, life.day(months), life.team.ophthalmologist, "78513-9", "Fond d’œil annuel",
            f"Acuité 9/10 et 10/10 avec correction. Tension oculaire {life.between(13, 17)} mmHg.", seen,
        )  # fmt: skip
    order(
        life, life.day(20), "PRESC-INF", "Ordonnance de soins infirmiers",
        "Éducation à l’autosurveillance de la glycémie, deux séances à domicile.",
    )  # fmt: skip


def insulin(life: Life) -> None:
    """Type 1 since youth: a pen and a sensor, four visits a year shared with the hospital."""
    since = followed_for(life, life.between(6, 15))
    taken = (life.lasting("glargine", since, "Diabète de type 1"), life.lasting("aspart", since, "Diabète de type 1"))
    for rank, months in enumerate((32, 22, 12, 2)):
        hba1c = life.between(68, 81) / 10
        values = {"hba1c": hba1c, "glucose": fasting_glucose(hba1c)}
        keys = ("glucose", "hba1c", *((*KIDNEY, "albuminuria", "tsh") if rank % 2 == 0 else ()))
        life.blood(life.day(months), keys, values, title="Surveillance du diabète", asked_by=life.team.diabetologist)
        day = life.day(months, -8)
        inside = life.between(58, 76)
        see(
            life, day, life.team.diabetologist, "Consultation de diabétologie",
            f"Capteur : {inside} % du temps dans la cible (3,9 à 10 mmol/L), {life.between(1, 4)} % en dessous. "
            f"HbA1c {french(hba1c)} %.",
            "Doses du soir revues. Conduite à tenir en cas de malaise rappelée, glucagon à disposition.",
        )  # fmt: skip
        again = tuple(life.give(one, day, boxes=2, renewals=3) for one in taken)
        prescribe(life, day, *again, by=life.team.diabetologist, delivered=rank % 2 == 1)
    life.chart.problems.append(Problem(conditions.TYPE_1_DIABETES, since))
    life.chart.treatments += taken
    life.chart.attention.append("Diabète de type 1 : ne jamais arrêter l’insuline, même à jeun.")


def thyroid(life: Life) -> None:
    """A tired thyroid: found, treated, the dose changed once, then TSH in range."""
    months = life.between(24, 33)
    first = life.between(78, 168) / 10
    life.blood(
        life.day(months), ("tsh", "ft4", *BLOOD_COUNT), {"tsh": first, "ft4": life.between(90, 112) / 10},
        title="Bilan de fatigue", comment="TSH élevée et T4 libre basse : hypothyroïdie, à traiter.",
    )  # fmt: skip
    day = life.day(months, -8)
    see(
        life, day, life.team.attending, "Consultation : fatigue",
        f"Fatigue, frilosité, constipation, {life.between(3, 6)} kg pris en six mois. Thyroïde un peu ferme.",
        "Hypothyroïdie de Hashimoto (anticorps anti-TPO positifs). Lévothyroxine 50 microgrammes le matin à jeun.",
    )  # fmt: skip
    prescribe(life, day, life.lasting("thyroxine_50", day, "Hypothyroïdie"), delivered=True)
    life.blood(life.day(months - 3), ("tsh",), {"tsh": life.between(45, 62) / 10}, title="Contrôle de la TSH")
    changed = life.day(months - 3, -6)
    prescribe(life, changed, life.lasting("levothyroxine", changed, "Hypothyroïdie"), delivered=True)
    for after in (8, 16, 22):
        life.blood(life.day(months - after), ("tsh",), {"tsh": life.between(12, 31) / 10}, title="Contrôle de la TSH")
        again = life.day(months - after, -5)
        prescribe(life, again, life.lasting("levothyroxine", again, "Hypothyroïdie"), delivered=after == 16)
    life.chart.problems.append(Problem(THYROIDITIS, day))
    life.chart.treatments.append(life.lasting("levothyroxine", changed, "Hypothyroïdie"))


def gout(life: Life) -> None:
    """A painful toe, colchicine, then urate brought under 360."""
    months = life.between(14, 30)
    day = life.day(months)
    see(
        life, day, life.team.attending, "Consultation : gros orteil douloureux",
        "Douleur brutale du gros orteil gauche dans la nuit, articulation rouge et chaude, drap insupportable.",
        "Crise de goutte. Colchicine, glace, repos. Bière et fruits de mer à limiter.",
    )  # fmt: skip
    prescribe(
        life, day, life.give("colchicine", day, day + timedelta(days=7), reason="Crise de goutte"), delivered=True
    )
    first = life.between(510, 590)
    life.blood(
        life.day(months - 1),
        ("urate", *KIDNEY, "crp"),
        {"urate": first},
        title="Bilan à distance d’une crise de goutte",
    )
    began = life.day(months - 1, -8)
    prescribe(life, began, life.lasting("allopurinol", began, "Goutte"), delivered=True)
    for after in (3, 9):
        life.blood(
            life.day(months - after),
            ("urate", *KIDNEY),
            {"urate": life.between(298, 352)},
            title="Acide urique sous traitement",
        )
    life.chart.problems.append(Problem(conditions.GOUT, day))
    life.chart.treatments.append(life.lasting("allopurinol", began, "Goutte"))


def anaemia(life: Life) -> None:
    """Iron lost a little every month, given back in three months."""
    months = life.between(8, 30)
    low = {"hb": life.between(98, 112) / 10, "mcv": life.between(72, 78), "ferritin": life.between(4, 9), "plt": 392}
    life.blood(
        life.day(months), (*BLOOD_COUNT, "ferritin", "crp"), low, title="Bilan de fatigue",
        comment="Anémie microcytaire avec réserves en fer effondrées.",
    )  # fmt: skip
    day = life.day(months, -6)
    see(
        life, day, life.team.attending, "Consultation : fatigue",
        "Fatigue et essoufflement dans les escaliers. Règles abondantes depuis un an, sept jours par mois.",
        "Anémie par manque de fer. Fer pendant trois mois, échographie pelvienne demandée.",
    )  # fmt: skip
    advice = "Loin du thé et du café. Les selles noircissent : c’est normal."
    iron = life.give("iron", day, day + timedelta(days=90), reason="Manque de fer", advice=advice, boxes=3)
    prescribe(life, day, iron, delivered=True)
    order(
        life,
        day,
        "55115-0",
        "Demande d’échographie",
        "Échographie pelvienne : règles abondantes, anémie par carence en fer.",
    )
    better = {"hb": life.between(124, 136) / 10, "mcv": life.between(84, 89), "ferritin": life.between(32, 58)}
    life.blood(life.day(months - 4), (*BLOOD_COUNT, "ferritin"), better, title="Contrôle après traitement par le fer")
    life.chart.history.append(Problem(ANAEMIA, day, life.day(months - 4)))
