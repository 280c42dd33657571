"""Those who help in a world of the enumeration, made through the doors that make them: what an authority states, what
the holder asks, what each answers, what ends."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from cast import Holder, cares, represents
from espace import edge
from espace.access import gate
from espace.identity.actions import mandates
from espace.identity.actions.advising import name_adviser, new_code
from espace.identity.facts.mandates import Helps, Proof, Protection, Scope
from espace.identity.queries.advising import code_token
from espace.kernel.values import replace
from espace.kernel.words import Actor, ActorKind, Purpose, Verb
from portal.helpers import Member, member
from portal.security import entered
from reference_model.facts import ADVISER, CARER, DECLINED, ENDED, IN_FORCE, OVER, PARENT, UNANSWERED, Person

_AUTHORITY = Actor(ActorKind.SYSTEM, UUID(int=0), "Assurance maladie")
_COURT = Proof(Protection.TUTELLE, "TJ de Nantes, 25/00017")


@dataclass
class Helper:
    """Somebody who helps, or did, or was asked to; in the browser in which they signed in lately."""

    who: Member
    mandate: UUID

    def __post_init__(self) -> None:
        self.browser = entered(self.who, edge.now())


def help_in(of: Holder, one: Person) -> Helper:
    """Whoever this is in the space of this holder."""
    who = member(given="MARIE", email=f"{uuid4().hex}@exemple.fr")
    scope = Scope.ACT if one.acts else Scope.READ
    if one.helps == CARER:
        mandate = cares(who.of, of, address=_address(who), scope=scope, at=edge.now())
    elif one.helps == ADVISER:
        mandate = _advises(who, of, scope, hours_ago=2 if one.help == OVER else 0)
    elif one.helps == PARENT and one.help == OVER:
        mandate = represents(who.of, of, at=edge.now() - timedelta(days=25 * 365))  # when the holder was a child
    else:
        mandate = _stated(who, of, one, scope)
    if one.help == ENDED:
        _ends(who.of, of, mandate)
    return Helper(who, mandate)


def _advises(who: Member, of: Holder, scope: Scope, *, hours_ago: int) -> UUID:
    """The holder gives a digital adviser a code; the session lasts an hour."""
    name_adviser(account=who.account, structure="France services")
    code, at = new_code(), edge.now() - timedelta(hours=hours_ago)
    with gate.open_record(actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=Verb.ADVISE, at=at) as grant:
        mandates.ask_adviser(grant, scope=scope, code=code)
    with gate.open_record(
        actor=_unnamed(who.of), patient=of.patient, purpose=Purpose.PROXY, verb=Verb.ANSWER, at=at,
        invitation=code_token(code),
    ) as grant:  # fmt: skip
        return mandates.answer_help(grant, accepts=True).id


def _address(who: Member) -> str:
    from django.contrib.auth import get_user_model

    return str(get_user_model().objects.get(pk=who.account).email)


def _stated(who: Member, of: Holder, one: Person, scope: Scope) -> UUID:
    """What an authority states, and what the person answers, if they do and in time."""
    now = edge.now()
    at = now - timedelta(days=400) if one.help in (OVER, UNANSWERED) else now
    until = now - timedelta(days=1) if one.help == OVER else None
    kind, proof = Helps(one.helps), None if one.helps == PARENT else _COURT
    with gate.open_record(
        actor=_AUTHORITY, patient=of.patient, purpose=Purpose.SUPPORT, verb=Verb.STATE_HELP, at=at
    ) as grant:
        stated = mandates.state_mandate(grant, helper=who.of.patient, kind=kind, scope=scope, until=until, proof=proof)
    if one.help in (IN_FORCE, DECLINED, OVER):
        with (
            edge.clock_at(now + timedelta(milliseconds=500)),
            gate.open_record(
                actor=_unnamed(who.of), patient=of.patient, purpose=Purpose.PROXY, verb=Verb.ANSWER, at=at
            ) as grant,
        ):
            mandates.answer_help(grant, accepts=one.help != DECLINED)
    return stated.id


def _ends(helper: Holder, of: Holder, mandate: UUID) -> None:
    with gate.open_record(
        actor=_unnamed(helper), patient=of.patient, purpose=Purpose.PROXY, verb=Verb.END_HELP, at=edge.now()
    ) as grant:
        mandates.end_help(grant, mandate)


def _unnamed(who: Holder) -> Actor:
    return replace(who.actor, name="")
