"""TD0.4: « my patients », on whom the professional who asks has an authorisation in force.

The list says whose records may be looked at; each is then opened by a decision of its own, with its line in that
patient's log and its place in the account's budget, as TD0.2 is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from espace import edge
from espace.access import gate
from espace.access import queries as access
from espace.access.facts import Listed
from espace.exchange.callers import Caller, Opening
from espace.exchange.xds.asked import Answer, Asked, Work
from espace.exchange.xds.national import access_of, until
from espace.identity import queries as identity
from espace.kernel.reasons import care
from espace.kernel.values import replace
from espace.kernel.words import ActorKind, Grant, Purpose, Refused, Verb
from espace.record import queries as record
from espace.wire.dmp import listing
from espace.wire.dmp.authorising import Access
from espace.wire.dmp.fields import refusal
from espace.wire.dmp.listing import NAME, Listing, Order, Own
from espace.wire.xds import PatientStatement

OPENINGS: Mapping[ActorKind, Opening] = {ActorKind.PROFESSIONAL: Opening(Purpose.CARE, Verb.STATUS, "")}
_LISTS = Opening(Purpose.CARE, Verb.LIST, "")
"""When a document came is read in the list of documents: the holder is told of it as of any reading."""


@dataclass(frozen=True, slots=True)
class _Found:
    own: tuple[Own, ...]
    stopped: str = ""


def patients(asked: Asked, caller: Caller) -> Work:
    wanted = listing.read(asked.body)
    return partial(_patients, wanted, replace(caller, opening=_LISTS) if wanted.order is Order.DOCUMENT else caller)


def refused(refusal_: Refused) -> bytes:
    return refusal(f"{NAME}Response", refusal_)


def _patients(wanted: Listing, caller: Caller) -> Answer:
    every = access.own_patients(caller.actor, edge.now(), secret=caller.secret)
    end = wanted.begin - 1 + wanted.count
    found = _each(every[wanted.begin - 1 : end], caller)
    if found.stopped and not found.own:
        raise Refused(care.ACCOUNT_FROZEN)
    shown = found.own
    if wanted.order is Order.DOCUMENT:
        shown = tuple(sorted(shown, key=_last, reverse=True))
    return Answer(listing.write(shown, end + 1 if end < len(every) else None, found.stopped))


def _last(one: Own) -> datetime:
    return one.document or datetime.min.replace(tzinfo=UTC)


def _each(listed: Sequence[Listed], caller: Caller) -> _Found:
    """Those whose record opens, as long as the budget of the account lasts: who is refused is not in the list."""
    own: list[Own] = []
    for one in listed:
        try:
            told = gate.run_again(partial(_opened, caller, one))
        except Refused as refused:
            if refused.reason is care.ACCOUNT_FROZEN:
                return _Found(tuple(own), refused.reason.code)
            if refused.reason.status >= 500:
                raise
            continue
        if told:
            own.append(told)
    return _Found(tuple(own))


def _opened(caller: Caller, one: Listed) -> Own | None:
    """Run again by itself where another transaction was in its way: the lines of those before it are committed."""
    with caller.open(one.patient) as grant:
        return _own(grant, one)


def _own(grant: Grant, one: Listed) -> Own | None:
    known = access.relation(grant)
    if access_of(grant, known) is not Access.VALID:
        return None
    person = identity.own_person(grant)
    ins, traits = person.ins[-1], person.traits
    who = PatientStatement(
        "", ins.number, ins.authority, birth_name=traits.birth_name, given_names=traits.given_names,
        birth_date=traits.birth_date, sex=traits.sex,
    )  # fmt: skip
    last = max((one.deposited_at for one in record.documents(grant)), default=None) if grant.verb is Verb.LIST else None
    return Own(who, one.at, until(grant, known), last)
