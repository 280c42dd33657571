"""Imaging of the stories."""

from espace.wire.cda_writing import Examination, loinc, snomed
from espace.wire.xds import Coded

_DCM = "1.2.840.10008.2.16.4"
_CCAM = "1.2.250.1.215.300.1"
XRAY = Coded("DX", _DCM, "Radiographie numérique")
MAMMOGRAM = Coded("MG", _DCM, "Mammographie")
ULTRASOUND = Coded("US", _DCM, "Échographie")
MRI = Coded("MR", _DCM, "IRM")
SCANNER = Coded("CT", _DCM, "Scanner")

CHEST = snomed("51185008", "Thorax")
BREAST = snomed("76752008", "Sein")
KNEE = snomed("72696002", "Genou")
WRIST = snomed("8205005", "Poignet")
ABDOMEN = snomed("113345001", "Abdomen")
HEART = snomed("80891009", "Cœur")
PELVIS = snomed("12921003", "Bassin")
SPINE = snomed("122496007", "Rachis lombaire")
ANKLE = snomed("70258002", "Cheville")
HIP = snomed("24136001", "Hanche")
HEAD = snomed("12738006", "Encéphale")

_OTHER = "18782-3"


def _act(title: str) -> Coded:
    return loinc(_OTHER, title)


def chest_clear(reason: str) -> Examination:
    return Examination(
        Coded("ZBQK002", _CCAM, "Radiographie du thorax"),
        XRAY,
        CHEST,
        reason,
        "Radiographie du thorax de face, debout, en inspiration.",
        (
            "Pas de foyer du parenchyme pulmonaire.",
            "Pas d’épanchement pleural. Silhouette cardiaque de taille normale.",
            "Cadre osseux sans particularité.",
        ),
        "Radiographie du thorax normale.",
        radiation="Produit dose surface : 8,5 cGy.cm².",
    )


def chest_pneumonia() -> Examination:
    return Examination(
        Coded("ZBQK002", _CCAM, "Radiographie du thorax"),
        XRAY,
        CHEST,
        "Fièvre à 39 °C et toux depuis quatre jours.",
        "Radiographie du thorax de face, debout, en inspiration.",
        (
            "Foyer alvéolaire de la base droite, avec bronchogramme aérien.",
            "Pas d’épanchement pleural. Silhouette cardiaque normale.",
        ),
        "Pneumopathie de la base droite. Contrôle conseillé dans six semaines.",
        radiation="Produit dose surface : 9,1 cGy.cm².",
    )


def mammogram(conclusion: str, *findings: str, reason: str = "Dépistage organisé.") -> Examination:
    return Examination(
        Coded("QEQK001", _CCAM, "Mammographie bilatérale"),
        MAMMOGRAM,
        BREAST,
        reason,
        "Deux incidences par sein, face et oblique externe.",
        findings,
        conclusion,
        radiation="Dose glandulaire moyenne : 1,4 mGy par incidence.",
    )


def knee() -> Examination:
    return Examination(
        _act("IRM du genou droit"),
        MRI,
        KNEE,
        "Douleur interne du genou droit et blocages depuis une torsion au sport.",
        "Séquences en densité de protons avec saturation de graisse dans les trois plans, et T1 sagittale.",
        (
            "Fissure oblique de la corne postérieure du ménisque interne, qui atteint la surface inférieure.",
            "Ligaments croisés et latéraux continus. Cartilage conservé.",
            "Petit épanchement articulaire.",
        ),
        "Fissure de la corne postérieure du ménisque interne.",
    )


def hip() -> Examination:
    return Examination(
        _act("Radiographie du bassin et de la hanche gauche"),
        XRAY,
        PELVIS,
        "Douleur de l’aine gauche à la marche, périmètre limité à 300 mètres.",
        "Bassin de face debout, hanche gauche de face et de profil.",
        (
            "Pincement complet de l’interligne coxo-fémoral gauche, ostéophytes, géodes sous-chondrales.",
            "Hanche droite : pincement débutant.",
        ),
        "Coxarthrose gauche évoluée.",
        radiation="Produit dose surface : 95 cGy.cm².",
    )


def wrist() -> Examination:
    return Examination(
        _act("Radiographie du poignet gauche"),
        XRAY,
        WRIST,
        "Chute de planche à roulettes, douleur et gonflement du poignet gauche.",
        "Poignet gauche de face et de profil.",
        (
            "Fracture en motte de beurre de l’extrémité inférieure du radius, sans déplacement.",
            "Cartilages de croissance respectés.",
        ),
        "Fracture en motte de beurre du radius gauche, non déplacée.",
        radiation="Produit dose surface : 1,2 cGy.cm².",
    )


def abdomen_stones() -> Examination:
    return Examination(
        _act("Échographie de l’abdomen"),
        ULTRASOUND,
        ABDOMEN,
        "Douleurs sous les côtes à droite après les repas.",
        "Exploration par voie abdominale, à jeun.",
        (
            "Vésicule biliaire à paroi fine, contenant trois calculs mobiles de 6 à 9 mm.",
            "Voies biliaires non dilatées. Foie, pancréas, rate et reins d’aspect normal.",
        ),
        "Calculs de la vésicule, sans signe de complication.",
    )


def heart(conclusion: str, *findings: str, reason: str) -> Examination:
    return Examination(
        _act("Échographie du cœur"),
        ULTRASOUND,
        HEART,
        reason,
        "Échographie transthoracique avec doppler.",
        findings,
        conclusion,
    )


def low_dose_scan() -> Examination:
    return Examination(
        _act("Scanner du thorax à faible dose"),
        SCANNER,
        CHEST,
        "Ancien fumeur (35 paquets-années), bronchite chronique.",
        "Acquisition en inspiration, sans injection, à faible dose.",
        (
            "Emphysème centrolobulaire modéré des sommets.",
            "Pas de nodule suspect. Pas d’adénopathie.",
        ),
        "Emphysème modéré. Pas de nodule suspect.",
        radiation="Produit dose longueur : 62 mGy.cm.",
    )


def pregnancy_scan(week: int, seen: str) -> Examination:
    return Examination(
        _act(f"Échographie de la grossesse : {week} semaines"),
        ULTRASOUND,
        PELVIS,
        f"Échographie de dépistage, {week} semaines d’aménorrhée.",
        "Exploration par voie abdominale.",
        (seen,),
        "Échographie sans particularité pour le terme.",
    )


def body_scan(conclusion: str, *findings: str, reason: str) -> Examination:
    return Examination(
        _act("Scanner du thorax, de l’abdomen et du bassin"),
        SCANNER,
        ABDOMEN,
        reason,
        "Acquisition au temps portal après injection de produit de contraste iodé.",
        findings,
        conclusion,
        radiation="Produit dose longueur : 640 mGy.cm.",
    )


def prostate(conclusion: str) -> Examination:
    return Examination(
        _act("IRM de la prostate"),
        MRI,
        PELVIS,
        "PSA en augmentation, toucher rectal ferme à droite.",
        "Séquences T2 dans trois plans, diffusion, perfusion.",
        ("Prostate de 48 mL. Lésion de 11 mm en hyposignal T2, restriction de diffusion.", "Capsule respectée."),
        conclusion,
    )


def back() -> Examination:
    return Examination(
        _act("IRM du rachis lombaire"),
        MRI,
        SPINE,
        "Lombosciatique droite depuis sept semaines malgré le traitement.",
        "Séquences sagittales T1 et T2, axiales T2.",
        (
            "Hernie discale L5-S1 paramédiane droite, au contact de la racine S1.",
            "Canal de taille normale. Pas de fracture, pas de lésion suspecte.",
        ),
        "Hernie discale L5-S1 droite.",
    )


def scoliosis(degrees: int) -> Examination:
    return Examination(
        _act("Radiographie du rachis entier"),
        XRAY,
        SPINE,
        "Gibbosité droite vue par la famille.",
        "Rachis entier de face et de profil, debout, faible dose.",
        (f"Scoliose thoracique droite, angle de Cobb {degrees}°.", "Test de Risser : 2. Bassin équilibré."),
        f"Scoliose thoracique de {degrees}°. Contrôle dans six mois.",
        radiation="Produit dose surface : 12 cGy.cm².",
    )


def ankle() -> Examination:
    return Examination(
        _act("Radiographie de la cheville droite"),
        XRAY,
        ANKLE,
        "Torsion de la cheville, appui impossible (critères d’Ottawa).",
        "Cheville de face, de profil, et de face en rotation interne.",
        ("Pas de fracture. Tuméfaction des parties molles en regard de la malléole externe.",),
        "Pas de lésion osseuse.",
        radiation="Produit dose surface : 1,8 cGy.cm².",
    )


def forearm() -> Examination:
    return Examination(
        _act("Radiographie du poignet droit"),
        XRAY,
        WRIST,
        "Chute sur la main, poignet déformé.",
        "Poignet droit de face et de profil.",
        ("Fracture de l’extrémité inférieure du radius, bascule postérieure de 20°, non comminutive.",),
        "Fracture du radius droit déplacée.",
        radiation="Produit dose surface : 1,4 cGy.cm².",
    )


def hip_broken() -> Examination:
    return Examination(
        _act("Radiographie du bassin et de la hanche droite"),
        XRAY,
        PELVIS,
        "Chute de sa hauteur, membre raccourci, en rotation externe.",
        "Bassin de face, hanche droite de profil.",
        ("Fracture du col du fémur droit, Garden III.", "Trame osseuse raréfiée."),
        "Fracture cervicale vraie du fémur droit, déplacée.",
        radiation="Produit dose surface : 88 cGy.cm².",
    )


def knee_worn() -> Examination:
    return Examination(
        _act("Radiographie des genoux"),
        XRAY,
        KNEE,
        "Douleur du genou gauche à la marche, raideur après le repos.",
        "Genoux de face en charge et en schuss, profil, défilés fémoro-patellaires.",
        (
            "Pincement complet du compartiment interne gauche, ostéophytes, condensation.",
            "Genou droit : pincement débutant.",
        ),
        "Gonarthrose interne gauche évoluée.",
        radiation="Produit dose surface : 3,2 cGy.cm².",
    )


def stone(millimetres: int) -> Examination:
    return Examination(
        _act("Scanner de l’abdomen sans injection"),
        SCANNER,
        ABDOMEN,
        "Colique néphrétique gauche.",
        "Acquisition à faible dose, sans injection.",
        (f"Calcul de {millimetres} mm de l’uretère pelvien gauche.", "Dilatation modérée des cavités rénales gauches."),
        f"Calcul de {millimetres} mm de la jonction urétéro-vésicale gauche.",
        radiation="Produit dose longueur : 180 mGy.cm.",
    )


def bones(score: str) -> Examination:
    return Examination(
        _act("Ostéodensitométrie"),
        XRAY,
        HIP,
        "Ménopause, antécédent de fracture du poignet.",
        "Absorptiométrie biphotonique du rachis lombaire et du col fémoral.",
        (f"Rachis L1-L4 : T-score {score}.", "Col du fémur : T-score -2,1."),
        "Ostéoporose du rachis lombaire.",
        radiation="Dose efficace : 5 µSv.",
    )


def brain(conclusion: str, *findings: str, reason: str) -> Examination:
    return Examination(
        _act("IRM de l’encéphale"),
        MRI,
        HEAD,
        reason,
        "Séquences T1, T2 FLAIR, diffusion, T2*.",
        findings,
        conclusion,
    )
