"""What is mailed to who stands for somebody without an account: a minor, an adult under guardianship. It names neither
that person nor what happened, but for an emergency, which is told as one."""

from espace.notices.facts import Mail, Recipient, Topic
from espace.notices.rules.timing import (
    ACCESS,
    ADMINISTRATION,
    ATTENDING_DOCTOR,
    CARE_TEAM,
    CONSENT,
    CORRECTED,
    DELETED,
    EMERGENCY,
    FEEDING_WISH,
    FIRST_ACCESS,
    NEW_DOCUMENT,
    REPLACED,
    UNMASKED,
)
from espace.notices.rules.wording import ENGLISH, FRENCH

_OF_THE_SPACE = frozenset({
    NEW_DOCUMENT, REPLACED, DELETED, UNMASKED, CORRECTED, FIRST_ACCESS, ACCESS, CONSENT, CARE_TEAM, ADMINISTRATION,
    ATTENDING_DOCTOR, FEEDING_WISH, EMERGENCY,
})  # fmt: skip
"""Not the way in, which is of an account; nor the invitation to consult, which tells that something is hidden."""

_FRAME = {
    FRENCH: """Bonjour,

{said}

{link}

Ce message ne dit rien de la santé de personne. Personne ne vous demandera jamais votre mot de passe
par courriel ou par téléphone.

Vous choisissez les messages que vous recevez dans cet espace, à la page « Partage et accès ».
""",
    ENGLISH: """Hello,

{said}

{link}

This message says nothing about anybody’s health. Nobody will ever ask you for your password
by e-mail or by telephone.

You choose which messages you receive in that space, on the page “Sharing and access”.
""",
}

_SUBJECTS_AND_WORDS = {
    (False, FRENCH): (
        "Du nouveau dans un espace où vous représentez quelqu’un",
        "Il y a du nouveau dans l’espace de santé d’une personne que vous représentez.\n\n"
        "Pour savoir quoi, connectez-vous, allez dans son espace et ouvrez ses avis :",
    ),
    (False, ENGLISH): (
        "News in a space where you stand for somebody",
        "There is something new in the health space of a person for whom you stand.\n\n"
        "To know what, sign in, go to their space and open their notices:",
    ),
    (True, FRENCH): (
        "Un espace où vous représentez quelqu’un a été ouvert en urgence",
        "Un professionnel de santé a déclaré une urgence et ouvert sans accord l’espace de santé d’une personne que\n"
        "vous représentez.\n\n"
        "Connectez-vous et allez dans son espace : vous verrez qui, pourquoi et jusqu’à quand.",
    ),
    (True, ENGLISH): (
        "A space where you stand for somebody was opened in an emergency",
        "A health professional declared an emergency and opened, without consent, the health space of a person for\n"
        "whom you stand.\n\n"
        "Sign in and go to their space: you will see who, why and until when.",
    ),
}


def told_to_representatives(topic: Topic) -> bool:
    return topic in _OF_THE_SPACE


def notice_to_representative(topic: Topic, *, to: Recipient, link: str, id: str) -> Mail:
    """In the language of their own account (French unless it is one of ours)."""
    language = to.language if to.language in _FRAME else FRENCH
    subject, said = _SUBJECTS_AND_WORDS[topic is EMERGENCY, language]
    return Mail(to.email, subject, _FRAME[language].format(said=said, link=link), id)
