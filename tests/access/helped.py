"""People who help one another, and what they do through the gate."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TypeVar
from uuid import UUID, uuid4

import pytest

from cast import AT, Holder, holder
from espace.access import gate
from espace.identity import actions as people
from espace.identity.actions import mandates as helps
from espace.identity.facts.mandates import Helps, Mandate, Proof, Scope
from espace.kernel.ids import PatientId
from espace.kernel.reasons import Reason
from espace.kernel.values import replace
from espace.kernel.words import Actor, ActorKind, Grant, Purpose, Refused, Verb
from espace.trace import queries as trace
from espace.trace.facts import TraceEvent

T = TypeVar("T")


@dataclass(frozen=True)
class Someone:
    """Somebody with an account and its address, so that they can be invited."""

    of: Holder
    email: str

    @property
    def patient(self) -> PatientId:
        return self.of.patient

    @property
    def actor(self) -> Actor:
        return replace(self.of.actor, name="")


def someone(name: str = "CAMILLE", *, born: date = date(1985, 3, 7)) -> Someone:
    of = holder(given_names=(name,), born=born)
    email, account = f"{uuid4().hex}@exemple.fr", uuid4()
    people.add_account(account_id=account, identifier=uuid4().hex, password="", email=email, patient=of.patient)
    return Someone(replace(of, actor=Actor(ActorKind.HOLDER, account, "", patient=of.patient)), email)


def acts(
    who: Someone, of: Someone, verb: Verb, work: Callable[[Grant], T], *, at: datetime = AT, token: str = ""
) -> T:
    """In their own record as its holder, in another's as who helps; again where others were in the way."""
    purpose = Purpose.HOLDER if who.patient == of.patient else Purpose.PROXY

    def once() -> T:
        with gate.open_record(
            actor=who.actor, patient=of.patient, purpose=Purpose.PROXY if token else purpose, verb=verb, at=at,
            invitation=token,
        ) as grant:  # fmt: skip
            return work(grant)

    return gate.run_again(once)


def reads(who: Someone, of: Someone, *, at: datetime = AT) -> str:
    """The code of what their reading is answered."""
    try:
        acts(who, of, Verb.LIST, lambda grant: None, at=at)
    except Refused as refused:
        return refused.reason.code
    return "allowed"


def refusal(work: Callable[[], object]) -> Reason:
    with pytest.raises(Refused) as refused:
        work()
    return refused.value.reason


def asks(
    who: Someone, to: Someone, *, of: Someone | None = None, kind: Helps = Helps.CARER, scope: Scope = Scope.ACT,
    until: datetime | None = None, at: datetime = AT,
) -> Mandate:  # fmt: skip
    ask = partial(helps.ask_help, kind=kind, scope=scope, address=to.email, language="fr", until=until)
    return acts(who, of or who, Verb.INVITE, ask, at=at)


def answers(who: Someone, of: Someone, token: str, *, accepts: bool = True, at: datetime = AT) -> Mandate:
    return acts(who, of, Verb.ANSWER, partial(helps.answer_help, accepts=accepts), token=token, at=at)


def stated(
    child: Someone, parent: Someone, *, kind: Helps = Helps.PARENT, proof: Proof | None = None, scope: Scope = Scope.ACT
) -> Mandate:
    authority = Actor(ActorKind.SYSTEM, UUID(int=0), "Assurance maladie")
    with gate.open_record(
        actor=authority, patient=child.patient, purpose=Purpose.SUPPORT, verb=Verb.STATE_HELP, at=AT
    ) as grant:
        return helps.state_mandate(grant, helper=parent.patient, kind=kind, proof=proof, scope=scope)


def declares(who: Someone, of: Someone, *, accepts: bool = True, at: datetime = AT) -> Mandate:
    """What a parent or a guardian says to what an authority stated of them."""
    return acts(who, of, Verb.ANSWER, partial(helps.answer_help, accepts=accepts), at=at)


def lines(of: Someone) -> list[TraceEvent]:
    history = acts(of, of, Verb.HISTORY, trace.history)
    return [line.event for line in history if line.event.purpose is not Purpose.HOLDER]


def family() -> tuple[Someone, Someone]:
    """A mother who declared it, and her son of fourteen."""
    mother, son = someone("MARIE"), someone("LÉO", born=date(2011, 3, 22))
    stated(son, mother)
    declares(mother, son)
    return mother, son
