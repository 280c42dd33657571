"""The one decision. Sources: C01-C40; CSP L1111-15, L1111-17, L1111-18.

Each purpose has its own short list of conditions; a purpose without a list is refused, and so is
whatever falls through: the last line refuses.
"""

from collections.abc import Callable

from espace.access.facts import Facts
from espace.enrolment.rules import FEEDING, READING
from espace.kernel.reasons import Reason
from espace.kernel.reasons import decisions as reasons
from espace.kernel.words import ActorKind, Purpose, Verb

_FEEDING_VERBS = {Verb.DEPOSIT: reasons.FEED_AUTHORISED, Verb.OWN_DEPOSITS: reasons.OWN_DEPOSITS}
_HOLDER_VERBS = frozenset({Verb.LIST, Verb.READ, Verb.DOWNLOAD, Verb.HISTORY})


def decide(facts: Facts) -> Reason:
    """Why this is allowed or refused (`reason.allows`)."""
    rule = _RULES.get(facts.purpose)
    return rule(facts) if rule else reasons.NO_RULE_ALLOWS


def _feed(facts: Facts) -> Reason:
    """An organisation's identity is enough to feed; feeding opens no content (C04)."""
    if facts.actor is not ActorKind.ORGANISATION:
        return reasons.HOLDER_CANNOT_FEED if facts.actor is ActorKind.HOLDER else reasons.NO_RULE_ALLOWS
    if facts.verb not in _FEEDING_VERBS:
        return reasons.ORGANISATION_CANNOT_READ
    if facts.state is None:
        return reasons.SPACE_UNKNOWN
    return FEEDING[facts.state] or _FEEDING_VERBS[facts.verb]


def _holder(facts: Facts) -> Reason:
    """The holder reads their own record, and nobody else's (CSP L1111-13-1)."""
    if facts.actor is not ActorKind.HOLDER or not facts.own_record:
        return reasons.NOT_THE_HOLDER
    if facts.state is None:
        return reasons.SPACE_UNKNOWN
    if refusal := READING[facts.state]:
        return refusal
    return reasons.HOLDER_OWN_RECORD if facts.verb in _HOLDER_VERBS else reasons.NO_RULE_ALLOWS


_RULES: dict[Purpose, Callable[[Facts], Reason]] = {
    Purpose.FEED: _feed,
    Purpose.HOLDER: _holder,
}
