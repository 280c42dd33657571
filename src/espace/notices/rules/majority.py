"""Mails about coming of age (A22). None says who, or a date that would tell their birthday."""

from espace.notices.facts import Mail, Recipient
from espace.notices.rules.wording import ENGLISH, FRENCH

SOON, TODAY = ("child_soon", "parent_soon"), ("child_today", "parent_today")
"""To the child, then to who stands for them."""

_WORDS = {
    ("child_soon", FRENCH): (
        "Vous aurez bientôt 18 ans",
        """Bonjour,

Vous aurez bientôt 18 ans. Ce jour-là, votre espace de santé ne sera plus qu’à vous : vos représentants légaux,
souvent vos parents, n’y auront plus accès.

Vous n’avez rien à faire. Si vous voulez qu’une personne vous aide ensuite, vous pourrez l’inviter, à la page
« Proches », qui dit aussi qui y a accès aujourd’hui :

{link}
""",
    ),
    ("child_soon", ENGLISH): (
        "You will soon be 18",
        """Hello,

You will soon be 18. On that day your health space will be yours alone: your legal representatives, often your
parents, will have no access to it any more.

There is nothing to do. If you want somebody to help you afterwards, you may invite them, on the page “Relatives”,
which also says who has access today:

{link}
""",
    ),
    ("parent_soon", FRENCH): (
        "Un enfant que vous représentez aura bientôt 18 ans",
        """Bonjour,

Un enfant que vous représentez aura bientôt 18 ans. Ce jour-là, vous n’aurez plus accès à son espace de santé : il
ne sera plus qu’à lui. Votre propre espace ne change pas.

Vous n’avez rien à faire. S’il veut votre aide ensuite, il pourra vous inviter. La page « Proches » dit de qui il
s’agit, et jusqu’à quel jour :

{link}
""",
    ),
    ("parent_soon", ENGLISH): (
        "A child whom you represent will soon be 18",
        """Hello,

A child whom you represent will soon be 18. On that day you will have no access to their health space any more: it
will be theirs alone. Your own space does not change.

There is nothing to do. If they want your help afterwards, they may invite you. The page “Relatives” says who it is,
and until which day:

{link}
""",
    ),
    ("child_today", FRENCH): (
        "Votre espace de santé n’est plus qu’à vous",
        """Bonjour,

Vous avez 18 ans : votre espace de santé n’est plus qu’à vous. Vos représentants légaux, souvent vos parents, n’y ont
plus accès.

Si vous voulez qu’une personne vous aide, invitez-la à la page « Proches » :

{link}
""",
    ),
    ("child_today", ENGLISH): (
        "Your health space is yours alone now",
        """Hello,

You are 18: your health space is yours alone. Your legal representatives, often your parents, have no access to it
any more.

If you want somebody to help you, invite them on the page “Relatives”:

{link}
""",
    ),
    ("parent_today", FRENCH): (
        "Un enfant que vous représentiez a 18 ans",
        """Bonjour,

Un enfant que vous représentiez a 18 ans : vous n’avez plus accès à son espace de santé. Votre propre espace ne
change pas.

S’il veut votre aide, il peut vous inviter. La page « Proches » dit qui vous aidez encore :

{link}
""",
    ),
    ("parent_today", ENGLISH): (
        "A child whom you represented is 18",
        """Hello,

A child whom you represented is 18: you have no access to their health space any more. Your own space does not change.

If they want your help, they may invite you. The page “Relatives” says whom you still help:

{link}
""",
    ),
}


def majority_mail(what: str, *, to: Recipient, link: str, id: str) -> Mail:
    """The mail that tells this, in the language of the account (French unless it is one of ours)."""
    subject, said = _WORDS[what, to.language if to.language == ENGLISH else FRENCH]
    return Mail(to.email, subject, said.format(link=link), id)
