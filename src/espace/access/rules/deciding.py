"""The one decision. Sources: C01-C40; CSP L1111-15, L1111-17, L1111-18, R1111-46, R1111-54.

Each purpose has its own short list of conditions; a purpose without a list is refused, and so is
whatever falls through: the last line refuses.
"""

from collections.abc import Callable

from espace.access.facts import Facts, Standing
from espace.enrolment.rules import FEEDING, READING
from espace.kernel.reasons import Reason, care
from espace.kernel.reasons import decisions as reasons
from espace.kernel.words import ActorKind, Purpose, Verb

_FEEDING: dict[ActorKind, dict[Verb, Reason]] = {
    ActorKind.ORGANISATION: {
        Verb.DEPOSIT: reasons.FEED_AUTHORISED,
        Verb.OWN_DEPOSITS: reasons.OWN_DEPOSITS,
        Verb.AMEND: care.AUTHOR_AMENDS,
    },
    ActorKind.PROFESSIONAL: {
        Verb.DEPOSIT: care.PROFESSIONAL_FEEDS,
        Verb.OWN_DEPOSITS: reasons.OWN_DEPOSITS,
        Verb.AMEND: care.AUTHOR_AMENDS,
    },
}
_CANNOT_FEED = {
    ActorKind.HOLDER: reasons.HOLDER_CANNOT_FEED,
    ActorKind.ORGANISATION: reasons.ORGANISATION_CANNOT_READ,
}
_HOLDER: dict[Verb, Reason] = {
    **dict.fromkeys((Verb.LIST, Verb.READ, Verb.DOWNLOAD, Verb.HISTORY), reasons.HOLDER_OWN_RECORD),
    **dict.fromkeys(
        (Verb.ADD, Verb.DESCRIBE, Verb.ARRANGE, Verb.REMOVE, Verb.RESTORE), reasons.HOLDER_OWN_DOCUMENTS
    ),
    **dict.fromkeys(
        (Verb.MASK, Verb.UNMASK, Verb.BLOCK, Verb.UNBLOCK, Verb.NAME_DOCTOR, Verb.SETTINGS), care.HOLDER_DECIDES
    ),
}
_CARE_READING = frozenset({Verb.LIST, Verb.READ, Verb.DOWNLOAD})
_CONSENT: dict[Standing, Reason] = {
    Standing.IN_FORCE: care.CONSENT_IN_FORCE,
    Standing.LAPSED: care.CONSENT_LAPSED,
    Standing.NONE: care.CONSENT_MISSING,
}
_OWN_ACTS = {Verb.CONSENT: care.CONSENT_RECORDED, Verb.WITHDRAW: care.CONSENT_WITHDRAWN}


def decide(facts: Facts) -> Reason:
    """Why this is allowed or refused (`reason.allows`)."""
    rule = _RULES.get(facts.purpose)
    return rule(facts) if rule else reasons.NO_RULE_ALLOWS


def _feed(facts: Facts) -> Reason:
    """An organisation's identity is enough to feed, and a blocked professional still feeds (C04, C13, C24);
    feeding opens no content."""
    allowed = _FEEDING.get(facts.actor, {}).get(facts.verb)
    if allowed is None:
        return _CANNOT_FEED.get(facts.actor, reasons.NO_RULE_ALLOWS)
    if not facts.within_budget:
        return care.ACCOUNT_FROZEN
    if facts.state is None:
        return reasons.SPACE_UNKNOWN
    return FEEDING[facts.state] or allowed


def _holder(facts: Facts) -> Reason:
    """The holder reads their own record, decides on it, and on nobody else's (CSP L1111-13-1)."""
    if facts.actor is not ActorKind.HOLDER or not facts.own_record:
        return reasons.NOT_THE_HOLDER
    if facts.state is None:
        return reasons.SPACE_UNKNOWN
    return READING[facts.state] or _HOLDER.get(facts.verb, reasons.NO_RULE_ALLOWS)


def _care(facts: Facts) -> Reason:
    """An individual professional, within budget, not blocked, with consent or as attending doctor."""
    if facts.actor is not ActorKind.PROFESSIONAL:
        return _CANNOT_FEED.get(facts.actor, reasons.NO_RULE_ALLOWS)
    if not facts.within_budget:
        return care.ACCOUNT_FROZEN
    if facts.state is None:
        return reasons.SPACE_UNKNOWN
    if refusal := READING[facts.state]:
        return refusal
    if facts.verb is Verb.STATUS:
        return care.SPACE_STATUS
    if facts.blocked:
        return care.PROFESSIONAL_BLOCKED
    return _with_consent(facts)


def _with_consent(facts: Facts) -> Reason:
    if own := _OWN_ACTS.get(facts.verb):
        return own
    if facts.verb not in _CARE_READING:
        return reasons.NO_RULE_ALLOWS
    return care.ATTENDING_DOCTOR if facts.attending else _CONSENT[facts.standing]


_RULES: dict[Purpose, Callable[[Facts], Reason]] = {
    Purpose.FEED: _feed,
    Purpose.HOLDER: _holder,
    Purpose.CARE: _care,
}
