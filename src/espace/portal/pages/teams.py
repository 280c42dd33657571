"""What the holder decides about a care team: who joins it, and when it ends (CSP L1110-12; C09, C14)."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_noop

from espace.access import actions, queries
from espace.access.facts import Membership, Relation
from espace.access.rules import gives_care
from espace.identity import queries as identity
from espace.identity.facts import Professional
from espace.kernel.reasons import care, teams
from espace.kernel.words import Grant, Refused, Verb
from espace.portal.pages.confirming import Act, Object, confirmed
from espace.portal.pages.directory import place, trade
from espace.portal.pages.readers import about
from espace.portal.pages.team_words import agreed
from espace.portal.pages.visit import Visit

JOIN = Act(
    Verb.ADD_MEMBER,
    title=gettext_noop("Ajouter %(name)s à cette équipe de soins ?"),
    effects=(
        gettext_noop("Cette personne pourra lire votre espace aussi longtemps que dure votre accord pour l’équipe."),
        gettext_noop("Elle pourra ajouter d’autres soignants à l’équipe : vous en serez averti à chaque fois."),
        gettext_noop("Vous pourrez la retirer quand vous voudrez."),
    ),
    button=gettext_noop("Ajouter à l’équipe"),
    done=gettext_noop("C’est fait : %(name)s fait partie de l’équipe de soins."),
)
END = Act(
    Verb.END_TEAM,
    title=gettext_noop("Mettre fin à l’équipe de soins formée par %(name)s ?"),
    effects=(
        gettext_noop("Votre accord pour l’équipe prend fin pour tous ses membres, tout de suite."),
        gettext_noop("Ceux à qui vous avez donné un accord à part, ou que vous avez désignés, lisent encore."),
        gettext_noop("Tous peuvent encore déposer des documents : ils sont à vous."),
    ),
    button=gettext_noop("Mettre fin à l’équipe"),
    done=gettext_noop("C’est fait : l’équipe de soins formée par %(name)s n’a plus accès à votre espace."),
)


def join_team(request: HttpRequest, visit: Visit, professional_id: UUID, team_id: UUID) -> HttpResponseBase:
    def look(grant: Grant) -> Object:
        one = _joining(professional_id)
        return Object(about(trade(one), *map(place, one.activities[:1])), one.name, (agreed(_team(grant, team_id)),))

    def press(grant: Grant) -> str:
        one = _joining(professional_id)
        actions.add_member(grant, one, team=team_id)
        return one.name

    return _confirmed(request, visit, JOIN, look, press)


def end_team(request: HttpRequest, visit: Visit, team_id: UUID) -> HttpResponseBase:
    def look(grant: Grant) -> Object:
        found = _team(grant, team_id)
        return Object(", ".join(one.name for one in _members(grant, team_id)), found.recorder_name)

    def press(grant: Grant) -> str:
        actions.end_team(grant, team_id)
        return _team(grant, team_id).recorder_name

    return _confirmed(request, visit, END, look, press)


def _confirmed(
    request: HttpRequest, visit: Visit, act: Act, look: Callable[[Grant], Object], press: Callable[[Grant], str]
) -> HttpResponseBase:
    back = reverse("sharing")
    return confirmed(request, visit, act, opened_to=Verb.HISTORY, look=look, press=press, back=back)


def _joining(professional_id: UUID) -> Professional:
    """Raises Refused for nobody, and for whoever is no health professional."""
    found = identity.professional(professional_id)
    if found is None or not found.active:
        raise Refused(care.PROFESSIONAL_UNKNOWN)
    if not gives_care(found.profession):
        raise Refused(teams.NOT_A_HEALTH_PROFESSION)
    return found


def _members(grant: Grant, team_id: UUID) -> list[Relation]:
    return [one for one in queries.relations(grant) if one.team and one.team.team == team_id]


def _team(grant: Grant, team_id: UUID) -> Membership:
    """The team as its first member's row has it. TEAM_UNKNOWN."""
    found = next((one.team for one in _members(grant, team_id) if one.team), None)
    if found is None:
        raise Refused(teams.TEAM_UNKNOWN)
    return found
