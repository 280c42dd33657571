"""Why somebody may, or may not, act in the space of a person whom they help. Sources: A18-A29, C52; CSP L1111-13-1."""

from espace.kernel.reasons.words import Reason, Sentence, allows

PARENT_ACTS = allows(
    "parent_acts",
    holder=Sentence(
        "Cette personne a déclaré être votre représentant légal : elle agit en votre nom jusqu’à vos dix-huit ans.",
        "This person declared being your legal representative: they act in your name until you are eighteen.",
    ),
    professional=Sentence(
        "Le représentant légal de ce mineur agit en son nom.",
        "The legal representative of this minor acts in their name.",
    ),
)
GUARDIAN_ACTS = allows(
    "guardian_acts",
    holder=Sentence(
        "Une décision de justice charge cette personne de vous représenter.",
        "A court decision has this person represent you.",
    ),
    professional=Sentence(
        "La personne qu’un juge a chargée de représenter ce patient agit en son nom.",
        "The person whom a judge put in charge of representing this patient acts in their name.",
    ),
)
CARER_ACTS = allows(
    "carer_acts",
    holder=Sentence("Vous avez choisi cette personne pour vous aider.", "You chose this person to help you."),
    professional=Sentence("Un proche aidant, choisi par le patient.", "A carer, chosen by the patient."),
)
HELP_ANSWERED = allows(
    "help_answered",
    holder=Sentence(
        "Cette personne a répondu à l’invitation qui lui a été envoyée.",
        "This person answered the invitation that was sent to them.",
    ),
    professional=Sentence("La personne invitée a répondu.", "The invited person answered."),
)
NOT_A_HELPER = Reason(
    "not_a_helper",
    404,
    "not-found",
    Sentence(
        "Quelqu’un qui ne vous aide pas a essayé d’ouvrir votre espace.",
        "Somebody who does not help you tried to open your space.",
    ),
    Sentence(
        "Cette ressource n’existe pas ou ne vous est pas accessible.",
        "This resource does not exist or is not accessible to you.",
    ),
    Sentence("Vérifiez l’adresse demandée.", "Check the address."),
    told="not_the_holder",
)
HELP_WAITING = Reason(
    "help_waiting",
    403,
    "forbidden",
    Sentence("Cette personne n’a pas encore accepté de vous aider.", "This person has not accepted to help you yet."),
    Sentence("Il vous faut d’abord accepter d’aider cette personne.", "You must first accept to help this person."),
    Sentence("Répondez à l’invitation que vous avez reçue.", "Answer the invitation that you received."),
)
HELP_ENDED = Reason(
    "help_ended",
    403,
    "forbidden",
    Sentence("Cette personne ne vous aidait plus.", "This person did not help you any more."),
    Sentence("Vous n’aidez plus cette personne.", "You do not help this person any more."),
    Sentence("Pour l’aider de nouveau, demandez-lui une invitation.", "To help again, ask them for an invitation."),
)
HELP_OVER = Reason(
    "help_over",
    403,
    "forbidden",
    Sentence("L’aide de cette personne a pris fin à la date prévue.", "This person’s help ended on its end date."),
    Sentence("Votre accès à cet espace a pris fin à la date prévue.", "Your access ended on its end date."),
    Sentence("Pour l’aider de nouveau, demandez-lui une invitation.", "To help again, ask them for an invitation."),
)
CAME_OF_AGE = Reason(
    "came_of_age",
    403,
    "forbidden",
    Sentence(
        "Vous êtes majeur : vos représentants légaux n’ont plus accès à votre espace.",
        "You are of age: your legal representatives have no access to your space any more.",
    ),
    Sentence(
        "Cette personne est majeure : elle seule décide de son espace.",
        "This person is of age: they alone decide on their space.",
    ),
    Sentence("Elle peut vous choisir comme aidant.", "They may choose you as a carer."),
)
HELPER_MAY_NOT = Reason(
    "helper_may_not",
    403,
    "forbidden",
    Sentence(
        "Cette personne vous aide, mais vous seul décidez de cela.",
        "This person helps you, but you alone decide on that.",
    ),
    Sentence(
        "Vous aidez cette personne, mais elle seule décide de cela : qui lit, qui aide, fermer, effacer, tout "
        "télécharger.",
        "You help this person, but they alone decide on that: who reads, who helps, closing, erasing, downloading "
        "everything.",
    ),
    Sentence("Demandez-le-lui.", "Ask them."),
)
HELPER_READS_ONLY = Reason(
    "helper_reads_only",
    403,
    "forbidden",
    Sentence("Cette personne peut lire, mais ne peut rien changer.", "This person may read, but may change nothing."),
    Sentence("Vous pouvez lire cet espace, mais rien y changer.", "You may read this space, but change nothing in it."),
    Sentence(
        "Si vous devez aussi ajouter ou ranger des documents, demandez une autre invitation.",
        "If you should also add or arrange documents, ask for another invitation.",
    ),
)
CARERS_FULL = Reason(
    "carers_full",
    409,
    "business-rule",
    Sentence("Vous avez déjà trois aidants.", "You have three carers already."),
    Sentence("Cette personne a déjà trois aidants.", "This person has three carers already."),
    Sentence("Pour en inviter un autre, retirez-en un.", "To invite another, remove one."),
)
HELPS_TOO_MANY = Reason(
    "helps_too_many",
    409,
    "business-rule",
    Sentence("Cette personne aide déjà cinq personnes.", "This person helps five people already."),
    Sentence("Vous aidez déjà cinq personnes.", "You help five people already."),
    Sentence("Pour en aider une autre, cessez d’en aider une.", "To help another, stop helping one."),
)
HELP_CIRCLE = Reason(
    "help_circle",
    409,
    "business-rule",
    Sentence(
        "Vous aidez déjà cette personne : deux personnes ne peuvent pas agir l’une pour l’autre.",
        "You help this person already: two people cannot act for each other.",
    ),
    Sentence(
        "Cette personne vous aide déjà : deux personnes ne peuvent pas agir l’une pour l’autre.",
        "This person helps you already: two people cannot act for each other.",
    ),
    Sentence("L’une des deux aides doit d’abord prendre fin.", "One of the two must end first."),
)
HELPS_ALREADY = Reason(
    "helps_already",
    409,
    "business-rule",
    Sentence("Cette personne vous aide déjà.", "This person helps you already."),
    Sentence("Vous aidez déjà cette personne.", "You help this person already."),
    Sentence("Il n’y a rien à faire.", "There is nothing to do."),
)
HELP_ONESELF = Reason(
    "help_oneself",
    409,
    "business-rule",
    Sentence(
        "Une invitation à vous aider a été ouverte avec votre propre compte.",
        "An invitation to help you was opened with your own account.",
    ),
    Sentence("Cette invitation vient de vous.", "This invitation is from you."),
    Sentence("Ouvrez-la avec le compte de la personne invitée.", "Open it with the account of the invited person."),
)
INVITATION_UNKNOWN = Reason(
    "invitation_unknown",
    404,
    "not-found",
    Sentence("Cette invitation n’est pas valable, ou ne l’est plus.", "This invitation is not, or no longer, valid."),
    Sentence("Cette invitation n’est pas valable, ou ne l’est plus.", "This invitation is not, or no longer, valid."),
    Sentence(
        "Une invitation sert une fois, pendant deux semaines, à la personne invitée. Demandez-en une autre.",
        "An invitation serves once, for two weeks, the invited person. Ask for another.",
    ),
)
HELP_TERM = Reason(
    "help_term",
    422,
    "business-rule",
    Sentence("La date de fin de cette aide était déjà passée.", "The end date of this help had passed already."),
    Sentence("La date de fin est déjà passée.", "The end date has passed already."),
    Sentence("Choisissez un jour à venir, ou aucun.", "Choose a day to come, or none."),
)
PROOF_MISSING = Reason(
    "proof_missing",
    422,
    "business-rule",
    Sentence(
        "Une mesure de protection se prouve par sa décision de justice.",
        "A protection measure is proved by its court decision.",
    ),
    Sentence(
        "Une mesure de protection se prouve par sa décision de justice.",
        "A protection measure is proved by its court decision.",
    ),
    Sentence("Indiquez la mesure et la référence de la décision.", "State the measure and the decision’s reference."),
)
STATED_BY_AUTHORITY = allows(
    "stated_by_authority",
    holder=Sentence(
        "L’exploitant de ce service inscrit ce qu’un organisme ou un tribunal a déclaré.",
        "The operator of this service enters what an authority or a court stated.",
    ),
    professional=Sentence("Un organisme ou un tribunal l’a déclaré.", "An authority or a court stated it."),
)
ENDED_BY_OPERATOR = allows(
    "ended_by_operator",
    holder=Sentence(
        "L’exploitant de ce service met fin à l’aide d’une personne dont il s’est avéré qu’elle n’y avait pas droit.",
        "The operator of this service ends the help of a person who turned out not to be entitled to it.",
    ),
    professional=Sentence("L’exploitant a mis fin à cette aide.", "The operator ended this help."),
)
NO_REPRESENTATIVE = Reason(
    "no_representative",
    409,
    "business-rule",
    Sentence("Seul un mineur a des représentants légaux.", "Only a minor has legal representatives."),
    Sentence(
        "Cette personne est majeure : seul un mineur a des représentants légaux.",
        "This person is of age: only a minor has legal representatives.",
    ),
    Sentence(
        "Invitez plutôt un aidant ; une mesure de protection se prouve par sa décision de justice.",
        "Invite a carer instead; a protection measure is proved by its court decision.",
    ),
)
REPRESENTATIVES_FULL = Reason(
    "representatives_full",
    409,
    "business-rule",
    Sentence("Vous avez déjà deux représentants légaux.", "You have two legal representatives already."),
    Sentence("Cet enfant a déjà deux représentants légaux.", "This child has two legal representatives already."),
    Sentence("Si l’un des deux ne devrait pas l’être, contestez son accès.", "If one should not be, contest it."),
)
ONLY_THE_FIRST = Reason(
    "only_the_first",
    403,
    "forbidden",
    Sentence(
        "Seul le premier représentant légal peut inviter le second.",
        "Only the first legal representative may invite the second one.",
    ),
    Sentence(
        "Seul le premier représentant légal peut inviter le second.",
        "Only the first legal representative may invite the second one.",
    ),
    Sentence("Demandez-le à l’autre représentant légal.", "Ask the other legal representative."),
)
ASSISTS_ONLY = Reason(
    "assists_only",
    409,
    "business-rule",
    Sentence(
        "Un curateur assiste et ne représente pas : votre espace ne lui est pas ouvert.",
        "A curator (curatelle) assists and does not represent: your space is not open to them.",
    ),
    Sentence(
        "Un curateur assiste et ne représente pas : cet espace ne lui est pas ouvert.",
        "A curator (curatelle) assists and does not represent: this space is not open to them.",
    ),
    Sentence("La personne protégée peut vous choisir comme aidant.", "The protected person may choose you as a carer."),
)
