"""Life in a nursing home; a broken hip; a prostate that wakes at night; cataracts."""

from datetime import timedelta

from espace.site.demo.crowd import conditions
from espace.site.demo.crowd.acts import image, order, prescribe, rush, see, stay, write
from espace.site.demo.crowd.common import followed_for
from espace.site.demo.crowd.life import Life, pressure
from espace.site.demo.stories import pictures
from espace.site.demo.stories.analyses import BLOOD_COUNT, KIDNEY
from espace.site.demo.stories.conditions import CATARACT, CATARACT_SURGERY, EYE, FALL
from espace.wire.cda_writing import ARTIFICIAL_LENS, HIP_PROSTHESIS, RIGHT, Implant, Problem, Procedure, Stay


def nursing_home(life: Life) -> None:
    """The move in, the plan made together, weights, medicines reviewed, a wish written down."""
    forgets = any(one.code == conditions.ALZHEIMER for one in life.chart.problems)
    months = life.between(14, 16 if forgets else 30)
    day = life.day(months)
    team = life.team
    kilograms = life.weight(23)
    write(
        life, day - timedelta(days=12), team.attending, "88348-8", "Lettre de liaison : entrée en établissement",
        f"{life.called} ne peut plus rester seul{life.agreed('e', '')} : chutes, repas oubliés, nuits difficiles.",
        "Traitement, allergies et personne de confiance joints. Accord de la personne recueilli.",
    )  # fmt: skip
    write(
        life, day, team.home_doctor, "BIL_AUTO", "Évaluation de l’autonomie (AGGIR)",
        f"GIR {life.pick((2, 3, 3, 4))}. Aide pour la toilette et l’habillage, mange seul{life.agreed('e', '')}, "
        "se déplace avec un déambulateur.",
    )  # fmt: skip
    write(
        life, life.day(months - 2), team.home_doctor, "80788-3", "Projet personnalisé d’accompagnement",
        f"Ce qui compte : {life.pick(('le jardin et la messe du dimanche', 'les cartes le jeudi, la radio le soir'))}. "
        "Lever à 8 heures, sieste, coucher tard.",
        "Prévention des chutes, repas enrichis, atelier équilibre deux fois par semaine.",
    )  # fmt: skip
    write(
        life, life.day(months - 3), team.home_doctor, "EXPPAT_3", "Directives anticipées",
        "Ne souhaite ni réanimation ni alimentation par sonde si son état ne laisse pas d’espoir d’amélioration. "
        "Souhaite être soulagé" + life.agreed("e", "") + " et rester dans la résidence.",
    )  # fmt: skip
    for rank, after in enumerate((4, 9, 13)):
        _quarter(life, months - after, kilograms - rank)
    write(
        life, life.day(months - 6), team.pharmacist, "56445-0", "Bilan de médication",
        "Neuf lignes ramenées à sept : oméprazole sans indication et somnifère arrêtés. Pas d’interaction grave.",
    )  # fmt: skip
    life.chart.in_home = True
    life.chart.attention.append("Vit en EHPAD. Directives anticipées rédigées.")


def _quarter(life: Life, months: int, kilograms: int) -> None:
    day = life.day(months)
    see(
        life, day, life.team.home_doctor, "Visite en établissement",
        f"Poids {kilograms} kg, tension {pressure(life.between(112, 138), 68)}. Transit régulier, peau intacte, "
        f"{life.pick(('bonne nuit', 'se lève la nuit', 'participe aux ateliers'))}.",
        "Traitement revu et continué." if kilograms >= life.weight(22) else "Perte de poids : repas enrichis.",
    )  # fmt: skip
    values = {"albumin": life.between(32, 38), "hb": life.between(112, 130) / 10,
              "creatinine": life.chart.creatinine or life.between(58, 72),
              "vitamin_d": life.between(48, 92)}  # fmt: skip
    life.blood(
        life.day(months, 6), (*BLOOD_COUNT, *KIDNEY, "albumin", "vitamin_d"), values, title="Bilan semestriel",
        asked_by=life.team.home_doctor,
    )  # fmt: skip
    taken = (life.lasting("vitamin_d", day, "Prévention"), life.lasting("macrogol", day, "Constipation"))
    prescribe(life, day, *taken, by=life.team.home_doctor, delivered=True)


def broken_hip(life: Life) -> None:
    """A fall, a hip broken, half a joint, then rehabilitation and thin bones treated."""
    months = life.between(7, 26)
    day = life.day(months)
    rush(
        life, day, "Passage aux urgences : chute",
        f"Chute de sa hauteur la nuit, au sol {life.between(1, 4)} heures. Membre droit raccourci en rotation externe.",
        "Fracture du col du fémur droit. Bloc fémoral, opération dans les 24 heures.",
    )  # fmt: skip
    image(life, day, pictures.hip_broken(), asked_by=life.team.emergency)
    write(
        life, day + timedelta(days=1), life.team.bone_surgeon, "34874-8", "Compte rendu opératoire : hanche droite",
        "Prothèse intermédiaire de hanche droite par voie postéro-externe. Pertes : 250 mL.", encounter="IMP",
    )  # fmt: skip
    out = day + timedelta(days=9)
    what = Stay(
        "Fracture du col du fémur droit après une chute.",
        (
            "Prothèse intermédiaire le lendemain. Premier lever au premier jour, marche avec cadre.",
            "Confusion deux nuits, revenue à l’habituel. Hémoglobine au plus bas 9,4 g/dL, pas de transfusion.",
        ),
        (Problem(conditions.HIP_FRACTURE, day, out), Problem(conditions.OSTEOPOROSIS, day)),
        (life.give("paracetamol", out, out + timedelta(days=30), reason="Douleur"),
         life.give("vitamin_d", out, reason="Ostéoporose", boxes=3)),
        plan=("Soins de suite trois semaines.", "Éviter les somnifères.", "Contrôle à six semaines."),
        allergies=tuple(life.chart.allergies),
        implants=(Implant("Prothèse intermédiaire de la hanche droite", HIP_PROSTHESIS, day + timedelta(days=1)),),
    )  # fmt: skip
    stay(life, day, 9, life.team.geriatrician, "Sortie après une fracture de hanche", what)
    _after_hip(life, months)
    life.chart.history += [Problem(conditions.HIP_FRACTURE, day, out), Problem(FALL, day, day)]
    life.chart.problems.append(Problem(conditions.OSTEOPOROSIS, day))
    life.chart.attention.append("Risque de chute.")


def _after_hip(life: Life, months: int) -> None:
    life.blood(
        life.day(months - 1), (*BLOOD_COUNT, *KIDNEY, "albumin", "vitamin_d"),
        {"hb": life.between(104, 114) / 10, "albumin": life.between(30, 34), "vitamin_d": life.between(22, 40)},
        title="Bilan après une fracture",
    )  # fmt: skip
    write(
        life, life.day(months - 2), life.team.bone_surgeon, "34875-5", "Contrôle à six semaines de la hanche",
        "Marche avec une canne, cicatrice souple. Prothèse bien en place.",
    )  # fmt: skip


def alone_at_home(life: Life) -> None:
    """Somebody very old who stays at home: helpers, a plan, visits."""
    months = life.between(10, 24)
    write(
        life, life.day(months), life.team.geriatrician, "34120-6", "Bilan gériatrique",
        f"Vit seul{life.agreed('e', '')}, aide à domicile deux heures par jour. Lever de chaise 16 secondes. "
        f"MMSE {life.between(25, 29)} sur 30. Moral bon.",
        "Barres d’appui, téléalarme, kinésithérapie d’équilibre.",
    )  # fmt: skip
    write(
        life, life.day(months - 1), life.team.attending, "18776-5", "Plan personnalisé de soins",
        f"Ce qui compte pour {life.called} : rester à la maison et voir ses petits-enfants.",
        "Infirmière : pilulier le lundi, poids, tension. Kinésithérapeute deux fois par semaine.",
    )  # fmt: skip
    order(
        life, life.day(months - 1, -2), "PRESC-INF", "Ordonnance de soins infirmiers",
        "Au domicile, une fois par semaine pendant six mois : pilulier, poids, tension, état de la peau.",
    )  # fmt: skip
    for after in (3, 6, 9):
        write(
            life, life.day(months - after), life.team.nurse, "11506-3", "Passage de l’infirmière",
            f"Poids {life.weight(23)} kg, tension {pressure(life.between(118, 140), 70)}. Pilulier pris, pas de chute.",
        )  # fmt: skip


def prostate_growth(life: Life) -> None:
    months = life.between(12, 30)
    psa = life.between(18, 37) / 10
    life.blood(life.day(months), ("psa", "creatinine", "gfr"), {"psa": psa}, title="Dosage du PSA")
    day = life.day(months, -9)
    see(
        life, day, life.team.attending, "Consultation : se lève la nuit",
        f"Trois levers par nuit, jet faible. IPSS : {life.between(14, 19)} sur 35. Toucher rectal : prostate souple.",
        "Hyperplasie bénigne. Tamsulosine le soir ; se lever doucement les premiers jours.",
    )  # fmt: skip
    for rank, after in enumerate((0, 7)):
        again = life.day(months - after, -9)
        prescribe(life, again, life.lasting("tamsulosin", again, "Prostate"), delivered=rank == 0)
    life.chart.problems.append(Problem(conditions.PROSTATE_GROWTH, day))
    life.chart.treatments.append(life.lasting("tamsulosin", day, "Prostate"))


def cataract(life: Life) -> None:
    months = life.between(6, 28)
    write(
        life, life.day(months + 2), life.team.ophthalmologist, "78513-9", "Consultation d’ophtalmologie",
        "Acuité 4/10 à droite, 6/10 à gauche, éblouissement la nuit. Cataracte à droite. Fond d’œil normal.",
    )  # fmt: skip
    day = life.day(months)
    what = Stay(
        "Opération de la cataracte de l’œil droit.",
        ("Intervention de 18 minutes sous anesthésie locale. Sortie deux heures après.",),
        (Problem(CATARACT, life.day(months + 2), day),),
        plan=("Collyres pendant un mois.", "Contrôle le lendemain et à un mois."),
        allergies=tuple(life.chart.allergies),
        implants=(Implant("Cristallin artificiel de l’œil droit", ARTIFICIAL_LENS, day),),
    )
    stay(life, day, 0, life.team.ophthalmologist, "Sortie après l’opération de la cataracte", what)
    write(
        life, life.day(months - 1), life.team.ophthalmologist, "34875-5", "Contrôle à un mois de la cataracte",
        "Acuité 9/10 à droite. Œil calme. Lunettes à refaire.",
    )  # fmt: skip
    life.chart.procedures.append(Procedure(CATARACT_SURGERY, day, EYE, RIGHT))


def weak_kidneys(life: Life) -> None:
    """Kidneys at half speed for years, watched twice a year."""
    since = followed_for(life, 5)
    base = life.between(105, 125) if life.woman else life.between(128, 150)
    for rank, months in enumerate((28, 16, 5)):
        life.blood(
            life.day(months), (*KIDNEY, "urea", "calcium", "hb", "albuminuria"),
            {"creatinine": base + 3 * rank, "urea": life.between(90, 125) / 10, "potassium": life.between(44, 52) / 10,
             "hb": life.between(115, 128) / 10, "albuminuria": life.between(35, 80)},
            title="Surveillance des reins", comment="Maladie rénale chronique stable, stade 3.",
        )  # fmt: skip
    life.chart.problems.append(Problem(conditions.KIDNEY_DISEASE, since))
    life.chart.creatinine = base
    life.chart.frail_kidneys = True
    life.chart.attention.append("Reins fragiles : pas d’anti-inflammatoire, doses à adapter.")
