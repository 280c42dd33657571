"""Diagnoses (ICD-10), acts (CCAM) and allergies of the stories."""

from espace.wire.cda_writing import snomed
from espace.wire.nomenclature.systems import ATC, ICD_10
from espace.wire.xds import Coded

_CCAM = "1.2.250.1.215.300.1"


def icd(code: str, label: str) -> Coded:
    """A diagnosis of the ICD-10."""
    return Coded(code, ICD_10.oid, label)


def ccam(code: str, label: str) -> Coded:
    """A technical act of the CCAM."""
    return Coded(code, _CCAM, label)


THYROIDITIS = icd("E06.3", "Thyroïdite auto-immune (maladie de Hashimoto)")
MIGRAINE = icd("G43.1", "Migraine avec aura")
MENISCUS = icd("S83.2", "Déchirure d’un ménisque, récente")
DIABETES = icd("E11.9", "Diabète sucré de type 2, sans complication")
HYPERTENSION = icd("I10", "Hypertension essentielle (primitive)")
CHOLESTEROL = icd("E78.0", "Hypercholestérolémie pure")
HIP_ARTHRITIS = icd("M16.1", "Coxarthrose primaire, d’un côté")
CATARACT = icd("H25.9", "Cataracte sénile, sans précision")
ASTHMA = icd("J45.0", "Asthme à prédominance allergique")
WRIST_FRACTURE = icd("S52.5", "Fracture de l’extrémité inférieure du radius")
FIBRILLATION = icd("I48.0", "Fibrillation auriculaire paroxystique")
HEART_ATTACK = icd("I21.1", "Infarctus transmural aigu du myocarde, de la paroi inférieure")
HEART_FAILURE = icd("I50.0", "Insuffisance cardiaque congestive")
PNEUMONIA = icd("J18.9", "Pneumopathie, sans précision")
COPD = icd("J44.9", "Maladie pulmonaire obstructive chronique, sans précision")
ANAEMIA = icd("D50.9", "Anémie par carence en fer, sans précision")
DELIVERY = icd("O80.0", "Accouchement spontané par présentation du sommet")
FALL = icd("W19", "Chute, sans précision")
APPENDICITIS = icd("K35.8", "Appendicites aiguës, autres et non précisées")
INFARCTION = icd("I21.9", "Infarctus aigu du myocarde, sans précision")
BREAST_CANCER = icd("C50.9", "Tumeur maligne du sein, sans précision")
FIBROADENOMA = icd("D24", "Tumeur bénigne du sein")
GALLSTONES = icd("K80.2", "Calcul de la vésicule biliaire sans cholécystite")

KNEE_ARTHROSCOPY = ccam("NFFC004", "Méniscectomie du genou, par arthroscopie")
HIP_REPLACEMENT = ccam("NEKA020", "Remplacement de l’articulation coxofémorale par prothèse totale")
CATARACT_SURGERY = ccam(
    "BFGA004", "Extraction du cristallin par phakoémulsification, avec implantation d’un cristallin artificiel"
)
APPENDECTOMY = ccam("HHFA016", "Appendicectomie, par cœlioscopie")

HIP, KNEE, EYE = snomed("29836001", "hanche"), snomed("72696002", "genou"), snomed("81745001", "œil")

PENICILLINS = Coded("J01C", ATC.oid, "Pénicillines")
GRASS_POLLEN = snomed("256277009", "Pollens de graminées")
PEANUT = snomed("762952008", "Arachide")
