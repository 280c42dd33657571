"""Why registry metadata was refused, beside what every document may be refused for (ITI TF-3, 4.2)."""

from espace.kernel.reasons.words import Reason, Sentence


def _metadata(code: str, issue: str, fr: str, en: str, fix_fr: str, fix_en: str) -> Reason:
    said = Sentence(fr, en)
    return Reason(code, 422, issue, said, said, Sentence(fix_fr, fix_en))


DOCUMENT_MISSING = _metadata(
    "document_missing",
    "required",
    "Une fiche n’a pas de document dans le message.",
    "An entry has no document in the message.",
    "Joignez un élément Document dont l’id est celui de l’ExtrinsicObject indiqué.",
    "Add a Document element whose id is that of the ExtrinsicObject shown.",
)
DOCUMENT_METADATA_MISSING = _metadata(
    "document_metadata_missing",
    "required",
    "Un document n’a pas de fiche dans le message.",
    "A document has no entry in the message.",
    "Joignez un ExtrinsicObject dont l’id est celui du Document indiqué, ou retirez ce document.",
    "Add an ExtrinsicObject whose id is that of the Document shown, or remove that document.",
)
UNIQUE_ID_TWICE = _metadata(
    "unique_id_twice",
    "duplicate",
    "Deux éléments du message ont le même identifiant.",
    "Two elements of the message have the same identifier.",
    "Donnez à chaque document, et au lot, un uniqueId de lui seul.",
    "Give each document, and the set, a uniqueId of its own.",
)
ASSOCIATION_UNSUPPORTED = _metadata(
    "association_unsupported",
    "not-supported",
    "Ce lien entre objets n’est pas pris ici.",
    "This link between objects is not taken here.",
    "Un lot relie par HasMember les documents qu’il apporte, par RPLC ou XFRM_RPLC un document à la version qu’il "
    "remplace, par APND ou XFRM à celui qu’il complète ou transforme, par signs sa signature à ce qu’elle signe.",
    "A set links by HasMember the documents that it brings, by RPLC or XFRM_RPLC a document to the version that it "
    "replaces, by APND or XFRM to the one that it completes or transforms, by signs its signature to what it signs.",
)
EXTRA_NOT_KEPT = _metadata(
    "extra_not_kept",
    "informational",
    "Une métadonnée d’extension n’est pas gardée.",
    "Extension metadata is not kept.",
    "Rien à faire si personne ne doit la relire ici.",
    "Nothing to do where nobody needs to read it here again.",
)
