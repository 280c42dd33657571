"""How long a consent lasts. Sources: CSP L1111-17, R1111-46; C09-C12, C28."""

from datetime import datetime, timedelta

from espace.access.facts import DOCTOR, Consent, Relation, Standing
from espace.access.rules.emergency import glass_standing

MOST_CONSENT = timedelta(days=366)
"""A consent that is not renewed within a year lapses (our choice; the law gives no figure)."""

VISIT = timedelta(hours=12)
"""« For this consultation »: it also covers what is written up after it, the same day (our choice)."""


def end_of_visit(at: datetime) -> datetime:
    return at + VISIT


def term_allowed(*, at: datetime, until: datetime) -> bool:
    return at < until <= at + MOST_CONSENT


def standing(consent: Consent | None, at: datetime) -> Standing:
    """Whether a consent is in force at this instant; its last instant is not included."""
    if consent is None:
        return Standing.NONE
    return Standing.IN_FORCE if consent.at <= at < consent.until else Standing.LAPSED


def may_read(relation: Relation, at: datetime, *, regulates: bool) -> bool:
    """Whether this relation opens the record, as `decide` has it once the space may be read; `regulates`: to a doctor
    who handles emergency calls, whose call opens it in spite of a block."""
    urgent = glass_standing(relation.glass, at) is Standing.IN_FORCE
    call = urgent and relation.glass is not None and relation.glass.dispatch
    if (call and regulates) or relation.blocked_at is not None:
        return call and regulates
    attending = relation.attending and relation.profession == DOCTOR
    return attending or standing(relation.consent, at) is Standing.IN_FORCE or (urgent and not call)
