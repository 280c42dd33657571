"""Why the manifest of an imaging examination (KOS) was refused. Sources: DICOM PS3.3 A.35.4, PS3.5, PS3.10; CI-SIS
« métadonnées XDS » (application/dicom, IMG-KOS)."""

from espace.kernel.reasons.words import Reason, Sentence


def _dicom(code: str, issue: str, fr: str, en: str, fix_fr: str, fix_en: str) -> Reason:
    said = Sentence(fr, en)
    return Reason(code, 422, issue, said, said, Sentence(fix_fr, fix_en))


DICOM_UNREADABLE = _dicom(
    "dicom_unreadable",
    "structure",
    "L’objet DICOM n’est pas lisible.",
    "The DICOM object cannot be read.",
    "Envoyez un fichier DICOM (PS3.10) entier, dont le préambule est vide ; l’élément en cause est indiqué.",
    "Send a whole DICOM file (PS3.10) whose preamble is empty; the element at fault is shown.",
)
DICOM_UNSUPPORTED = _dicom(
    "dicom_unsupported",
    "not-supported",
    "Cet objet DICOM n’est pas pris ici.",
    "This DICOM object is not taken here.",
    "Seul le manifeste d’un examen (KOS) est pris, en Little Endian non compressé ; les images restent chez vous.",
    "Only the manifest of an examination (KOS) is taken, in little endian, not deflated; the images stay with you.",
)
DICOM_INCOMPLETE = _dicom(
    "dicom_incomplete",
    "required",
    "Un élément obligatoire du manifeste d’imagerie manque ou est mal formé.",
    "A mandatory element of the imaging manifest is missing or malformed.",
    "Complétez l’élément indiqué ; PatientID est le matricule INS, IssuerOfPatientID vaut ASIP-SANTE-INS-NIR.",
    "Complete the element shown; PatientID is the INS, IssuerOfPatientID is ASIP-SANTE-INS-NIR.",
)
DICOM_MISMATCH = _dicom(
    "dicom_mismatch",
    "conflict",
    "Une métadonnée contredit le manifeste d’imagerie.",
    "A metadata attribute contradicts the imaging manifest.",
    "Reprenez la valeur attendue d’un manifeste : l’élément DICOM, ou le code, est indiqué.",
    "Take the value expected of a manifest: the DICOM element, or the code, is shown.",
)
