"""How long a consent lasts. Sources: CSP L1111-17, R1111-46; C09-C12, C28."""

from datetime import datetime, timedelta

from espace.access.facts import DOCTOR, Consent, Membership, Relation, Standing
from espace.access.rules.emergency import gives_care, glass_standing
from espace.kernel.values import replace

MOST_CONSENT = timedelta(days=366)
"""A consent that is not renewed within a year lapses (our choice; the law gives no figure)."""

MOST_GIVEN = timedelta(days=3660)
"""The holder's own dated consent; one without an end is theirs to choose too (C28; our choice of figure)."""

VISIT = timedelta(hours=12)
"""« For this consultation »: it also covers what is written up after it, the same day (our choice)."""


def end_of_visit(at: datetime) -> datetime:
    return at + VISIT


def term_allowed(*, at: datetime, until: datetime) -> bool:
    return at < until <= at + MOST_CONSENT


def gift_allowed(*, at: datetime, until: datetime | None) -> bool:
    """Whether the holder may give access until then; None is for good."""
    return until is None or at < until <= at + MOST_GIVEN


def standing(consent: Consent | None, at: datetime) -> Standing:
    """Whether a consent is in force at this instant; its last instant is not included."""
    if consent is None:
        return Standing.NONE
    ended = consent.until is not None and consent.until <= at
    return Standing.LAPSED if ended or at < consent.at else Standing.IN_FORCE


def team_standing(member: Membership | None, at: datetime) -> Standing:
    """What became of the consent for a member's team."""
    return standing(member.consent if member else None, at)


def lasting(known: Consent | None, new: Consent) -> Consent:
    """Of a consent in force and a new one, the one that ends last: nobody shortens by a word what was given for
    longer; ending it is another act."""
    if known is None or standing(known, new.at) is not Standing.IN_FORCE:
        return new
    longer = known.until is None or (new.until is not None and known.until >= new.until)
    return known if longer else new


def may_read(relation: Relation, at: datetime, *, regulates: bool, secret: bool = False) -> bool:
    """Whether this relation opens the record, as `decide` has it once the space may be read; `regulates`: to a doctor
    who handles emergency calls, whose call opens it in spite of a block; `secret`: in a session of secret care."""
    urgent = glass_standing(relation.glass, at) is Standing.IN_FORCE
    call = urgent and relation.glass is not None and relation.glass.dispatch
    if (call and regulates) or relation.blocked_at is not None:
        return call and regulates
    agreed = Standing.IN_FORCE in (standing(relation.consent, at), team_standing(relation.team, at))
    agreed = agreed or (secret and standing(relation.secret, at) is Standing.IN_FORCE)
    return named(relation) or agreed or (urgent and not call)


def known_to_helpers(relation: Relation) -> Relation | None:
    """What somebody who helps the holder knows of a relation: nothing that was born in secret care."""
    return None if relation.secret_only else replace(relation, secret=None)


def named(relation: Relation) -> bool:
    """Whether the holder named them, as attending doctor or administrator: they read without consent (R1111-54)."""
    attending = relation.attending and relation.profession == DOCTOR
    return attending or (relation.administrator_since is not None and gives_care(relation.profession))
