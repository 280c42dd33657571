"""Diagnoses (ICD-10), acts (CCAM) and allergies of the stories."""

from espace.wire.cda_writing import snomed
from espace.wire.nomenclature.systems import ATC, ICD_10
from espace.wire.xds import Coded

_CCAM = "1.2.250.1.215.300.1"


def _icd(code: str, label: str) -> Coded:
    return Coded(code, ICD_10.oid, label)


THYROIDITIS = _icd("E06.3", "Thyroïdite auto-immune (maladie de Hashimoto)")
MIGRAINE = _icd("G43.1", "Migraine avec aura")
MENISCUS = _icd("S83.2", "Déchirure d’un ménisque, récente")
DIABETES = _icd("E11.9", "Diabète sucré de type 2, sans complication")
HYPERTENSION = _icd("I10", "Hypertension essentielle (primitive)")
CHOLESTEROL = _icd("E78.0", "Hypercholestérolémie pure")
HIP_ARTHRITIS = _icd("M16.1", "Coxarthrose primaire, d’un côté")
CATARACT = _icd("H25.9", "Cataracte sénile, sans précision")
ASTHMA = _icd("J45.0", "Asthme à prédominance allergique")
WRIST_FRACTURE = _icd("S52.5", "Fracture de l’extrémité inférieure du radius")
FIBRILLATION = _icd("I48.0", "Fibrillation auriculaire paroxystique")
HEART_ATTACK = _icd("I21.1", "Infarctus transmural aigu du myocarde, de la paroi inférieure")
HEART_FAILURE = _icd("I50.0", "Insuffisance cardiaque congestive")
PNEUMONIA = _icd("J18.9", "Pneumopathie, sans précision")
COPD = _icd("J44.9", "Maladie pulmonaire obstructive chronique, sans précision")
ANAEMIA = _icd("D50.9", "Anémie par carence en fer, sans précision")
DELIVERY = _icd("O80.0", "Accouchement spontané par présentation du sommet")
FALL = _icd("W19", "Chute, sans précision")
APPENDICITIS = _icd("K35.8", "Appendicites aiguës, autres et non précisées")
GALLSTONES = _icd("K80.2", "Calcul de la vésicule biliaire sans cholécystite")

KNEE_ARTHROSCOPY = Coded("NFFC004", _CCAM, "Méniscectomie du genou, par arthroscopie")
HIP_REPLACEMENT = Coded("NEKA020", _CCAM, "Remplacement de l’articulation coxofémorale par prothèse totale")
CATARACT_SURGERY = Coded(
    "BFGA004", _CCAM, "Extraction du cristallin par phakoémulsification, avec implantation d’un cristallin artificiel"
)
APPENDECTOMY = Coded("HHFA016", _CCAM, "Appendicectomie, par cœlioscopie")

PENICILLINS = Coded("J01C", ATC.oid, "Pénicillines")
GRASS_POLLEN = snomed("256277009", "Pollens de graminées")
PEANUT = snomed("762952008", "Arachide")
