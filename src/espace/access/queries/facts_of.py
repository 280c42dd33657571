"""The facts of a decision, read on the primary, in the transaction of the decision."""

from espace.access.facts import DOCTOR, Facts
from espace.access.queries.entitlement import entitlement
from espace.access.queries.relations import relation_of
from espace.access.rules import standing
from espace.enrolment import queries as enrolment
from espace.kernel.words import ActorKind, Grant, Purpose, Sight


def facts_for(grant: Grant, *, within_budget: bool) -> Facts:
    """A professional's relation is asked for where care is the purpose: feeding needs none."""
    known = relation_of(grant) if grant.purpose is Purpose.CARE else None
    return Facts(
        actor=grant.actor.kind,
        purpose=grant.purpose,
        verb=grant.verb,
        own_record=grant.actor.patient == grant.patient,
        state=enrolment.state(grant.patient),
        standing=standing(known.consent if known else None, grant.at),
        attending=known is not None and known.attending and grant.actor.profession == DOCTOR,
        blocked=known is not None and known.blocked_at is not None,
        within_budget=within_budget,
    )


def sight_of(grant: Grant, facts: Facts) -> Sight:
    """What the decision lets its reader see: everything that a holder or a feeding organisation may, and of a
    professional what the matrix gives their profession that day."""
    if grant.actor.kind is not ActorKind.PROFESSIONAL:
        return Sight()
    reads, writes = entitlement(grant.actor.profession, grant.at)
    return Sight(reads, writes, masked=facts.attending, author=grant.actor.national_id)
