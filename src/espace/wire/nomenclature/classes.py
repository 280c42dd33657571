"""Classes of documents (XDS classCode).

JDV_J06 XdsClassCode CI-SIS (OID 1.2.250.1.213.1.1.5.462) and JDV_J57 ClassCode DMP (OID
1.2.250.1.213.1.1.5.6), codes of TRE_A03; ans.fr.terminologies 1.12.0, read in 2026. Class 99 (technical) is
in J06 and not in J57: the shared record has none of it.
"""

from collections.abc import Mapping

from espace.wire.nomenclature.systems import CLASS
from espace.wire.xds import Coded

SIGNATURE = "urn:oid:1.3.6.1.4.1.19376.1.2.1.1.1"
"""Class of the signature of a submission set (IHE DSG); its system is urn:ietf:rfc:3986."""

_ROWS = (
    ("10", "Compte rendu"),
    ("11", "Synthèse"),
    ("31", "Imagerie médicale"),
    ("42", "Prescription"),
    ("43", "Dispensation"),
    ("44", "Plan de soins, protocole de soins"),
    ("45", "Traitement administré"),
    ("52", "Certificat, déclaration"),
    ("60", "Données de remboursement"),
    ("90", "Autres documents déposés par le patient"),
    ("95", "Document de gestion"),
    ("99", "Document technique"),
)

CLASSES: Mapping[str, Coded] = {code: Coded(code, CLASS.oid, label) for code, label in _ROWS} | {
    SIGNATURE: Coded(SIGNATURE, "urn:ietf:rfc:3986", "Digital Signature")
}
NOT_IN_DMP = frozenset({"99"})
