"""What the national requests have in common: whom they are about, and what a professional's own authorisation is."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime

from espace.access.facts import Relation, Standing
from espace.access.rules import closed_because, glass_standing, may_read, named, standing
from espace.exchange.callers import Caller
from espace.exchange.naming import open_of
from espace.exchange.xds.asked import Asked
from espace.exchange.xds.attested import require_about
from espace.identity.facts import Ins
from espace.kernel.reasons import Reason, care, emergency
from espace.kernel.words import Grant
from espace.wire.dmp.authorising import Access
from espace.wire.xds import PatientStatement

_CLOSED: Mapping[Reason, Access] = {
    care.PROFESSIONAL_BLOCKED: Access.FORBIDDEN,
    care.CONSENT_LAPSED: Access.LAPSED,
    emergency.GLASS_ENDED: Access.LAPSED,
}


def about(asked: Asked, patient: PatientStatement) -> PatientStatement:
    """Whom the request names; no other than the assertion does, where that names somebody. Raises Refused."""
    require_about(asked.patient, patient.number)
    return patient


def opened(caller: Caller, patient: PatientStatement) -> AbstractContextManager[Grant]:
    """Raises Refused: INS_…, SPACE_UNKNOWN, or why the record stays closed; an opposed space answers as none."""
    return open_of(caller, Ins(patient.number, patient.authority), {}, place=patient.place)


def access_of(grant: Grant, known: Relation) -> Access:
    """What links the professional who asks to an open space, as their authorisation."""
    regulates = grant.actor.regulates
    if may_read(known, grant.at, regulates=regulates, secret=grant.secret):
        return Access.VALID
    closed = closed_because(known, grant.at, regulates=regulates)
    return _CLOSED.get(closed, Access.NONE) if closed else Access.NONE


def until(grant: Grant, known: Relation) -> datetime | None:
    """Until when that authorisation lasts, by what ends last of all that gives it; None for no date."""
    at, glass = grant.at, known.glass
    agreed = [known.consent, known.team.consent if known.team else None, *([known.secret] if grant.secret else [])]
    ends = [one.until for one in agreed if one and standing(one, at) is Standing.IN_FORCE]
    if glass and glass_standing(glass, at) is Standing.IN_FORCE and (grant.actor.regulates or not glass.dispatch):
        ends.append(glass.until)
    if named(known) or None in ends or not ends:
        return None
    return max(one for one in ends if one)
