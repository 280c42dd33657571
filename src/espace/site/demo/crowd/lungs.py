"""Asthma of children and adults, tobacco's bronchi, pneumonia, sleep without air."""

from datetime import date, timedelta

from espace.site.demo.crowd import conditions
from espace.site.demo.crowd.acts import image, prescribe, rush, see, write
from espace.site.demo.crowd.bodies import child_weight, months_between
from espace.site.demo.crowd.common import antibiotic, followed_for
from espace.site.demo.crowd.life import Life, french
from espace.site.demo.stories import pictures
from espace.site.demo.stories.analyses import BLOOD_COUNT
from espace.site.demo.stories.conditions import ASTHMA, COPD, PNEUMONIA
from espace.wire.cda_writing import FORMER_SMOKER, SUBSTANCE_ALLERGY, Allergy, Problem, Smoking

_GAIN = "Si la gêne reste après 6 bouffées, appeler le 15."


def _breath(life: Life, months: int, share: int, gain: int) -> None:
    write(
        life, life.day(months), life.team.lung_doctor, "47420-5", "Mesure du souffle",
        f"VEMS : {share} % de la valeur attendue. Après salbutamol : + {gain} %.",
        "Obstruction réversible." if gain >= 12 else "Souffle normal au repos." if share >= 80 else "Obstruction fixe.",
    )  # fmt: skip


def asthma(life: Life) -> None:
    """An adult's asthma, badly held at first, then well under one inhaler morning and evening."""
    since = followed_for(life, 10)
    life.chart.problems.append(Problem(ASTHMA, since))
    life.chart.allergies.append(Allergy(SUBSTANCE_ALLERGY, conditions.DUST_MITES, "Éternuements et sifflements", since))
    _breath(life, 31, life.between(70, 79), life.between(13, 18))
    see(
        life, life.day(30), life.team.lung_doctor, "Consultation de pneumologie",
        "Gêne trois nuits par semaine, salbutamol presque tous les jours. Test de contrôle de l’asthme : 14 sur 25.",
        "Traitement de fond matin et soir, technique d’inhalation revue, housses anti-acariens.",
    )  # fmt: skip
    for rank, months in enumerate((30, 18, 6)):
        day = life.day(months)
        fond = life.lasting("budesonide_formoterol", day, "Asthme")
        relief = life.give("salbutamol", day, reason="Gêne pour respirer", advice=_GAIN)
        by = life.team.lung_doctor if rank == 0 else life.team.attending
        prescribe(life, day, fond, relief, by=by, delivered=rank % 2 == 0)
    if life.once_in(2):
        _attack(life, life.day(18))
    _breath(life, 19, life.between(86, 97), life.between(3, 8))
    see(
        life, life.day(6), life.team.attending, "Suivi de l’asthme",
        f"Test de contrôle : {life.between(21, 24)} sur 25. Salbutamol moins d’une fois par semaine.",
        "Même traitement. Vaccin contre la grippe proposé.",
    )  # fmt: skip
    life.chart.treatments.append(life.lasting("budesonide_formoterol", life.day(30), "Asthme"))
    life.chart.treatments.append(life.give("salbutamol", life.day(30), reason="Gêne pour respirer"))


def _attack(life: Life, when: date) -> None:
    rush(
        life, when, "Passage aux urgences : crise d’asthme",
        f"Crise depuis la veille après un rhume. Parle par phrases, saturation {life.between(91, 94)} %, sifflements.",
        f"Trois nébulisations de salbutamol et ipratropium, corticoïdes. Débit de pointe de {life.between(48, 56)} à "
        f"{life.between(74, 84)} %. Retour à domicile.",
    )  # fmt: skip
    cure = life.give("prednisolone", when, when + timedelta(days=5), reason="Crise d’asthme")
    prescribe(life, when, cure, by=life.team.emergency, delivered=True)


def child_asthma(life: Life) -> None:
    """A child who coughs in spring and at sport; the school knows what to do."""
    known = life.day(30)
    life.chart.problems.append(Problem(ASTHMA, known))
    life.chart.allergies.append(Allergy(SUBSTANCE_ALLERGY, conditions.POLLENS, "Rhinite et toux au printemps", known))
    see(
        life, known, life.team.paediatrician, "Consultation : asthme de l’enfant",
        f"{life.first_name} tousse la nuit et au sport depuis le printemps. Trois épisodes de sifflements cet hiver.",
        "Asthme. Fluticasone matin et soir avec une chambre d’inhalation, salbutamol en cas de gêne.",
    )  # fmt: skip
    for rank, months in enumerate((30, 20, 9)):
        day = life.day(months)
        prescribe(
            life, day, life.lasting("fluticasone", day, "Asthme"),
            life.give("salbutamol", day, reason="Gêne pour respirer", advice=_GAIN),
            by=life.team.paediatrician, delivered=rank != 1,
        )  # fmt: skip
    write(
        life, life.day(26), life.team.attending, "80771-9", "Projet d’accueil individualisé : asthme",
        f"En cas de gêne : asseoir {life.first_name}, donner 4 bouffées de salbutamol avec la chambre, recommencer "
        "après 10 minutes. Si la gêne reste ou si l’enfant a du mal à parler : appeler le 15.",
        "La trousse est dans le bureau de la direction.",
    )  # fmt: skip
    if life.age() >= 7:
        _breath(life, 12, life.between(88, 98), life.between(4, 9))
    life.chart.treatments += [
        life.lasting("fluticasone", known, "Asthme"),
        life.give("salbutamol", known, reason="Gêne pour respirer"),
    ]


def tobacco_bronchi(life: Life) -> None:
    """COPD: a breath that does not come back, a flare-up in winter, tobacco given up."""
    since = followed_for(life, life.between(4, 9))
    packs = life.between(28, 45)
    share = life.between(48, 66)
    life.chart.problems.append(Problem(COPD, since))
    smoked = Smoking(f"Ancien fumeur : {packs} paquets-années.", FORMER_SMOKER, packs)
    life.chart.habits[:] = [smoked, "Marche, essoufflé en côte."]
    _breath(life, 32, share, life.between(2, 6))
    see(
        life, life.day(32, -3), life.team.lung_doctor, "Consultation de pneumologie",
        f"Toux et crachats chaque matin, essoufflé au deuxième étage. VEMS {share} %. {packs} paquets-années.",
        "BPCO. Bronchodilatateur chaque matin, vaccins, arrêt du tabac avec l’infirmière. Réadaptation proposée.",
    )  # fmt: skip
    for rank, months in enumerate((32, 20, 8)):
        day = life.day(months, -3)
        taken = (life.lasting("tiotropium", day, "BPCO"), life.give("salbutamol", day, reason="Essoufflement"))
        prescribe(life, day, *taken, by=life.team.lung_doctor if rank == 0 else None, delivered=rank % 2 == 0)
    _flare(life, life.between(10, 14))
    image(life, life.day(20), pictures.low_dose_scan(), asked_by=life.team.lung_doctor)
    _breath(life, 7, share - life.between(0, 3), life.between(2, 5))
    write(
        life, life.day(26), life.team.nurse, "11506-3", "Arrêt du tabac : suivi",
        f"Sans tabac depuis {life.between(4, 7)} mois. Monoxyde de carbone expiré : {life.between(1, 4)} ppm.",
        "Patchs diminués à 7 mg. Prochaine rencontre dans un mois.",
    )  # fmt: skip
    life.chart.treatments += [life.lasting("tiotropium", since, "BPCO")]


def _flare(life: Life, months: int) -> None:
    day = life.day(months)
    see(
        life, day, life.team.attending, "Consultation : poussée de BPCO",
        f"Plus essoufflé depuis trois jours, crachats verts. Saturation {life.between(91, 93)} %, sibilants diffus.",
        "Poussée de BPCO sans signe de gravité : antibiotique et corticoïdes cinq jours. Revoir dans 48 heures.",
    )  # fmt: skip
    cure = life.give("prednisolone", day, day + timedelta(days=5), reason="Poussée de BPCO")
    prescribe(life, day, antibiotic(life, day, "Poussée de BPCO", 5), cure, delivered=True)
    image(life, day, pictures.chest_clear("Poussée de BPCO, fièvre à 38,2 °C."))


def pneumonia(life: Life) -> None:
    """Fever, a shadow at the base, an antibiotic, and a clear picture six weeks later."""
    months = life.between(5, 30)
    day = life.day(months)
    image(life, day, pictures.chest_pneumonia())
    crp, white = life.between(96, 210), life.between(126, 182) / 10
    life.blood(day, (*BLOOD_COUNT, "neutrophils", "crp"), {"crp": crp, "wbc": white, "neutrophils": white - 2.5})
    see(
        life, day, life.team.attending, "Consultation : fièvre et toux",
        f"Fièvre à {french(38.5 + life.between(0, 9) / 10)} °C et toux grasse depuis quatre jours. Crépitants à "
        "droite.",
        f"Pneumopathie de la base droite (CRP {crp} mg/L), sans signe de gravité. Revoir dans 48 heures.",
    )  # fmt: skip
    prescribe(life, day, antibiotic(life, day, "Pneumopathie"), delivered=True)
    image(life, life.day(months - 2), pictures.chest_clear("Contrôle d’une pneumopathie droite."))
    life.chart.history.append(Problem(PNEUMONIA, day, life.day(months - 2)))


def sleep_apnoea(life: Life) -> None:
    """Snores, sleeps badly, then a mask at night."""
    life.index = life.between(30, 36)
    index = life.between(32, 58)
    months = life.between(16, 30)
    see(
        life, life.day(months), life.team.attending, "Consultation : ronflements",
        f"Ronfle, se réveille fatigué, s’endort devant la télévision. Score d’Epworth : {life.between(12, 17)} sur 24. "
        f"Poids {life.weight()} kg.",
        "Enregistrement du sommeil demandé.",
    )  # fmt: skip
    write(
        life, life.day(months - 1), life.team.lung_doctor, "70004-7", "Polygraphie du sommeil",
        f"Index d’apnées-hypopnées : {index} par heure. Saturation la plus basse : {life.between(76, 84)} %.",
        "Syndrome d’apnées obstructives du sommeil sévère. Pression positive continue indiquée.",
    )  # fmt: skip
    for after in (4, 14):
        write(
            life, life.day(months - after), life.team.lung_doctor, "11505-5", "Suivi de la pression positive continue",
            f"Utilisée {french(life.between(52, 71) / 10)} heures par nuit. Index résiduel : {life.between(2, 5)} "
            "par heure.",
            "Ne s’endort plus en journée. Masque bien supporté.",
        )  # fmt: skip
    life.chart.problems += [
        Problem(conditions.SLEEP_APNOEA, life.day(months - 1)),
        Problem(conditions.OBESITY, life.day(34)),
    ]


def _first_winter(life: Life) -> date:
    """A day of the child's first winter, from six weeks of age on: when the virus goes round."""
    days = (life.born + timedelta(days=45 + 7 * week) for week in range(44))
    return life.teller.on(next(day for day in days if day.month in (11, 12, 1, 2)))


def bronchiolitis(life: Life) -> None:
    """A baby's winter: two days in hospital, then home."""
    day = _first_winter(life)
    kilograms = child_weight(months_between(life.born, day))
    rush(
        life, day, "Passage aux urgences : bronchiolite",
        f"{life.first_name} tousse et boit la moitié de ses biberons depuis deux jours. Poids {french(kilograms)} kg, "
        f"température 38,2 °C, saturation {life.between(90, 93)} %, tirage intercostal.",
        "Virus respiratoire syncytial. Hospitalisation pour oxygène et aide à l’alimentation.",
    )  # fmt: skip
    write(
        life, day + timedelta(days=3), life.team.paediatrician, "34112-3",
        "Compte rendu d’hospitalisation : bronchiolite",
        "Oxygène 36 heures, alimentation fractionnée. Pas d’antibiotique, pas de kinésithérapie respiratoire.",
        "Sortie sans oxygène, prises complètes. Consignes de surveillance remises aux parents.",
        encounter="IMP",
    )  # fmt: skip
    life.chart.history.append(Problem(conditions.BRONCHIOLITIS, day, day + timedelta(days=10)))
