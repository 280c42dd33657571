"""More treatments, for the crowd: common names, ATC classes, doses of adults unless the words say otherwise."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from espace.site.demo.stories import remedies
from espace.wire.cda_writing import CUTANEOUS, INHALED, INTRAMUSCULAR, ORAL, SUBCUTANEOUS, Medicine
from espace.wire.xds import Coded

_START = date(2020, 1, 1)
_FORMS: Mapping[str, tuple[Coded, str]] = {
    "comprimé": (ORAL, "{tablet}"),
    "gélule": (ORAL, "{capsule}"),
    "sachet": (ORAL, "{sachet}"),
    "gouttes": (ORAL, "{drop}"),
    "suspension buvable": (ORAL, "mg"),
    "inhalation": (INHALED, "{puff}"),
    "stylo injectable": (SUBCUTANEOUS, "{injection}"),
    "insuline": (SUBCUTANEOUS, "[iU]"),
    "intramusculaire": (INTRAMUSCULAR, "{injection}"),
    "crème": (CUTANEOUS, "{application}"),
}


def medicine(
    name: str, form: str, atc: str, substance: str, words: str, *, hours: int = 24, dose: str = "1"
) -> Medicine:
    """A medicine of that form; `hours` between two doses, `dose` in the form's unit."""
    route, unit = _FORMS[form]
    shown = name if form in ("inhalation", "insuline", "intramusculaire") else f"{name}, {form}"
    return Medicine(shown, atc, substance, Decimal(dose), unit, hours, words, route, _START)


_ONCE = "1 comprimé le matin"
_ROWS: Mapping[str, Medicine] = {
    # the heart and the vessels
    "perindopril": medicine("Périndopril 4 mg", "comprimé", "C09AA04", "Périndopril", _ONCE),
    "candesartan": medicine("Candésartan 8 mg", "comprimé", "C09CA06", "Candésartan", _ONCE),
    "indapamide": medicine("Indapamide LP 1,5 mg", "comprimé", "C03BA11", "Indapamide", _ONCE),
    "spironolactone": medicine("Spironolactone 25 mg", "comprimé", "C03DA01", "Spironolactone", _ONCE),
    "rosuvastatin": medicine("Rosuvastatine 10 mg", "comprimé", "C10AA07", "Rosuvastatine", "1 comprimé le soir"),
    "ezetimibe": medicine("Ézétimibe 10 mg", "comprimé", "C10AX09", "Ézétimibe", "1 comprimé le soir"),
    "clopidogrel": medicine("Clopidogrel 75 mg", "comprimé", "B01AC04", "Clopidogrel", "1 comprimé par jour"),
    "ticagrelor": medicine(
        "Ticagrélor 90 mg", "comprimé", "B01AC24", "Ticagrélor", "1 comprimé matin et soir pendant un an", hours=12
    ),
    # sugar, thyroid, bones
    "empagliflozin": medicine("Empagliflozine 10 mg", "comprimé", "A10BK03", "Empagliflozine", _ONCE),
    "gliclazide": medicine("Gliclazide LM 60 mg", "comprimé", "A10BB09", "Gliclazide", "1 comprimé au petit déjeuner"),
    "dulaglutide": medicine(
        "Dulaglutide 1,5 mg", "stylo injectable", "A10BJ05", "Dulaglutide", "1 injection par semaine", hours=168
    ),
    "glargine": medicine(
        "Insuline glargine 100 UI/mL, stylo", "insuline", "A10AE04", "Insuline glargine",
        "18 unités le soir, à ajuster selon la glycémie du matin", dose="18",
    ),
    "aspart": medicine(
        "Insuline asparte 100 UI/mL, stylo", "insuline", "A10AB05", "Insuline asparte",
        "Avant chaque repas, selon les glucides et la glycémie", hours=8, dose="6",
    ),
    "thyroxine_50": medicine(
        "Lévothyroxine 50 microgrammes", "comprimé", "H03AA01", "Lévothyroxine sodique", "1 comprimé le matin à jeun"
    ),
    "alendronate": medicine(
        "Acide alendronique 70 mg", "comprimé", "M05BA04", "Acide alendronique",
        "1 comprimé une fois par semaine, à jeun, avec un grand verre d’eau, sans se recoucher", hours=168,
    ),
    "vitamin_d": medicine(
        "Colécalciférol 50 000 UI", "gélule", "A11CC05", "Colécalciférol", "1 gélule par mois", hours=730
    ),
    "vitamin_d_drops": medicine(
        "Colécalciférol 10 000 UI/mL", "gouttes", "A11CC05", "Colécalciférol", "2 gouttes par jour (600 UI)", dose="2"
    ),
    "b12": medicine("Cyanocobalamine 1 000 microgrammes", "comprimé", "B03BA01", "Cyanocobalamine", _ONCE),
    # lungs, nose, skin
    "budesonide_formoterol": medicine(
        "Budésonide 200 microgrammes et formotérol 6 microgrammes par dose, poudre pour inhalation", "inhalation",
        "R03AK07", "Formotérol et budésonide", "1 inhalation matin et soir, et 1 de plus en cas de gêne", hours=12,
    ),
    "fluticasone_salmeterol": medicine(
        "Fluticasone 250 microgrammes et salmétérol 50 microgrammes par dose, poudre pour inhalation", "inhalation",
        "R03AK06", "Salmétérol et fluticasone", "1 inhalation matin et soir, puis se rincer la bouche", hours=12,
    ),
    "prednisolone": medicine(
        "Prednisolone 20 mg", "comprimé", "H02AB06", "Prednisolone", "2 comprimés le matin pendant 5 jours", dose="2"
    ),
    "cetirizine": medicine("Cétirizine 10 mg", "comprimé", "R06AE07", "Cétirizine", "1 comprimé le soir"),
    "adrenaline": medicine(
        "Adrénaline 300 microgrammes, stylo auto-injecteur", "intramusculaire", "C01CA24", "Adrénaline",
        "1 injection dans la cuisse en cas de réaction grave, puis appeler le 15",
    ),
    "adrenaline_child": medicine(
        "Adrénaline 150 microgrammes, stylo auto-injecteur", "intramusculaire", "C01CA24", "Adrénaline",
        "1 injection dans la cuisse en cas de réaction grave, puis appeler le 15",
    ),
    "desonide": medicine(
        "Désonide 0,1 %", "crème", "D07AB08", "Désonide", "1 application le soir sur les plaques, jusqu’à guérison"
    ),
    "acne_gel": medicine(
        "Adapalène 0,1 % et peroxyde de benzoyle 2,5 %, gel", "crème", "D10AD53", "Adapalène, associations",
        "1 application le soir sur peau sèche",
    ),
    "doxycycline": medicine("Doxycycline 100 mg", "comprimé", "J01AA02", "Doxycycline", "1 comprimé au dîner"),
    # infections
    "clarithromycin": medicine(
        "Clarithromycine 500 mg", "comprimé", "J01FA09", "Clarithromycine", "1 comprimé matin et soir", hours=12
    ),
    "fosfomycin": medicine(
        "Fosfomycine 3 g", "sachet", "J01XX01", "Fosfomycine trométamol", "1 sachet en une prise, le soir"
    ),
    # pain, stomach
    "tramadol": medicine(
        "Tramadol 50 mg", "gélule", "N02AX02", "Tramadol", "1 gélule toutes les 8 heures si la douleur reste forte",
        hours=8,
    ),
    "naproxen": medicine("Naproxène 550 mg", "comprimé", "M01AE02", "Naproxène", "1 comprimé matin et soir", hours=12),
    "colchicine": medicine(
        "Colchicine 1 mg", "comprimé", "M04AC01", "Colchicine",
        "1 comprimé le soir ; arrêter et appeler en cas de diarrhée",
    ),
    "allopurinol": medicine("Allopurinol 100 mg", "comprimé", "M04AA01", "Allopurinol", "1 comprimé après le dîner"),
    "methotrexate": medicine(
        "Méthotrexate 2,5 mg", "comprimé", "L04AX03", "Méthotrexate",
        "6 comprimés (15 mg) UNE SEULE FOIS PAR SEMAINE, le lundi", hours=168, dose="6",
    ),
    "folic_5": medicine(
        "Acide folique 5 mg", "comprimé", "B03BB01", "Acide folique", "2 comprimés le mercredi", hours=168, dose="2"
    ),
    "omeprazole": medicine("Oméprazole 20 mg", "gélule", "A02BC01", "Oméprazole", "1 gélule le matin à jeun"),
    "macrogol": medicine("Macrogol 10 g", "sachet", "A06AD15", "Macrogol", "1 à 2 sachets par jour"),
    "phloroglucinol": medicine(
        "Phloroglucinol 80 mg", "comprimé", "A03AX12", "Phloroglucinol", "2 comprimés en cas de crise, 6 par jour "
        "au plus",
        hours=8, dose="2",
    ),
    # nerves and moods
    "sertraline": medicine("Sertraline 50 mg", "gélule", "N06AB06", "Sertraline", "1 gélule le matin"),
    "escitalopram": medicine("Escitalopram 10 mg", "comprimé", "N06AB10", "Escitalopram", _ONCE),
    "mirtazapine": medicine("Mirtazapine 15 mg", "comprimé", "N06AX11", "Mirtazapine", "1 comprimé au coucher"),
    "levodopa": medicine(
        "Lévodopa 100 mg et bensérazide 25 mg", "gélule", "N04BA02", "Lévodopa et inhibiteur de la décarboxylase",
        "1 gélule à 8 h, 12 h, 16 h et 20 h, une demi-heure avant les repas", hours=6,
    ),
    "propranolol": medicine(
        "Propranolol LP 80 mg", "gélule", "C07AA05", "Propranolol", "1 gélule le soir pour espacer les crises"
    ),
    # women, men
    "pill": medicine(
        "Lévonorgestrel 100 microgrammes et éthinylestradiol 20 microgrammes", "comprimé", "G03AA07",
        "Lévonorgestrel et éthinylestradiol", "1 comprimé par jour pendant 21 jours, puis 7 jours d’arrêt",
    ),
    "progestin_pill": medicine(
        "Désogestrel 75 microgrammes", "comprimé", "G03AC09", "Désogestrel", "1 comprimé par jour à heure fixe"
    ),
    "tamoxifen": medicine("Tamoxifène 20 mg", "comprimé", "L02BA01", "Tamoxifène", "1 comprimé par jour, 5 ans"),
    "letrozole": medicine("Létrozole 2,5 mg", "comprimé", "L02BG04", "Létrozole", "1 comprimé par jour, 5 ans"),
    "tamsulosin": medicine("Tamsulosine LP 0,4 mg", "gélule", "G04CA02", "Tamsulosine", "1 gélule après le dîner"),
    "leuprorelin": medicine(
        "Leuproréline LP 11,25 mg", "stylo injectable", "L02AE02", "Leuproréline", "1 injection tous les trois mois",
        hours=2190,
    ),
    "ondansetron": medicine(
        "Ondansétron 8 mg", "comprimé", "A04AA01", "Ondansétron", "1 comprimé matin et soir si nausées, 2 jours",
        hours=12,
    ),
}  # fmt: skip

_KNOWN: Mapping[str, Medicine] = {
    "levothyroxine": remedies.LEVOTHYROXINE,
    "metformin": remedies.METFORMIN,
    "ramipril": remedies.RAMIPRIL,
    "amlodipine": remedies.AMLODIPINE,
    "atorvastatin": remedies.ATORVASTATIN,
    "bisoprolol": remedies.BISOPROLOL,
    "furosemide": remedies.FUROSEMIDE,
    "apixaban": remedies.APIXABAN,
    "aspirin": remedies.ASPIRIN,
    "paracetamol": remedies.PARACETAMOL,
    "ibuprofen": remedies.IBUPROFEN,
    "amoxicillin": remedies.AMOXICILLIN,
    "sumatriptan": remedies.SUMATRIPTAN,
    "desloratadine": remedies.DESLORATADINE,
    "iron": remedies.IRON,
    "pantoprazole": remedies.PANTOPRAZOLE,
    "folic_acid": remedies.FOLIC_ACID,
    "salbutamol": remedies.SALBUTAMOL,
    "fluticasone": remedies.FLUTICASONE,
    "tiotropium": remedies.TIOTROPIUM,
    "enoxaparin": remedies.ENOXAPARIN,
}
M: Mapping[str, Medicine] = {**_KNOWN, **_ROWS}
"""Every treatment of the crowd by a short name."""


def syrup(name: str, atc: str, substance: str, milligrams: int, hours: int, words: str) -> Medicine:
    """A suspension for a child: the dose follows the weight, and `words` say how."""
    return medicine(name, "suspension buvable", atc, substance, words, hours=hours, dose=str(milligrams))


def child_paracetamol(kilograms: float) -> Medicine:
    """15 mg/kg every six hours, four times a day at most; the suspension is counted in kilograms on its pipette."""
    dose = round(kilograms)
    words = f"1 dose de {dose} kg toutes les 6 heures en cas de fièvre ou de douleur, 4 par jour au plus"
    return syrup("Paracétamol 2,4 %", "N02BE01", "Paracétamol", 15 * dose, 6, words)


def child_amoxicillin(kilograms: float) -> Medicine:
    """80 mg/kg a day in two doses, 3 g a day at most."""
    dose = min(1500, round(kilograms * 40 / 25) * 25)
    words = f"{dose} mg matin et soir (80 mg/kg par jour)"
    return syrup("Amoxicilline 250 mg/5 mL", "J01CA04", "Amoxicilline", dose, 12, words)
