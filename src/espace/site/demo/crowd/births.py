"""A pregnancy from the first test to the visit after the birth; contraception."""

from datetime import date, timedelta

from espace.site.demo.crowd import conditions
from espace.site.demo.crowd.acts import BETWEEN_US, MASKED, order, prescribe, see, stay, vaccinate, write
from espace.site.demo.crowd.acts import image as imaged
from espace.site.demo.crowd.life import Life, french, pressure
from espace.site.demo.stories import pictures
from espace.site.demo.stories.analyses import BLOOD_COUNT
from espace.site.demo.stories.conditions import DELIVERY
from espace.wire.cda_writing import DAILY_SMOKER, Problem, Procedure, Smoking, Stay

_SCANS = {
    12: "Embryon unique, activité cardiaque régulière, longueur cranio-caudale 62 mm, clarté nucale 1,4 mm. "
    "Terme confirmé.",
    22: "Biométries au 48e percentile. Morphologie sans anomalie visible. Placenta postérieur, non bas inséré. "
    "Liquide en quantité normale.",
    32: "Présentation céphalique. Estimation du poids : 1 850 g (52e percentile). Doppler ombilical normal.",
}
_LABORATORY = (
    "Toxoplasmose : non immunisée, contrôle chaque mois. Rubéole : immunisée. VIH, syphilis, hépatite B : négatifs."
)


def _at(life: Life, birth: date, week: int) -> date:
    """The day of that week of amenorrhoea, for a birth at 40 weeks."""
    return life.teller.on(birth - timedelta(weeks=40 - week, days=life.between(-2, 2)))


def pregnancy(life: Life) -> None:
    """Seven visits, three scans, a diabetes of pregnancy for some, then the birth and the weeks after."""
    birth = life.day(life.between(3, 24))
    sweet = life.once_in(4)
    first = _at(life, birth, 9)
    see(
        life, first, life.team.midwife, "Première consultation de grossesse",
        f"Test positif, dernières règles il y a huit semaines. Poids {life.weight()} kg, "
        f"tension {pressure(life.between(104, 122), life.between(60, 76))}. Nausées le matin. Ne fume pas, pas "
        "d’alcool.",
        "Analyses du premier trimestre, échographie à 12 semaines, acide folique jusqu’à 12 semaines.",
    )  # fmt: skip
    folic = life.give("folic_acid", first, first + timedelta(days=28), reason="Début de grossesse")
    prescribe(life, first, folic, by=life.team.midwife, delivered=True)
    life.blood(
        first + timedelta(days=3), (*BLOOD_COUNT, "ferritin", "glucose", "tsh"),
        {"hb": life.between(120, 132) / 10, "glucose": life.between(41, 49) / 10, "tsh": life.between(9, 23) / 10},
        title="Bilan du premier trimestre", comment=_LABORATORY, asked_by=life.team.midwife,
    )  # fmt: skip
    for week, seen in _SCANS.items():
        scan = pictures.pregnancy_scan(week, seen)
        imaged(life, _at(life, birth, week), scan, by=life.team.obstetrician, asked_by=life.team.midwife)
    for week in (16, 20, 24, 28, 32, 36):
        _visit(life, _at(life, birth, week), week)
    vaccinate(life, _at(life, birth, 26), "dtcap", 5, by=life.team.midwife, booster=True)
    _iron(life, birth)
    if sweet:
        _sweet_pregnancy(life, birth)
    _birth(life, birth, caesarean=life.once_in(5))


def _visit(life: Life, day: date, week: int) -> None:
    gain = round((week - 10) * 0.42)
    write(
        life, day, life.team.midwife, "89233-1", f"Suivi de grossesse : {week} semaines",
        f"Bien vécue. Poids {life.weight() + gain} kg (+ {gain} kg), "
        f"tension {pressure(life.between(106, 124), life.between(62, 78))}, ni sucre ni albumine. "
        + ("Premiers mouvements perçus. " if week == 20 else "")
        + (f"Hauteur utérine {week - 4 if week < 33 else 31} cm. " if week >= 20 else "")
        + f"Bruits du cœur réguliers à {life.between(134, 152)} par minute.",
        "Prochain rendez-vous dans un mois.",
    )  # fmt: skip


def _iron(life: Life, birth: date) -> None:
    day = _at(life, birth, 28)
    low = {"hb": life.between(101, 108) / 10, "ferritin": life.between(6, 11), "mcv": 81}
    life.blood(
        day, (*BLOOD_COUNT, "ferritin"), low, title="Bilan du sixième mois",
        comment="Anémie de la grossesse par carence en fer. RAI : négatif.", asked_by=life.team.midwife,
    )  # fmt: skip
    iron = life.give("iron", day, birth, reason="Manque de fer", boxes=3)
    prescribe(life, day + timedelta(days=2), iron, by=life.team.midwife, delivered=life.once_in(2))


def _sweet_pregnancy(life: Life, birth: date) -> None:
    day = _at(life, birth, 26)
    see(
        life, day, life.team.diabetologist, "Diabète de la grossesse",
        f"Hyperglycémie provoquée à 25 semaines : {french(life.between(50, 52) / 10)} mmol/L à jeun (limite 5,1), "
        f"{french(life.between(102, 112) / 10)} à une heure (limite 10,0).",
        "Six glycémies par jour, repas répartis, marche. Objectif : moins de 5,3 à jeun et 6,7 deux heures après.",
    )  # fmt: skip
    write(
        life, day + timedelta(days=7), life.team.dietitian, "34120-6", "Bilan diététique",
        "Trois repas et deux collations, féculents complets à chaque repas, fruits entiers.",
    )  # fmt: skip
    begun = Problem(conditions.PREGNANCY_DIABETES, day, birth)
    life.chart.history.append(begun)
    life.chart.attention.append("Diabète pendant la grossesse : glycémie à jeun chaque année.")


def _birth(life: Life, day: date, *, caesarean: bool) -> None:
    grams = life.between(286, 392) * 10
    child = life.pick(("Une fille", "Un garçon"))
    write(
        life, day, life.team.obstetrician if caesarean else life.team.birth_midwife, "15508-5",
        "Compte rendu d’accouchement",
        "Travail spontané à 40 semaines, péridurale.",
        "Stagnation à 7 cm et ralentissements du cœur : césarienne." if caesarean
        else "Naissance sans instrument, périnée intact.",
        f"{child}, {grams} g, Apgar 9 puis 10. Mise au sein dans la première heure. Pertes : {life.between(2, 5)}00 "
        "mL.",
        encounter="IMP",
    )  # fmt: skip
    diagnosis = conditions.CAESAREAN if caesarean else DELIVERY
    what = Stay(
        "Naissance à terme.",
        ("Suites simples. Montée de lait au troisième jour. Moral bon, entourage présent.",),
        (Problem(diagnosis, day, day),),
        (life.give("paracetamol", day, day + timedelta(days=8), reason="Douleur"),),
        plan=("Sage-femme à domicile dans les 48 heures.", "Consultation entre six et huit semaines.",
              "Parler sans attendre d’une tristesse qui dure."),
        allergies=tuple(life.chart.allergies),
    )  # fmt: skip
    stay(life, day, 5 if caesarean else 3, life.team.birth_midwife, "Sortie de maternité", what)
    if caesarean:
        life.chart.procedures.append(Procedure(conditions.CAESAREAN_ACT, day))
    life.chart.history.append(Problem(diagnosis, day, day))
    _after_birth(life, day)


def _after_birth(life: Life, birth: date) -> None:
    after = life.teller.on(birth + timedelta(days=46))
    see(
        life, after, life.team.midwife, "Consultation après la naissance",
        f"Dort par périodes de cinq heures, moral bon (Édimbourg : {life.between(2, 7)} sur 30). "
        f"Tension {pressure(life.between(104, 120), 68)}. Utérus revenu, pas de douleur.",
        "Rééducation du périnée : dix séances. Contraception : désogestrel, compatible avec l’allaitement.",
    )  # fmt: skip
    prescribe(
        life,
        after,
        life.give("progestin_pill", after, reason="Contraception", boxes=2, renewals=1),
        by=life.team.midwife,
    )
    order(
        life,
        after,
        "PRESC-KINE",
        "Ordonnance de rééducation",
        "Rééducation du périnée : 10 séances.",
        by=life.team.midwife,
    )


def contraception(life: Life) -> None:
    """A pill renewed each year; no œstrogen for those who have migraine with aura or who smoke after 35."""
    months = life.between(4, 12)
    smokes = any(isinstance(one, Smoking) and one.status == DAILY_SMOKER for one in life.chart.habits)
    heavy = smokes or life.age() >= 35
    name = "progestin_pill" if heavy else "pill"
    for after in (months + 12, months):
        day = life.day(after)
        see(
            life, day, life.team.midwife, "Consultation de contraception",
            "Pas d’oubli, pas de migraine, pas de phlébite dans la famille. Tension "
            f"{pressure(life.between(106, 122), 68)}.",
            "Contraception renouvelée un an. Conduite en cas d’oubli rappelée.",
        )  # fmt: skip
        prescribe(life, day, life.give(name, day, reason="Contraception", boxes=3, renewals=3), by=life.team.midwife)


def in_confidence(life: Life) -> None:
    """A girl of less than eighteen who comes alone, and whose parents see nothing of it."""
    day = life.day(life.between(1, 5))
    hidden = BETWEEN_US if life.teller.minor(life.person) else MASKED
    see(
        life, day, life.team.midwife, "Première contraception",
        f"{life.first_name} vient seule et demande le secret. Relation depuis quatre mois, consentie, préservatifs.",
        f"Tension {pressure(life.between(102, 116), 64)}. Pas de contre-indication. Pilule expliquée et remise, HPV "
        "vérifié.",
        visibility=hidden,
    )  # fmt: skip
