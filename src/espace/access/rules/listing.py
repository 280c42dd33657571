"""Which relations make a professional's own patients (TD0.4), and for how long."""

from datetime import datetime

from espace.access.facts import Listed, Relation
from espace.access.rules.consenting import named
from espace.kernel.ids import PatientId


def listed(patient: PatientId, relation: Relation, at: datetime) -> Listed | None:
    """What the list keeps of a relation as it is from now on; None where nothing in it lets the professional read."""
    secret = relation.secret.until if relation.secret else None
    agreed = [one for one in (relation.consent, relation.team.consent if relation.team else None) if one]
    ends = [one.until for one in agreed] + ([relation.glass.until] if relation.glass else [])
    usual = named(relation) or bool(ends)
    if relation.blocked_at is not None or not (usual or secret):
        return None
    dated = [one for one in ends if one]
    endless = named(relation) or len(dated) < len(ends)
    return Listed(patient, at, usual, None if endless or not dated else max(dated), secret)


def over(one: Listed) -> datetime | None:
    """When nothing of it can be in force any more; None for never, as far as is known today."""
    if one.usual and one.until is None:
        return None
    return max(end for end in (one.until, one.secret_until) if end)


def still(one: Listed, at: datetime, *, secret: bool) -> bool:
    """Whether it may be in force: only a decision tells that it is."""
    if secret:
        return one.secret_until is not None and one.secret_until > at
    return one.usual and (one.until is None or one.until > at)
