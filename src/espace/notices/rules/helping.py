"""Mails about helping somebody in their space. None says who, for whom, or anything of health (A20, A26)."""

from espace.notices.facts import Mail, Recipient
from espace.notices.rules.wording import ENGLISH, FRENCH

ASKED, ACCEPTED, DECLINED, LEFT, ENDED = "asked", "accepted", "declined", "left", "ended"
SESSION_BEGAN, SESSION_ENDED = "session_began", "session_ended"

_WORDS = {
    (ASKED, FRENCH): (
        "On vous demande de l’aide",
        """Bonjour,

Une personne qui a votre adresse vous demande de l’aider dans son espace de santé, ou de représenter son enfant.

Ouvrez ce lien avec votre propre compte : il dit qui, pour quoi faire, et vous répondez oui ou non.
Il sert une seule fois, pendant deux semaines.

{link}

Vous ne connaissez personne qui ait pu vous le demander ? N’en faites rien : sans votre réponse, rien ne se passe.
Personne ne vous demandera jamais votre mot de passe par courriel ou par téléphone.
""",
    ),
    (ASKED, ENGLISH): (
        "Somebody asks for your help",
        """Hello,

Somebody who has your address asks you to help them in their health space, or to represent their child.

Open this link with your own account: it says who, and what for, and you answer yes or no.
It works once, for two weeks.

{link}

You know nobody who could have asked? Do nothing: without your answer, nothing happens.
Nobody will ever ask you for your password by e-mail or by telephone.
""",
    ),
    (SESSION_BEGAN, FRENCH): (
        "Une séance a commencé dans votre espace",
        """Bonjour,

Un conseiller numérique à qui un code a été donné vous aide dans votre espace de santé. Vous voyez ce qu’il fait, et
vous pouvez y mettre fin, à cette page :

{link}

Vous n’avez donné de code à personne ? Mettez fin à la séance, puis changez votre mot de passe.
""",
    ),
    (SESSION_BEGAN, ENGLISH): (
        "A session began in your space",
        """Hello,

A digital adviser to whom a code was given is helping you in your health space. You see what they do, and you can end
it, on this page:

{link}

You gave nobody a code? End the session, then change your password.
""",
    ),
    (SESSION_ENDED, FRENCH): (
        "La séance dans votre espace est terminée",
        """Bonjour,

Le conseiller numérique qui vous aidait dans votre espace de santé n’y a plus accès. Ce qu’il a fait est à cette page :

{link}
""",
    ),
    (SESSION_ENDED, ENGLISH): (
        "The session in your space is over",
        """Hello,

The digital adviser who was helping you in your health space has no access to it any more. What they did is on this
page:

{link}
""",
    ),
    (ACCEPTED, FRENCH): (
        "Votre invitation a été acceptée",
        """Bonjour,

La personne que vous avez invitée à aider a accepté. Vous voyez tout ce qu’elle fait, et vous pouvez y mettre fin,
dans votre espace, à la page « Proches » :

{link}
""",
    ),
    (ACCEPTED, ENGLISH): (
        "Your invitation was accepted",
        """Hello,

The person whom you invited to help has accepted. You see everything they do, and you can end it, in your space,
on the page “Relatives”:

{link}
""",
    ),
    (DECLINED, FRENCH): (
        "Votre invitation a été refusée",
        """Bonjour,

La personne que vous avez invitée à aider a refusé. Vous pouvez en inviter une autre, dans votre espace, à la page
« Proches » :

{link}
""",
    ),
    (DECLINED, ENGLISH): (
        "Your invitation was declined",
        """Hello,

The person whom you invited to help has declined. You may invite another, in your space, on the page “Relatives”:

{link}
""",
    ),
    (LEFT, FRENCH): (
        "Une personne ne vous aide plus",
        """Bonjour,

Une personne qui vous aidait dans votre espace de santé ne vous aide plus : son accès est fermé. La page « Proches »
de votre espace dit qui :

{link}
""",
    ),
    (LEFT, ENGLISH): (
        "Somebody does not help you any more",
        """Hello,

Somebody who helped you in your health space does not any more: their access is closed. The page “Relatives” of your
space says who:

{link}
""",
    ),
    (ENDED, FRENCH): (
        "Vous n’aidez plus une personne",
        """Bonjour,

Une aide que vous apportiez dans l’espace de santé d’une autre personne a pris fin : vous n’y avez plus accès.
Votre propre espace ne change pas. La page « Proches » dit qui vous aidez encore :

{link}
""",
    ),
    (ENDED, ENGLISH): (
        "You do not help somebody any more",
        """Hello,

The help that you gave in another person’s health space has ended: you have no access to it any more.
Your own space does not change. The page “Relatives” says whom you still help:

{link}
""",
    ),
}


def help_mail(what: str, *, to: Recipient, link: str, id: str) -> Mail:
    """The mail that tells this, in the language of the account or of who asked (French unless it is one of ours)."""
    subject, said = _WORDS[what, to.language if to.language == ENGLISH else FRENCH]
    return Mail(to.email, subject, said.format(link=link), id)
