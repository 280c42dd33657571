"""Backs, ankles, wrists, knees, hips; bones that thin; joints that swell."""

from datetime import timedelta

from espace.site.demo.crowd import conditions
from espace.site.demo.crowd.acts import image, order, prescribe, rush, see, stay, write
from espace.site.demo.crowd.common import followed_for, pain_relief
from espace.site.demo.crowd.life import Life, french
from espace.site.demo.stories import pictures
from espace.site.demo.stories.analyses import BLOOD_COUNT, KIDNEY, LIVER
from espace.site.demo.stories.conditions import KNEE
from espace.wire.cda_writing import KNEE_PROSTHESIS, LEFT, Implant, Problem, Procedure, Stay


def back_pain(life: Life) -> None:
    """A back blocked by a box lifted; for some, a sciatica that lasts and an MRI."""
    months = life.between(6, 30)
    day = life.day(months)
    see(
        life, day, life.team.attending, "Consultation : lombalgie aiguë",
        "Douleur basse du dos depuis hier en soulevant un carton, sans irradiation. Pas de signe neurologique.",
        "Lombalgie commune. Bouger dès que possible, chaleur, antalgiques. Pas d’imagerie.",
    )  # fmt: skip
    prescribe(life, day, *pain_relief(life, day, "Lombalgie"), delivered=True)
    if life.age(day) < 63:
        order(
            life, day, "PRESC-AAT", "Avis d’arrêt de travail",
            f"Arrêt de travail de {life.between(4, 8)} jours à compter du {day:%d/%m/%Y}. Sorties autorisées.",
        )  # fmt: skip
    if life.once_in(2):
        _sciatica(life, months)
    life.chart.history.append(Problem(conditions.BACK_PAIN, day, day + timedelta(days=30)))


def _sciatica(life: Life, months: int) -> None:
    team = life.team
    order(
        life,
        life.day(months - 2),
        "55115-0",
        "Demande d’IRM",
        "IRM lombaire : lombosciatique S1 droite de sept semaines.",
    )
    image(life, life.day(months - 2, -12), pictures.back())
    order(life, life.day(months - 2, -16), "PRESC-KINE", "Ordonnance de kinésithérapie",
          "Rééducation du rachis lombaire : gainage, étirements, 15 séances.")  # fmt: skip
    write(
        life, life.day(months - 4), team.physiotherapist, "11506-3", "Bilan de fin de rééducation du dos",
        "Quinze séances. Doigts-sol 8 cm, Lasègue négatif, douleur à 1 sur 10. Exercices à poursuivre seul.",
    )  # fmt: skip


def ankle_sprain(life: Life) -> None:
    day = life.day(life.between(2, 30))
    minor = life.age(day) < 18
    rush(
        life, day, "Passage aux urgences : cheville",
        f"Torsion de la cheville droite {life.pick(('au football', 'en descendant un trottoir', 'au handball'))}. "
        "Appui impossible, douleur de la malléole externe.",
        "Radiographie : pas de fracture. Entorse du ligament latéral. Attelle, béquilles, glace.",
    )  # fmt: skip
    image(life, day, pictures.ankle(), asked_by=life.team.emergency)
    if not minor:
        prescribe(life, day, *pain_relief(life, day, "Entorse"), by=life.team.emergency, delivered=True)
    order(life, day + timedelta(days=6), "PRESC-KINE", "Ordonnance de kinésithérapie",
          "Rééducation de la cheville droite, proprioception : 12 séances.")  # fmt: skip
    if minor:
        write(
            life, day + timedelta(days=6), life.team.attending, "89601-9", "Certificat : dispense de sport",
            f"Dispense de sport pendant trois semaines à compter du {day:%d/%m/%Y}.",
        )  # fmt: skip
    life.chart.history.append(Problem(conditions.SPRAIN, day, day + timedelta(days=40)))


def wrist(life: Life) -> None:
    """A wrist broken in a fall, put back under local anaesthesia, six weeks of plaster."""
    months = life.between(3, 28)
    day = life.day(months)
    rush(
        life, day, "Passage aux urgences : poignet",
        "Chute sur la main. Poignet droit déformé, main chaude, sensibilité normale.",
        "Fracture du radius, réduite sous anesthésie locale, plâtre. Contrôle dans une semaine.",
    )  # fmt: skip
    image(life, day, pictures.forearm(), asked_by=life.team.emergency)
    prescribe(life, day, *pain_relief(life, day, "Fracture", days=10)[:1], by=life.team.emergency, delivered=True)
    write(
        life, life.day(months - 2), life.team.bone_surgeon, "34875-5", "Contrôle après une fracture du poignet",
        "Plâtre retiré à six semaines. Consolidation acquise, bascule corrigée. Rééducation : 15 séances.",
    )  # fmt: skip
    life.chart.history.append(Problem(conditions.FOREARM_FRACTURE, day, day + timedelta(days=60)))


def osteoporosis(life: Life) -> None:
    """Thin bones after a broken wrist: a scan, vitamin D, one tablet a week."""
    months = life.between(18, 32)
    image(life, life.day(months), pictures.bones(f"-{life.between(26, 33) / 10}".replace(".", ",")))
    life.blood(
        life.day(months, -5), ("calcium", "vitamin_d", "alp", *KIDNEY), {"vitamin_d": life.between(28, 48)},
        title="Bilan osseux", comment="Vitamine D insuffisante.",
    )  # fmt: skip
    for rank, after in enumerate((1, 7, 13)):
        day = life.day(months - after)
        taken = (life.lasting("alendronate", day, "Ostéoporose"), life.lasting("vitamin_d", day, "Vitamine D basse"))
        prescribe(life, day, *taken, delivered=rank == 0)
    began = life.day(months - 1)
    life.chart.problems.append(Problem(conditions.OSTEOPOROSIS, life.day(months)))
    life.chart.treatments += [
        life.lasting("alendronate", began, "Ostéoporose"),
        life.lasting("vitamin_d", began, "Ostéoporose"),
    ]


def knee(life: Life) -> None:
    """A worn knee: exercises, weight, then a replacement and its rehabilitation."""
    months = life.between(14, 28)
    image(life, life.day(months + 3), pictures.knee_worn())
    see(
        life, life.day(months + 1), life.team.bone_surgeon, "Avis du chirurgien sur le genou gauche",
        "Périmètre de marche 300 mètres, douleur la nuit malgré kinésithérapie et infiltration. Flexion 105°.",
        "Prothèse totale proposée et acceptée. Dentiste et bilan avant l’opération.",
    )  # fmt: skip
    day = life.day(months)
    write(
        life, day - timedelta(days=12), life.team.anaesthetist, "34749-2", "Consultation d’anesthésie",
        "ASA 2. Rachianesthésie prévue, acide tranexamique. Traitements habituels poursuivis.",
    )  # fmt: skip
    write(
        life, day, life.team.bone_surgeon, "34874-8", "Compte rendu opératoire : prothèse du genou gauche",
        "Prothèse totale cimentée, voie médiale. Axe 180°, stabilité bonne. Pertes : 200 mL.", encounter="IMP",
    )  # fmt: skip
    _after_knee(life, months, 4)
    life.chart.history.append(Problem(conditions.KNEE_ARTHRITIS, life.day(34), day))
    life.chart.procedures.append(Procedure(conditions.KNEE_REPLACEMENT, day, KNEE, LEFT))


def _after_knee(life: Life, months: int, nights: int) -> None:
    day = life.day(months)
    out = day + timedelta(days=nights)
    thin_blood = any(one.atc == "B01AF02" for one in life.chart.treatments)
    clot = () if thin_blood else (life.give("enoxaparin", out, out + timedelta(days=30), reason="Éviter une phlébite"),)
    what = Stay(
        "Prothèse totale du genou gauche pour une arthrose évoluée.",
        ("Lever le jour même. Marche avec deux cannes, flexion à 80° à la sortie. Cicatrice sèche.",),
        (Problem(conditions.KNEE_ARTHRITIS, life.day(34), day),),
        (life.give("paracetamol", out, out + timedelta(days=21), reason="Douleur"),
         life.give("tramadol", out, out + timedelta(days=7), reason="Douleur forte"), *clot),
        plan=("Kinésithérapie : 30 séances.", "Ablation des agrafes à quinze jours.", "Contrôle dans six semaines."),
        allergies=tuple(life.chart.allergies),
        implants=(Implant("Prothèse totale du genou gauche", KNEE_PROSTHESIS, day),),
    )  # fmt: skip
    stay(life, day, nights, life.team.bone_surgeon, "Sortie après une prothèse du genou", what)
    order(life, out, "PRESC-INF", "Ordonnance de soins infirmiers",
          "Au domicile : pansement tous les deux jours, ablation des agrafes au quinzième jour.",
          by=life.team.bone_surgeon)  # fmt: skip
    life.blood(
        life.day(months, -14), (*BLOOD_COUNT, "crp"), {"hb": life.between(102, 114) / 10, "crp": life.between(18, 34)},
        title="Surveillance après l’opération", asked_by=life.team.bone_surgeon,
    )  # fmt: skip
    write(
        life, life.day(months - 4), life.team.physiotherapist, "11506-3", "Bilan de fin de rééducation du genou",
        f"Flexion {life.between(115, 128)}°, extension complète. Marche sans canne, escaliers en alternant.",
    )  # fmt: skip
    write(
        life, life.day(months - 6), life.team.bone_surgeon, "34875-5", "Contrôle à six mois de la prothèse",
        "Genou sec et stable, pas de douleur. Radiographie : implants bien en place.",
    )  # fmt: skip


def swollen_joints(life: Life) -> None:
    """Rheumatoid arthritis: methotrexate once a week, blood watched every month then every three."""
    months = life.between(24, 32)
    crp = life.between(26, 58)
    life.blood(
        life.day(months), (*BLOOD_COUNT, "crp", "sed_rate", *LIVER), {"crp": crp, "sed_rate": life.between(44, 68)},
        title="Bilan de douleurs articulaires",
        comment="Syndrome inflammatoire. Anti-CCP : positifs (dosés à part).",
    )  # fmt: skip
    day = life.day(months - 1)
    see(
        life, day, life.team.rheumatologist, "Consultation de rhumatologie",
        "Mains et pieds gonflés depuis dix semaines, raideur d’une heure le matin. DAS28 : "
        f"{french(life.between(48, 58) / 10)}.",
        "Polyarthrite rhumatoïde. Méthotrexate UNE fois par semaine, acide folique deux jours après, radios de "
        "référence.",
        "Contraception nécessaire." if life.woman and life.age() < 50 else "Alcool : le moins possible.",
    )  # fmt: skip
    for rank, after in enumerate((1, 6, 13, 21)):
        began = life.day(months - after, -3)
        taken = (
            life.lasting("methotrexate", began, "Polyarthrite"),
            life.lasting("folic_5", began, "Avec le méthotrexate"),
        )
        prescribe(life, began, *taken, by=life.team.rheumatologist, delivered=rank % 2 == 0)
        calmer = {"crp": life.between(2, 9), "sed_rate": life.between(8, 22), "alt": life.between(19, 44)}
        life.blood(life.day(months - after - 1), (*BLOOD_COUNT, "crp", "sed_rate", *LIVER, *KIDNEY), calmer,
                   title="Surveillance du méthotrexate", asked_by=life.team.rheumatologist)  # fmt: skip
    see(
        life, life.day(months - 12), life.team.rheumatologist, "Suivi de la polyarthrite",
        f"Deux articulations sensibles, aucune gonflée. DAS28 : {french(life.between(21, 27) / 10)}. Bien supporté.",
        "Rémission ou presque. Même traitement.",
    )  # fmt: skip
    life.chart.problems.append(Problem(conditions.ARTHRITIS, day))
    life.chart.treatments += [
        life.lasting("methotrexate", day, "Polyarthrite"),
        life.lasting("folic_5", day, "Avec le méthotrexate"),
    ]
    life.chart.attention.append("Méthotrexate : une prise par SEMAINE. Pas de triméthoprime.")


def scoliosis(life: Life) -> None:
    degrees = life.between(14, 26)
    months = life.between(14, 28)
    image(life, life.day(months), pictures.scoliosis(degrees), asked_by=life.team.paediatrician)
    for after in (1, 7):
        write(
            life, life.day(months - after), life.team.bone_surgeon, "11488-4", "Consultation : scoliose",
            f"Angle de {degrees + (after > 1)}°, peu évolutif. Gibbosité de 8 mm, pas de douleur.",
            "Surveillance tous les six mois, kinésithérapie. Le sport est permis et conseillé.",
        )  # fmt: skip
    order(life, life.day(months - 1), "PRESC-KINE", "Ordonnance de kinésithérapie", "Rééducation du dos : 15 séances.")
    life.chart.problems.append(Problem(conditions.SCOLIOSIS, life.day(months)))


def walking(life: Life) -> None:
    """Somebody followed for worn joints without an operation: exercises and a prescription a year."""
    since = followed_for(life, 8)
    for months in (22, 9):
        day = life.day(months)
        see(
            life, day, life.team.attending, "Consultation : arthrose",
            "Douleurs des genoux à la marche, deux heures par jour au plus. Pas d’épanchement.",
            "Marche, vélo, perte de poids. Paracétamol avant l’effort.",
        )  # fmt: skip
        prescribe(life, day, life.give("paracetamol", day, day + timedelta(days=90), reason="Arthrose", boxes=3))
    life.chart.problems.append(Problem(conditions.KNEE_ARTHRITIS, since))
