"""What a mail says. Never a document, a kind, a professional, a number of either, an INS or a name."""

from espace.notices.facts import Mail, Recipient, Topic

FRENCH, ENGLISH = "fr", "en"

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

_FRAME = {
    FRENCH: """Bonjour,

{said}

{link}

Ce message ne dit rien de votre santé. Personne ne vous demandera jamais votre mot de passe
par courriel ou par téléphone.

Vous choisissez les messages que vous recevez dans votre espace, à la page « Partage et accès ».
""",
    ENGLISH: """Hello,

{said}

{link}

This message says nothing about your health. Nobody will ever ask you for your password
by e-mail or by telephone.

You choose which messages you receive in your space, on the page “Sharing and access”.
""",
}

_SUBJECTS_AND_WORDS = {
    ("new_document", FRENCH): (
        "Un nouveau document est arrivé dans votre espace",
        "De nouveaux documents sont arrivés dans votre espace de santé. D’autres peuvent suivre dans les\n"
        "minutes qui viennent : ce message vaut aussi pour eux.\n\n"
        "Pour les lire, connectez-vous :",
    ),
    ("new_document", ENGLISH): (
        "A new document has arrived in your space",
        "New documents have arrived in your health space. Others may follow in the next few minutes:\n"
        "this message stands for them too.\n\n"
        "To read them, sign in:",
    ),
    ("consent", FRENCH): (
        "Un professionnel a enregistré votre accord",
        "Un professionnel a indiqué que vous êtes d’accord pour qu’il consulte votre espace de santé.\n\n"
        "Ce n’est pas le cas ? Connectez-vous : vous voyez de qui il s’agit, et vous pouvez lui fermer\n"
        "votre espace à tout moment.",
    ),
    ("consent", ENGLISH): (
        "A professional has recorded your consent",
        "A professional has stated that you agree to their consulting your health space.\n\n"
        "Is this wrong? Sign in: you see who it is, and you can close your space to them at any time.",
    ),
    ("attending_doctor", FRENCH): (
        "Votre médecin traitant a changé",
        "Le médecin traitant indiqué dans votre espace de santé a changé.\n\n"
        "Vous n’en êtes pas à l’origine ? Connectez-vous pour le corriger, et changez votre mot de passe.",
    ),
    ("attending_doctor", ENGLISH): (
        "Your attending doctor has changed",
        "The attending doctor stated in your health space has changed.\n\n"
        "Was this not you? Sign in to correct it, and change your password.",
    ),
}


def invitation(*, to: str, link: str) -> Mail:
    """A03, B01: the mail that lets the holder activate their space."""
    return Mail(to, "Activez votre espace de santé", _INVITATION.format(link=link))


def notice(topic: Topic, *, to: Recipient, link: str, id: str) -> Mail:
    """The mail on this topic, in the language of the account (French unless it is one of ours)."""
    language = to.language if to.language in _FRAME else FRENCH
    subject, said = _SUBJECTS_AND_WORDS[topic.code, language]
    return Mail(to.email, subject, _FRAME[language].format(said=said, link=link), id)
