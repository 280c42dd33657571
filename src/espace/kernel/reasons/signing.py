"""Why the signature of a lot was refused, or was kept without having been checked."""

from espace.kernel.reasons.words import Reason, Sentence


def _signature(code: str, issue: str, fr: str, en: str, fix_fr: str, fix_en: str) -> Reason:
    said = Sentence(fr, en)
    return Reason(code, 422, issue, said, said, Sentence(fix_fr, fix_en))


LOT_SIGNATURE_WRONG = _signature(
    "lot_signature_wrong",
    "invalid",
    "La signature du lot n’est pas celle de ce lot.",
    "The signature of the set is not that of this set.",
    "Signez les octets envoyés, avec un certificat en cours de validité d’une autorité acceptée ici.",
    "Sign the bytes that are sent, with a certificate in force of an authority that is accepted here.",
)
LOT_SIGNATURE_UNCHECKED = _signature(
    "lot_signature_unchecked",
    "informational",
    "La signature du lot est gardée telle quelle ; elle n’a pas été vérifiée ici.",
    "The signature of the set is kept as it is; it was not checked here.",
    "Rien à faire ; pour qu’elle soit vérifiée, signez sous la forme décrite dans docs/vendors/soap.md.",
    "Nothing to do; to have it checked, sign in the form described in docs/vendors/soap.md.",
)
