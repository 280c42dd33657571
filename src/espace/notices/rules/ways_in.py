"""What is mailed while a holder changes their address, or finds a way back (ADR 0019). Nothing in it is of health,
and no name: whoever reads the mailbox learns only that somebody has a space."""

from espace.identity.facts.recovery import RecoveryStep
from espace.notices.facts import Mail, Recipient
from espace.notices.rules.wording import ENGLISH, FRENCH

FRAME = {
    FRENCH: """Bonjour,

{said}

{link}

Ce message ne dit rien de votre santé. Personne ne vous demandera jamais votre mot de passe
par courriel ou par téléphone.
""",
    ENGLISH: """Hello,

{said}

{link}

This message says nothing about your health. Nobody will ever ask you for your password
by e-mail or by telephone.
""",
}

_CODE = {
    FRENCH: (
        "Confirmez cette adresse",
        """Bonjour,

Quelqu’un veut recevoir à cette adresse les messages d’un espace de santé. Si c’est vous, recopiez ce code
sur la page où vous l’avez demandé :

{code}

Il sert une seule fois, pendant dix minutes. Ne le donnez à personne.

Ce n’est pas vous ? N’en faites rien : sans ce code, rien ne change.
""",
    ),
    ENGLISH: (
        "Confirm this address",
        """Hello,

Somebody wants the messages of a health space to come to this address. If it is you, copy this code
on the page where you asked for it:

{code}

It works once, for ten minutes. Give it to nobody.

Was it not you? Do nothing: without this code, nothing changes.
""",
    ),
}

_ADDRESS_CHANGED = {
    FRENCH: (
        "L’adresse de votre espace a changé",
        "Les messages de votre espace de santé ne viendront plus à cette adresse : une autre l’a remplacée.\n"
        "C’est le dernier que vous recevez ici.\n\n"
        "Ce n’est pas vous ? Connectez-vous tout de suite : à la page « Sécurité », corrigez l’adresse, fermez les\n"
        "autres sessions et changez le mot de passe. Si vous ne pouvez plus vous connecter, adressez-vous à\n"
        "l’organisme qui vous a ouvert cet espace, avec une pièce d’identité :",
    ),
    ENGLISH: (
        "The address of your space has changed",
        "The messages of your health space will not come to this address any more: another has replaced it.\n"
        "This is the last one that you get here.\n\n"
        "Was it not you? Sign in now: on the page “Security”, correct the address, close the other sessions and\n"
        "change the password. If you cannot sign in any more, go to the organisation that opened this space for\n"
        "you, with an identity document:",
    ),
}

_RECOVERY = {
    (RecoveryStep.ASKED, FRENCH): (
        "Retrouver l’accès à votre espace",
        "Quelqu’un a écrit votre identifiant ou cette adresse, et dit ne plus pouvoir se connecter à votre espace.\n\n"
        "C’est vous ? Ouvrez ce lien avant le {moment} et donnez votre date de naissance : l’attente commencera\n"
        "alors. Ce n’est pas vous ? N’en faites rien, ou ouvrez le lien pour annuler :",
    ),
    (RecoveryStep.ASKED, ENGLISH): (
        "Getting back into your space",
        "Somebody wrote your identifier or this address, and says that they cannot sign in to your space any more.\n\n"
        "Was it you? Open this link before {moment} and give your birth date: the wait begins then.\n"
        "Was it not you? Do nothing, or open the link to cancel:",
    ),
    (RecoveryStep.BEGUN, FRENCH): (
        "Votre accès pourra être refait le {moment}",
        "L’attente a commencé. À partir du {moment}, ce lien servira à choisir un nouveau mot de passe et\n"
        "une nouvelle seconde preuve. Jusque-là rien ne change.\n\n"
        "Ce n’est pas vous ? Ouvrez ce lien et annulez, tout de suite. Vous pouvez aussi annuler depuis votre espace,\n"
        "partout où il est ouvert :",
    ),
    (RecoveryStep.BEGUN, ENGLISH): (
        "Your access can be made again on {moment}",
        "The wait has begun. From {moment} on, this link serves to choose a new password and a new second proof.\n"
        "Until then nothing changes.\n\n"
        "Was it not you? Open this link and cancel, now. You can also cancel from your space, wherever you are\n"
        "signed in:",
    ),
    (RecoveryStep.READY, FRENCH): (
        "Votre accès peut être refait",
        "L’attente est finie. Ouvrez ce lien avant le {moment} pour choisir un nouveau mot de passe et une nouvelle\n"
        "seconde preuve ; il sert une seule fois.\n\n"
        "Ce n’est pas vous ? Ouvrez ce lien et annulez, tout de suite :",
    ),
    (RecoveryStep.READY, ENGLISH): (
        "Your access can be made again now",
        "The wait is over. Open this link before {moment} to choose a new password and a new second proof;\n"
        "it works once.\n\n"
        "Was it not you? Open this link and cancel, now:",
    ),
    (RecoveryStep.CANCELLED, FRENCH): (
        "La demande est annulée",
        "La demande de refaire l’accès à votre espace est annulée. Rien n’a changé.\n\n"
        "Ce n’est pas vous qui aviez demandé ? Quelqu’un lit peut-être vos courriels : changez le mot de passe de\n"
        "votre messagerie. Pour vous connecter :",
    ),
    (RecoveryStep.CANCELLED, ENGLISH): (
        "The request is cancelled",
        "The request to make the access to your space again is cancelled. Nothing has changed.\n\n"
        "Was the request not yours? Somebody may be reading your mail: change the password of your mailbox.\n"
        "To sign in:",
    ),
    (RecoveryStep.DONE, FRENCH): (
        "L’accès à votre espace a été refait",
        "Un nouveau mot de passe et une nouvelle seconde preuve ont remplacé tous les précédents. Toutes les sessions\n"
        "sont fermées.\n\n"
        "Ce n’est pas vous ? Quelqu’un lit vos courriels : changez le mot de passe de votre messagerie, puis suivez\n"
        "« Je n’arrive plus à me connecter » à la page de connexion, et annulez toute autre demande :",
    ),
    (RecoveryStep.DONE, ENGLISH): (
        "The access to your space was made again",
        "A new password and a new second proof have replaced all those before. Every session is closed.\n\n"
        "Was it not you? Somebody reads your mail: change the password of your mailbox, then follow “I cannot sign\n"
        "in any more” on the sign-in page, and cancel every other request:",
    ),
}


def _spoken(language: str) -> str:
    return language if language in FRAME else FRENCH


def address_code(*, to: Recipient, code: str, id: str) -> Mail:
    """The code that proves a new address. No link."""
    subject, said = _CODE[_spoken(to.language)]
    return Mail(to.email, subject, said.format(code=code), id)


def address_changed(*, to: Recipient, link: str, id: str) -> Mail:
    """To the address of before: it learns that it is not the one any more, never which one is."""
    language = _spoken(to.language)
    subject, said = _ADDRESS_CHANGED[language]
    return Mail(to.email, subject, FRAME[language].format(said=said, link=link), id)


def recovery(step: RecoveryStep, *, to: Recipient, link: str, moment: str, id: str) -> Mail:
    """A step of a way back; `moment` in the words of the mail."""
    language = _spoken(to.language)
    subject, said = (text.format(moment=moment) for text in _RECOVERY[step, language])
    return Mail(to.email, subject, FRAME[language].format(said=said, link=link), id)
