"""Why something that the holder states of their own health was refused (E01-E19)."""

from espace.kernel.reasons.words import Reason, Sentence, allows


def _stating(code: str, status: int, issue: str, said: Sentence, fix: Sentence, told: str = "") -> Reason:
    return Reason(code, status, issue, said, said, fix, told)


APP_AUTHORISED = allows(
    "app_authorised",
    holder=Sentence(
        "Vous avez autorisé cette application à ajouter des mesures. Elle ne lit rien.",
        "You let this application add measures. It reads nothing.",
    ),
    professional=Sentence(
        "Le patient a autorisé cette application à ajouter des mesures.",
        "The patient let this application add measures.",
    ),
)
ITEM_UNKNOWN = _stating(
    "item_unknown",
    404,
    "not-found",
    Sentence("Ceci n’est pas dans ce profil de santé.", "This is not in this health profile."),
    Sentence("Choisissez dans la liste de la page « Ma santé ».", "Choose from the list of the page “My health”."),
    "not_found",
)
ITEM_REFUSED = _stating(
    "item_refused",
    422,
    "value",
    Sentence("Une réponse ne convient pas.", "An answer will not do."),
    Sentence("Corrigez le champ indiqué.", "Correct the field that is shown."),
)
ITEMS_TOO_MANY = _stating(
    "items_too_many",
    422,
    "too-costly",
    Sentence("Cette partie du profil est pleine.", "This part of the profile is full."),
    Sentence("Supprimez d’abord ce qui ne sert plus.", "First remove what is of no use any more."),
)
