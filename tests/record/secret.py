"""A minor, a representative of theirs, and a professional's session of secret care, for the tests."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from cast import AT, Holder, caring, holder
from espace.access import actions as access
from espace.access import gate
from espace.access.facts import How
from espace.identity.actions import mandates as helps
from espace.identity.facts import Professional
from espace.identity.facts.mandates import Helps
from espace.kernel.words import Actor, ActorKind, Grant, Purpose, Verb, Visibility

FROM_PARENTS = frozenset({Visibility.INVISIBLE_REPRESENTANTS_LEGAUX})
BORN = date(2011, 3, 4)
"""Fifteen years old when the tests take place."""
T = TypeVar("T")


def minor(*, born: date = BORN) -> Holder:
    return holder(given_names=("LÉO",), born=born, email="")


def mother_of(child: Holder) -> Actor:
    """A representative in force."""
    mother, authority = holder(), Actor(ActorKind.SYSTEM, UUID(int=0), "Assurance maladie")
    with gate.open_record(
        actor=authority, patient=child.patient, purpose=Purpose.SUPPORT, verb=Verb.STATE_HELP, at=AT
    ) as grant:
        helps.state_mandate(grant, helper=mother.patient, kind=Helps.PARENT)
    as_proxy(child, mother.actor, Verb.ANSWER, lambda grant: helps.answer_help(grant, accepts=True))
    return mother.actor


def as_proxy(of: Holder, who: Actor, verb: Verb, work: Callable[[Grant], T], *, at: datetime = AT) -> T:
    with gate.open_record(actor=who, patient=of.patient, purpose=Purpose.PROXY, verb=verb, at=at) as grant:
        return work(grant)


def as_holder(of: Holder, verb: Verb, work: Callable[[Grant], T], *, at: datetime = AT) -> T:
    with gate.open_record(actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=verb, at=at) as grant:
        return work(grant)


def as_professional(
    of: Holder,
    who: Professional,
    verb: Verb,
    work: Callable[[Grant], T],
    *,
    secret: bool = True,
    at: datetime = AT,
) -> T:
    """In a session of secret care, unless said otherwise."""
    purpose = Purpose.FEED if verb in (Verb.DEPOSIT, Verb.AMEND) else Purpose.CARE
    with gate.open_record(
        actor=caring(who), patient=of.patient, purpose=purpose, verb=verb, at=at, secret=secret
    ) as grant:
        return work(grant)


def agrees(of: Holder, to: Professional, *, at: datetime = AT, days: int = 30) -> None:
    """The minor's consent to secret care by this professional."""
    until = at + timedelta(days=days)
    as_professional(
        of, to, Verb.CONSENT, lambda grant: access.record_secret_consent(grant, how=How.ORAL, until=until), at=at
    )
