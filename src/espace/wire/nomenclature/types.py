"""Types of documents (XDS typeCode), the class of each, and when each was in force.

JDV_J07 XdsTypeCode CI-SIS (OID 1.2.250.1.213.1.1.5.471) and JDV_J66 TypeCode DMP (OID
1.2.250.1.213.1.1.5.7), both of 2024-09-27, for the codes and labels; association X04 type → class of
2026-06-29; ends of TRE_A05 1.1.0 (2024-03-29). Beginnings are not published code by code.

A DOCPAT code (deposited by the patient) has the class of its content, not class 90.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from espace.wire.nomenclature.classes import CLASSES, SIGNATURE
from espace.wire.nomenclature.systems import ASTM, LOINC, TYPE, System


@dataclass(frozen=True, slots=True)
class DocumentType:
    """A type of document; `system` is an OID, `label_fr` the official label ("" where the lists give none).

    `class_code` is "" where no class is published; `valid_until` is the last day in force; `dmp` tells
    whether the shared record takes it (J66).
    """

    code: str
    system: str
    label_fr: str
    class_code: str
    valid_from: date | None
    valid_until: date | None
    dmp: bool


_ROWS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "10": (
        ("10213-7", ""),
        ("11488-4", "CR ou fiche de consultation ou de visite"),
        ("11490-0", "Lettre de liaison à la sortie d'un établissement de soins"),
        ("11493-4", ""),
        ("11502-2", "CR d'examens biologiques"),
        ("11505-5", "CR d'acte thérapeutique (autre)"),
        ("11506-3", "CR ou fiche de suivi de soins par auxiliaire médical"),
        ("11526-1", ""),
        ("11528-7", ""),
        ("15507-7", "CR de passage aux urgences"),
        ("15508-5", "CR d'accouchement"),
        ("24611-6", ""),
        ("27899-4", ""),
        ("28617-9", "Bilan bucco-dentaire"),
        ("28653-4", "Document du secteur social / médico-social"),
        ("29274-8", "Mesures de signes vitaux"),
        ("29554-3", ""),
        ("34112-3", "CR hospitalier (séjour)"),
        ("34120-6", "Bilan par professionnel de santé"),
        ("34749-2", "CR de consultation pré-anesthésique"),
        ("34794-8", "CR de réunion de concertation pluridisciplinaire"),
        ("34874-8", "CR opératoire"),
        ("34875-5", "Évaluation postopératoire et note de suivi"),
        ("39256-3", ""),
        ("46241-6", ""),
        ("47420-5", "CR de bilan fonctionnel"),
        ("51969-4", "CR de génétique moléculaire"),
        ("59283-2", "CR d'examen de l'enfant"),
        ("60568-3", "CR d'anatomie et de cytologie pathologiques"),
        ("67851-6", "CR d'admission"),
        ("70004-7", "CR d'acte diagnostique (autre)"),
        ("75482-0", "CR d'acte thérapeutique à visée préventive"),
        ("75492-9", "CR d'acte diagnostique à visée préventive ou de dépistage"),
        ("75497-8", ""),
        ("75496-0", "Demande d'acte de télémédecine"),
        ("77436-4", "CR d'anesthésie"),
        ("78513-9", "CR de consultation en ophtalmologie"),
        ("78601-2", "CR d'entretien pharmaceutique"),
        ("83981-1", "Lettre de liaison à la sortie d'une structure sociale ou médico-sociale"),
        ("85208-7", "CR de télémédecine"),
        ("89233-1", "CR de grossesse"),
        ("93024-8", "CR de consultation pharmaceutique"),
        ("96349-6", "Lettre d'adressage"),
        ("BIL_AUTO", "CR de bilan d'évaluation de la perte d'autonomie"),
        ("DOCPAT03", "CR déposé par le patient"),
        ("DOCPAT05", "CR de biologie déposé par le patient"),
        ("DOCPAT06", "CR de prévention déposé par le patient"),
    ),
    "11": (
        ("18761-7", "Note de transfert (dont lettre de liaison à l'entrée en établissement de soins)"),
        ("34133-9", "Synthèse d'épisode de soins"),
        ("34842-5", "Grille d'évaluation médico-social"),
        ("56445-0", "Bilan médicamenteux (Officine)"),
        ("57055-6", "Synthèse antepartum"),
        ("57057-2", "Synthèse Salle de Naissance Mère"),
        ("57075-4", "Synthèse Salle de Naissance Enfant"),
        ("60280-5", "Fiche de retour du service des urgences"),
        ("60591-5", "Synthèse médicale"),
        ("68599-0", "Synthèse psychiatrique"),
        ("68817-6", "Bilan de santé et de prévention de l'enfant"),
        ("74207-2", "Document de liaison d'urgence"),
        ("78341-5", "Fiche de transfert vers le service des urgences"),
        ("78489-2", "Synthèse Enfant en Maternité"),
        ("80820-4", "Formulaire de conciliation médicamenteuse (Hôpital)"),
        ("83836-7", "Schéma dentaire"),
        ("83901-9", "Bilan psychologique"),
        ("89235-6", "Synthèse Suites de Couches Mère"),
        ("88348-8", "Lettre de liaison d'entrée en structure sociale ou médico-sociale"),
        ("EXPORT_DUI", "Export du Dossier Usager Informatisé"),
        ("DOCPAT01", "Synthèse déposée par le patient"),
        ("DOCPAT08", "Profil médical Mon espace santé"),
        ("SYNTH", "Synthèse"),
    ),
    "31": (
        ("18748-4", "CR d'imagerie médicale"),
        ("52040-3", "Document encapsulant une image d'illustration non DICOM"),
        ("DOCPAT04", "Imagerie déposée par le patient"),
        ("IMG-KOS", "Reference d'objets d'un examen d'imagerie"),
    ),
    "42": (
        ("29551-9", ""),
        ("52063-5", ""),
        ("52521-2", ""),
        ("55115-0", "Demande d'actes d'imagerie"),
        ("57828-6", "Prescription (autre)"),
        ("57832-8", "Prescription de soins"),
        ("57833-6", "Prescription de produits de santé"),
        ("61357-0", "Intervention pharmaceutique"),
        ("75468-9", "Renouvellement ordonnance par pharmacien correspondant"),
        ("DOCPAT02", "Traitement ou document de soins déposé par le patient"),
        ("PRESC-AAT", "Prescription arrêt de travail"),
        ("PRESC-BIO", "Prescription d'actes de biologie médicale"),
        ("PRESC-KINE", "Prescription d'actes de kinésithérapie"),
        ("PRESC-INF", "Prescription d'actes infirmiers"),
        ("PRESC-PEDI", "Prescription d'actes de pédicurie"),
        ("PRESC-ORTHOPHO", "Prescription d'actes d'orthophonie"),
        ("PRESC-ORTHOPTIE", "Prescription d'actes d'orthoptie"),
    ),
    "43": (
        ("29550-1", ""),
        ("60593-1", "Dispensation médicamenteuse"),
        ("DISP_AUT", "Dispensation (autre)"),
    ),
    "44": (
        ("18776-5", "Plan personnalisé de soins"),
        ("77604-7", "Planification thérapeutique"),
        ("80771-9", "Projet d'accueil individualisé"),
        ("80788-3", "Projet personnalisé d'accompagnement"),
        ("83869-8", "Plan personnalisé de prévention"),
        ("PROT_ALD", "Protocole de soins ALD"),
    ),
    "45": (("80565-5", "CR d'administration de médicaments"),),
    "52": (
        ("11369-6", "Historique des vaccinations"),
        ("55751-2", ""),
        ("87273-9", "Note de vaccination"),
        ("89601-9", "Certificat médical"),
        ("96874-3", "COVID-19 Attestation de vaccination"),
        ("96173-0", "Test rapide d'orientation diagnostique"),
        ("CERT_DECL", "Certificat, déclaration"),
        ("DOCPAT07", "Certificat déposé par le patient"),
    ),
    "60": (("REMB", "Données de remboursement"),),
    "90": (
        ("74465-6", "Questionnaire patient"),
        ("EXPPAT_1", "Volontés et droits du patient"),
        ("EXPPAT_2", "Autre document du patient"),
        ("EXPPAT_3", "Directives anticipées"),
        ("DOCPAT10", "Autorisation de soins et actes non usuels sanitaires"),
    ),
    "95": (
        ("51851-4", "Document administratif"),
        ("56446-8", "Notification de rendez-vous"),
        ("59284-0", "Attestation de consentement"),
        ("86531-1", "Attestation de sortie"),
        ("ATTEST-ASS-COMPL", "Attestation assurance complémentaire"),
        ("ATTEST-HEBGT", "Attestation d'hébergement"),
        ("ATTEST-RESID", "Attestation de résidence"),
        ("ATTEST-DROITS-AM", "Attestation de droits à l'assurance maladie"),
        ("AUTORIS-SOINS", "Autorisation de soins et actes non usuels sanitaires"),
        ("CONTACTS-URGENCE", "Fiche contacts d'urgence"),
        ("DOCPAT09", "Document administratif déposé par le patient"),
        ("PIECE-IDENTITE", "Copie pièce d'identité"),
        ("FICHE-CONTACTS", "Fiche contacts"),
    ),
    "99": (("FEUILLE-DE-STYLE", "Feuille de style"),),
    SIGNATURE: (("E1762", "Full Document"),),
    # Known, without a class in X04: the implant card is newer; the others ended before it.
    "": (
        ("101881-1", "Carte d'implant"),
        ("ATTEST-VITALE", "Attestation de carte vitale"),
        ("INSCR_RCP", "Données d'inscription en RCP"),
    ),
}

_ENDED: Mapping[str, date] = {
    "INSCR_RCP": date(2017, 10, 13),
    "CONTACTS-URGENCE": date(2022, 6, 24),
    "DOCPAT10": date(2022, 6, 24),
    "ATTEST-VITALE": date(2024, 1, 26),
}

_WITHDRAWN_BEFORE_J07 = date(2024, 9, 26)
"""X04 keeps codes that J07 of 2024-09-27 no longer has: their true end is unknown, this is the latest."""

_NOT_IN_DMP = frozenset({"51851-4", "56446-8", "EXPORT_DUI", "FEUILLE-DE-STYLE", "FICHE-CONTACTS", "PIECE-IDENTITE"})


def _system(code: str) -> System:
    if code == "E1762":
        return ASTM
    return LOINC if code.split("-")[0].isdigit() else TYPE


def _type(code: str, label: str, class_code: str) -> DocumentType:
    until = _ENDED.get(code) or (None if label else _WITHDRAWN_BEFORE_J07)
    dmp = until is None and code not in _NOT_IN_DMP
    return DocumentType(code, _system(code).oid, label, class_code, None, until, dmp)


TYPES: Mapping[str, DocumentType] = {
    code: _type(code, label, class_code) for class_code, rows in _ROWS.items() for code, label in rows
}


def type_in_force(code: str, on: date) -> DocumentType | None:
    """The type of that code if it was in force on that day; None for an unknown or an expired code."""
    known = TYPES.get(code)
    if known is None:
        return None
    begun = known.valid_from is None or known.valid_from <= on
    return known if begun and (known.valid_until is None or on <= known.valid_until) else None


def type_label(code: str) -> str:
    """The label to show: the official one in full words, else its class's, else « Document »."""
    known = TYPES.get(code)
    if known is None:
        return "Document"
    if not known.label_fr:
        return CLASSES[known.class_code].display
    label = known.label_fr.replace("'", "’").replace("Reference d’", "Référence d’")
    return f"Compte rendu {label.removeprefix('CR ')}" if label.startswith("CR ") else label


def class_of(code: str) -> str | None:
    """The class that X04 gives to the type; None for an unknown type or one without a published class."""
    known = TYPES.get(code)
    return (known.class_code or None) if known else None
