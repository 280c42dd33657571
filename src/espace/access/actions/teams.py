"""Care teams: consent recorded for all of them, who joins, and how the holder ends them (CSP L1110-12, L1111-17)."""

from datetime import datetime
from uuid import UUID

from espace import edge
from espace.access.actions.relations import keep, known_to, present, recorded
from espace.access.events import CareTeamChanged
from espace.access.facts import Consent, How, Membership, Relation, Standing
from espace.access.queries.relations import Row, row_of, rows
from espace.access.rules import gives_care, lasting, refused_member, team_standing
from espace.identity.facts import Professional
from espace.kernel.reasons import teams
from espace.kernel.values import replace
from espace.kernel.words import PERSONAL, Grant, Purpose, Refused, Verb
from espace.outbox import actions as outbox


def record_team_consent(grant: Grant, *, how: How, until: datetime) -> Relation:
    """The patient agreed that a whole care team reads, says a professional, who begins it, alone in it; where they are
    in a team already, all of it goes on until then. The holder is told at once (C09, C11).

    Nobody is shortened: of two consents the one that ends last holds. Raises CONSENT_TERM_REFUSED,
    NOT_A_HEALTH_PROFESSION.
    """
    row, agreed = recorded(grant, how=how, until=until)
    if not gives_care(grant.actor.profession):
        raise Refused(teams.NOT_A_HEALTH_PROFESSION)
    known = row.relation if row else None
    team = known.team if known else None
    if team is None or team_standing(team, grant.at) is not Standing.IN_FORCE:
        team = Membership(edge.new_id(), agreed, grant.actor.id, grant.actor.name, grant.at)
    else:
        team = _renewed(grant, team, agreed)
    own = known.consent if known and known.consent and known.consent.how is How.HOLDER else None
    changed = replace(present(grant, known), consent=own, team=team)
    keep(grant, row, changed)
    grant.asked["for"] = "team"
    _tell(grant)
    return changed


def _renewed(grant: Grant, team: Membership, agreed: Consent) -> Membership:
    """Every member's consent, and the place of the one who renewed it."""
    if lasting(team.consent, agreed) is not agreed:
        return team

    def renewed(place: Membership) -> Membership:
        return replace(place, consent=agreed, recorder=grant.actor.id, recorder_name=grant.actor.name)

    for one in rows(grant):
        place = one.relation.team
        if place and place.team == team.team and one.relation.professional != grant.actor.id:
            keep(grant, one, replace(one.relation, team=renewed(place)))
    return renewed(team)


def add_member(grant: Grant, professional: Professional, *, team: UUID | None = None) -> None:
    """One more member of a care team: of their own, added by a member of it; of `team`, by the holder. Told at once
    where the holder did not do it. Again changes nothing.

    Raises TEAM_UNKNOWN, NOT_A_HEALTH_PROFESSION, PROFESSIONAL_UNKNOWN, MEMBER_BLOCKED, MEMBER_REFUSED.
    """
    grant.require(PERSONAL | {Purpose.CARE}, Verb.ADD_MEMBER)
    by_holder = grant.purpose in PERSONAL
    row, known = known_to(grant, professional)
    standing_on, like = _place(grant, team)
    if refusal := refused_member(known, like.team, grant.at, active=professional.active):
        raise Refused(refusal)
    if known.team and known.team.team == like.team:
        return
    adder, name = (None, "") if by_holder else (grant.actor.id, grant.actor.name)
    joined = replace(like, at=grant.at, adder=adder, adder_name=name, by_holder=by_holder)
    keep(grant, row, replace(known, team=joined))
    # Written anew unchanged: what ends it at the same instant fails to serialise, and then sees who joined.
    keep(grant, standing_on, standing_on.relation)
    if not by_holder:
        _tell(grant)


def _place(grant: Grant, team: UUID | None) -> tuple[Row, Membership]:
    """A place in the team that is meant, whose consent is in force, and the row that says so. TEAM_UNKNOWN."""
    if grant.purpose is Purpose.CARE:
        own = row_of(grant, grant.actor.id)
        members = [own] if own else []
    else:
        members = [one for one in rows(grant) if one.relation.team and one.relation.team.team == team]
    for one in members:
        if one.relation.team and team_standing(one.relation.team, grant.at) is Standing.IN_FORCE:
            return one, one.relation.team
    raise Refused(teams.TEAM_UNKNOWN)


def end_team(grant: Grant, team: UUID) -> None:
    """The holder ends a team's consent: for all its members, at once. Again changes nothing. TEAM_UNKNOWN."""
    grant.require(PERSONAL, Verb.END_TEAM)
    members = [one for one in rows(grant) if one.relation.team and one.relation.team.team == team]
    if not members:
        raise Refused(teams.TEAM_UNKNOWN)
    for one in members:
        place = one.relation.team
        if place and team_standing(place, grant.at) is Standing.IN_FORCE:
            # It begins and ends at this instant: a clock that is put back does not bring it in force again.
            ended = replace(place.consent, at=grant.at, until=grant.at)
            keep(grant, one, replace(one.relation, team=replace(place, consent=ended)))


def _tell(grant: Grant) -> None:
    by = grant.actor
    told = CareTeamChanged(grant.patient, by.name, by.organisation_name, grant.asked.get("professional", ""), grant.at)
    outbox.post(told, patient=grant.patient, at=grant.at)
