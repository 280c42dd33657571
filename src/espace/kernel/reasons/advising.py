"""Why a digital adviser may, or may not, act in the space of somebody who gave them a code. Sources: O04, O05."""

from espace.kernel.reasons.words import Reason, Sentence, allows

ADVISER_ACTS = allows(
    "adviser_acts",
    holder=Sentence(
        "Vous avez donné un code à ce conseiller numérique, pour une séance que vous pouvez arrêter.",
        "You gave this digital adviser a code, for a session that you can end.",
    ),
    professional=Sentence(
        "Le titulaire a donné un code à un conseiller numérique, pour une séance.",
        "The holder gave a digital adviser a code, for one session.",
    ),
)
ADVISER_TAKES_NOTHING = Reason(
    "adviser_takes_nothing",
    403,
    "forbidden",
    Sentence(
        "Un conseiller numérique lit à l’écran : il ne télécharge rien.",
        "A digital adviser reads on the screen: they download nothing.",
    ),
    Sentence(
        "Un conseiller numérique lit à l’écran : il ne télécharge rien.",
        "A digital adviser reads on the screen: they download nothing.",
    ),
    Sentence(
        "La personne que vous aidez peut télécharger ce document elle-même.",
        "The person whom you help can download this document themselves.",
    ),
)
ADVISING_OVER = Reason(
    "advising_over",
    403,
    "forbidden",
    Sentence("La séance de ce conseiller numérique était terminée.", "This digital adviser’s session was over."),
    Sentence("Cette séance d’aide est terminée.", "This help session is over."),
    Sentence("Pour en commencer une autre, demandez un nouveau code.", "To begin another, ask for a new code."),
)
ADVISED_ALREADY = Reason(
    "advised_already",
    409,
    "business-rule",
    Sentence("Un conseiller numérique vous aide déjà.", "A digital adviser helps you already."),
    Sentence("Un conseiller numérique aide déjà cette personne.", "A digital adviser helps this person already."),
    Sentence("Mettez d’abord fin à la séance en cours.", "End the present session first."),
)
ADVISES_ALREADY = Reason(
    "advises_already",
    409,
    "business-rule",
    Sentence(
        "Ce conseiller numérique aidait déjà quelqu’un d’autre.", "This digital adviser was helping somebody else."
    ),
    Sentence("Vous aidez déjà quelqu’un d’autre.", "You are helping somebody else already."),
    Sentence("Terminez d’abord la séance en cours.", "End the present session first."),
)
