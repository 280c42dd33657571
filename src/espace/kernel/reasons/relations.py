"""Why a link between documents, or between a folder and a document, was refused (ITI TF-3, 4.2.2.2 and 4.2.4.1)."""

from espace.kernel.reasons.words import Reason, Sentence


def _relation(code: str, issue: str, fr: str, en: str, fix_fr: str, fix_en: str) -> Reason:
    said = Sentence(fr, en)
    return Reason(code, 422, issue, said, said, Sentence(fix_fr, fix_en))


RELATION_UNRESOLVED = _relation(
    "relation_unresolved",
    "not-found",
    "Un lien nomme un document ou un classeur que la structure n’a pas déposé pour ce patient.",
    "A link names a document or a folder that the organisation has not deposited for this patient.",
    "Retrouvez par ITI-18 ou ITI-67 l’identifiant de vos propres dépôts, ou déposez d’abord ce qui est nommé.",
    "Find the identifier of the organisation’s own deposits by ITI-18 or ITI-67, or deposit first what is named.",
)
RELATION_OUTDATED = _relation(
    "relation_outdated",
    "business-rule",
    "Le document auquel celui-ci se rattache n’est plus en vigueur\u202f: il a été remplacé ou supprimé.",
    "The document that this one relates to is no longer current: it was replaced or deleted.",
    "Rattachez le document à la version en vigueur.",
    "Relate the document to its current version.",
)
RELATION_REFUSED = _relation(
    "relation_refused",
    "business-rule",
    "Ce lien entre documents n’a pas de sens\u202f: un document lié à lui-même, deux fois au même, en rond, ou à une "
    "signature.",
    "This link between documents makes no sense: a document linked to itself, twice to the same one, in a circle, or "
    "to a signature.",
    "Gardez un lien au plus entre deux documents, du plus récent vers celui qu’il complète ou transforme.",
    "Keep one link at most between two documents, from the newer one to the one that it completes or transforms.",
)
