"""The one gate: decision, trace, then data, in one transaction (docs/adr/0002-the-grant.md)."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import datetime
from typing import TypeVar

from django.db import DatabaseError, IntegrityError, OperationalError, transaction
from django.utils.timezone import localdate
from psycopg.errors import DeadlockDetected, SerializationFailure, UniqueViolation

from espace import edge
from espace.access.actions import comparing
from espace.access.actions import spend as spend_budget
from espace.access.facts import BY_ID, Found
from espace.access.queries import facts_for, has_room, sight_of, told_as_nobody
from espace.access.rules import decide
from espace.identity import queries as identity
from espace.kernel.ids import PatientId
from espace.kernel.reasons import Reason, care
from espace.kernel.reasons import transport as reasons
from espace.kernel.reasons.emergency import DISPATCH_IN_FORCE, GLASS_IN_FORCE
from espace.kernel.seal import SEAL
from espace.kernel.words import Actor, ActorKind, Grant, Purpose, Refused, Verb, Visibility
from espace.keys.facts import KeyServiceUnavailable
from espace.keys.queries import keys_of
from espace.outbox import actions as outbox
from espace.outbox.events import Counted, What
from espace.trace import actions as trace
from espace.trace.facts import Outcome, TraceEvent

ATTEMPTS = 5
_AGAIN = (SerializationFailure, DeadlockDetected, UniqueViolation)
T = TypeVar("T")

_GROUNDS = {GLASS_IN_FORCE.code: Purpose.BREAK_GLASS, DISPATCH_IN_FORCE.code: Purpose.DISPATCH}
"""Care that stands on a declared emergency has that purpose, in its line too: whoever reads it sees on what ground."""


def run_again(work: Callable[[], T]) -> T:
    """The work done, and done again where another transaction was in its way: at most five times in all.

    A unique violation is such a case: the row it stumbled on is seen the next time.
    """
    for _attempt in range(ATTEMPTS - 1):
        try:
            return work()
        except DatabaseError as error:
            if not isinstance(error.__cause__, _AGAIN):
                raise
    return work()


@contextmanager
def open_record(
    *,
    actor: Actor,
    patient: PatientId,
    purpose: Purpose,
    verb: Verb,
    at: datetime,
    channel: str = "",
    asked: Mapping[str, str] | None = None,
    hidden_from: frozenset[Visibility] = frozenset(),
    found: Found = BY_ID,
    compares: bool = False,
    invitation: str = "",
) -> Iterator[Grant]:
    """Open one record for one purpose: one REPEATABLE READ transaction, one decision, one trace line.

    The line is committed with whatever the block wrote. A refusal or an error rolls everything back,
    then one line is committed on its own. A conflict with another transaction leaves none, for the caller
    runs the block again; nor does a database or key service that is down, without which no line can be written.
    `channel` names the door, for the counters; `asked` the criteria of a search, for the line; `hidden_from`
    from whom the line of a refused deposit is hidden; `found` how the record was found, for what it costs; `compares`
    that a stated identity is compared with the known one, as it always is in a deposit; `invitation` is the token of
    whoever answers one. Raises Refused.
    """
    undecided, said = reasons.TEMPORARILY_UNAVAILABLE, dict(asked or {})
    grant = Grant(SEAL, patient, actor, purpose, verb, undecided, at)
    grant.hidden_from, grant.channel, grant.asked, grant.invitation = hidden_from, channel, said, invitation
    affordable = _affordable(grant, found)
    with comparing(grant) if compares or verb is Verb.DEPOSIT else nullcontext(), _traced(grant):
        facts = facts_for(grant, within_budget=affordable)
        grant.reason = decide(facts)
        if not grant.reason.allows:
            raise Refused(grant.reason)
        grant.purpose = _GROUNDS.get(grant.reason.code, purpose)
        grant.sight = sight_of(grant, facts)
        yield grant
    if found.by_object and not _pays(actor, str(patient), at) and purpose is not Purpose.FEED:
        raise Refused(care.ACCOUNT_FROZEN)


def spend(actor: Actor, *, ins: str = "", name: str = "", at: datetime) -> None:
    """Count a professional's look-up of nobody, by an INS or by another name, as that of a patient would be.

    Raises ACCOUNT_FROZEN.
    """
    if not _pays(actor, _as_ins(ins) if ins else name, at):
        raise Refused(care.ACCOUNT_FROZEN)


def _as_ins(number: str) -> str:
    return f"ins|{number}"


def _pays(actor: Actor, name: str, at: datetime) -> bool:
    """Whether a professional's budget had room, and has less now; others have none."""
    return actor.kind is not ActorKind.PROFESSIONAL or spend_budget(professional=actor.id, name=name, at=at)


def _affordable(grant: Grant, found: Found) -> bool:
    """Whether the budget of a professional has room for this patient; it is spent now, or once something is answered.

    An INS that leads to a space which answers as none costs what one that nobody bears does, and so do two of them.
    """
    if grant.actor.kind is not ActorKind.PROFESSIONAL:
        return True
    if found.by_object:
        return has_room(professional=grant.actor.id, name=str(grant.patient), at=grant.at)
    unknown = found.ins and told_as_nobody(grant.patient)
    return _pays(grant.actor, _as_ins(found.ins) if unknown else str(grant.patient), grant.at)


@contextmanager
def _traced(grant: Grant) -> Iterator[None]:
    """The transaction of one opening, and the line that it leaves whatever happens."""
    try:
        with transaction.atomic(durable=True):
            yield
            trace.append(_event(grant, Outcome.ALLOWED, grant.reason), keys=keys_of(grant), restricted=grant.restricted)
            _count(grant)
    except (OperationalError, IntegrityError, KeyServiceUnavailable):
        raise
    except Refused as refusal:
        _leave_line(grant, refusal.reason)
        raise
    except Exception:
        _leave_line(grant, reasons.TEMPORARILY_UNAVAILABLE)
        raise


def _count(grant: Grant) -> None:
    """Statistics need no patient: one event for each document filed or read, linked to nobody."""
    what = What.DEPOSIT if grant.verb in (Verb.DEPOSIT, Verb.ADD) else What.READING
    for kind in grant.kinds:
        actor = grant.actor
        outbox.post(
            Counted(edge.new_id(), localdate(grant.at), what, kind, actor.sector, actor.region, grant.channel),
            patient=None,
            at=grant.at,
        )


def _leave_line(grant: Grant, reason: Reason) -> None:
    grant.noted.clear()
    grant.hidden_from |= grant.hidden_if_refused
    with transaction.atomic(durable=True):
        trace.append(_event(grant, Outcome.REFUSED, reason))


def _own_name(grant: Grant) -> str:
    """The name of a holder whose token said only who they are; "" for a person who is no more."""
    try:
        return identity.own_person(grant).name if grant.actor.patient == grant.patient else ""
    except LookupError:
        return ""


def _event(grant: Grant, outcome: Outcome, reason: Reason) -> TraceEvent:
    objects = tuple(dict.fromkeys(grant.noted))
    return TraceEvent(
        patient=grant.patient,
        id=edge.new_id(),
        at=grant.at,
        actor_kind=grant.actor.kind,
        actor_id=grant.actor.id,
        actor_name=grant.actor.name or _own_name(grant),
        organisation_name=grant.actor.organisation_name,
        purpose=grant.purpose,
        verb=grant.verb,
        outcome=outcome,
        reason=reason.code,
        objects=objects,
        count=len(objects),
        asked=grant.asked,
        hidden_from=grant.hidden_from,
    )
