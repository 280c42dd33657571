"""The French vaccination calendar of 2025, as data: a new year is a new module, added to `calendars.CALENDARS`.

After the ministry's « Calendrier des vaccinations et recommandations vaccinales 2025 », which was not read itself.
Ages, numbers of doses and who is concerned: F11 to F24, retyped from pages that quote it (ordre des pharmaciens,
agences régionales de santé, manufacturers). Ours, taken from no text of the ministry: the least interval between two
doses, catch-up, from when a dose is late, the days on which campaigns open and close (those of autumn 2025). Whoever
operates a service verifies both before use (docs/explanation/vaccination-calendar.md). Not taken: professions, travel,
and what depends on a history that no document codes (varicella, hepatitis A, contacts).
"""

from datetime import date

from espace.clinical.rules.vaccines.values import Calendar, Campaign, Category, Condition, Course, Disease, Rhythm, Step
from espace.kernel.reasons import Sentence
from espace.kernel.values import replace

YEAR = 12
_ALWAYS = 9999
"""No age is too late."""
_SINCE_2018 = (date(2018, 1, 1), date.max)
"""Law 2017-1836 of 30 December 2017, article 49: eleven vaccinations are mandatory for whoever was born since."""
_BEFORE_2018 = (date.min, date(2018, 1, 1))
_UNDER_TWO_IN_2025 = (date(2023, 1, 1), date.max)
"""Decree 2024-694 of 5 July 2024: mandatory from 1 January 2025 on, until the age of two."""
_PREGNANT = frozenset({Condition.PREGNANT})
_LIVING = frozenset({Condition.PREGNANT, Condition.WEAK_IMMUNITY})
"""Living vaccines are not given to them."""
_WINTER = Campaign((10, 15), (1, 31))
_DTP = (Disease.DIPHTHERIA, Disease.TETANUS, Disease.POLIO)
_MMR = (Disease.MEASLES, Disease.MUMPS, Disease.RUBELLA)
_MANDATORY, _RECOMMENDED = Category.MANDATORY, Category.RECOMMENDED

_HEXAVALENT = Sentence("DTCaP-Hib-hépatite B", "DTaP-IPV-Hib-hepatitis B")
_PNEUMOCOCCUS = Sentence("Pneumocoque", "Pneumococcal")
_ACWY = Sentence("Méningocoques ACWY", "Meningococcal ACWY")
_B = Sentence("Méningocoque B", "Meningococcal B")
_ROR = Sentence("Rougeole-oreillons-rubéole (ROR)", "Measles-mumps-rubella (MMR)")
_ROTAVIRUS = Sentence("Rotavirus", "Rotavirus")
_CHILD_BOOSTER = Sentence("DTCaP ou dTcaP", "DTaP-IPV or Tdap-IPV")
_BOOSTER = Sentence("Rappel diphtérie-tétanos-poliomyélite", "Diphtheria-tetanus-polio booster")
_PERTUSSIS = Sentence("dTcaP (coqueluche)", "Tdap-IPV (whooping cough)")
_HPV = Sentence("Papillomavirus humains (HPV)", "Human papillomavirus (HPV)")
_HEPATITIS_B = Sentence("Hépatite B", "Hepatitis B")
_HIB = Sentence("Haemophilus influenzae b", "Haemophilus influenzae b")
_FLU = Sentence("Grippe", "Influenza")
_FLU_65 = Sentence("Grippe, vaccin renforcé de préférence", "Influenza, enhanced vaccine preferred")
_COVID = Sentence("Covid-19", "COVID-19")
_PCV20 = Sentence("Pneumocoque à 20 ou 21 valences", "Pneumococcal, 20 or 21 valences")
_ZOSTER = Sentence("Zona, vaccin recombinant", "Shingles, recombinant vaccine")
_RSV = Sentence("Virus respiratoire syncytial (VRS)", "Respiratory syncytial virus (RSV)")
_ANTIBODY = Sentence(
    "Anticorps contre le VRS, si la mère n’a pas été vaccinée pendant la grossesse",
    "RSV antibody, unless the mother was vaccinated during pregnancy",
)
_BCG = Sentence("BCG", "BCG")
_YELLOW = Sentence("Fièvre jaune", "Yellow fever")
_DENGUE = Sentence("Dengue", "Dengue")

_INFANT_STEPS = (Step(2, 3, earliest=1), Step(4, 5, after=2), Step(11, 12, after=6, earliest=10, least=5))
_WHOOPING = (*_DTP, Disease.PERTUSSIS)

_INFANTS = (
    Course(_HEXAVALENT, _WHOOPING, _MANDATORY, _INFANT_STEPS, (0, 6 * YEAR), (0, 12), born=_SINCE_2018),
    Course(
        _HEXAVALENT, _WHOOPING, _MANDATORY,
        (Step(12, 12), Step(14, 14, after=2), Step(20, 24, after=6, least=5)),
        (12, 6 * YEAR), (12, 6 * YEAR), born=_SINCE_2018,
    ),
    Course(_HEXAVALENT, (Disease.HIB,), _MANDATORY, _INFANT_STEPS, (0, 5 * YEAR), (0, 12), born=_SINCE_2018),
    Course(_HIB, (Disease.HIB,), _MANDATORY, (Step(12, 12),), (12, 5 * YEAR), (12, 5 * YEAR), born=_SINCE_2018),
    Course(
        _HEXAVALENT, (Disease.HEPATITIS_B,), _MANDATORY,
        (Step(2, 3, earliest=0), Step(4, 5, after=2), Step(11, 12, after=6, earliest=6, least=5)),
        (0, 16 * YEAR), (0, 12), born=_SINCE_2018,
    ),
    Course(
        _HEPATITIS_B, (Disease.HEPATITIS_B,), _RECOMMENDED,
        (Step(2, 16 * YEAR, earliest=0), Step(3, 16 * YEAR, after=1), Step(8, 16 * YEAR, after=5, least=2)),
        (12, 16 * YEAR),
    ),
    Course(_PNEUMOCOCCUS, (Disease.PNEUMOCOCCUS,), _MANDATORY, _INFANT_STEPS, (0, 2 * YEAR), (0, 12)),
    Course(
        _PNEUMOCOCCUS, (Disease.PNEUMOCOCCUS,), _MANDATORY, (Step(12, 12), Step(14, 15, after=2)),
        (12, 2 * YEAR), (12, 2 * YEAR),
    ),
    Course(
        _B, (Disease.MENINGOCOCCUS_B,), _MANDATORY,
        (Step(3, 4, earliest=2), Step(5, 6, after=2), Step(12, 13, after=6, earliest=11, least=5)),
        (0, 2 * YEAR), (0, 12), born=_UNDER_TWO_IN_2025,
    ),
    Course(
        _B, (Disease.MENINGOCOCCUS_B,), _MANDATORY, (Step(12, 12), Step(14, 15, after=2)),
        (12, 2 * YEAR), (12, 2 * YEAR), born=_UNDER_TWO_IN_2025,
    ),
    Course(
        _ACWY, (Disease.MENINGOCOCCUS_ACWY,), _MANDATORY,
        (Step(6, 7, earliest=1), Step(12, 13, after=2, earliest=12)),
        (0, 2 * YEAR), (0, 12), born=_UNDER_TWO_IN_2025,
    ),
    Course(
        _ACWY, (Disease.MENINGOCOCCUS_ACWY,), _MANDATORY, (Step(12, 13),),
        (12, 2 * YEAR), (12, 2 * YEAR), born=_UNDER_TWO_IN_2025,
    ),
    Course(_ACWY, (Disease.MENINGOCOCCUS_ACWY,), _RECOMMENDED, (Step(12, 5 * YEAR),), (2 * YEAR, 5 * YEAR)),
    Course(
        _ROTAVIRUS, (Disease.ROTAVIRUS,), _RECOMMENDED, (Step(2, 3, earliest=1), Step(3, 4, after=1)), (0, 6),
        never=_LIVING,
    ),
    Course(
        _ANTIBODY, (Disease.RSV,), _RECOMMENDED, (), (0, 12), rhythm=Rhythm.SEASON,
        campaign=Campaign((9, 1), (2, 28)),
    ),
)  # fmt: skip

_MEASLES = (
    Course(
        _ROR, _MMR, _MANDATORY, (Step(12, 13), Step(16, 19, after=1)), born=_SINCE_2018, never=_LIVING,
    ),
    Course(
        _ROR, _MMR, _RECOMMENDED, (Step(12, 13), Step(16, 19, after=1)), born=(date(1980, 1, 1), date(2018, 1, 1)),
        never=_LIVING,
    ),
)  # fmt: skip

_BOOSTERS_OF_CHILDREN = (
    Step(6 * YEAR, 7 * YEAR, earliest=5 * YEAR, after=24),
    Step(11 * YEAR, 14 * YEAR, earliest=10 * YEAR, after=24),
)
_AT_25 = Step(25 * YEAR, 26 * YEAR, earliest=20 * YEAR, after=5 * YEAR)
_BOOSTERS_OF_ADULTS = (
    _AT_25,
    Step(45 * YEAR, 46 * YEAR, earliest=40 * YEAR, after=5 * YEAR),
    *(Step(age * YEAR, (age + 1) * YEAR, earliest=(age - 5) * YEAR, after=5 * YEAR) for age in range(65, 126, 10)),
)

_BOOSTERS = (
    Course(
        _PERTUSSIS, (Disease.PERTUSSIS,), _RECOMMENDED, (), (15 * YEAR, 55 * YEAR), rhythm=Rhythm.PREGNANCY,
        sexes="F", conditions=_PREGNANT,
    ),
    Course(
        _CHILD_BOOSTER, _WHOOPING, _RECOMMENDED, _BOOSTERS_OF_CHILDREN, (6 * YEAR, 25 * YEAR), rhythm=Rhythm.BOOSTERS,
    ),
    Course(_PERTUSSIS, (Disease.PERTUSSIS,), _RECOMMENDED, (_AT_25,), (25 * YEAR, 40 * YEAR), rhythm=Rhythm.BOOSTERS),
    Course(_BOOSTER, _DTP, _RECOMMENDED, _BOOSTERS_OF_ADULTS, (25 * YEAR, _ALWAYS), rhythm=Rhythm.BOOSTERS),
)  # fmt: skip

_HPV_TWO = (
    Step(11 * YEAR, 15 * YEAR, earliest=9 * YEAR),
    Step(11 * YEAR, 15 * YEAR, after=6, earliest=9 * YEAR, least=5),
)
_HPV_THREE = (
    Step(15 * YEAR, 20 * YEAR),
    Step(15 * YEAR, 20 * YEAR, after=2),
    Step(15 * YEAR, 20 * YEAR, after=4, least=3),
)
_HPV_CATCH_UP = Course(
    _HPV, (Disease.HPV,), _RECOMMENDED, _HPV_THREE, (15 * YEAR, 20 * YEAR), (15 * YEAR, 20 * YEAR), never=_PREGNANT
)  # fmt: skip

_YOUNG = (
    Course(_HPV, (Disease.HPV,), _RECOMMENDED, _HPV_TWO, (11 * YEAR, 20 * YEAR), (0, 15 * YEAR), never=_PREGNANT),
    _HPV_CATCH_UP,
    Course(
        _ACWY, (Disease.MENINGOCOCCUS_ACWY,), _RECOMMENDED, (Step(11 * YEAR, 25 * YEAR, earliest=10 * YEAR),),
        (11 * YEAR, 25 * YEAR),
    ),
    Course(
        _B, (Disease.MENINGOCOCCUS_B,), _RECOMMENDED,
        (Step(15 * YEAR, 25 * YEAR, earliest=10 * YEAR), Step(15 * YEAR, 25 * YEAR, after=1, earliest=10 * YEAR)),
        (15 * YEAR, 25 * YEAR),
    ),
)  # fmt: skip

_AT_RISK = frozenset({Condition.CHRONIC_ILLNESS, Condition.HEART_OR_LUNG, Condition.WEAK_IMMUNITY})
_CONJUGATE = ("prevenar 20", "capvaxive", "20-valent", "21-valent", "20 valences", "21 valences", "vpc20", "vpc21")

_OLDER_AND_AT_RISK = (
    Course(_FLU_65, (Disease.FLU,), _RECOMMENDED, (), (65 * YEAR, _ALWAYS), rhythm=Rhythm.SEASON, campaign=_WINTER),
    Course(
        _FLU, (Disease.FLU,), _RECOMMENDED, (), (6, 65 * YEAR), rhythm=Rhythm.SEASON, campaign=_WINTER,
        conditions=_AT_RISK | {Condition.PREGNANT},
    ),
    Course(_COVID, (Disease.COVID,), _RECOMMENDED, (), (65 * YEAR, _ALWAYS), rhythm=Rhythm.SEASON, campaign=_WINTER),
    Course(
        _COVID, (Disease.COVID,), _RECOMMENDED, (), (6, 65 * YEAR), rhythm=Rhythm.SEASON, campaign=_WINTER,
        conditions=_AT_RISK | {Condition.PREGNANT},
    ),
    Course(
        _PCV20, (Disease.PNEUMOCOCCUS,), _RECOMMENDED, (Step(65 * YEAR, _ALWAYS, after=12, earliest=18 * YEAR),),
        (65 * YEAR, _ALWAYS), only=_CONJUGATE,
    ),
    Course(
        _PCV20, (Disease.PNEUMOCOCCUS,), _RECOMMENDED, (Step(18 * YEAR, 65 * YEAR, after=12),),
        (18 * YEAR, 65 * YEAR), conditions=_AT_RISK, only=_CONJUGATE,
    ),
    Course(
        _ZOSTER, (Disease.SHINGLES,), _RECOMMENDED,
        (Step(65 * YEAR, _ALWAYS, earliest=18 * YEAR), Step(65 * YEAR, _ALWAYS, after=2, earliest=18 * YEAR)),
        (65 * YEAR, _ALWAYS), only=("shingrix", "j07bk03", "recombinant"),
    ),
    Course(
        _ZOSTER, (Disease.SHINGLES,), _RECOMMENDED, (Step(18 * YEAR, 65 * YEAR), Step(18 * YEAR, 65 * YEAR, after=2)),
        (18 * YEAR, 65 * YEAR), conditions=frozenset({Condition.WEAK_IMMUNITY}),
        only=("shingrix", "j07bk03", "recombinant"),
    ),
    Course(
        _RSV, (Disease.RSV,), _RECOMMENDED, (), (15 * YEAR, 55 * YEAR), rhythm=Rhythm.PREGNANCY, sexes="F",
        conditions=_PREGNANT, campaign=Campaign((9, 1), (1, 31)),
    ),
    Course(_RSV, (Disease.RSV,), _RECOMMENDED, (Step(75 * YEAR, _ALWAYS, earliest=60 * YEAR),), (75 * YEAR, _ALWAYS)),
    Course(
        _RSV, (Disease.RSV,), _RECOMMENDED, (Step(65 * YEAR, 75 * YEAR, earliest=60 * YEAR),),
        (65 * YEAR, 75 * YEAR), conditions=frozenset({Condition.HEART_OR_LUNG}),
    ),
)  # fmt: skip

_PLACES = (
    Course(
        _BCG, (Disease.TUBERCULOSIS,), _RECOMMENDED, (Step(1, 3, earliest=0),), (0, 15 * YEAR),
        conditions=frozenset({Condition.TUBERCULOSIS_RISK, Condition.LIVES_IN_GUYANE, Condition.LIVES_IN_MAYOTTE}),
        never=_LIVING,
    ),
    Course(
        _YELLOW, (Disease.YELLOW_FEVER,), _MANDATORY, (Step(12, 13, earliest=9),), (12, _ALWAYS),
        conditions=frozenset({Condition.LIVES_IN_GUYANE}), never=_LIVING,
    ),
    Course(
        _DENGUE, (Disease.DENGUE,), _RECOMMENDED,
        (Step(6 * YEAR, 17 * YEAR), Step(6 * YEAR, 17 * YEAR, after=3, least=3)), (6 * YEAR, 17 * YEAR),
        conditions=frozenset({Condition.HAD_DENGUE}), never=_LIVING,
        places=frozenset({Condition.LIVES_IN_ANTILLES, Condition.LIVES_IN_GUYANE, Condition.LIVES_IN_MAYOTTE}),
    ),
)  # fmt: skip

JANUARY = Calendar(
    2025,
    date(2025, 1, 1),
    Sentence(
        "Calendrier des vaccinations 2025 du ministère de la Santé, en vigueur au 1er janvier 2025",
        "French Ministry of Health, vaccination calendar 2025, in force on 1 January 2025",
    ),
    (*_INFANTS, *_MEASLES, *_BOOSTERS, *_YOUNG, *_OLDER_AND_AT_RISK, *_PLACES),
)


def _until_26(course: Course) -> Course:
    """The catch-up of HPV, open until the age of 26 included since December 2025."""
    end = 27 * YEAR
    if course is _HPV_CATCH_UP:
        steps = tuple(replace(step, until=end) for step in course.steps)
        return replace(course, ages=(15 * YEAR, end), began=(15 * YEAR, end), steps=steps)
    return replace(course, ages=(11 * YEAR, end)) if course.diseases == (Disease.HPV,) else course


DECEMBER = Calendar(
    2025,
    date(2025, 12, 1),
    Sentence(
        "Calendrier des vaccinations 2025 du ministère de la Santé, mis à jour en décembre 2025",
        "French Ministry of Health, vaccination calendar 2025, updated in December 2025",
    ),
    tuple(_until_26(course) for course in JANUARY.courses),
)
