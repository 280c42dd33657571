"""Treatments of the stories: common names, ATC classes, usual doses of adults unless said."""

from datetime import date
from decimal import Decimal

from espace.kernel.values import replace
from espace.wire.cda_writing import INHALED, ORAL, SUBCUTANEOUS, Medicine
from espace.wire.xds import Coded

_TABLET = "{tablet}"
_PUFF = "{puff}"
_START = date(2020, 1, 1)


def _tablet(name: str, atc: str, substance: str, words: str, hours: int | None = 24, dose: str = "1") -> Medicine:
    return Medicine(name, atc, substance, Decimal(dose), _TABLET, hours, words, ORAL, _START)


LEVOTHYROXINE = _tablet(
    "Lévothyroxine 75 microgrammes, comprimé", "H03AA01", "Lévothyroxine sodique", "1 comprimé le matin à jeun"
)
METFORMIN = _tablet(
    "Metformine 1 000 mg, comprimé", "A10BA02", "Metformine", "1 comprimé matin et soir, au cours du repas", 12
)
RAMIPRIL = _tablet("Ramipril 5 mg, comprimé", "C09AA05", "Ramipril", "1 comprimé le matin")
AMLODIPINE = _tablet("Amlodipine 5 mg, gélule", "C08CA01", "Amlodipine", "1 gélule le matin")
ATORVASTATIN = _tablet("Atorvastatine 20 mg, comprimé", "C10AA05", "Atorvastatine", "1 comprimé le soir")
BISOPROLOL = _tablet("Bisoprolol 2,5 mg, comprimé", "C07AB07", "Bisoprolol", "1 comprimé le matin")
FUROSEMIDE = _tablet("Furosémide 40 mg, comprimé", "C03CA01", "Furosémide", "1 comprimé le matin")
APIXABAN = _tablet("Apixaban 5 mg, comprimé", "B01AF02", "Apixaban", "1 comprimé matin et soir", 12)
ASPIRIN = _tablet("Acide acétylsalicylique 75 mg, comprimé", "B01AC06", "Acide acétylsalicylique", "1 comprimé le midi")
PARACETAMOL = _tablet(
    "Paracétamol 1 g, comprimé",
    "N02BE01",
    "Paracétamol",
    "1 comprimé toutes les 8 heures en cas de douleur, 3 par jour au plus",
    8,
)
IBUPROFEN = _tablet(
    "Ibuprofène 400 mg, comprimé", "M01AE01", "Ibuprofène", "1 comprimé trois fois par jour pendant le repas", 8
)
AMOXICILLIN = _tablet(
    "Amoxicilline 1 g, comprimé dispersible", "J01CA04", "Amoxicilline", "1 comprimé trois fois par jour", 8
)
SUMATRIPTAN = _tablet(
    "Sumatriptan 50 mg, comprimé",
    "N02CC01",
    "Sumatriptan",
    "1 comprimé dès le début de la crise ; un second au moins 2 heures après si elle revient",
    None,
)
DESLORATADINE = _tablet("Desloratadine 5 mg, comprimé", "R06AX27", "Desloratadine", "1 comprimé par jour")
IRON = _tablet(
    "Sulfate ferreux 80 mg, comprimé", "B03AA07", "Sulfate ferreux", "1 comprimé par jour, loin du thé et du café"
)
PANTOPRAZOLE = _tablet("Pantoprazole 20 mg, comprimé", "A02BC02", "Pantoprazole", "1 comprimé le matin à jeun")
FOLIC_ACID = _tablet("Acide folique 0,4 mg, comprimé", "B03BB01", "Acide folique", "1 comprimé par jour")
SALBUTAMOL = Medicine(
    "Salbutamol 100 microgrammes par dose, suspension pour inhalation",
    "R03AC02",
    "Salbutamol",
    Decimal(2),
    _PUFF,
    None,
    "2 bouffées en cas de gêne, avec la chambre d’inhalation",
    INHALED,
    _START,
)
FLUTICASONE = Medicine(
    "Fluticasone 50 microgrammes par dose, suspension pour inhalation",
    "R03BA05",
    "Fluticasone",
    Decimal(1),
    _PUFF,
    12,
    "1 bouffée matin et soir, puis se rincer la bouche",
    INHALED,
    _START,
)
TIOTROPIUM = Medicine(
    "Tiotropium 2,5 microgrammes par dose, solution à inhaler",
    "R03BB04",
    "Tiotropium",
    Decimal(2),
    _PUFF,
    24,
    "2 bouffées le matin",
    INHALED,
    _START,
)
ENOXAPARIN = Medicine(
    "Énoxaparine 4 000 UI, solution injectable",
    "B01AB05",
    "Énoxaparine",
    Decimal(1),
    "{syringe}",
    24,
    "1 injection sous la peau chaque soir, par l’infirmière",
    SUBCUTANEOUS,
    _START,
)


def given(
    medicine: Medicine,
    since: date,
    until: date | None = None,
    *,
    reason: str = "",
    problem: Coded | None = None,
    advice: str = "",
    boxes: int = 1,
    renewals: int = 0,
) -> Medicine:
    """That medicine for somebody, between two days; `problem` where `reason` is a diagnosis that is theirs."""
    told = replace(medicine, since=since, until=until, reason=reason, problem=problem)
    return replace(told, advice=advice, boxes=boxes, renewals=renewals)
