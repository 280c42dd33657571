"""Why an update of metadata (ITI-57) was refused, beside what any change is refused for (`care.CHANGE_REFUSED`)."""

from espace.kernel.reasons.words import Reason, Sentence


def _updating(code: str, status: int, issue: str, fr: str, en: str, fix_fr: str, fix_en: str) -> Reason:
    said = Sentence(fr, en)
    return Reason(code, status, issue, said, said, Sentence(fix_fr, fix_en))


UPDATE_NOT_UNDERSTOOD = _updating(
    "update_not_understood",
    422,
    "not-supported",
    "Ce que demande cette mise à jour n’est pas une opération prise ici.",
    "What this update asks for is no operation that is taken here.",
    "Changez un statut par UpdateAvailabilityStatus (OriginalStatus, NewStatus), renvoyez la fiche ou le classeur avec "
    "son lid, relié au lot par un HasMember qui a PreviousVersion, ou demandez un lien par SubmitAssociation.",
    "Change a status by UpdateAvailabilityStatus (OriginalStatus, NewStatus), send the entry or the folder again with "
    "its lid, linked to the set by a HasMember that has PreviousVersion, or ask for a link by SubmitAssociation.",
)
UPDATE_UNKNOWN = _updating(
    "update_unknown",
    404,
    "not-found",
    "Ce que désigne la mise à jour n’est pas dans ce dossier, ou a été déposé par quelqu’un d’autre.",
    "What the update names is not in this record, or was filed by somebody else.",
    "Désignez par son entryUUID un document dont vous êtes l’auteur, ou un document, un classeur ou un lien que votre "
    "organisme a déposé.",
    "Name by its entryUUID a document that you wrote, or a document, a folder or an association that your organisation "
    "filed.",
)
UPDATE_OUTDATED = _updating(
    "update_outdated",
    409,
    "conflict",
    "La fiche a changé depuis la version que vous avez lue.",
    "The entry has changed since the version that you read.",
    "Relisez la fiche (GetDocuments), puis reprenez votre changement avec le numéro de VersionInfo.",
    "Read the entry again (GetDocuments), then make your change anew with the number of VersionInfo.",
)
UPDATE_STATUS_DIFFERS = _updating(
    "update_status_differs",
    409,
    "conflict",
    "L’objet désigné n’est pas dans le statut que dit la mise à jour.",
    "The object that is named is not in the status that the update says.",
    "Relisez son statut (GetDocuments), puis demandez le changement à partir de celui-ci.",
    "Read its status again (GetDocuments), then ask for the change from there.",
)
ATTRIBUTE_KEPT = _updating(
    "attribute_kept",
    422,
    "business-rule",
    "Cet attribut de la fiche reste tel qu’il a été déposé.",
    "This attribute of the entry stays as it was deposited.",
    "Renvoyez-le tel quel ; pour le corriger, déposez une nouvelle version du document (RPLC).",
    "Send it as it is; to correct it, deposit a new version of the document (RPLC).",
)
IDENTIFIER_KEPT = _updating(
    "identifier_kept",
    422,
    "business-rule",
    "L’identifiant unique de la fiche n’est pas celui du document désigné.",
    "The uniqueId of the entry is not that of the document that is named.",
    "Renvoyez la fiche avec le uniqueId du document ; un autre document se dépose (RPLC pour une nouvelle version).",
    "Send the entry with the uniqueId of the document; another document is deposited (RPLC for a new version).",
)
UPDATE_PATIENT_DIFFERS = _updating(
    "update_patient_differs",
    422,
    "business-rule",
    "La fiche et le lot de la mise à jour ne désignent pas le même patient.",
    "The entry and the SubmissionSet of the update do not name the same patient.",
    "Mettez le même patientId partout ; un document déposé pour un autre patient se supprime, puis se dépose dans le "
    "bon dossier.",
    "Put the same patientId everywhere; a document filed for another patient is deleted, then deposited in the right "
    "record.",
)
