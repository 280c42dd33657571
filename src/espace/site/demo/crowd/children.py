"""From the maternity to eighteen: examinations, the calendar of vaccines, ears, throats, school, sport."""

from collections.abc import Callable
from datetime import date, timedelta

from espace.site.demo.crowd import conditions
from espace.site.demo.crowd.acts import order, prescribe, rush, see, vaccinate, write
from espace.site.demo.crowd.bodies import child_height, child_weight, months_between
from espace.site.demo.crowd.life import Life, french
from espace.site.demo.crowd.medicines import child_amoxicillin, child_paracetamol
from espace.site.demo.stories.conditions import PEANUT
from espace.wire.cda_writing import FOOD_ALLERGY, Allergy, Problem

_WINDOW = timedelta(days=3 * 365)
_NEW_CALENDAR = date(2025, 1, 1)
"""From then on infants get meningococci A, C, W and Y in place of C alone."""
_CALENDAR: tuple[tuple[int, tuple[tuple[str, int], ...]], ...] = (
    (2, (("hexavalent", 1), ("pneumo_child", 1))),
    (3, (("men_b", 1),)),
    (4, (("hexavalent", 2), ("pneumo_child", 2))),
    (5, (("men_b", 2), ("men_c", 1))),
    (11, (("hexavalent", 3), ("pneumo_child", 3))),
    (12, (("mmr", 1), ("men_b", 3), ("men_c", 2))),
    (17, (("mmr", 2),)),
)
"""Months of age → vaccines and ranks (calendrier des vaccinations, France)."""


def _share(life: Life) -> float:
    """How big this child is beside the middle of the curves: 0.92 to 1.10."""
    return 0.92 + int(life.person.patient.ins[10:13]) * 13 % 19 / 100


def _size(life: Life, day: date) -> tuple[float, float]:
    """Kilograms and centimetres on that day."""
    months = months_between(life.born, day)
    return child_weight(months, _share(life)), child_height(months, _share(life))


def _in_window(life: Life, day: date) -> bool:
    return life.teller.today - _WINDOW <= day <= life.teller.today - timedelta(days=10)


def _at_age(life: Life, months: int, days: int = 0) -> date:
    return life.teller.on(life.born + timedelta(days=round(months * 30.44) + days))


def newborn(life: Life) -> None:
    """What the maternity wrote, when the birth is recent enough."""
    if not _in_window(life, life.born + timedelta(days=4)):
        return
    kilograms, _ = _size(life, life.born)
    day = life.born + timedelta(days=3)
    write(
        life, day, life.team.paediatrician, "78489-2", "Synthèse de l’enfant en maternité",
        f"Naissance à terme, {round(kilograms * 1000, -1):.0f} g, 50 cm, périmètre crânien 35 cm. Apgar 10 à cinq "
        "minutes.",
        "Examen normal, hanches stables, oto-émissions présentes des deux côtés. Dépistage néonatal prélevé. "
        "Allaitement en cours, vitamine K donnée.",
        encounter="IMP",
    )  # fmt: skip
    drops = life.give("vitamin_d_drops", day, reason="Prévention du rachitisme", boxes=2, renewals=3)
    prescribe(life, day, drops, by=life.team.paediatrician, delivered=True)


def infant_vaccines(life: Life) -> None:
    """The compulsory vaccines, at their ages, by the paediatrician or the attending doctor."""
    by = life.pick((life.team.paediatrician, life.team.attending))
    for months, doses in _CALENDAR:
        day = _at_age(life, months, life.between(0, 12))
        if not _in_window(life, day):
            continue
        for name, rank in doses:
            newer = name == "men_c" and day >= _NEW_CALENDAR
            vaccinate(life, day, "men_acwy" if newer else name, rank, by=by)


def infant_examinations(life: Life) -> None:
    """The three examinations with a certificate (eight days, eleven and twenty-four months), and others between."""
    for months, words in (
        (1, "Sourit aux visages, suit du regard. Boit bien."),
        (4, "Tient sa tête, attrape, rit aux éclats. Début de la diversification dans un mois."),
        (9, "Tient assis, passe un objet d’une main à l’autre, redouble les syllabes."),
        (11, "Se met debout avec appui, pince fine, comprend « non »."),
        (16, "Marche seul, empile deux cubes, dit quatre mots."),
        (24, "Court, tape dans un ballon, associe deux mots. M-CHAT : risque faible."),
        (36, "Fait des phrases, dessine un rond, propre le jour."),
    ):
        day = _at_age(life, months, life.between(2, 14))
        if not _in_window(life, day):
            continue
        kilograms, centimetres = _size(life, day)
        compulsory = months in (11, 24)
        write(
            life, day, life.team.paediatrician if compulsory else life.team.attending,
            "68817-6" if compulsory else "59283-2",
            f"Examen obligatoire de {months} mois" if compulsory else f"Examen de santé : {months} mois",
            f"Poids {french(kilograms)} kg, taille {french(centimetres)} cm. {words}",
            "Examen normal. Vaccins à jour. Vision et audition sans inquiétude. Couchage sur le dos et écrans : "
            "conseils."
            if months < 12 else "Examen normal. Vaccins à jour. Dents à brosser soir et matin, pas d’écran.",
        )  # fmt: skip


def ears(life: Life) -> None:
    """An ear infection with fever, and an antibiotic dosed by the weight."""
    day = _some_day(life)
    kilograms, _ = _size(life, day)
    see(
        life, day, life.team.attending, "Consultation : otite",
        f"Fièvre à 39 °C depuis hier, pleurs la nuit. Poids {french(kilograms)} kg. Tympan droit rouge et bombé.",
        "Otite moyenne aiguë purulente. " + _ear_choice(life, day),
    )  # fmt: skip
    relief = life.give(child_paracetamol(kilograms), day, day + timedelta(days=4), reason="Fièvre")
    if months_between(life.born, day) < 24:
        cure = life.give(child_amoxicillin(kilograms), day, day + timedelta(days=10), reason="Otite", boxes=2)
        prescribe(life, day, cure, relief, delivered=True)
    else:
        prescribe(life, day, relief)
    life.chart.history.append(Problem(conditions.OTITIS, day, day + timedelta(days=10)))


def _ear_choice(life: Life, day: date) -> str:
    if months_between(life.born, day) < 24:
        return "Moins de deux ans : amoxicilline dix jours."
    return "Plus de deux ans et peu de symptômes : paracétamol, revoir dans 48 heures si la fièvre dure."


def _some_day(life: Life) -> date:
    """A day of the last three years when the child was at least six months old."""
    lived = months_between(life.born, life.teller.today)
    return life.day(life.between(1, max(1, min(30, lived - 7))))


def throat(life: Life) -> None:
    """A sore throat: the rapid test decides whether there is an antibiotic."""
    day = _some_day(life)
    positive = life.once_in(2)
    kilograms, _ = _size(life, day)
    write(
        life, day, life.team.attending, "96173-0", "Test rapide d’angine",
        f"Recherche de streptocoque A : {'positive' if positive else 'négative'}.",
    )  # fmt: skip
    see(
        life, day, life.team.attending, "Consultation : mal de gorge",
        f"Fièvre à 38,6 °C, gorge rouge, ganglions sensibles. Poids {french(kilograms)} kg.",
        "Angine à streptocoque : amoxicilline six jours." if positive else "Angine virale : pas d’antibiotique.",
    )  # fmt: skip
    relief = life.give(child_paracetamol(min(kilograms, 40)), day, day + timedelta(days=4), reason="Fièvre")
    cure = life.give(child_amoxicillin(min(kilograms, 18)), day, day + timedelta(days=6), reason="Angine", boxes=2)
    prescribe(life, day, *((cure, relief) if positive else (relief,)), delivered=positive)


def eczema(life: Life) -> None:
    day = _some_day(life)
    see(
        life, day, life.team.dermatologist, "Consultation de dermatologie",
        f"Plaques rouges et sèches des plis depuis l’hiver, démangeaisons la nuit. SCORAD : {life.between(18, 34)}.",
        "Dermatite atopique. Désonide le soir jusqu’à disparition, émollient chaque jour, coton.",
    )  # fmt: skip
    cream = life.give("desonide", day, day + timedelta(days=21), reason="Eczéma", boxes=2, renewals=1)
    prescribe(life, day, cream, by=life.team.dermatologist, delivered=True)
    life.chart.problems.append(Problem(conditions.ECZEMA, day))


def peanut(life: Life) -> None:
    """An allergy found at school, an injector, and a plan for the school."""
    months = life.between(10, 26)
    day = life.day(months)
    rush(
        life, day, "Passage aux urgences : réaction allergique",
        "Dix minutes après un biscuit aux arachides : urticaire, lèvres gonflées, deux vomissements, toux.",
        "Anaphylaxie de grade 2. Adrénaline intramusculaire, surveillance six heures. Trousse d’urgence remise.",
    )  # fmt: skip
    kilograms, _ = _size(life, day)
    name = "adrenaline" if kilograms >= 25 else "adrenaline_child"
    pen = life.give(name, day, reason="Réaction grave", boxes=2, advice="En garder deux sur soi.")
    prescribe(life, day, pen, life.give("cetirizine", day, reason="Urticaire"), by=life.team.emergency, delivered=True)
    write(
        life, life.day(months - 1), life.team.attending, "80771-9", "Projet d’accueil individualisé : allergie",
        "Arachide : éviction stricte. En cas d’urticaire seule : antihistaminique.",
        "En cas de gêne pour respirer, de malaise ou de vomissements : adrénaline dans la cuisse, puis appeler le 15.",
    )  # fmt: skip
    life.chart.allergies.append(Allergy(FOOD_ALLERGY, PEANUT, "Anaphylaxie : urticaire, vomissements, toux", day))
    life.chart.attention.append("Porte deux stylos d’adrénaline.")
    life.chart.treatments.append(pen)


def school_age(life: Life) -> None:
    """The examinations and boosters of six and of eleven to thirteen, and a dentist."""
    for years, vaccines in (
        (6, (("dtcap", 4),)),
        (11, (("dtcap", 5), ("hpv", 1))),
        (12, (("hpv", 2),)),
        (14, (("men_acwy", 1),)),
    ):
        day = _at_age(life, years * 12 + 4, life.between(0, 40))
        if not _in_window(life, day):
            continue
        for name, rank in vaccines:
            vaccinate(life, day, name, rank, by=life.team.attending, booster=name == "dtcap")
    for years in (4, 6, 9, 12, 15):
        day = _at_age(life, years * 12 + 2, life.between(0, 60))
        if not _in_window(life, day):
            continue
        kilograms, centimetres = _size(life, day)
        write(
            life, day, life.team.attending, "59283-2", f"Examen de santé : {years} ans",
            f"Poids {french(kilograms)} kg, taille {french(centimetres, 0)} cm, corpulence normale. "
            "Vue 10/10 aux deux yeux, audition normale.",
            "Dos droit, dents contrôlées, sommeil de neuf heures ou plus. Écrans et casque à vélo abordés.",
        )  # fmt: skip
    months = life.between(3, 28)
    if life.age(life.day(months)) >= 3:
        write(
            life, life.day(months), life.team.dentist, "28617-9", "Examen bucco-dentaire",
            life.pick((
                "Pas de carie. Sillons des molaires scellés.",
                "Une carie sur une molaire de lait, soignée. Goûters sucrés à espacer.",
            )),
        )  # fmt: skip


def sport(life: Life) -> None:
    """A certificate, after an examination."""
    months = life.between(1, 14)
    what = life.pick(("du judo", "du football", "de la natation", "de la danse", "du rugby", "de l’athlétisme"))
    write(
        life, life.day(months), life.team.attending, "89601-9", "Certificat pour le sport",
        f"Examen de ce jour normal. Pas de contre-indication à la pratique {what}, en compétition.",
    )  # fmt: skip


def speech(life: Life) -> None:
    """A child who speaks late, and twenty sessions."""
    months = life.between(8, 24)
    order(
        life, life.day(months), "PRESC-ORTHOPHO", "Ordonnance d’orthophonie",
        "Bilan du langage oral avec rééducation si nécessaire.",
    )  # fmt: skip
    for after, words in (
        (1, "Vocabulaire de deux ans de moins que l’âge, phrases de deux mots, bonne compréhension."),
        (8, "Phrases de quatre à cinq mots, sons « ch » et « j » acquis. Poursuivre 20 séances."),
    ):
        write(life, life.day(months - after), life.team.speech_therapist, "11506-3", "Bilan d’orthophonie", words)
    life.chart.problems.append(Problem(conditions.STUTTER, life.day(months - 1)))


def acne(life: Life) -> None:
    for rank, months in enumerate((20, 14)):
        day = life.day(months)
        see(
            life, day, life.team.dermatologist, "Consultation de dermatologie",
            "Acné du visage et du dos, papules et comédons." if rank == 0 else "Visage et dos presque nets.",
            "Gel le soir ; doxycycline trois mois, jamais au soleil." if rank == 0 else "Gel seul en entretien.",
        )  # fmt: skip
        gel = life.give("acne_gel", day, reason="Acné", boxes=2, renewals=2)
        tablets = life.give("doxycycline", day, day + timedelta(days=90), reason="Acné", boxes=3)
        prescribe(
            life, day, *((gel, tablets) if rank == 0 else (gel,)), by=life.team.dermatologist, delivered=rank == 0
        )
    life.chart.history.append(Problem(conditions.ACNE, life.day(20), life.day(13)))


INFANT_ILLNESSES: tuple[Callable[[Life], None], ...] = (ears, throat, eczema, ears)
"""What happens to small children, drawn one after the other."""
