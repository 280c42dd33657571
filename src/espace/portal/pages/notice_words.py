"""What each notice says. Neutral of whose space it is: the holder reads it, and so does who stands for them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_noop

from espace.notices.facts import Kind, Notice
from espace.portal.spaces import account_path
from espace.portal.whose import gettext


@dataclass(frozen=True, slots=True)
class Words:
    """`title` says what happened, `todo` what to do about it ("" for nothing), `path` where, under `label`."""

    icon: str
    title: str
    todo: str
    path: str
    label: str


@dataclass(frozen=True, slots=True)
class _Said:
    """French, marked for translation; `page` is the name of an address, `alone` the title where nobody is named."""

    icon: str
    title: str
    todo: str = ""
    page: str = ""
    alone: str = ""


_SAID: Mapping[Kind, _Said] = {
    Kind.FIRST_ACCESS: _Said(
        "eye", gettext_noop("Première lecture par %(who)s"),
        gettext_noop("Ce professionnel n’avait jamais ouvert cet espace. L’historique dit pourquoi c’était permis."),
        "history", gettext_noop("Première lecture par un professionnel"),
    ),
    Kind.ACCESS: _Said(
        "eye", gettext_noop("Lecture par %(who)s"),
        gettext_noop("Dit une fois par jour et par professionnel ; l’historique a chaque lecture."), "history",
        gettext_noop("Lecture par un professionnel"),
    ),
    Kind.EMERGENCY: _Said(
        "access", gettext_noop("Ouverture en urgence par %(who)s"),
        gettext_noop("Sans accord : une urgence a été déclarée. Vous pouvez bloquer ce professionnel tout de suite."),
        "sharing", gettext_noop("Ouverture en urgence"),
    ),
    Kind.NEW_DOCUMENT: _Said(
        "deposit", gettext_noop("Nouveau document, déposé par %(who)s"), alone=gettext_noop("Nouveau document"),
    ),
    Kind.REPLACED: _Said(
        "page", gettext_noop("Nouvelle version d’un document, déposée par %(who)s"),
        alone=gettext_noop("Nouvelle version d’un document"),
    ),
    Kind.DELETED: _Said(
        "hidden", gettext_noop("Document supprimé par %(who)s"), alone=gettext_noop("Document supprimé"),
    ),
    Kind.UNMASKED: _Said(
        "eye", gettext_noop("Document montré de nouveau aux professionnels par %(who)s"),
        gettext_noop("Qui l’avait déposé masqué ne le masque plus. Vous pouvez le masquer vous-même, à sa page."),
        alone=gettext_noop("Document montré de nouveau aux professionnels"),
    ),
    Kind.CORRECTED: _Said(
        "page", gettext_noop("Document décrit autrement par %(who)s"),
        gettext_noop("Ce qui en était dit a été corrigé, son titre par exemple ; le document est le même."),
        alone=gettext_noop("Document décrit autrement"),
    ),
    Kind.CONSENT: _Said(
        "signature", gettext_noop("Accord enregistré par %(who)s"),
        gettext_noop("Ce n’est pas le cas ? Vous pouvez lui fermer cet espace à tout moment."), "sharing",
        gettext_noop("Accord enregistré par un professionnel"),
    ),
    Kind.TEAM: _Said(
        "signature", gettext_noop("Accord pour une équipe de soins, enregistré par %(who)s"),
        gettext_noop("Vous pouvez retirer un membre de cette équipe, ou y mettre fin."), "sharing",
        gettext_noop("Une équipe de soins a changé"),
    ),
    Kind.ADMINISTRATION: _Said(
        "shield", gettext_noop("%(who)s : administrateur désigné, ou retiré"),
        gettext_noop("Ce n’est pas votre choix ? Corrigez-le."), "sharing",
        gettext_noop("Un administrateur a changé"),
    ),
    Kind.ATTENDING_DOCTOR: _Said(
        "stethoscope", gettext_noop("Nouveau médecin traitant : %(who)s"),
        gettext_noop("Il voit aussi les documents masqués. Ce n’est pas votre choix ? Corrigez-le."), "sharing",
        gettext_noop("Plus de médecin traitant désigné ici"),
    ),
    Kind.FEEDING: _Said(
        "deposit", gettext_noop("%(who)s : opposition aux dépôts, dite ou retirée"),
        gettext_noop("Ce n’est pas ce qui a été dit ? Cet établissement peut le corriger : demandez-le-lui."),
        "history", gettext_noop("Opposition aux dépôts d’un établissement"),
    ),
    Kind.HELP: _Said(
        "heart", gettext_noop("%(who)s accepte d’aider"), "", "sharing", gettext_noop("Quelqu’un a répondu"),
    ),
    Kind.MAJORITY_NEARS: _Said(
        "clock", gettext_noop("%(who)s aura bientôt 18 ans : votre accès à son espace prendra fin ce jour-là"),
        gettext_noop("À 18 ans, un espace n’est plus qu’à la personne dont il parle : elle invite qui elle veut."),
        alone=gettext_noop("Bientôt 18 ans : les représentants légaux n’auront plus accès à cet espace"),
    ),
    Kind.MAJORITY: _Said(
        "clock", gettext_noop("%(who)s a 18 ans : votre accès à son espace a pris fin"),
        gettext_noop("À 18 ans, un espace n’est plus qu’à la personne dont il parle : elle invite qui elle veut."),
        alone=gettext_noop("18 ans : les représentants légaux n’ont plus accès à cet espace"),
    ),
    Kind.NEW_BROWSER: _Said(
        "lock", gettext_noop("Connexion depuis un nouvel appareil"),
        gettext_noop("Ce n’est pas vous ? Fermez les autres sessions et changez le mot de passe."), "security",
    ),
    Kind.SIGN_IN_CHANGED: _Said(
        "lock", gettext_noop("Une façon de se connecter a été ajoutée, retirée ou refaite"),
        gettext_noop("Ce n’est pas vous ? Retirez ce que vous ne connaissez pas."), "security",
    ),
    Kind.PASSWORD_CHANGED: _Said(
        "lock", gettext_noop("Mot de passe changé"),
        gettext_noop("Ce n’est pas vous ? Fermez les autres sessions et changez le mot de passe."), "security",
    ),
    Kind.PASSWORD_TRIED: _Said(
        "lock", gettext_noop("Des mots de passe faux ont été essayés"),
        gettext_noop("Personne n’est entré ainsi. Si vous utilisez ce mot de passe ailleurs, changez-le."), "security",
    ),
    Kind.ADDRESS_CHANGED: _Said(
        "letter", gettext_noop("Adresse de courriel changée"),
        gettext_noop("Ce n’est pas vous ? Corrigez-la, et changez le mot de passe."), "security",
    ),
    Kind.RECOVERY: _Said(
        "lock", gettext_noop("Demande de refaire l’accès"),
        gettext_noop("Ce n’est pas vous ? Annulez-la à la page « Sécurité »."), "security",
    ),
    Kind.COPY: _Said(
        "download", gettext_noop("La copie que vous avez demandée est prête"),
        gettext_noop("Téléchargez-la à la page « Tout télécharger » de l’espace copié : elle y reste quelques jours."),
    ),
}  # fmt: skip

_TITLES: Mapping[tuple[Kind, str], str] = {
    (Kind.FEEDING, "objected"): gettext_noop("%(who)s ne déposera plus rien ici : une opposition lui a été dite"),
    (Kind.FEEDING, "lifted"): gettext_noop("%(who)s peut de nouveau déposer ici : l’opposition a été retirée"),
    (Kind.HELP, "declines"): gettext_noop("%(who)s n’a pas accepté d’aider"),
    (Kind.HELP, "ended"): gettext_noop("%(who)s n’aide plus"),
    (Kind.HELP, "advises"): gettext_noop("%(who)s a commencé une séance de conseiller numérique"),
    (Kind.HELP, "advised"): gettext_noop("La séance de conseiller numérique de %(who)s est terminée"),
    (Kind.RECOVERY, "begun"): gettext_noop("Demande de refaire l’accès : l’attente a commencé"),
    (Kind.RECOVERY, "ready"): gettext_noop("Demande de refaire l’accès : l’attente est finie"),
    (Kind.RECOVERY, "cancelled"): gettext_noop("Demande de refaire l’accès : annulée"),
    (Kind.RECOVERY, "done"): gettext_noop("L’accès a été refait"),
}
"""Where the detail of a notice is a word of ours."""
_JOINED = gettext_noop("Équipe de soins : %(added)s, sur proposition de %(who)s")
_BLOCKED = gettext_noop("%(added)s : accès bloqué pour vous par %(who)s")
_LABELS = {
    "history": gettext_noop("Voir l’historique"),
    "sharing": gettext_noop("Voir qui peut lire"),
    "security": gettext_noop("Ouvrir « Sécurité »"),
}
_OF_ACCOUNT = frozenset({"security"})


def words_of(notice: Notice) -> Words:
    said = _SAID[notice.kind]
    path = "" if not said.page else account_path(said.page) if said.page in _OF_ACCOUNT else reverse(said.page)
    todo, label = (gettext(text) if text else "" for text in (said.todo, _LABELS.get(said.page, "")))
    return Words(said.icon, _title(notice, said), todo, path, label)


def _title(notice: Notice, said: _Said) -> str:
    """A person and where they act, as they were named that day; an organisation is named once."""
    who = ", ".join(dict.fromkeys(filter(None, (notice.who, notice.place))))
    if notice.kind is Kind.TEAM and notice.detail:
        return gettext(_JOINED) % {"added": notice.detail, "who": who}
    if notice.kind is Kind.ADMINISTRATION and notice.detail:
        return gettext(_BLOCKED) % {"added": notice.detail, "who": who}
    if not who and said.alone:
        return gettext(said.alone)
    return gettext(_TITLES.get((notice.kind, notice.detail), said.title)) % {"who": who}
