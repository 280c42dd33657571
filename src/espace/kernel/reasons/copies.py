"""Why a copy of a whole space cannot be had (N06)."""

from espace.kernel.reasons.words import Reason, Sentence

_ASK_FOR_ONE = Sentence(
    "Demandez une nouvelle copie à la page « Tout télécharger ».",
    "Ask for a new copy on the page “Download everything”.",
)

COPY_UNKNOWN = Reason(
    "copy_unknown",
    404,
    "not-found",
    Sentence("Aucune copie de l’espace n’était prête.", "No copy of the space was ready."),
    Sentence(
        "Il n’y a pas de copie à télécharger : elle n’est pas prête, ou elle est déjà détruite.",
        "There is no copy to download: it is not ready, or it is destroyed already.",
    ),
    _ASK_FOR_ONE,
)
COPY_OUTDATED = Reason(
    "copy_outdated",
    409,
    "conflict",
    Sentence(
        "La copie contenait un document qui ne peut plus être vu : elle n’a pas été remise.",
        "The copy held a document that may not be seen any more: it was not handed over.",
    ),
    Sentence(
        "Cette copie n’est plus à jour : ce que vous pouvez voir de cet espace a changé depuis.",
        "This copy is out of date: what you may see of this space has changed since.",
    ),
    Sentence(
        "Supprimez cette copie à la page « Tout télécharger », puis demandez-en une nouvelle.",
        "Delete this copy on the page “Download everything”, then ask for a new one.",
    ),
)
COPY_BUSY = Reason(
    "copy_busy",
    503,
    "transient",
    Sentence("Trop de copies étaient téléchargées à la fois.", "Too many copies were being downloaded at once."),
    Sentence("Trop de copies sont téléchargées en ce moment.", "Too many copies are being downloaded at the moment."),
    Sentence("Réessayez dans quelques minutes.", "Try again in a few minutes."),
)
