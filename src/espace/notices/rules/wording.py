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
    ("replaced", FRENCH): (
        "Un document de votre espace a une nouvelle version",
        "Un document de votre espace de santé a été remplacé par une nouvelle version. D’autres peuvent suivre dans\n"
        "les minutes qui viennent : ce message vaut aussi pour eux.\n\n"
        "Pour les lire, connectez-vous :",
    ),
    ("replaced", ENGLISH): (
        "A document in your space has a new version",
        "A document in your health space was replaced by a new version. Others may follow in the next few\n"
        "minutes: this message stands for them too.\n\n"
        "To read them, sign in:",
    ),
    ("deleted", FRENCH): (
        "Un document de votre espace a été supprimé",
        "Qui avait déposé un document dans votre espace de santé vient de le supprimer.\n\n"
        "Pour voir lequel, connectez-vous :",
    ),
    ("deleted", ENGLISH): (
        "A document in your space was deleted",
        "Whoever had filed a document in your health space has deleted it.\n\n"
        "To see which one, sign in:",
    ),
    ("unmasked", FRENCH): (
        "Un document de votre espace se voit à nouveau",
        "Qui avait déposé un document masqué dans votre espace de santé vient de le montrer aux professionnels\n"
        "qui ont le droit de vous lire.\n\n"
        "Pour voir lequel, et décider, connectez-vous :",
    ),
    ("unmasked", ENGLISH): (
        "A document in your space shows again",
        "Whoever had filed a masked document in your health space now shows it to the professionals who\n"
        "may read your space.\n\n"
        "To see which one, and to decide, sign in:",
    ),
    ("corrected", FRENCH): (
        "Un document de votre espace est décrit autrement",
        "Qui avait déposé un document dans votre espace de santé vient de corriger ce qu’il en disait : son titre,\n"
        "par exemple. Le document lui-même n’a pas changé.\n\n"
        "Pour voir lequel, connectez-vous :",
    ),
    ("corrected", ENGLISH): (
        "A document in your space is described differently",
        "Whoever had filed a document in your health space has corrected what they said of it: its title, for\n"
        "instance. The document itself has not changed.\n\n"
        "To see which one, sign in:",
    ),
    ("first_access", FRENCH): (
        "Quelqu’un a lu votre espace pour la première fois",
        "Un professionnel qui n’avait jamais ouvert votre espace de santé vient de le faire.\n\n"
        "Connectez-vous : vous voyez de qui il s’agit et pourquoi c’était permis, et vous pouvez lui fermer\n"
        "votre espace à tout moment.",
    ),
    ("first_access", ENGLISH): (
        "Somebody read your space for the first time",
        "A professional who had never opened your health space has just done so.\n\n"
        "Sign in: you see who it is and why it was allowed, and you can close your space to them at any time.",
    ),
    ("access", FRENCH): (
        "Votre espace a été lu aujourd’hui",
        "Un professionnel a ouvert votre espace de santé aujourd’hui. D’autres peuvent suivre dans les minutes\n"
        "qui viennent : ce message vaut aussi pour eux.\n\n"
        "Connectez-vous : vous voyez de qui il s’agit et pourquoi c’était permis.",
    ),
    ("access", ENGLISH): (
        "Your space was read today",
        "A professional opened your health space today. Others may follow in the next few minutes: this\n"
        "message stands for them too.\n\n"
        "Sign in: you see who it is and why it was allowed.",
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
    ("care_team", FRENCH): (
        "Une équipe de soins lit votre espace",
        "Un professionnel a indiqué que vous êtes d’accord pour que son équipe de soins consulte votre espace de\n"
        "santé, ou y a ajouté quelqu’un qui vous soigne avec lui.\n\n"
        "Ce n’est pas le cas ? Connectez-vous : vous voyez qui en fait partie, et vous pouvez en retirer\n"
        "quelqu’un, ou y mettre fin.",
    ),
    ("care_team", ENGLISH): (
        "A care team reads your space",
        "A professional has stated that you agree to their care team consulting your health space, or has\n"
        "added somebody who cares for you with them.\n\n"
        "Is this wrong? Sign in: you see who is in it, and you can remove somebody, or end it.",
    ),
    ("administration", FRENCH): (
        "Qui peut lire votre espace a changé",
        "Un administrateur de votre espace de santé a été désigné ou retiré, ou bien un professionnel que vous aviez\n"
        "désigné en a bloqué un autre pour vous.\n\n"
        "Vous n’êtes pas d’accord ? Connectez-vous : vous voyez de qui il s’agit, et c’est vous qui décidez.",
    ),
    ("administration", ENGLISH): (
        "Who may read your space has changed",
        "An administrator of your health space was named or removed, or a professional whom you had named has\n"
        "blocked another one for you.\n\n"
        "Do you disagree? Sign in: you see who it is, and it is your decision.",
    ),
    ("feeding_wish", FRENCH): (
        "Qui peut déposer dans votre espace a changé",
        "Un établissement a indiqué ce que vous lui avez dit : s’il peut, ou non, déposer vos documents dans votre\n"
        "espace de santé.\n\n"
        "Ce n’est pas ce que vous avez dit ? Connectez-vous : vous voyez de quel établissement il s’agit.",
    ),
    ("feeding_wish", ENGLISH): (
        "Who may deposit in your space has changed",
        "A care provider has stated what you told it: whether or not it may deposit your documents in your\n"
        "health space.\n\n"
        "Is this not what you said? Sign in: you see which care provider it is.",
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
    ("emergency", FRENCH): (
        "Votre espace a été ouvert en urgence",
        "Un professionnel de santé a déclaré une urgence et ouvert votre espace sans votre accord.\n\n"
        "Connectez-vous : vous verrez qui, pourquoi et jusqu’à quand. Vous pouvez le bloquer tout de suite :",
    ),
    ("emergency", ENGLISH): (
        "Your space was opened in an emergency",
        "A health professional declared an emergency and opened your space without your consent.\n\n"
        "Sign in: you will see who, why and until when. You can block them at once:",
    ),
    ("consult", FRENCH): (
        "Nous vous invitons à consulter",
        "Il y a du nouveau dans votre dossier de santé, et un professionnel doit pouvoir vous l’expliquer.\n"
        "Prenez rendez-vous avec votre médecin traitant, ou avec le professionnel qui vous suit.\n\n"
        "Il n’y a rien à lire pour le moment. Votre espace de santé est ici :",
    ),
    ("consult", ENGLISH): (
        "We invite you to see your doctor",
        "There is something new in your health record, and a professional should be there to explain it.\n"
        "Make an appointment with your attending doctor, or with the professional who follows you.\n\n"
        "There is nothing to read for the moment. Your health space is here:",
    ),
    ("copy_ready", FRENCH): (
        "La copie que vous avez demandée est prête",
        "La copie que vous avez demandée est prête. Connectez-vous pour la télécharger, à la page « Partage\n"
        "et accès », « Tout télécharger ». Elle y reste quelques jours, puis elle est détruite.\n\n"
        "Vous n’avez rien demandé ? Connectez-vous, supprimez-la, et changez votre mot de passe :",
    ),
    ("copy_ready", ENGLISH): (
        "The copy that you asked for is ready",
        "The copy that you asked for is ready. Sign in to download it, on the page “Sharing and access”,\n"
        "“Download everything”. It stays there for a few days, then it is destroyed.\n\n"
        "Did you ask for nothing? Sign in, delete it, and change your password:",
    ),
    ("new_browser", FRENCH): (
        "Connexion à votre espace depuis un nouvel appareil",
        "Quelqu’un s’est connecté à votre espace depuis un navigateur que nous ne connaissions pas.\n\n"
        "C’est vous ? Il n’y a rien à faire. Ce n’est pas vous ? Connectez-vous tout de suite, ouvrez la page\n"
        "« Sécurité » et fermez les autres sessions :",
    ),
    ("new_browser", ENGLISH): (
        "Your space was opened from a new device",
        "Somebody signed in to your space from a browser that we did not know.\n\n"
        "Was it you? There is nothing to do. Was it not? Sign in now, open the page “Security” and close\n"
        "the other sessions:",
    ),
    ("sign_in_changed", FRENCH): (
        "Votre façon de vous connecter a changé",
        "Une façon de vous connecter à votre espace a été ajoutée, retirée ou refaite.\n\n"
        "Ce n’est pas vous ? Connectez-vous tout de suite, ouvrez la page « Sécurité » et retirez ce que vous\n"
        "ne connaissez pas :",
    ),
    ("sign_in_changed", ENGLISH): (
        "The way you sign in has changed",
        "A way to sign in to your space was added, removed or made again.\n\n"
        "Was it not you? Sign in now, open the page “Security” and remove what you do not know:",
    ),
    ("password_changed", FRENCH): (
        "Votre mot de passe a changé",
        "Le mot de passe de votre espace a été changé, et les autres sessions sont fermées.\n\n"
        "Ce n’est pas vous ? Quelqu’un tient votre mot de passe et votre seconde preuve : à la page de connexion,\n"
        "suivez « Je n’arrive plus à me connecter » :",
    ),
    ("password_changed", ENGLISH): (
        "Your password has changed",
        "The password of your space was changed, and the other sessions are closed.\n\n"
        "Was it not you? Then somebody has your password and your second proof: on the sign-in page, follow\n"
        "“I cannot sign in any more”:",
    ),
    ("password_tried", FRENCH): (
        "Des mots de passe faux ont été essayés pour votre espace",
        "Quelqu’un a donné plusieurs fois un mot de passe faux avec votre identifiant. Il n’est pas entré ainsi.\n\n"
        "C’est vous ? Il n’y a rien à faire. Ce n’est pas vous ? Si ce mot de passe sert aussi ailleurs,\n"
        "connectez-vous et changez-le à la page « Sécurité ». Ce message ne part qu’une fois par jour au plus :",
    ),
    ("password_tried", ENGLISH): (
        "Wrong passwords were tried for your space",
        "Somebody gave a wrong password several times with your identifier. They did not get in that way.\n\n"
        "Was it you? There is nothing to do. Was it not? If you use this password elsewhere too, sign in and\n"
        "change it on the page “Security”. This message leaves once a day at most:",
    ),
}

_CODES = {
    (False, FRENCH): (
        "Votre code de connexion",
        """Bonjour,

Voici le code que demande espace-santé, à recopier sur la page où vous vous connectez :

{code}

Il sert une seule fois, pendant dix minutes. Ne le donnez à personne : personne ne vous le demandera
par courriel ou par téléphone.

Vous n’êtes pas en train de vous connecter ? Quelqu’un connaît votre mot de passe. Connectez-vous et changez-le
à la page « Sécurité », ou suivez « Je n’arrive plus à me connecter » à la page de connexion.
""",
    ),
    (False, ENGLISH): (
        "Your sign-in code",
        """Hello,

This is the code that espace-santé asks for, to copy on the page where you are signing in:

{code}

It works once, for ten minutes. Give it to nobody: nobody will ask you for it by e-mail or by telephone.

Are you not signing in? Then somebody knows your password. Sign in and change it on the page “Security”,
or follow “I cannot sign in any more” on the sign-in page.
""",
    ),
    (True, FRENCH): (
        "Votre code pour la page « Sécurité »",
        """Bonjour,

Voici le code que vous avez demandé dans votre espace de santé. Recopiez-le sur la page où vous l’avez demandé :

{code}

Il sert une seule fois, pendant dix minutes. Ne le donnez à personne : personne ne vous le demandera
par courriel ou par téléphone.

Vous n’avez rien demandé ? Quelqu’un est peut-être dans votre espace. Connectez-vous, ouvrez la page « Sécurité »,
fermez les autres sessions et changez le mot de passe.
""",
    ),
    (True, ENGLISH): (
        "Your code for the page “Security”",
        """Hello,

This is the code that you asked for in your health space. Copy it on the page where you asked for it:

{code}

It works once, for ten minutes. Give it to nobody: nobody will ask you for it by e-mail or by telephone.

Did you ask for nothing? Then somebody may be in your space. Sign in, open the page “Security”, close the other
sessions and change the password.
""",
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


def sign_in_code(*, to: Recipient, code: str, id: str, inside: bool = False) -> Mail:
    """B08: the code by mail, in the language of the account, for who signs in or is `inside` already. No link: nobody
    learns to follow one to sign in."""
    subject, said = _CODES[inside, to.language if to.language in _FRAME else FRENCH]
    return Mail(to.email, subject, said.format(code=code), id)
