"""Care teams: who may be added, who leaves with whom. Sources: CSP L1110-12, L1111-17; CE 15 October 2025; C09, C14.

Nobody joins a team alone, and each member stands on somebody's word: on that of whoever added them, and all of them on
that of whoever recorded the consent.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from espace.access.facts import Relation, Standing
from espace.access.rules.consenting import team_standing
from espace.access.rules.emergency import gives_care
from espace.kernel.reasons import Reason, care, teams


def refused_member(relation: Relation, team: UUID, at: datetime, *, active: bool) -> Reason | None:
    """Why a professional cannot be added to this team; None where they can, or are in it already."""
    if not active:
        return care.PROFESSIONAL_UNKNOWN
    if not gives_care(relation.profession):
        return teams.NOT_A_HEALTH_PROFESSION
    if relation.blocked_at is not None:
        return teams.MEMBER_BLOCKED
    elsewhere = relation.team is not None and relation.team.team != team
    return teams.MEMBER_REFUSED if elsewhere and team_standing(relation.team, at) is Standing.IN_FORCE else None


def leaving_with(professional: UUID, relations: Collection[Relation]) -> frozenset[UUID]:
    """Who leaves their team when the holder blocks somebody: those whom they added, and whom these added; all of a team
    where it was they who recorded its consent, be they still in it or not. The blocked one is not counted."""
    teams_of = {one.professional: one.team for one in relations if one.team and one.professional != professional}
    gone = {who for who, team in teams_of.items() if team.recorder == professional}
    added = {professional, *gone}
    while more := {who for who, team in teams_of.items() if team.adder in added} - added:
        added |= more
    return frozenset(added - {professional})
