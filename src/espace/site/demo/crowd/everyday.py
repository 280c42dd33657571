"""Stones, hernias, stomachs, a video call: what happens once."""

from datetime import timedelta

from espace.site.demo.crowd import conditions
from espace.site.demo.crowd.acts import image, prescribe, rush, see, stay, write
from espace.site.demo.crowd.life import Life
from espace.site.demo.stories import pictures
from espace.site.demo.stories.analyses import BLOOD_COUNT, KIDNEY, LIVER
from espace.site.demo.stories.conditions import APPENDECTOMY, APPENDICITIS, GALLSTONES
from espace.wire.cda_writing import RIGHT, Medicine, Problem, Procedure, Stay


def kidney_stone(life: Life) -> None:
    day = life.day(life.between(3, 30))
    size = life.between(3, 6)
    rush(
        life, day, "Passage aux urgences : colique néphrétique",
        "Douleur brutale du flanc gauche vers l’aine, agitation, vomissement. Pas de fièvre. Bandelette : sang.",
        f"Scanner : calcul de {size} mm. Soulagé{life.agreed('e', '')} par anti-inflammatoire en perfusion. "
        "Retour à domicile, urines à filtrer.",
    )  # fmt: skip
    image(life, day, pictures.stone(size), asked_by=life.team.emergency)
    keys = (*KIDNEY, "crp", "calcium", "urate", "urine_leucocytes", "urine_red_cells")
    life.blood(
        day,
        keys,
        {"urine_red_cells": life.between(8, 30) * 10000},
        title="Bilan aux urgences",
        asked_by=life.team.emergency,
    )
    relief: tuple[Medicine, ...] = (life.give("phloroglucinol", day, day + timedelta(days=5), reason="Douleur"),)
    if not life.chart.no_antiinflammatory:
        relief = (life.give("naproxen", day, day + timedelta(days=5), reason="Douleur"), *relief)
    prescribe(life, day, *relief, by=life.team.emergency, delivered=True)
    see(
        life, day + timedelta(days=24), life.team.urologist, "Consultation d’urologie",
        "Calcul rendu au quatrième jour (oxalate de calcium). Plus de douleur.",
        "Boire plus de deux litres par jour, moins de sel, laitages gardés.",
    )  # fmt: skip
    life.chart.history.append(Problem(conditions.KIDNEY_STONE, day, day + timedelta(days=4)))


def hernia(life: Life) -> None:
    months = life.between(5, 28)
    day = life.day(months)
    write(
        life, day - timedelta(days=20), life.team.anaesthetist, "34749-2", "Consultation d’anesthésie",
        "ASA 1. Anesthésie générale ou rachianesthésie, sortie le jour même.",
    )  # fmt: skip
    write(
        life, day, life.team.surgeon, "34874-8", "Compte rendu opératoire : hernie inguinale droite",
        "Hernie oblique externe droite, plaque posée par voie inguinale. Durée : 40 minutes.", encounter="IMP",
    )  # fmt: skip
    what = Stay(
        "Cure d’une hernie inguinale droite.",
        ("Journée à l’hôpital, levé à la quatrième heure, douleur à 2 sur 10.",),
        (Problem(conditions.HERNIA, day - timedelta(days=60), day),),
        (life.give("paracetamol", day, day + timedelta(days=7), reason="Douleur"),),
        plan=("Pas de charge lourde pendant un mois.", "Contrôle dans un mois."),
        allergies=tuple(life.chart.allergies),
    )
    stay(life, day, 0, life.team.surgeon, "Sortie après une cure de hernie", what)
    write(
        life,
        day,
        life.team.surgeon,
        "86531-1",
        "Attestation de sortie",
        f"Sortie ce jour, {day:%d/%m/%Y}, après une chirurgie ambulatoire.",
    )
    life.chart.history.append(Problem(conditions.HERNIA, day - timedelta(days=60), day))
    life.chart.procedures.append(Procedure(conditions.HERNIA_REPAIR, day, conditions.GROIN, RIGHT))


def gallbladder(life: Life) -> None:
    """Stones that hurt, then the gallbladder taken out."""
    months = life.between(8, 28)
    image(life, life.day(months), pictures.abdomen_stones())
    values = {"ggt": life.between(52, 88), "alp": life.between(96, 124)}
    life.blood(life.day(months, -4), (*LIVER, "bilirubin", "alp", "lipase", "crp"), values, title="Bilan du foie")
    write(
        life, life.day(months, -10), life.team.attending, "96349-6", "Lettre au chirurgien",
        "Deux coliques hépatiques en un mois, calculs vésiculaires à l’échographie. Votre avis pour une "
        "cholécystectomie.",
    )  # fmt: skip
    day = life.day(months - 3)
    write(
        life, day, life.team.surgeon, "34874-8", "Compte rendu opératoire : cholécystectomie",
        "Cholécystectomie par cœlioscopie, cholangiographie normale. Pas de difficulté.", encounter="IMP",
    )  # fmt: skip
    what = Stay(
        "Cholécystectomie pour des calculs qui font souffrir.",
        ("Suites simples, repas le soir même.",),
        (Problem(GALLSTONES, life.day(months), day),),
        (life.give("paracetamol", day, day + timedelta(days=7), reason="Douleur"),),
        plan=("Reprendre une alimentation normale.", "Consulter en cas de fièvre ou de jaunisse."),
        allergies=tuple(life.chart.allergies),
    )
    stay(life, day, 1, life.team.surgeon, "Sortie après l’ablation de la vésicule", what)
    life.chart.history.append(Problem(GALLSTONES, life.day(months), day))
    life.chart.procedures.append(Procedure(conditions.GALLBLADDER_REMOVAL, day))


def appendicitis(life: Life) -> None:
    day = life.day(life.between(3, 30))
    rush(
        life, day, "Passage aux urgences : douleur du ventre",
        "Douleur de la fosse iliaque droite depuis 18 heures, défense. Température 38,3 °C.",
        f"Leucocytes {life.between(13, 17)} G/L, CRP {life.between(38, 92)} mg/L. Échographie : appendice de 11 mm.",
    )  # fmt: skip
    what = Stay(
        "Douleur du bas-ventre à droite et fièvre.",
        ("Appendicite aiguë non perforée, opérée par cœlioscopie. Suites simples, repas le lendemain.",),
        (Problem(APPENDICITIS, day, day),),
        plan=("Pas d’effort de portage pendant trois semaines.", "Consulter si la fièvre revient."),
        allergies=tuple(life.chart.allergies),
    )
    stay(life, day, 2, life.team.surgeon, "Sortie après une appendicite", what)
    write(
        life, day + timedelta(days=9), life.team.pathologist, "60568-3", "Analyse de l’appendice",
        "Appendicite aiguë suppurée. Pas de tumeur.",
    )  # fmt: skip
    life.chart.history.append(Problem(APPENDICITIS, day, day))
    life.chart.procedures.append(Procedure(APPENDECTOMY, day))


def reflux(life: Life) -> None:
    months = life.between(6, 26)
    day = life.day(months)
    see(
        life, day, life.team.attending, "Consultation : brûlures d’estomac",
        "Remontées acides après le dîner depuis deux mois. Pas d’amaigrissement, pas de difficulté pour avaler.",
        "Reflux. Dîner plus tôt, tête du lit relevée. Oméprazole quatre semaines puis à la demande.",
    )  # fmt: skip
    prescribe(
        life, day, life.give("omeprazole", day, day + timedelta(days=28), reason="Reflux"), delivered=life.once_in(2)
    )
    if life.age(day) >= 50:
        write(
            life, life.day(months - 2), life.team.gastroenterologist, "70004-7", "Fibroscopie de l’estomac",
            "Petite hernie hiatale, pas d’œsophagite. Biopsies : pas d’Helicobacter pylori.",
        )  # fmt: skip
    life.chart.history.append(Problem(conditions.REFLUX, day, life.day(months - 3)))


def video_call(life: Life) -> None:
    """A consultation at a distance."""
    write(
        life, life.day(life.between(1, 20)), life.team.partner, "85208-7", "Téléconsultation",
        life.pick((
            "Lumbago sans signe de gravité à la caméra. Conseils, revoir en cabinet si la douleur dure.",
            "Rhinite des pollens, sans sifflement. Antihistaminique, lavages de nez.",
            "Renouvellement de pommade. Lésion d’eczéma typique à l’image.",
        )),
        encounter="VR",
    )  # fmt: skip


def tired(life: Life) -> None:
    """Tiredness with nothing found."""
    months = life.between(4, 28)
    life.blood(life.day(months), (*BLOOD_COUNT, "ferritin", "tsh", "glucose", *LIVER), title="Bilan de fatigue",
               comment="Bilan normal.")  # fmt: skip
    see(
        life, life.day(months, -5), life.team.attending, "Consultation : fatigue",
        "Fatigue après trois mois de travail de nuit. Examen et bilan normaux.",
        "Sommeil, rythme, lumière du matin. Revoir dans deux mois.",
    )  # fmt: skip
