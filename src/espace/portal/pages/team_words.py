"""Care teams as their holder reads of them: who began each, how many are in it, until when."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_noop, ngettext

from espace.access.facts import How, Membership, Relation, Standing
from espace.access.rules import team_standing
from espace.looks.words import full_date, full_moment, local_day
from espace.portal.whose import gettext

_AGREED: Mapping[How, str] = {
    How.ORAL: gettext_noop("Accord pour l’équipe donné de vive voix à %(name)s le %(given)s, jusqu’au %(until)s."),
    How.WRITTEN: gettext_noop("Accord pour l’équipe donné par écrit à %(name)s le %(given)s, jusqu’au %(until)s."),
}


@dataclass(frozen=True, slots=True)
class Team:
    """A team whose consent is in force; every text is ready to be read."""

    id: UUID
    name: str
    counted: str
    agreed: str
    members: str


def teams_in_force(relations: Iterable[Relation], at: datetime) -> dict[UUID, list[Relation]]:
    """The members of each team whose consent is in force, in the order in which they joined."""
    found: dict[UUID, list[tuple[datetime, Relation]]] = {}
    for one in relations:
        if one.team and team_standing(one.team, at) is Standing.IN_FORCE:
            found.setdefault(one.team.team, []).append((one.team.at, one))
    return {team: [one for _, one in sorted(members, key=lambda it: it[0])] for team, members in found.items()}


def told_teams(relations: Collection[Relation], at: datetime) -> tuple[Team, ...]:
    return tuple(_team(members) for members in teams_in_force(relations, at).values())


def _team(members: list[Relation]) -> Team:
    place, count = members[0].team, len(members)
    if place is None:
        raise LookupError("a member of no team")
    counted = ngettext("%(count)s membre", "%(count)s membres", count) % {"count": count}
    return Team(place.team, team_name(place), counted, agreed(place), ", ".join(one.name for one in members))


def team_name(place: Membership) -> str:
    return gettext("Équipe de soins formée par %(name)s") % {"name": place.recorder_name}


def agreed(place: Membership) -> str:
    """The consent for the whole team."""
    given, until = full_date(local_day(place.consent.at)), place.consent.until
    if until is None:
        return ""
    words = {"name": place.recorder_name, "given": given, "until": full_moment(until)}
    return gettext(_AGREED[place.consent.how]) % words


def in_team(place: Membership) -> str:
    """« Membre de l’équipe de soins formée par… depuis le… Ajout fait par… »."""
    words = {"team": place.recorder_name, "day": full_date(local_day(place.at)), "name": place.adder_name}
    if place.by_holder:
        said = gettext("Membre de l’équipe de soins formée par %(team)s depuis le %(day)s. Ajout fait par vous.")
    elif place.adder_name:
        said = gettext("Membre de l’équipe de soins formée par %(team)s depuis le %(day)s. Ajout fait par %(name)s.")
    else:
        said = gettext("Membre de l’équipe de soins formée par %(team)s depuis le %(day)s.")
    return said % words
