"""What nearly everybody has: vaccinations, screenings, small illnesses, papers, a summary by the attending doctor."""

from datetime import date, timedelta

from espace.site.demo.crowd import conditions
from espace.site.demo.crowd.acts import MASKED, image, order, prescribe, rush, see, vaccinate, write
from espace.site.demo.crowd.bodies import child_weight, months_between
from espace.site.demo.crowd.life import Life, french, pressure
from espace.site.demo.crowd.medicines import child_paracetamol
from espace.site.demo.stories import pictures
from espace.site.demo.stories.analyses import BLOOD_COUNT, KIDNEY, LIPIDS, LIVER
from espace.site.demo.stories.conditions import BREAST_CANCER, DIABETES, HYPERTENSION, INFARCTION, PENICILLINS
from espace.site.demo.stories.visits import summed_up
from espace.wire.cda_writing import (
    DAILY_SMOKER,
    DRUG_ALLERGY,
    FATHER,
    FORMER_SMOKER,
    MATERNAL_GRANDMOTHER,
    MOTHER,
    NEVER_SMOKED,
    Allergy,
    Ancestry,
    Medicine,
    Problem,
    Relative,
    Smoking,
    Summary,
)

_REACTIONS = (
    (PENICILLINS, "Urticaire une heure après la prise"),
    (PENICILLINS, "Éruption au troisième jour"),
    (conditions.IODINE, "Urticaire et malaise pendant un scanner"),
    (conditions.NSAIDS, "Gonflement des paupières"),
    (conditions.MACROLIDES, "Éruption"),
)
_FAMILIES: tuple[tuple[Ancestry, ...], ...] = (
    (Relative("Père : infarctus à 61 ans.", FATHER, (INFARCTION,), 61),),
    (Relative("Mère : diabète de type 2.", MOTHER, (DIABETES,)),),
    (
        Relative("Mère : hypertension.", MOTHER, (HYPERTENSION,)),
        Relative("Père : accident vasculaire cérébral à 74 ans.", FATHER, (conditions.STROKE,), 74),
    ),
    (Relative("Grand-mère maternelle : cancer du sein à 68 ans.", MATERNAL_GRANDMOTHER, (BREAST_CANCER,), 68),),
    (Relative("Père : cancer du côlon à 72 ans.", FATHER, (conditions.LARGE_BOWEL_CANCER,), 72),),
    ("Rien de particulier connu dans la famille.",),
)
_SMOKING = (
    Smoking("N’a jamais fumé.", NEVER_SMOKED),
    Smoking("N’a jamais fumé.", NEVER_SMOKED),
    Smoking("Ne fume plus depuis plus de dix ans.", FORMER_SMOKER),
    Smoking("Fume 8 cigarettes par jour.", DAILY_SMOKER),
)
_MOVING = ("Marche chaque jour.", "Vélo pour aller au travail.", "Natation le dimanche.", "Peu d’activité physique.")


def background(life: Life) -> None:
    """Allergies, habits and family: first of all, for treatments depend on them."""
    if life.age() >= 16:
        life.chart.habits += [life.pick(_SMOKING), life.pick(_MOVING)]
        life.chart.family += life.pick(_FAMILIES)
    if life.age() >= 16 and life.once_in(9):
        agent, reaction = life.pick(_REACTIONS)
        since = life.born + timedelta(days=life.between(700, max(701, life.age() * 300)))
        life.chart.allergies.append(Allergy(DRUG_ALLERGY, agent, reaction, since))
    life.chart.no_antiinflammatory = life.age() >= 70 or life.allergic_to("M01A")


def pain_relief(life: Life, day: date, reason: str, *, days: int = 7) -> tuple[Medicine, ...]:
    """Paracetamol, by the weight for children, and an anti-inflammatory for the adults who may."""
    until = day + timedelta(days=days)
    if life.age(day) < 15:
        kilograms = min(40.0, child_weight(months_between(life.born, day)))
        return (life.give(child_paracetamol(kilograms), day, until, reason=reason),)
    first = life.give("paracetamol", day, until, reason=reason, boxes=2)
    if life.chart.no_antiinflammatory or life.chart.frail_kidneys:
        return (first,)
    advice = "Au milieu du repas ; pas plus de cinq jours."
    return first, life.give("ibuprofen", day, day + timedelta(days=5), reason=reason, advice=advice)


def antibiotic(life: Life, day: date, reason: str, days: int = 7) -> Medicine:
    """Amoxicillin, or clarithromycin for somebody allergic to penicillins."""
    name = "clarithromycin" if life.allergic_to("J01C") else "amoxicillin"
    return life.give(name, day, day + timedelta(days=days), reason=reason, boxes=2)


def flu(life: Life) -> None:
    """The vaccine of the last two autumns, for those invited to it; the nurse or the pharmacist gives it."""
    for year in range(life.teller.today.year - 1, life.teller.today.year + 1):
        day = life.teller.on(date(year, 10, 20) + timedelta(days=life.between(0, 30)))
        if day <= life.teller.today - timedelta(days=8) and day.year == year:
            by = life.team.pharmacist if life.once_in(2) and not life.chart.in_home else life.nurse
            vaccinate(life, day, "flu", 1, by=by)
            if life.age(day) >= 65 and life.once_in(3):
                vaccinate(life, day, "covid", 5, by=by, booster=True)


def booster(life: Life) -> None:
    """Diphtheria, tetanus, poliomyelitis at 25, 45, 65, 75… when that birthday fell in the last three years."""
    for age in (25, 45, 65, 75, 85):
        month = date(life.born.year + age, life.born.month, 1)
        day = life.teller.on(month + timedelta(days=life.between(20, 120)))
        if life.day(35) < month < life.teller.today - timedelta(days=160):
            vaccinate(life, day, "dtcap" if age == 25 else "dtp", 5 + (age - 25) // 20, booster=True)


def older_vaccines(life: Life) -> None:
    """From 65 on: pneumococcus once, shingles in two doses."""
    if life.age() < 66 or life.once_in(3):
        return
    vaccinate(life, life.day(life.between(10, 26)), "pneumo", 1, by=life.nurse)
    months = life.between(6, 16)
    vaccinate(life, life.day(months), "zoster", 1, by=life.nurse)
    vaccinate(life, life.day(months - 3), "zoster", 2, by=life.nurse)


def _has_or_had(life: Life, *stems: str) -> bool:
    """Whether a disease of the chart has a code that begins so: followed by others, nobody is screened for it."""
    return any(one.code.code.startswith(stems) for one in (*life.chart.problems, *life.chart.history))


def colon_screening(life: Life) -> None:
    """A test at home every two years from 50 to 74."""
    months = life.between(3, 24)
    watched = _has_or_had(life, "C18", "D12")
    if 50 <= life.age(life.day(months)) <= 74 and not watched:
        write(
            life, life.day(months), life.team.screener, "75492-9", "Dépistage du cancer colorectal : résultat",
            "Le test immunologique de votre prélèvement est négatif : aucun saignement n’a été trouvé.",
            "Le prochain test vous sera proposé dans deux ans. En cas de sang dans les selles ou de changement du "
            "transit, consultez sans attendre.",
        )  # fmt: skip


def breast_screening(life: Life) -> None:
    """Every two years from 50 to 74, read twice."""
    months = life.between(2, 23)
    if life.woman and 50 <= life.age(life.day(months)) <= 74 and not _has_or_had(life, "C50"):
        density = life.pick(("A", "B", "B", "C"))
        said = (f"Densité de type {density}. Pas de masse, pas de distorsion, pas de microcalcification suspecte.",)
        seen = pictures.mammogram("Mammographie normale (ACR 1 à droite et à gauche).", *said)
        image(life, life.day(months), seen, asked_by=life.team.screener)


def cervix_screening(life: Life) -> None:
    """From 25 to 29 a smear, from 30 to 65 an HPV test every five years."""
    months = life.between(2, 34)
    age = life.age(life.day(months))
    if not life.woman or not 25 <= age <= 65:
        return
    if age < 30:
        result = "Frottis satisfaisant. Absence de lésion intra-épithéliale et de signe de malignité."
        following = "Prochain frottis dans trois ans."
    else:
        result = "Recherche de papillomavirus à haut risque : négative."
        following = "Prochain test dans cinq ans."
    write(
        life, life.day(months), life.team.pathologist, "60568-3", "Dépistage du cancer du col de l’utérus",
        "Prélèvement cervico-utérin de dépistage.", result, following,
    )  # fmt: skip


def cold(life: Life) -> None:
    """A cold, a cough, a sore throat: no antibiotic, and often a sick leave for those who work."""
    months = life.between(2, 30)
    day = life.day(months)
    fever = french(37 + life.between(8, 17) / 10)
    see(
        life, day, life.pick((life.team.attending, life.team.partner)), "Consultation : fièvre et toux",
        f"Toux, nez qui coule, courbatures depuis trois jours. Température {fever} °C, saturation 98 %.",
        "Gorge un peu rouge, tympans normaux, auscultation libre. Infection virale des voies aériennes.",
        "Pas d’antibiotique. Paracétamol si besoin, boire, aérer. Consulter de nouveau si la fièvre dure plus de "
        "trois jours ou si le souffle est court.",
    )  # fmt: skip
    if 18 <= life.age(day) <= 64 and life.once_in(2):
        order(
            life, day, "PRESC-AAT", "Avis d’arrêt de travail",
            f"Arrêt de travail de {life.between(2, 4)} jours à compter du {day:%d/%m/%Y}. Sorties autorisées.",
        )  # fmt: skip


def checkup(life: Life) -> None:
    """A visit with a blood test, everything in its place or one value a little out."""
    months = life.between(3, 30)
    day, age = life.day(months), life.age(life.day(months))
    systolic, diastolic = life.between(112, 132), life.between(66, 82)
    see(
        life, day, life.team.attending, "Consultation de prévention",
        f"{life.called} se sent bien. Poids {life.weight()} kg pour {french(life.height / 100, 2)} m, "
        f"tension {pressure(systolic, diastolic)}, pouls {life.between(60, 78)}.",
        "Examen normal. Vaccins revus. Alcool, tabac, sommeil et activité physique abordés.",
        "Bilan sanguin demandé." if age >= 40 else "Pas d’examen complémentaire nécessaire.",
    )  # fmt: skip
    if age >= 40:
        order(
            life, day, "PRESC-BIO", "Ordonnance d’analyses", "Numération, glycémie à jeun, créatinine, bilan lipidique."
        )
        values = {"cholesterol": life.between(49, 61) / 10, "hdl": 1.3, "triglycerides": life.between(8, 15) / 10}
        keys = (*BLOOD_COUNT, "glucose", *KIDNEY, *LIPIDS)
        life.blood(day + timedelta(days=life.between(4, 12)), keys, values, title="Bilan de prévention")


def teeth(life: Life) -> None:
    findings = life.pick((
        "Pas de carie. Détartrage fait ce jour. Gencives saines.",
        "Une carie débutante de la 36, soignée ce jour. Détartrage.",
        "Gencives qui saignent au brossage : détartrage, brossettes conseillées. Contrôle dans six mois.",
    ))  # fmt: skip
    write(life, life.day(life.between(2, 30)), life.team.dentist, "28617-9", "Bilan bucco-dentaire", findings)


def glasses(life: Life) -> None:
    write(
        life, life.day(life.between(3, 32)), life.team.ophthalmologist, "78513-9", "Consultation d’ophtalmologie",
        f"Acuité 10/10 avec correction. Tension oculaire {life.between(12, 17)} mmHg à droite et à gauche.",
        "Fond d’œil normal." if life.age() < 60 else "Cristallins un peu troubles, sans gêne. Fond d’œil normal.",
        "Ordonnance de verres remise. Revoir dans deux ans.",
    )  # fmt: skip


def cystitis(life: Life) -> None:
    day = life.day(life.between(2, 30))
    see(
        life, day, life.team.attending, "Consultation : brûlures urinaires",
        "Brûlures en urinant et envies pressantes depuis deux jours, sans fièvre ni douleur du dos.",
        "Bandelette : leucocytes et nitrites positifs. Cystite simple.",
    )  # fmt: skip
    prescribe(life, day, life.give("fosfomycin", day, day, reason="Cystite"), delivered=life.once_in(2))


def sexual_health(life: Life) -> None:
    """A screening that the person asked to keep from other professionals."""
    by = life.team.midwife if life.woman else life.team.partner
    see(
        life, life.day(life.between(2, 20)), by, "Dépistage des infections sexuellement transmissibles",
        "Dépistage demandé après un changement de partenaire. Pas de symptôme.",
        "VIH, hépatite B, syphilis, chlamydia, gonocoque : négatifs. Préservatifs, vaccination HPV : informations "
        "données.",
        visibility=MASKED,
    )  # fmt: skip


def stomach(life: Life) -> None:
    """Lower right pain that was only a stomach flu: the emergency department, then home."""
    day = life.day(life.between(3, 28))
    rush(
        life, day, "Passage aux urgences : douleurs du ventre",
        "Douleurs diffuses et vomissements depuis douze heures, diarrhée. Température 38,1 °C.",
        "Ventre souple. Leucocytes 8,9 G/L, CRP 12 mg/L. Échographie : appendice fin.",
        "Gastro-entérite. Retour à domicile, solutés de réhydratation, consignes de retour remises.",
    )  # fmt: skip


def abroad(life: Life) -> None:
    day = life.day(life.between(2, 26))
    liver = life.blood(
        day, (*BLOOD_COUNT, *LIVER, "crp"), {"alt": 131, "ast": 127}, title="Bilan au retour d’un voyage"
    )
    # The laboratory read one line of its machine for another: the corrected report replaces the first.
    life.blood(
        day + timedelta(days=1), (*BLOOD_COUNT, *LIVER, "crp"), {"alt": 31, "ast": 27},
        title="Bilan au retour d’un voyage",
        comment="Ce compte rendu annule et remplace le précédent (transaminases corrigées).", replaces=liver,
    )  # fmt: skip


def summary(life: Life) -> None:
    """The medical summary; for those followed for long an older one, which this one replaces."""
    chart = life.chart
    if not chart.problems and life.age() < 50 and not life.once_in(4):
        return
    older = None
    if chart.problems and life.once_in(3):
        day = life.day(life.between(18, 24))
        known = _known_on(life, day, whole=False)
        if known.problems:
            older = summed_up(life.teller, life.person, day, known)
    day = life.day(life.between(1, 8))
    summed_up(life.teller, life.person, day, _known_on(life, day), replaces=older)


def _known_on(life: Life, day: date, *, whole: bool = True) -> Summary:
    """What was known that day; warnings have no date, so that only the last summary has them."""
    chart = life.chart
    ended = tuple(one for one in chart.history if one.until and one.until <= day)
    begun = tuple(one for one in chart.history if one.since <= day and one not in ended)
    taken = tuple(one for one in chart.treatments if one.since <= day and (one.until is None or one.until >= day))
    return Summary(
        problems=(*(one for one in chart.problems if one.since <= day), *(Problem(o.code, o.since) for o in begun)),
        history=ended,
        procedures=tuple(one for one in chart.procedures if one.on <= day),
        allergies=tuple(one for one in chart.allergies if one.since <= day),
        habits=tuple(chart.habits),
        family=tuple(chart.family),
        attention=tuple(chart.attention) if whole else (),
        treatments=taken,
    )


def followed_for(life: Life, years: int) -> date:
    """The first of a month about so many years ago, but not before their twentieth birthday."""
    year = max(life.teller.today.year - years, life.born.year + 20)
    return date(year, life.between(1, 12), life.between(1, 28))
