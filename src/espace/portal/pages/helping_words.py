"""The register in the words of who helps: what is told of somebody else's space, and who acted by what right."""

from collections.abc import Mapping

from django.utils.translation import gettext_noop

from espace.identity.facts.mandates import Helps
from espace.kernel.reasons import advising, helping
from espace.kernel.words import Verb
from espace.portal.pages.sentences import PHRASES, Phrase
from espace.portal.whose import gettext
from espace.trace.facts import TraceEvent

RIGHTS: Mapping[Helps, str] = {
    Helps.PARENT: gettext_noop("parent"),
    Helps.GUARDIAN: gettext_noop("protection juridique"),
    Helps.CARER: gettext_noop("proche aidant"),
    Helps.ADVISER: gettext_noop("conseiller numérique"),
}
_BY_REASON: Mapping[str, Helps] = {
    helping.PARENT_ACTS.code: Helps.PARENT,
    helping.GUARDIAN_ACTS.code: Helps.GUARDIAN,
    helping.CARER_ACTS.code: Helps.CARER,
    advising.ADVISER_ACTS.code: Helps.ADVISER,
    advising.ADVISER_TAKES_NOTHING.code: Helps.ADVISER,
    advising.ADVISING_OVER.code: Helps.ADVISER,
}


def _phrase(icon: str, done: str, tried: str, done_by_you: str = "", tried_by_you: str = "") -> Phrase:
    return Phrase(icon, done, tried, done_by_you or done, tried_by_you or tried)


_OF_ANOTHER: Mapping[Verb, Phrase] = {
    Verb.LIST: _phrase(
        "list",
        gettext_noop("a consulté la liste des documents"),
        gettext_noop("a essayé de consulter la liste des documents"),
        gettext_noop("avez consulté la liste des documents"),
        gettext_noop("avez essayé de consulter la liste des documents"),
    ),
    Verb.HISTORY: _phrase(
        "clock",
        gettext_noop("a regardé qui utilise cet espace"),
        gettext_noop("a essayé de regarder qui utilise cet espace"),
        gettext_noop("avez regardé qui utilise cet espace"),
        gettext_noop("avez essayé de regarder qui utilise cet espace"),
    ),
    Verb.STATUS: _phrase(
        "info",
        gettext_noop("a demandé si cet espace est ouvert"),
        gettext_noop("a essayé de savoir si cet espace est ouvert"),
    ),
    Verb.CONSENT: _phrase(
        "signature",
        gettext_noop("a enregistré un accord pour lire cet espace"),
        gettext_noop("a essayé d’enregistrer un accord"),
    ),
    Verb.FEEDING_WISH: _phrase(
        "signature",
        gettext_noop("a transmis ce qui lui a été dit des dépôts dans cet espace"),
        gettext_noop("a essayé de transmettre ce qui lui a été dit des dépôts"),
    ),
    Verb.WITHDRAW: _phrase(
        "back",
        gettext_noop("a mis fin à son accès à cet espace"),
        gettext_noop("a essayé de mettre fin à son accès"),
    ),
    Verb.NAME_DOCTOR: _phrase(
        "stethoscope",
        gettext_noop("a changé le médecin traitant"),
        gettext_noop("a essayé de changer le médecin traitant"),
        gettext_noop("avez retiré le médecin traitant"),
        gettext_noop("avez essayé de changer le médecin traitant"),
    ),
    Verb.SETTINGS: _phrase(
        "bell",
        gettext_noop("a changé les notifications"),
        gettext_noop("a essayé de changer les notifications"),
        gettext_noop("avez changé les notifications"),
        gettext_noop("avez essayé de changer les notifications"),
    ),
    Verb.BREAK_GLASS: _phrase(
        "access",
        gettext_noop("a ouvert cet espace en urgence, sans accord"),
        gettext_noop("a essayé d’ouvrir cet espace en urgence"),
    ),
    Verb.ANNOUNCE: _phrase(
        "eye",
        gettext_noop("montre un document qui attendait d’être annoncé"),
        gettext_noop("a essayé de montrer un document qui attendait d’être annoncé"),
    ),
    Verb.EXTRACT: _phrase(
        "list",
        gettext_noop("a relevé les informations de santé des documents"),
        gettext_noop("a essayé de relever les informations de santé des documents"),
    ),
    Verb.STATE: _phrase(
        "pencil",
        gettext_noop("a complété le profil de santé"),
        gettext_noop("a essayé de compléter le profil de santé"),
        gettext_noop("avez complété le profil de santé"),
        gettext_noop("avez essayé de compléter le profil de santé"),
    ),
    Verb.REMOVE: _phrase(
        "hidden",
        gettext_noop("a supprimé un document"),
        gettext_noop("a essayé de supprimer un document"),
        gettext_noop("avez supprimé un document ajouté ici"),
        gettext_noop("avez essayé de supprimer un document"),
    ),
    Verb.RESTORE: _phrase(
        "back",
        gettext_noop("a remis un document supprimé"),
        gettext_noop("a essayé de remettre un document supprimé"),
        gettext_noop("avez remis un document supprimé"),
        gettext_noop("avez essayé de remettre un document supprimé"),
    ),
}

_ABOUT: Mapping[tuple[Verb, bool], str] = {
    (Verb.END_HELP, True): gettext_noop("avez mis fin à l’aide de %(person)s"),
    (Verb.END_HELP, False): gettext_noop("a mis fin à l’aide de %(person)s"),
    (Verb.CONTEST, True): gettext_noop("avez contesté l’accès de %(person)s"),
    (Verb.CONTEST, False): gettext_noop("a contesté l’accès de %(person)s"),
    (Verb.STATE_HELP, False): gettext_noop("a déclaré que %(person)s représente le titulaire de cet espace"),
}
"""What is said where the line names the person: (verb, whether the reader did it)."""
_ANSWERS: Mapping[tuple[str, bool], str] = {
    ("accepts", True): gettext_noop("avez accepté d’aider"),
    ("accepts", False): gettext_noop("a accepté d’aider"),
    ("advises", True): gettext_noop("avez commencé une séance de conseiller numérique"),
    ("advises", False): gettext_noop("a commencé une séance de conseiller numérique"),
    ("declines", True): gettext_noop("avez refusé d’aider"),
    ("declines", False): gettext_noop("a refusé d’aider"),
}


_WISHES: Mapping[str, str] = {
    "objected": gettext_noop("a transmis une opposition : il ne dépose plus rien ici"),
    "not_objected": gettext_noop("a transmis qu’il n’y a pas d’opposition à ses dépôts ici"),
    "older": gettext_noop("a transmis un choix plus ancien que celui qu’il avait déjà transmis : rien ne change"),
}
"""What an organisation said that it was told of its deposits."""
_EXTRACTION: Mapping[tuple[str, bool], str] = {
    ("on", True): gettext_noop("avez demandé que les informations de santé des documents soient relevées"),
    ("on", False): gettext_noop("a demandé que les informations de santé des documents soient relevées"),
    ("off", True): gettext_noop("avez demandé que les informations de santé des documents ne soient plus relevées"),
    ("off", False): gettext_noop("a demandé que les informations de santé des documents ne soient plus relevées"),
}
"""The choice whether facts are extracted from documents (`clinical.actions.switch_extraction`)."""


def phrase_of(verb: Verb, *, helper: bool) -> Phrase:
    """What a verb is called, for the holder or for who helps them."""
    return _OF_ANOTHER.get(verb, PHRASES[verb]) if helper else PHRASES[verb]


def about_person(event: TraceEvent, *, mine: bool) -> str:
    """The sentence of a line about somebody who helps, that passes on what was said, or that names what was chosen; ""
    for any other line."""
    if event.verb is Verb.FEEDING_WISH and (wish := _WISHES.get(event.asked.get("feeding", ""))):
        return gettext(wish)
    choice = (event.asked.get("extraction", ""), mine)
    if event.verb is Verb.SETTINGS and choice in _EXTRACTION:
        return gettext(_EXTRACTION[choice])
    answer, person = event.asked.get("answer", ""), event.asked.get("person", "")
    if event.verb is Verb.ANSWER and (answer, mine) in _ANSWERS:
        return gettext(_ANSWERS[answer, mine])
    said = _ABOUT.get((event.verb, mine), "")
    return gettext(said) % {"person": person} if said and person else ""


def right_of(event: TraceEvent) -> str:
    """« proche aidant »: by what right somebody acted in the space of another; "" for anybody else."""
    kind = _BY_REASON.get(event.reason)
    return gettext(RIGHTS[kind]) if kind else ""
