"""What a right to help lets do and never does, in sentences: for the holder who reads them, and for who answers."""

from collections.abc import Mapping

from django.utils.translation import gettext, gettext_noop

from espace.identity.facts.mandates import Helps, Mandate, MandateState, Protection, Scope
from espace.looks.words import clock_time, full_date, local_day
from espace.portal.pages.helping_words import RIGHTS

_MAY: Mapping[tuple[Helps, Scope], str] = {
    (Helps.CARER, Scope.READ): gettext_noop("Peut lire les documents, sauf ceux qui sont cachés au titulaire."),
    (Helps.CARER, Scope.ACT): gettext_noop("Peut lire les documents, en ajouter et les ranger."),
    (Helps.ADVISER, Scope.READ): gettext_noop("Regarde l’espace avec vous, à l’écran."),
    (Helps.ADVISER, Scope.ACT): gettext_noop("Regarde l’espace avec vous, à l’écran ; ajoute et range des documents."),
    (Helps.GUARDIAN, Scope.READ): gettext_noop("Peut lire les documents."),
    (Helps.GUARDIAN, Scope.ACT): gettext_noop("Peut lire, ajouter, ranger, masquer, et décider qui lit."),
    (Helps.PARENT, Scope.ACT): gettext_noop(
        "Peut lire, ajouter, ranger, masquer, décider qui lit, et inviter un aidant, jusqu’aux dix-huit ans."
    ),
}
_NEVER: Mapping[Helps, str] = {
    Helps.CARER: gettext_noop(
        "Jamais : voir ou décider qui lit l’espace, inviter quelqu’un, le fermer, l’effacer, tout télécharger."
    ),
    Helps.ADVISER: gettext_noop(
        "Jamais : télécharger, supprimer, voir ou décider qui lit l’espace, inviter quelqu’un, changer un réglage."
    ),
    Helps.GUARDIAN: gettext_noop("Jamais : voir ce que la personne ne voit pas encore, changer sa connexion."),
    Helps.PARENT: gettext_noop("Jamais : voir les soins que l’enfant garde secrets, changer sa connexion."),
}
_DECLARED: Mapping[Helps, str] = {
    Helps.CARER: gettext_noop(
        "Je certifie aider %(name)s avec son accord, et n’utiliser cet accès que pour cela."
    ),
    Helps.ADVISER: gettext_noop("Je certifie aider %(name)s en sa présence et avec son accord."),
    Helps.GUARDIAN: gettext_noop(
        "Je certifie être chargé de la mesure de protection de %(name)s, et n’utiliser cet accès que pour cela."
    ),
    Helps.PARENT: gettext_noop("Je certifie être le représentant légal de %(name)s."),
}
_MEASURES: Mapping[Protection, str] = {
    Protection.TUTELLE: gettext_noop("Tutelle"),
    Protection.HABILITATION: gettext_noop("Habilitation familiale"),
    Protection.FUTURE: gettext_noop("Mandat de protection future"),
    Protection.CURATELLE: gettext_noop("Curatelle"),
}


def right(mandate: Mandate) -> str:
    """« Proche aidant »."""
    said = gettext(RIGHTS[mandate.kind])
    return said[:1].upper() + said[1:]


def may(mandate: Mandate) -> str:
    return gettext(_MAY[mandate.kind, mandate.scope])


def never(mandate: Mandate) -> str:
    return gettext(_NEVER[mandate.kind])


def declared(mandate: Mandate) -> str:
    """What somebody certifies when they accept."""
    return gettext(_DECLARED[mandate.kind]) % {"name": mandate.helped_name}


def term(mandate: Mandate) -> str:
    """Until when, "" for no end."""
    if mandate.until is None:
        return ""
    if mandate.kind is Helps.ADVISER:
        return gettext("Séance jusqu’à %(time)s.") % {"time": clock_time(mandate.until)}
    parent = mandate.kind is Helps.PARENT
    said = gettext("Jusqu’aux 18 ans, le %(day)s.") if parent else gettext("Jusqu’au %(day)s.")
    return said % {"day": full_date(local_day(mandate.until))}


def session_ended(session: Mandate, state: MandateState) -> str:
    """How the session of a digital adviser ended; "" for one that lasts."""
    if state is MandateState.ENDED and session.ended_at:
        words = {"time": clock_time(session.ended_at), "name": session.ended_by}
        return gettext("Terminée à %(time)s par %(name)s.") % words
    if state is MandateState.OVER and session.until:
        return gettext("Terminée à %(time)s : le temps était passé.") % {"time": clock_time(session.until)}
    return ""


def proof(mandate: Mandate) -> str:
    """« Tutelle : TJ de Nantes, 25/00017 »; "" for a mandate that rests on no decision."""
    if mandate.proof is None:
        return ""
    return gettext("%(measure)s : %(decision)s") % {
        "measure": gettext(_MEASURES[mandate.proof.protection]),
        "decision": mandate.proof.decision,
    }
