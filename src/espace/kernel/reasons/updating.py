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
    "Changez un statut par UpdateAvailabilityStatus (OriginalStatus, NewStatus), ou renvoyez la fiche avec son lid, "
    "reliée au lot par un HasMember qui a PreviousVersion.",
    "Change a status by UpdateAvailabilityStatus (OriginalStatus, NewStatus), or send the entry again with its lid, "
    "linked to the set by a HasMember that has PreviousVersion.",
)
UPDATE_UNKNOWN = _updating(
    "update_unknown",
    404,
    "not-found",
    "Ce que désigne la mise à jour n’est pas dans ce dossier, ou a été déposé par quelqu’un d’autre.",
    "What the update names is not in this record, or was filed by somebody else.",
    "Désignez par son entryUUID un document dont vous êtes l’auteur ou que votre organisme a déposé.",
    "Name by its entryUUID a document that you wrote or that your organisation deposited.",
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
    "Le document n’est pas dans le statut que dit la mise à jour.",
    "The document is not in the status that the update says.",
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
