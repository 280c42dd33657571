"""The secret care of a minor: consent to one professional, of which representatives know nothing (CSP L1111-5)."""

from datetime import datetime

from espace.access.actions.relations import keep, recorded
from espace.access.events import ConsentRecorded
from espace.access.facts import How, Relation
from espace.access.queries.relations import new_relation
from espace.kernel.values import replace
from espace.kernel.words import Grant
from espace.outbox import actions as outbox


def record_secret_consent(grant: Grant, *, how: How, until: datetime) -> Relation:
    """The minor agreed that this professional reads, in sessions of secret care alone, what is kept secret there. What
    links them otherwise stays as it is; whom nothing else links is unknown to the representatives.

    Raises CONSENT_TERM_REFUSED.
    """
    row, agreed = recorded(grant, how=how, until=until)
    if not grant.secret:
        raise TypeError("a consent to secret care is recorded in a session of secret care")
    known = row.relation if row else replace(new_relation(grant.actor), secret_only=True)
    changed = replace(known, secret=agreed)
    keep(grant, row, changed)
    by = grant.actor
    told = ConsentRecorded(grant.patient, secret=True, who=by.name, place=by.organisation_name, at=grant.at)
    outbox.post(told, patient=grant.patient, at=grant.at)
    return changed
