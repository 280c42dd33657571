"""The twenty mandatory examinations of children, as data: a new schedule is a new module, added to `SCHEDULES`.

After article R2132-1 of the Code de la santé publique as the decree of 26 February 2019 left it, which was not read
itself: ages from second-hand lists that agree on fourteen examinations until three years, three until six and three
until sixteen. K14 has another list for 2025, without its text: whoever operates a service verifies the ages before use
(docs/how-to/follow-a-child.md). Ours, taken from no text: on which day each opens and is over, and the words.
"""

from datetime import date

from espace.clinical.rules.childhood.values import Age, Examination, Schedule
from espace.kernel.reasons import Sentence

YEAR = 12
_MATERNITY = Sentence(
    "Un médecin de la maternité, ou un pédiatre.", "A doctor of the maternity ward, or a paediatrician."
)
_DOCTOR = Sentence(
    "Le médecin traitant, un pédiatre ou un médecin de la protection maternelle et infantile (PMI).",
    "The attending doctor, a paediatrician or a doctor of the mother and child service (PMI).",
)
_OLDER = Sentence("Le médecin traitant ou un pédiatre.", "The attending doctor or a paediatrician.")


def _months(first: int, after: int) -> tuple[Age, Age]:
    return Age(first), Age(after)


def _exam(
    code: str,
    title: tuple[str, str],
    ages: tuple[Age, Age],
    about: tuple[str, str],
    *,
    who: Sentence = _DOCTOR,
    certificate: bool = False,
) -> Examination:
    return Examination(code, Sentence(*title), Sentence(*about), who, *ages, certificate=certificate)


_FIRST_YEAR = (
    _exam(
        "j8", ("Dans les 8 jours", "Within 8 days"), (Age(0), Age(0, 8)),
        ("Le poids, le cœur, les hanches, la vue et l’audition du nouveau-né.",
         "The newborn’s weight, heart, hips, sight and hearing."),
        who=_MATERNITY, certificate=True,
    ),
    _exam(
        "s2", ("2e semaine", "2nd week"), (Age(0, 8), Age(0, 15)),
        ("La reprise du poids, l’alimentation, le sommeil, et comment vont les parents.",
         "Weight gain, feeding, sleep, and how the parents are."),
    ),
    _exam(
        "m1", ("Avant 1 mois", "Before 1 month"), (Age(0, 15), Age(1)),
        ("La croissance, le regard, les hanches, l’alimentation.", "Growth, eyes, hips, feeding."),
    ),
    _exam(
        "m2", ("2 mois", "2 months"), _months(2, 3),
        ("La croissance, le sourire, le regard, et les premiers vaccins.",
         "Growth, smile, eyes, and the first vaccines."),
    ),
    _exam(
        "m3", ("3 mois", "3 months"), _months(3, 4),
        ("La croissance, le tonus, le regard, le sommeil.", "Growth, muscle tone, eyes, sleep."),
    ),
    _exam(
        "m4", ("4 mois", "4 months"), _months(4, 5),
        ("La croissance, la tenue de la tête, la vue, et des vaccins.",
         "Growth, holding the head up, sight, and vaccines."),
    ),
    _exam(
        "m5", ("5 mois", "5 months"), _months(5, 6),
        ("La croissance, les nouveaux aliments, l’éveil, et un vaccin.",
         "Growth, new foods, alertness, and a vaccine."),
    ),
    _exam(
        "m8", ("8 mois", "8 months"), _months(8, 9),
        ("S’asseoir, attraper, la vue et l’audition.", "Sitting, grasping, sight and hearing."),
        certificate=True,
    ),
    _exam(
        "m11", ("11 mois", "11 months"), _months(11, 12),
        ("Se mettre debout, les premiers sons, l’alimentation, et des vaccins.",
         "Standing up, the first sounds, food, and vaccines."),
    ),
    _exam(
        "m12", ("12 mois", "12 months"), _months(12, 13),
        ("La croissance, les premiers pas, la communication, et des vaccins.",
         "Growth, first steps, communication, and vaccines."),
    ),
)  # fmt: skip
_UNTIL_SIX = (
    _exam(
        "m16", ("16 à 18 mois", "16 to 18 months"), _months(16, 19),
        ("La marche, le langage, les relations avec les autres, et des vaccins.",
         "Walking, speech, relations with others, and vaccines."),
    ),
    _exam(
        "m23", ("23 à 24 mois", "23 to 24 months"), _months(23, 25),
        ("Le langage, la marche, le jeu, la vue et l’audition.", "Speech, walking, play, sight and hearing."),
        certificate=True,
    ),
    _exam(
        "a2", ("2 ans", "2 years"), _months(25, 3 * YEAR),
        ("Le langage, l’alimentation, le sommeil, les écrans, les dents.", "Speech, food, sleep, screens, teeth."),
    ),
    _exam(
        "a3", ("3 ans", "3 years"), _months(3 * YEAR, 4 * YEAR),
        ("Le langage, la vue et l’audition, au début de l’école.", "Speech, sight and hearing, as school begins."),
    ),
    _exam(
        "a4", ("4 ans", "4 years"), _months(4 * YEAR, 5 * YEAR),
        ("La croissance, le poids, le langage, le sommeil.", "Growth, weight, speech, sleep."),
    ),
    _exam(
        "a5", ("5 ans", "5 years"), _months(5 * YEAR, 6 * YEAR),
        ("La croissance, la vue, l’audition, les dents, l’école.", "Growth, sight, hearing, teeth, school."),
    ),
    _exam(
        "a6", ("6 ans", "6 years"), _months(6 * YEAR, 7 * YEAR),
        ("La vue, l’audition, le langage avant d’apprendre à lire, et un rappel de vaccin.",
         "Sight, hearing, speech before learning to read, and a booster vaccine."),
    ),
)  # fmt: skip
_UNTIL_SIXTEEN = (
    _exam(
        "a8", ("8 à 9 ans", "8 to 9 years"), _months(8 * YEAR, 10 * YEAR),
        ("La croissance, le poids, le dos, les dents, l’école.", "Growth, weight, back, teeth, school."), who=_OLDER,
    ),
    _exam(
        "a11", ("11 à 13 ans", "11 to 13 years"), _months(11 * YEAR, 14 * YEAR),
        ("La puberté, le dos, le moral, et des vaccins.", "Puberty, back, mood, and vaccines."), who=_OLDER,
    ),
    _exam(
        "a15", ("15 à 16 ans", "15 to 16 years"), _months(15 * YEAR, 17 * YEAR),
        ("La santé, le moral, les questions du jeune, qui peut être reçu seul.",
         "Health, mood, and the teenager’s own questions; they may be seen alone."),
        who=_OLDER,
    ),
)  # fmt: skip

SCHEDULE = Schedule(
    date(2019, 3, 1),
    Sentence(
        "Vingt examens obligatoires de l’enfant, code de la santé publique, article R2132-1 (2019)",
        "Twenty mandatory examinations of children, Public Health Code, article R2132-1 (2019)",
    ),
    (*_FIRST_YEAR, *_UNTIL_SIX, *_UNTIL_SIXTEEN),
)
