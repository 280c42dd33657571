"""Blood pressure, coronary arteries, rhythm, a tired heart, a stroke."""

from datetime import date, timedelta

from espace.site.demo.crowd import conditions
from espace.site.demo.crowd.acts import image, order, prescribe, rush, see, stay, write
from espace.site.demo.crowd.common import followed_for
from espace.site.demo.crowd.life import Life, pressure
from espace.site.demo.stories import pictures
from espace.site.demo.stories.analyses import BLOOD_COUNT, KIDNEY, LIPIDS, LIVER
from espace.site.demo.stories.conditions import CHOLESTEROL, FIBRILLATION, HEART_ATTACK, HEART_FAILURE, HYPERTENSION
from espace.wire.cda_writing import CORONARY_STENT, Implant, Medicine, Problem, Stay

_RENEWED = "Traitement bien supporté, renouvelé pour trois mois, à renouveler trois fois."


def _pressure_treatment(life: Life, since: date) -> tuple[Medicine, ...]:
    """One class to begin with, two where one was not enough; an ACE inhibitor first for those with diabetes."""
    options = (("perindopril",), ("amlodipine",), ("candesartan",), ("perindopril", "amlodipine"),
               ("candesartan", "indapamide"), ("ramipril", "amlodipine"))  # fmt: skip
    return tuple(life.lasting(name, since, "Hypertension") for name in life.pick(options))


def _home_readings(life: Life, *, controlled: bool) -> tuple[int, int]:
    if controlled:
        return life.between(122, 133), life.between(70, 82)
    return life.between(142, 158), life.between(86, 96)


def hypertension(life: Life) -> None:
    """Known for long: two visits a year, the last one under the target; kidneys and salts once a year."""
    life.index = life.between(24, 31)
    since = followed_for(life, life.between(4, 16))
    treatment = _pressure_treatment(life, since)
    life.chart.problems.append(Problem(HYPERTENSION, since))
    life.chart.treatments += treatment
    life.chart.no_antiinflammatory = True
    escaped = life.between(0, 4)
    for rank, months in enumerate((32, 22, 12, 2)):
        _pressure_visit(life, life.day(months), treatment, raised=rank == escaped, delivered=rank in (1, 3))
    for months in (31, 11):
        potassium = life.between(38, 47) / 10
        life.blood(
            life.day(months), (*KIDNEY, "glucose", *LIPIDS), {"potassium": potassium}, title="Suivi de l’hypertension"
        )
    if not any(one.code == FIBRILLATION for one in life.chart.problems):
        _heart_tracing(life, life.day(13))


def _pressure_visit(life: Life, day: date, treatment: tuple[Medicine, ...], *, raised: bool, delivered: bool) -> None:
    systolic, diastolic = _home_readings(life, controlled=not raised)
    ending = (
        "Prises oubliées pendant les vacances et repas salés : conseils donnés, automesure à refaire dans un mois."
        if raised
        else _RENEWED
    )
    see(
        life, day, life.team.attending, "Suivi de l’hypertension",
        f"Automesure à la maison, moyenne de 18 mesures : {pressure(systolic, diastolic)}. "
        f"Poids {life.weight()} kg. Pas d’essoufflement ni de vertige.",
        ending,
    )  # fmt: skip
    again = tuple(life.give(one, day, reason="Hypertension", boxes=3, renewals=3) for one in treatment)
    prescribe(life, day, *again, delivered=delivered)


def _heart_tracing(life: Life, day: date) -> None:
    rate = life.between(58, 78)
    write(
        life, day, life.team.cardiologist, "70004-7", "Électrocardiogramme",
        f"Rythme sinusal régulier à {rate} par minute. Axe normal. PR {life.between(150, 190)} ms, QRS fins, "
        f"QTc {life.between(395, 425)} ms.",
        "Pas de trouble de la repolarisation. Pas de signe d’hypertrophie du ventricule gauche.",
    )  # fmt: skip


def cholesterol(life: Life) -> None:
    """High LDL: diet first, then a statin, and the liver watched."""
    since = life.day(30)
    first = {"cholesterol": life.between(68, 78) / 10, "hdl": 1.25, "triglycerides": 1.6}
    life.blood(since, (*LIPIDS, *LIVER, "glucose"), first, title="Bilan lipidique")
    see(
        life, life.day(29), life.team.attending, "Consultation : cholestérol",
        "LDL élevé à deux reprises malgré trois mois de régime. Risque cardiovasculaire élevé (SCORE2).",
        "Objectif : LDL sous 2,6 mmol/L. Rosuvastatine 10 mg le soir. Signaler toute douleur musculaire.",
    )  # fmt: skip
    began = life.day(29)
    treatment = life.lasting("rosuvastatin", began, "Cholestérol")
    life.chart.problems.append(Problem(CHOLESTEROL, since))
    life.chart.treatments.append(treatment)
    prescribe(life, began, treatment, delivered=True)
    for months in (25, 9):
        values = {
            "cholesterol": life.between(40, 45) / 10,
            "hdl": 1.32,
            "triglycerides": 1.15,
            "alt": life.between(20, 36),
        }
        life.blood(life.day(months), (*LIPIDS, *LIVER), values, title="Bilan lipidique sous traitement")
        day = life.day(months, -6)
        prescribe(life, day, life.lasting("rosuvastatin", day, "Cholestérol"))


def _after_infarction(life: Life, since: date, *, second: str) -> tuple[Medicine, ...]:
    names = ("aspirin", second, "bisoprolol", "ramipril", "atorvastatin", "ezetimibe")
    return tuple(life.lasting(name, since, "Après l’infarctus") for name in names if name)


def infarction(life: Life) -> None:
    """A heart attack two years and more ago, a stent, then prevention: LDL under 1.4, no tobacco."""
    months = life.between(22, 32)
    day = life.day(months)
    life.index = 27
    peak = life.between(850, 2400)
    rush(
        life, day, "Passage aux urgences : douleur de la poitrine",
        f"Douleur serrant la poitrine depuis {life.between(40, 120)} minutes, irradiant à la mâchoire, sueurs.",
        "Électrocardiogramme : sus-décalage du segment ST en inférieur. Aspirine et héparine données.",
        "Transfert immédiat en salle de coronarographie.",
    )  # fmt: skip
    taken = _after_infarction(life, day, second="ticagrelor")
    what = Stay(
        "Infarctus du myocarde avec sus-décalage du segment ST, de la paroi inférieure.",
        (
            "Coronarographie par voie radiale : occlusion de la coronaire droite, ouverte, un stent actif posé.",
            f"Troponine au plus haut : {peak} ng/L. Fraction d’éjection à la sortie : 50 %.",
        ),
        (Problem(HEART_ATTACK, day),),
        taken,
        plan=(
            "Réadaptation cardiaque : 20 séances.",
            "Cardiologue dans un mois.",
            "Appeler le 15 si la douleur revient.",
        ),
        allergies=tuple(life.chart.allergies),
        implants=(Implant("Stent actif de la coronaire droite", CORONARY_STENT, day),),
    )
    stay(life, day, life.between(3, 5), life.team.cardiologist, "Sortie après un infarctus", what)
    _prevention_after(life, months)
    life.chart.history.append(Problem(HEART_ATTACK, day, day + timedelta(days=5)))
    life.chart.problems.append(Problem(CHOLESTEROL, day))
    life.chart.treatments += _after_infarction(life, day, second="")
    life.chart.attention.append("Stent de la coronaire droite : ne pas arrêter l’aspirine sans avis du cardiologue.")
    life.chart.no_antiinflammatory = True


def _prevention_after(life: Life, months: int) -> None:
    write(
        life, life.day(months - 3), life.team.cardiologist, "34133-9", "Fin de réadaptation cardiaque",
        f"Vingt séances faites. Effort maximal : {life.between(110, 160)} watts, sans douleur ni trouble du rythme.",
        "Tabac arrêté. Marche rapide 40 minutes, cinq fois par semaine.",
    )  # fmt: skip
    for rank, after in enumerate((1, 8, 18)):
        total = (3.9, 3.2, 3.0)[rank]
        values = {"cholesterol": total, "hdl": 1.2, "triglycerides": 1.1, "alt": life.between(22, 38)}
        life.blood(
            life.day(months - after), (*LIPIDS, *LIVER, *KIDNEY), values, title="Suivi après un infarctus",
            comment="Objectif du patient : LDL inférieur à 1,4 mmol/L.",
            asked_by=life.team.cardiologist,
        )  # fmt: skip
        day = life.day(months - after, -4)
        second = "ticagrelor" if after < 12 else ""
        prescribe(life, day, *_after_infarction(life, day, second=second), delivered=rank % 2 == 0)
    for after in (2, 12):
        seen = pictures.heart(
            "Fonction du ventricule gauche conservée.",
            f"Fraction d’éjection : {life.between(52, 58)} %. Paroi inférieure un peu moins mobile. Valves normales.",
            reason="Contrôle après un infarctus inférieur.",
        )
        image(life, life.day(months - after, -9), seen, by=life.team.cardiologist)


def fibrillation(life: Life) -> None:
    """Atrial fibrillation found on a tracing: an anticoagulant for life, the kidneys watched twice a year."""
    months = life.between(24, 33)
    day = life.day(months)
    write(
        life, day, life.team.cardiologist, "70004-7", "Électrocardiogramme",
        f"Fibrillation auriculaire, fréquence moyenne {life.between(96, 124)} par minute. QRS fins.",
        "Palpitations depuis trois semaines. Score CHA2DS2-VASc : 3. Anticoagulant indiqué.",
    )  # fmt: skip
    taken = (
        life.lasting("apixaban", day, "Fibrillation auriculaire"),
        life.lasting("bisoprolol", day, "Ralentir le cœur"),
    )
    prescribe(life, day, *taken, by=life.team.cardiologist, delivered=True)
    seen = pictures.heart(
        "Oreillette gauche un peu dilatée.",
        "Fraction d’éjection 58 %. Pas de valvulopathie importante. Oreillette gauche : 38 mL/m².",
        reason="Fibrillation auriculaire récente.",
    )
    image(life, life.day(months - 1), seen, by=life.team.cardiologist)
    for after in (2, 9, 20):
        creatinine = life.between(70, 96) if life.woman else life.between(85, 118)
        values = {"creatinine": creatinine, "hb": life.between(122, 140) / 10}
        life.blood(life.day(months - after), (*BLOOD_COUNT, *KIDNEY), values, title="Surveillance de l’anticoagulant")
        day_after = life.day(months - after, -5)
        again = tuple(life.give(one, day_after, reason="Fibrillation", boxes=3, renewals=3) for one in taken)
        prescribe(life, day_after, *again, delivered=after == 9)
    _check_rhythm(life, life.day(months - 15))
    life.chart.problems.append(Problem(FIBRILLATION, day))
    life.chart.treatments += taken
    life.chart.attention.append("Sous anticoagulant (apixaban) : prévenir avant tout geste, pas d’anti-inflammatoire.")
    life.chart.no_antiinflammatory = True


def _check_rhythm(life: Life, day: date) -> None:
    see(
        life, day, life.team.cardiologist, "Consultation de cardiologie",
        f"Pas de palpitation ni d’essoufflement. Tension {pressure(life.between(118, 136), 74)}, "
        f"pouls irrégulier à {life.between(66, 84)}. Pas de saignement.",
        "Poursuivre apixaban et bisoprolol. Carte d’anticoagulant à garder sur soi. Revoir dans un an.",
    )  # fmt: skip


def _failure_treatment(life: Life, since: date) -> tuple[Medicine, ...]:
    advice = "Se peser chaque matin ; appeler si le poids monte de 2 kg en trois jours."
    return (
        life.give("furosemide", since, reason="Insuffisance cardiaque", advice=advice, boxes=3, renewals=3),
        life.lasting("bisoprolol", since, "Insuffisance cardiaque"),
        life.lasting("empagliflozin", since, "Insuffisance cardiaque"),
        life.lasting("ramipril", since, "Insuffisance cardiaque"),
    )


def tired_heart(life: Life) -> None:
    """Heart failure: a stay, then a diuretic weighed against kidneys and potassium."""
    months = life.between(16, 30)
    day = life.day(months)
    fraction = life.between(32, 45)
    taken = _failure_treatment(life, day)
    what = Stay(
        "Essoufflement au moindre effort et jambes gonflées depuis deux semaines.",
        (
            "Poussée d’insuffisance cardiaque, sans facteur déclenchant trouvé hormis un écart de régime.",
            f"Échographie : fraction d’éjection {fraction} %. NT-proBNP à l’entrée : {life.between(42, 88) * 100} "
            "ng/L.",
            f"Furosémide en perfusion : {life.between(4, 8)} kg perdus. Marche dans le couloir sans essoufflement.",
        ),
        (Problem(HEART_FAILURE, day),),
        taken,
        plan=("Prise de sang dans une semaine.", "Infirmière à domicile.", "Cardiologue dans un mois.", "Peu de sel."),
        allergies=tuple(life.chart.allergies),
    )
    stay(
        life, day, life.between(5, 9), life.team.cardiologist, "Sortie après une poussée d’insuffisance cardiaque", what
    )
    order(
        life, life.day(months - 1), "PRESC-INF", "Ordonnance de soins infirmiers",
        "Au domicile, trois fois par semaine pendant trois mois : poids, tension, pouls, œdèmes, éducation.",
    )  # fmt: skip
    for after in (1, 5, 12):
        _watch_heart(life, months - after, taken)
    life.chart.problems.append(Problem(HEART_FAILURE, day))
    life.chart.treatments += taken
    life.chart.attention.append(f"Insuffisance cardiaque, fraction d’éjection {fraction} % : poids à surveiller.")
    life.chart.no_antiinflammatory = True


def _watch_heart(life: Life, months: int, taken: tuple[Medicine, ...]) -> None:
    creatinine = life.between(84, 112) if life.woman else life.between(98, 130)
    values = {"creatinine": creatinine, "potassium": life.between(42, 52) / 10, "ntprobnp": life.between(8, 19) * 100,
              "urea": life.between(75, 110) / 10}  # fmt: skip
    asked_by = life.team.cardiologist
    life.blood(life.day(months), (*KIDNEY, "urea", "ntprobnp"), values, title="Surveillance du cœur", asked_by=asked_by)
    day = life.day(months, -5)
    see(
        life, day, life.team.attending, "Suivi de l’insuffisance cardiaque",
        f"Poids {life.weight()} kg, stable. Tension {pressure(life.between(106, 124), 66)}, pouls "
        f"{life.between(58, 72)}. "
        f"Essoufflé au {life.pick(('premier', 'deuxième'))} étage. Pas d’œdème.",
        "Même traitement. Régime peu salé suivi.",
    )  # fmt: skip
    prescribe(life, day, *(life.give(one, day, boxes=3, renewals=3) for one in taken), delivered=life.once_in(2))


def stroke(life: Life) -> None:
    """A stroke from which nearly everything came back."""
    months = life.between(12, 28)
    day = life.day(months)
    rush(
        life, day, "Passage aux urgences : faiblesse du bras",
        "Faiblesse du bras droit et difficulté à parler depuis 1 h 20. Score NIHSS : 6.",
        "IRM : petit infarctus sylvien gauche. Thrombolyse commencée à 2 h 05.",
    )  # fmt: skip
    taken = tuple(life.lasting(name, day, "Après l’accident vasculaire cérébral")
                  for name in ("clopidogrel", "atorvastatin", "perindopril"))  # fmt: skip
    what = Stay(
        "Infarctus cérébral sylvien gauche.",
        (
            "Thrombolyse sans saignement. Récupération de la parole en 24 heures, du bras en cinq jours.",
            "Pas de sténose des carotides. Holter de 72 heures sans fibrillation.",
        ),
        (Problem(conditions.STROKE, day),),
        taken,
        plan=("Kinésithérapie et orthophonie.", "Neurologue dans trois mois.", "Tension sous 130/80."),
        allergies=tuple(life.chart.allergies),
    )
    stay(life, day, 8, life.team.neurologist, "Sortie de l’unité neuro-vasculaire", what)
    order(
        life,
        life.day(months, -15),
        "PRESC-KINE",
        "Ordonnance de kinésithérapie",
        "Rééducation du bras droit : 20 séances.",
    )
    order(life, life.day(months, -15), "PRESC-ORTHOPHO", "Ordonnance d’orthophonie", "Bilan et rééducation du langage.")
    _after_stroke(life, months, taken)
    life.chart.history.append(Problem(conditions.STROKE, day, day + timedelta(days=8)))
    life.chart.treatments += taken
    life.chart.no_antiinflammatory = True


def _after_stroke(life: Life, months: int, taken: tuple[Medicine, ...]) -> None:
    write(
        life, life.day(months - 4), life.team.speech_therapist, "11506-3", "Bilan d’orthophonie",
        "Parole fluide, mots rares retrouvés avec un peu de temps. Lecture et écriture normales.",
        "Douze séances faites, arrêt de la rééducation.",
    )  # fmt: skip
    for after in (3, 9):
        day = life.day(months - after)
        see(
            life, day, life.team.neurologist, "Consultation de neurologie",
            f"Force du bras droit à 5/5, écriture un peu lente. Tension {pressure(life.between(118, 132), 74)}.",
            "Poursuivre le traitement. Conduite permise après avis de la commission.",
        )  # fmt: skip
        prescribe(life, day, *(life.give(one, day, boxes=3, renewals=3) for one in taken), delivered=True)
        values = {"cholesterol": 3.4, "hdl": 1.25, "triglycerides": 1.1}
        life.blood(life.day(months - after, 8), (*LIPIDS, "glucose"), values, title="Bilan après un AVC")
