"""Ending a help, contesting a representative, no longer helping: each a page that says what will happen."""

from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_noop

from espace.access.actions import raise_alert
from espace.access.facts import AlertKind
from espace.access.queries import subject_of_alert
from espace.identity.actions.mandates import contest_help, end_help
from espace.identity.facts.mandates import Mandate
from espace.identity.queries import mandates
from espace.kernel.reasons import helping
from espace.kernel.words import Grant, Refused, Verb
from espace.portal.pages.confirming import Act, Object, confirmed
from espace.portal.pages.relatives import words
from espace.portal.pages.visit import Visit
from espace.portal.spaces import account_path

END = Act(
    Verb.END_HELP,
    title=gettext_noop("Mettre fin à l’aide de %(name)s ?"),
    effects=(
        gettext_noop("Cette personne n’ouvre plus cet espace, tout de suite."),
        gettext_noop("Ce qu’elle a lu ou copié ne peut pas être repris ; ce qu’elle a ajouté reste."),
        gettext_noop("Elle est prévenue par courriel."),
        gettext_noop("Vous pourrez l’inviter de nouveau."),
    ),
    button=gettext_noop("Mettre fin à cette aide"),
    done=gettext_noop("C’est fait : %(name)s n’aide plus ici."),
)
CONTEST = Act(
    Verb.CONTEST,
    title=gettext_noop("Contester l’accès de %(name)s ?"),
    effects=(
        gettext_noop("L’exploitant regarde si cette personne a vraiment ce droit."),
        gettext_noop("Son accès continue en attendant : sinon, un parent pourrait en exclure un autre."),
        gettext_noop("Votre demande est notée dans l’historique, que cette personne peut lire."),
    ),
    button=gettext_noop("Contester cet accès"),
    done=gettext_noop("C’est fait : l’exploitant va regarder l’accès de %(name)s."),
)
LEAVE = Act(
    Verb.END_HELP,
    title=gettext_noop("Ne plus aider %(name)s ?"),
    effects=(
        gettext_noop("Vous n’ouvrez plus cet espace, tout de suite."),
        gettext_noop("Son titulaire est prévenu."),
        gettext_noop("Pour aider de nouveau, il faudra une nouvelle invitation."),
    ),
    button=gettext_noop("Ne plus aider"),
    done=gettext_noop("C’est fait : vous n’aidez plus %(name)s."),
)


def end(request: HttpRequest, visit: Visit, mandate_id: UUID) -> HttpResponseBase:
    def press(grant: Grant) -> str:
        found = _one(grant, mandate_id)
        end_help(grant, mandate_id)
        return _name(found)

    def look(grant: Grant) -> Object:
        found = _one(grant, mandate_id)
        return Object(words.right(found), _name(found))

    return confirmed(request, visit, END, opened_to=Verb.HISTORY, look=look, press=press, back=reverse("relatives"))


def contest(request: HttpRequest, visit: Visit, mandate_id: UUID) -> HttpResponseBase:
    def press(grant: Grant) -> str:
        found = _one(grant, mandate_id)
        contest_help(grant, mandate_id)
        raise_alert(kind=AlertKind.CONTESTED, at=grant.at, subject=subject_of_alert(grant.patient))
        return _name(found)

    def look(grant: Grant) -> Object:
        found = _one(grant, mandate_id)
        return Object(words.right(found), _name(found))

    back = reverse("relatives")
    return confirmed(request, visit, CONTEST, opened_to=Verb.HISTORY, look=look, press=press, back=back)


def leave(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """By who helps, in the space of whom they help; then they are in their own."""
    mine = visit.helps
    if visit.own:
        raise Refused(helping.NOT_A_HELPER)
    if mine is None:
        with visit.open(Verb.END_HELP):
            raise Refused(helping.NOT_A_HELPER)

    def press(grant: Grant) -> str:
        end_help(grant, mine.id)
        return mine.helped_name

    def look(grant: Grant) -> Object:
        return Object(words.right(mine), mine.helped_name)

    own = account_path("adviser" if visit.guest else "relatives")
    back = own if request.method == "POST" else reverse("home")
    return confirmed(request, visit, LEAVE, opened_to=Verb.LIST, look=look, press=press, back=back)


def _one(grant: Grant, mandate: UUID) -> Mandate:
    found = next((one for one in mandates(grant) if one.id == mandate), None)
    if found is None:
        raise Refused(helping.NOT_A_HELPER)
    return found


def _name(mandate: Mandate) -> str:
    return mandate.helper_name or mandate.address
