"""Where care was given: kinds of structure, settings of practice.

JDV_J02 XdsHealthcareFacilityTypeCode CI-SIS (OID 1.2.250.1.213.1.1.5.466, 2024-12-13; the DMP's J61 draws
from it): TRE_R02 and two codes of TRE_A00. JDV_J04 XdsPracticeSettingCode CI-SIS (OID
1.2.250.1.213.1.1.5.467, 2024-09-27): TRE_A01 and the same two.
"""

from collections.abc import Mapping

from espace.wire.nomenclature.systems import PRACTICE_SETTING, PRODUCER, SECTOR
from espace.wire.xds import Coded

_PRODUCERS = (
    ("EXP_PATIENT", "Expression personnelle du patient"),
    ("SNR", "Service numérique référencé"),
)
_SECTORS = (
    ("SA01", "Etablissement public de santé"),
    ("SA02", "Hôpital militaire du Service de santé des armées"),
    ("SA03", "Etablissement privé PSPH"),
    ("SA04", "Etablissement privé non PSPH"),
    ("SA05", "Centre de santé"),
    ("SA06", "Autre structure du Service de santé des armées"),
    ("SA07", "Cabinet individuel"),
    ("SA08", "Cabinet de groupe"),
    ("SA09", "Exercice en société"),
    ("SA10", "Transporteur sanitaire"),
    ("SA12", "Etablissement de soins et prévention"),
    ("SA13", "Prévention et soins en entreprise"),
    ("SA14", "Etablissements scolaires, universitaires et de formation hors champ FINESS"),
    ("SA15", "PMI et Planification familiale"),
    ("SA16", "Etablissement pour personnes handicapées"),
    ("SA17", "Etablissement pour personnes âgées"),
    ("SA18", "Etablissement aide à la famille"),
    ("SA19", "Etablissements FINESS de formation aux professions sanitaires et sociales"),
    ("SA20", "Etablissement pour la protection de l'enfance"),
    ("SA21", "Etablissement d'hébergement et de réadaptation"),
    ("SA22", "Recherche"),
    ("SA23", "Assurance privée"),
    ("SA24", "Organisme de sécurité sociale"),
    ("SA25", "Laboratoire de biologie médicale"),
    ("SA26", "Ministère ou Service déconcentré"),
    ("SA27", "Collectivité territoriale"),
    ("SA28", "Association ou organisme humanitaire"),
    ("SA29", "Laboratoire d'analyses et de biologie médicale"),
    ("SA30", "Autre établissement sanitaire"),
    ("SA31", "Répartition et Distribution de médicaments et dispositifs médicaux"),
    ("SA32", "Fabrication, Exploitation et Importation de médicaments et dispositifs médicaux"),
    ("SA33", "Pharmacie d'officine"),
    ("SA34", "Centre de dialyse"),
    ("SA35", "Para-pharmacie"),
    ("SA36", "Centre anti-cancer"),
    ("SA37", "Centre de transfusion sanguine"),
    ("SA38", "Pharmacie minière"),
    ("SA39", "Pharmacie mutualiste"),
    ("SA40", "Secteur privé, praticien hospitalier temps plein"),
    ("SA41", "Autre établissement du domaine social ou médico-social"),
    ("SA42", "Appareillage médical"),
    ("SA43", "Secteur non défini"),
    ("SA44", "Recrutement ou Gestion RH"),
    ("SA45", "Communication, Marketing, Consulting, Média"),
    (
        "SA46",
        "Fabrication, Exploitation, Importation, Répartition, Distribution médicaments et dispositifs médicaux",
    ),
    ("SA47", "Incendie et secours"),
    ("SA48", "Entreprise industrielle et tertiaire hors industrie pharmaceutique"),
    ("SA49", "Entité Outre-Mer"),
    ("SA50", "Permanence des soins ambulatoires hors cabinet"),
    ("SA51", "Structure de coopération avec autorisation de soins"),
    ("SA52", "Maison de santé ou Pôle de santé"),
    ("SA53", "Siège administratif d'un établissement de santé"),
    ("SA54", "Centre de dépistage et de prévention"),
    ("SA55", "Laboratoire pharmaceutique préparant et délivrant des allergènes"),
    ("SA56", "Propharmacie"),
    ("SA57", "Structure de coopération avec mission de coordination de soins"),
    ("SA58", "Entreprise de taxis"),
    ("SA59", "Laboratoire de biologie médicale hors catégorie standard"),
    ("SA60", "Centres médicaux SNCF"),
    ("SA61", "Structure Dispensatrice à domicile d'Oxygène à usage médical"),
    ("SA63", "Communauté professionnelle territoriale de santé et équipe de soins spécialisés"),
    ("SA64", "Société de téléconsultation"),
    ("SA65", "Antenne de pharmacie"),
    ("SA66", "Services de Prévention et de Santé au Travail (SPST)"),
    ("SA67", "Maisons médicales de garde (MMG)"),
    ("SA68", "Services départementaux d'incendie et de secours"),
    ("SA69", "Maisons de naissance"),
)
_SETTINGS = (
    ("AMBULATOIRE", "Ambulatoire"),
    ("AMO", "Organisme d'assurance maladie obligatoire"),
    ("DEPISTAGE", "Dépistage"),
    ("ESSMS", "Etablissement ou Service Social ou Médico-Social"),
    ("ETABLISSEMENT", "Etablissement de santé"),
    ("HAD", "Hospitalisation à domicile"),
    ("MAD", "Maintien à domicile"),
    ("PALLIATIF", "Soins palliatifs"),
    ("SAD", "Soins à domicile"),
    ("SAMU_SMUR", "SAMU/SMUR"),
)

_SHARED = {code: Coded(code, PRODUCER.oid, label) for code, label in _PRODUCERS}
FACILITY_TYPES: Mapping[str, Coded] = _SHARED | {c: Coded(c, SECTOR.oid, label) for c, label in _SECTORS}
PRACTICE_SETTINGS: Mapping[str, Coded] = _SHARED | {
    code: Coded(code, PRACTICE_SETTING.oid, label) for code, label in _SETTINGS
}
