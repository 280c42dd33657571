"""What a mail says. Never a document, a professional, an INS or a name."""

from espace.notices.facts import Mail

_INVITATION = """Bonjour,

Votre espace numérique de santé est ouvert. Vous y trouverez les documents que les professionnels
y déposent pour vous ; vous décidez qui les lit, et vous voyez tout ce qui a été fait.

Pour l’activer, ouvrez ce lien (il sert une seule fois, pendant six semaines) :

{link}

On vous demandera votre date de naissance. Personne ne vous demandera jamais votre mot de passe
par courriel ou par téléphone.

Vous n’êtes pas à l’origine de ce message ? N’en faites rien : sans votre date de naissance,
le lien n’ouvre rien.

--

Hello,

Your personal health space is open. Open this link to activate it (it works once, for six weeks):

{link}

You will be asked for your birth date. Nobody will ever ask you for your password.
"""


def invitation(*, to: str, link: str) -> Mail:
    """A03, B01: the mail that lets the holder activate their space."""
    return Mail(to, "Activez votre espace de santé", _INVITATION.format(link=link))
