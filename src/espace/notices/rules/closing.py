"""What is mailed when a holder has their space closed, when it is, and when they reopen it (A30, A33)."""

from datetime import date

from espace.enrolment.facts import Step
from espace.notices.facts import Mail, Recipient
from espace.notices.rules.ways_in import FRAME
from espace.notices.rules.wording import ENGLISH, FRENCH

_WORDS = {
    (Step.ASK_CLOSING, FRENCH): (
        "Votre espace sera fermé le {day}",
        "Vous avez demandé que votre espace de santé soit fermé. Plus personne ne le lit, vous non plus, et il sera\n"
        "fermé le {day}.\n\n"
        "Vous changez d’avis, ou ce n’est pas vous ? Connectez-vous et rouvrez-le : rien n’est perdu.",
    ),
    (Step.ASK_CLOSING, ENGLISH): (
        "Your space will be closed on {day}",
        "You asked for your health space to be closed. Nobody reads it any more, neither do you, and it will be\n"
        "closed on {day}.\n\n"
        "Have you changed your mind, or was it not you? Sign in and reopen it: nothing is lost.",
    ),
    (Step.CLOSE, FRENCH): (
        "Votre espace est fermé",
        "Comme vous l’aviez demandé, votre espace de santé est fermé : rien n’y arrive plus, et personne ne le lit.\n\n"
        "Vous pouvez le rouvrir : connectez-vous, ce qu’il contenait y est encore.",
    ),
    (Step.CLOSE, ENGLISH): (
        "Your space is closed",
        "As you had asked, your health space is closed: nothing arrives there any more, and nobody reads it.\n\n"
        "You can reopen it: sign in, what was in it still is.",
    ),
    (Step.REOPEN, FRENCH): (
        "Votre espace est rouvert",
        "Votre espace de santé est rouvert, avec tout ce qu’il contenait. Ceux qui pouvaient le lire le peuvent à\n"
        "nouveau.\n\n"
        "Ce n’est pas vous ? Connectez-vous : vous voyez qui le lit, et vous pouvez changer votre mot de passe.",
    ),
    (Step.REOPEN, ENGLISH): (
        "Your space is open again",
        "Your health space is open again, with all that was in it. Those who could read it can again.\n\n"
        "Was it not you? Sign in: you see who reads it, and you can change your password.",
    ),
}


def of_space(step: Step, *, to: Recipient, until: date | None, link: str, id: str) -> Mail:
    """The mail of a step, in the language of the account; `until` is the day when the space is to be closed."""
    language = to.language if to.language in FRAME else FRENCH
    day = until.strftime("%d/%m/%Y" if language == FRENCH else "%Y-%m-%d") if until else ""
    subject, said = (text.format(day=day) for text in _WORDS[step, language])
    return Mail(to.email, subject, FRAME[language].format(said=said, link=link), id)
