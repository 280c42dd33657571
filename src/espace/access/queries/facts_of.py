"""The facts of a decision, read on the primary, in the transaction of the decision."""

from django.utils.timezone import localdate

from espace.access.facts import DOCTOR, Facts, Standing, Switches, Whose
from espace.access.queries.entitlement import entitlement
from espace.access.queries.feeding import feeding_wish_of
from espace.access.queries.relations import relation_of
from espace.access.queries.switches import switches_of
from espace.access.rules import gives_care, glass_standing, standing, team_standing
from espace.enrolment import queries as enrolment
from espace.enrolment.facts import State
from espace.enrolment.rules import FEEDING, READING
from espace.identity.facts.mandates import Mandate, MandateState, Scope
from espace.identity.queries import mandate_of, own_person
from espace.identity.rules import majority, mandate_state
from espace.kernel.ids import PatientId
from espace.kernel.reasons.decisions import SPACE_UNKNOWN
from espace.kernel.values import replace
from espace.kernel.words import CARING, FROM_REPRESENTATIVES, ActorKind, Grant, Purpose, Sight, Verb

_EMERGENCIES = frozenset({Purpose.BREAK_GLASS, Purpose.DISPATCH})


def facts_for(grant: Grant, *, no_room: Whose | None) -> Facts:
    """A professional's relation is asked for where care is the purpose: feeding needs none; what the holder decided for
    emergencies, in one."""
    known = relation_of(grant) if grant.purpose in CARING else None
    grant.linked = known
    glass = glass_standing(known.glass if known else None, grant.at)
    grant.added_by = known.team.adder_name if known and known.team else ""
    mandate, state = _mandate(grant), enrolment.state(grant.patient)
    urgent = glass is Standing.IN_FORCE or grant.purpose in _EMERGENCIES
    return Facts(
        actor=grant.actor.kind,
        purpose=grant.purpose,
        verb=grant.verb,
        own_record=grant.actor.patient == grant.patient,
        state=state,
        standing=standing(known.consent if known else None, grant.at),
        team=team_standing(known.team if known else None, grant.at),
        attending=known is not None and known.attending and grant.actor.profession == DOCTOR,
        administrator=known is not None and known.administrator_since is not None,
        blocked=known is not None and known.blocked_at is not None,
        within_budget=no_room is not Whose.ACCOUNT,
        braked=None if no_room is Whose.ACCOUNT else no_room,
        carer=gives_care(grant.actor.profession),
        glass=glass,
        dispatched=known is not None and known.glass is not None and known.glass.dispatch,
        regulates=grant.actor.regulates and grant.actor.profession == DOCTOR,
        switches=switches_of(grant) if urgent else Switches(),
        helps=mandate.kind if mandate else None,
        help_state=mandate_state(mandate, grant.at) if mandate else MandateState.ENDED,
        scope=mandate.scope if mandate else Scope.READ,
        invited=bool(grant.invitation),
        secret=grant.secret,
        minor=grant.secret and _minor(grant, state),
        secret_consent=standing(known.secret if known and grant.secret else None, grant.at),
        objected=_objected(grant, state),
    )


def _objected(grant: Grant, state: State | None) -> bool:
    """Asked for whatever deposits, and for nothing else: what was filed before may still be followed and changed. Of a
    space that is not fed no wish is looked at, for an opposed one answers as none. A minor's, kept from their
    representatives, is not told by the line of a refusal either."""
    deposits = grant.purpose is Purpose.FEED and grant.verb is Verb.DEPOSIT
    wish = feeding_wish_of(grant) if deposits and state and not FEEDING[state] else None
    if wish is None or not wish.objects:
        return False
    grant.hidden_from |= FROM_REPRESENTATIVES if wish.secret else frozenset()
    return True


def _minor(grant: Grant, state: State | None) -> bool:
    """Whether the holder of a space that may be fed or read is not of age yet, on that day in France."""
    if state is None or (READING[state] and FEEDING[state]):
        return False
    return localdate(grant.at) < majority(own_person(grant).traits.birth_date)


def _mandate(grant: Grant) -> Mandate | None:
    """What lets the actor help this holder, kept on the grant with the name that the line will bear."""
    if grant.purpose is not Purpose.PROXY:
        return None
    grant.mandate = found = mandate_of(grant)
    if found and found.helper_name and not grant.actor.name:
        grant.actor = replace(grant.actor, name=found.helper_name, organisation_name=found.structure)
    return found


def sight_of(grant: Grant, facts: Facts) -> Sight:
    """What the decision lets its reader see: everything that a holder or a feeding organisation may, and of a
    professional what the matrix gives their profession that day."""
    if grant.actor.kind is not ActorKind.PROFESSIONAL:
        return Sight()
    reads, writes = entitlement(grant.actor.profession, grant.at)
    urgent = grant.purpose in _EMERGENCIES and facts.switches.masked
    named = facts.attending or (facts.administrator and facts.carer)
    masked, reader = named or urgent, None if urgent else grant.actor.id
    return Sight(reads, writes, masked=masked, author=grant.actor.national_id, secret=grant.secret, reader=reader)


def told_as_nobody(patient: PatientId) -> bool:
    """Whether a professional is told of this person's space what they are told where nobody bears the INS."""
    state = enrolment.state(patient)
    reason = READING[state] if state else SPACE_UNKNOWN
    return reason is not None and reason.told_code == SPACE_UNKNOWN.code
