"""What somebody who helps reads, where the holder's own sentence says « vous »: it is not of them that it speaks."""

from collections.abc import Mapping

from espace.kernel.reasons import (
    advising,
    care,
    decisions,
    documents,
    emergency,
    feeding,
    helping,
    stating,
    teams,
    transport,
)
from espace.kernel.reasons.words import Reason, Sentence

_AGREED = Sentence("Un accord a été donné à ce professionnel.", "Consent was given to this professional.")

_OF_ANOTHER: Mapping[Reason, Sentence] = {
    decisions.HOLDER_OWN_RECORD: Sentence(
        "C’est l’espace de la personne que vous aidez.", "This is the space of the person whom you help."
    ),
    decisions.HOLDER_OWN_DOCUMENTS: Sentence(
        "C’est son espace : la personne que vous aidez y ajoute ses documents et les range.",
        "It is their space: the person whom you help adds documents to it and arranges them.",
    ),
    stating.APP_AUTHORISED: Sentence(
        "La personne que vous aidez a autorisé cette application à ajouter des mesures. L’application ne lit rien.",
        "The person whom you help let this application add measures. The application reads nothing.",
    ),
    decisions.FEED_AUTHORISED: Sentence(
        "Les soignants et les laboratoires peuvent déposer des documents pour la personne que vous aidez.",
        "Care providers and laboratories may deposit documents for the person whom you help.",
    ),
    decisions.FACTS_EXTRACTED: Sentence(
        "La plateforme lit les documents déposés ici, pour en retrouver les informations de santé. Personne d’autre ne "
        "les voit par là.",
        "The platform reads the documents deposited here, to find the health facts in them. Nobody else sees them by "
        "it.",
    ),
    feeding.FEEDING_STATED: Sentence(
        "Un établissement transmet ce que la personne que vous aidez lui a dit : s’il peut déposer ses documents ici. "
        "Cela n’ouvre son espace à personne.",
        "A care provider passes on what the person whom you help told it: whether it may deposit their documents here. "
        "That opens their space to nobody.",
    ),
    feeding.FEEDING_OBJECTED: Sentence(
        "La personne que vous aidez a dit à cet établissement de ne rien déposer dans son espace.",
        "The person whom you help told this care provider to deposit nothing in their space.",
    ),
    decisions.CLOSED_AS_ASKED: Sentence(
        "Il a été demandé que cet espace soit fermé, et il n’a pas été rouvert depuis.",
        "It was asked that this space be closed, and it has not been reopened since.",
    ),
    decisions.NOT_THE_HOLDER: Sentence(
        "Quelqu’un d’autre a essayé d’ouvrir cet espace.", "Somebody else tried to open this space."
    ),
    decisions.ORGANISATION_CANNOT_READ: Sentence(
        "Un organisme a essayé de lire des documents de cet espace : un organisme peut en déposer, pas en lire.",
        "An organisation tried to read documents of this space: an organisation may deposit some, not read any.",
    ),
    decisions.HOLDER_CANNOT_FEED: Sentence(
        "Cette adresse est réservée aux organismes.", "This address is for organisations."
    ),
    decisions.SPACE_NOT_OPEN: Sentence(
        "Cet espace n’est pas ouvert : rien n’y est déposé ni lu.",
        "This space is not open: nothing is deposited or read.",
    ),
    decisions.SPACE_OPPOSED: Sentence(
        "La personne que vous aidez a refusé que son espace soit ouvert.",
        "The person whom you help refused that their space be opened.",
    ),
    decisions.SPACE_SUSPENDED: Sentence(
        "Cet espace est suspendu : des documents peuvent y arriver, mais personne ne peut les lire.",
        "This space is suspended: documents may arrive, but nobody can read them.",
    ),
    care.ATTENDING_DOCTOR: Sentence(
        "C’est le médecin traitant de la personne que vous aidez.",
        "This is the attending doctor of the person whom you help.",
    ),
    care.CONSENT_IN_FORCE: _AGREED,
    care.SECRET_CONSENT: _AGREED,
    care.SPACE_STATUS: Sentence(
        "Un professionnel identifié peut savoir si cet espace est ouvert, sans rien y lire.",
        "An identified professional may know whether this space is open, without reading anything in it.",
    ),
    care.CONSENT_RECORDED: Sentence(
        "Ce professionnel déclare qu’un accord lui a été donné. Si ce n’est pas le cas, bloquez-le.",
        "This professional states that consent was given to them. If it was not, block them.",
    ),
    care.PROFESSIONAL_FEEDS: Sentence(
        "Un professionnel qui s’est identifié peut déposer les documents des soins qu’il donne.",
        "An identified professional may deposit the documents of the care that they give.",
    ),
    care.HOLD_ENDED: Sentence(
        "Un mois est passé : ce document peut être lu ici, même si personne n’en a encore parlé. C’est la loi.",
        "A month has passed: this document may be read here, even if nobody has spoken of it yet. It is the law.",
    ),
    care.HOLDER_DECIDES: Sentence(
        "C’est à la personne que vous aidez de décider, ou à qui la représente.",
        "The decision is that of the person whom you help, or of who represents them.",
    ),
    care.CONSENT_MISSING: Sentence(
        "Ce professionnel ne peut rien lire sans un accord.",
        "This professional can read nothing without consent.",
    ),
    care.CONSENT_LAPSED: Sentence(
        "L’accord donné à ce professionnel a pris fin.", "The consent given to this professional has ended."
    ),
    care.PROFESSIONAL_BLOCKED: Sentence("Ce professionnel est bloqué.", "This professional is blocked."),
    care.ACCOUNT_FROZEN: Sentence(
        "Ce professionnel a ouvert trop d’espaces en peu de temps : il n’a pas pu ouvrir celui-ci.",
        "This professional opened too many spaces in a short time: this one was not opened.",
    ),
    care.ORGANISATION_FROZEN: Sentence(
        "Trop d’espaces ont été ouverts depuis cette structure en peu de temps : celui-ci n’a pas été ouvert.",
        "Too many spaces were opened from this organisation in a short time: this one was not opened.",
    ),
    care.COUNTRY_FROZEN: Sentence(
        "Trop d’espaces ont été ouverts dans tout le pays en peu de temps : celui-ci n’a pas été ouvert.",
        "Too many spaces were opened in the whole country in a short time: this one was not opened.",
    ),
    emergency.GLASS_BROKEN: Sentence(
        "Ce professionnel a déclaré une urgence : un risque immédiat, et personne en état de donner son accord. "
        "Si ce n’est pas le cas, signalez-le.",
        "This professional declared an emergency: an immediate risk, and nobody able to give consent. "
        "If that is not so, report it.",
    ),
    emergency.EMERGENCY_OBJECTED: Sentence(
        "Il a été refusé d’avance que cet espace soit ouvert en urgence sans accord.",
        "It was refused in advance that this space be opened in an emergency without consent.",
    ),
    emergency.DISPATCH_OPENED: Sentence(
        "Le médecin du SAMU traitait un appel pour la personne que vous aidez.",
        "The doctor of the emergency call centre was handling a call about the person whom you help.",
    ),
    emergency.DISPATCH_IN_FORCE: Sentence(
        "Le médecin du SAMU traitait un appel pour la personne que vous aidez, et cet accès n’était pas terminé.",
        "The doctor of the emergency call centre was handling a call about the person whom you help, and that access "
        "had not ended.",
    ),
    emergency.DISPATCH_OBJECTED: Sentence(
        "Il a été refusé d’avance que le médecin du SAMU ouvre cet espace.",
        "It was refused in advance that the doctor of the emergency call centre open this space.",
    ),
    helping.PARENT_ACTS: Sentence(
        "Représentant légal, jusqu’aux dix-huit ans de l’enfant.", "Legal representative, until the child is eighteen."
    ),
    helping.GUARDIAN_ACTS: Sentence("Représentation décidée par la justice.", "Representation that a court decided."),
    helping.CARER_ACTS: Sentence(
        "Proche aidant choisi par la personne aidée.", "Carer chosen by the person who is helped."
    ),
    advising.ADVISER_ACTS: Sentence(
        "Conseiller numérique à qui la personne aidée a donné un code, pour une séance.",
        "Digital adviser to whom the person who is helped gave a code, for one session.",
    ),
    advising.ADVISED_ALREADY: advising.ADVISED_ALREADY.professional,
    helping.NOT_A_HELPER: Sentence(
        "Quelqu’un qui n’aide pas ici a essayé d’ouvrir cet espace.",
        "Somebody who does not help here tried to open this space.",
    ),
    helping.HELP_WAITING: Sentence(
        "L’invitation à aider n’était pas encore acceptée.", "The invitation to help was not accepted yet."
    ),
    helping.HELP_ENDED: Sentence("Cette aide avait pris fin.", "This help had ended."),
    helping.CAME_OF_AGE: Sentence(
        "La personne à qui est cet espace est majeure : ses représentants légaux n’y ont plus accès.",
        "The person whose space it is has come of age: their legal representatives have no access to it any more.",
    ),
    helping.HELPER_MAY_NOT: Sentence(
        "Aider quelqu’un ne permet pas cela : la personne aidée en décide seule.",
        "Helping somebody does not allow this: the person who is helped decides alone.",
    ),
    helping.CARERS_FULL: Sentence("Il y a déjà trois aidants ici.", "There are three carers here already."),
    helping.HELP_CIRCLE: Sentence(
        "Deux personnes ne peuvent pas agir l’une pour l’autre.", "Two people cannot act for each other."
    ),
    helping.HELPS_ALREADY: Sentence("Cette personne aide déjà ici.", "This person helps here already."),
    helping.HELP_ONESELF: Sentence(
        "L’invitation a été ouverte avec le compte de la personne à aider.",
        "The invitation was opened with the account of the person to help.",
    ),
    helping.REPRESENTATIVES_FULL: Sentence(
        "Il y a déjà deux représentants légaux.", "There are two legal representatives already."
    ),
    helping.ASSISTS_ONLY: helping.ASSISTS_ONLY.professional,
    teams.TEAM_CONSENT: Sentence(
        "Cette personne est membre d’une équipe de soins à laquelle un accord a été donné.",
        "This person is a member of a care team to which consent was given.",
    ),
    teams.MEMBER_ADDED: Sentence(
        "L’accord pour l’équipe de soins est en cours : ses membres y ajoutent ceux qui soignent avec eux. "
        "Vous pouvez retirer chacun d’eux.",
        "The consent for the care team is in force: its members add those who give care with them. "
        "You may remove any of them.",
    ),
    teams.ADMINISTRATOR: Sentence(
        "Cette personne a été désignée comme administrateur de cet espace.",
        "This person was named an administrator of this space.",
    ),
    teams.TEAM_MISSING: Sentence(
        "Ce professionnel n’est membre d’aucune équipe de soins à laquelle un accord a été donné.",
        "This professional is in no care team to which consent was given.",
    ),
    teams.MEMBER_REFUSED: Sentence(
        "Ce professionnel fait déjà partie d’une autre équipe de soins.",
        "This professional is already in another care team.",
    ),
    teams.MEMBER_BLOCKED: Sentence(
        "Ce professionnel est bloqué : il faut d’abord le débloquer.",
        "This professional is blocked: unblock them first.",
    ),
    teams.NAMED_BY_THE_PATIENT: Sentence(
        "Ce professionnel a été désigné ici : un autre professionnel ne peut pas le bloquer.",
        "This professional was named here: another professional may not block them.",
    ),
    teams.TEAM_UNKNOWN: Sentence(
        "Cette équipe de soins n’existe pas, ou l’accord pour elle a pris fin.",
        "This care team does not exist, or the consent to it has ended.",
    ),
    teams.NOT_AN_ADMINISTRATOR: Sentence(
        "Ce professionnel n’est ni le médecin traitant, ni un administrateur de cet espace.",
        "This professional is neither the attending doctor nor an administrator of this space.",
    ),
    documents.REPLACE_REFUSED: Sentence(
        "Le document à remplacer n’existe pas, n’est plus courant ou vient d’un autre organisme.",
        "The document to replace does not exist, is no longer current or comes from another organisation.",
    ),
    documents.NOT_YOUR_DOCUMENT: Sentence(
        "Chacun ne modifie ou ne supprime que les documents qu’il a ajoutés.",
        "Everybody changes or deletes only the documents that they added.",
    ),
    transport.NOT_FOUND: Sentence(
        "Ce qui a été demandé n’existe pas ou n’est pas accessible.",
        "What was asked for does not exist or is not accessible.",
    ),
}

_TO_HELPERS = frozenset(
    one.code for table in (helping, advising) for one in vars(table).values() if isinstance(one, Reason)
)
"""Reasons whose `professional` sentence is written for who helps."""


_THEIRS_ALONE: Mapping[Reason, Sentence | None] = {
    decisions.SPACE_SUSPENDED: decisions.SPACE_SUSPENDED.fix,
    decisions.SPACE_NOT_OPEN: Sentence(
        "Si la personne que vous aidez l’a fait fermer, elle peut le rouvrir : elle se connecte et le demande.",
        "If the person whom you help had it closed, they may reopen it: they sign in and ask for it.",
    ),
}
"""What may be done about a refusal by the holder, and by nobody for them."""


def logged_to_helper(reason: Reason) -> Sentence:
    """What a line of the log says to who helps the holder."""
    return _OF_ANOTHER.get(reason, reason.holder)


def told_to_helper(reason: Reason) -> Sentence:
    """What a refusal says to who helps, of what they asked for themselves."""
    return reason.professional if reason.code in _TO_HELPERS else logged_to_helper(reason)


def fix_for_helper(reason: Reason) -> Sentence | None:
    """What who helps may do about a refusal: what the holder may, but for what is theirs alone."""
    return _THEIRS_ALONE.get(reason, reason.holder_fix or reason.fix)
