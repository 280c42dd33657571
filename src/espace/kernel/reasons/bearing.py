"""Why a Pro Santé Connect token shown at the SOAP door (RFC 6750) was not taken; `FAULTS` as in `vihf`."""

from espace.kernel.reasons.words import Reason, Sentence


def _bearing(code: str, fr: str, en: str, fix_fr: str, fix_en: str) -> Reason:
    said = Sentence(fr, en)
    return Reason(code, 401, "login", said, said, Sentence(fix_fr, fix_en))


BEARER_REFUSED = _bearing(
    "bearer_refused",
    "Le jeton Pro Santé Connect n’ouvre rien ici.",
    "The Pro Santé Connect token opens nothing here.",
    "Reconnectez le professionnel à Pro Santé Connect : le détail nomme ce qui manque au jeton.",
    "Have the professional sign in to Pro Santé Connect again: the detail names what the token lacks.",
)
BEARER_BINDING = _bearing(
    "bearer_binding",
    "Le jeton et le certificat de la connexion ne vont pas ensemble.",
    "The token and the certificate of the connection do not go together.",
    "Montrez le certificat de la structure où exerce ce professionnel ; si le jeton est lié à un certificat, celui-là.",
    "Show the certificate of the structure where this professional practises; if the token is tied to one, that one.",
)
IDENTITY_TWICE = _bearing(
    "identity_twice",
    "La demande porte à la fois une assertion VIHF et un jeton.",
    "The request carries both a VIHF assertion and a token.",
    "Choisissez : l’en-tête Security, ou l’en-tête HTTP Authorization.",
    "Choose: the Security header, or the HTTP Authorization header.",
)

FAULTS = {
    BEARER_REFUSED: "InvalidSecurityToken",
    BEARER_BINDING: "FailedAuthentication",
    IDENTITY_TWICE: "InvalidSecurity",
}
