"""The one gate: decision, trace, then data, in one transaction (docs/adr/0002-the-grant.md)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import DatabaseError, IntegrityError, OperationalError, transaction
from django.utils.timezone import localdate
from psycopg.errors import DeadlockDetected, SerializationFailure, UniqueViolation

from espace import edge
from espace.access.actions import ask_as_feeder, comparing
from espace.access.actions import spend as spend_budget
from espace.access.events import RecordOpened
from espace.access.facts import BY_ID, DOCTOR, Found, Relation, Standing, Telling, Whose
from espace.access.queries import facts_for, has_room, sight_of, told_as_nobody
from espace.access.rules import decide, frozen_by, known_to_helpers
from espace.access.rules.grounds import grounds_of
from espace.access.rules.telling import is_reading, untold
from espace.identity import queries as identity
from espace.kernel.ids import PatientId
from espace.kernel.reasons import Reason
from espace.kernel.reasons import transport as reasons
from espace.kernel.reasons.care import PROFESSIONAL_BLOCKED
from espace.kernel.reasons.emergency import DISPATCH_IN_FORCE, GLASS_IN_FORCE
from espace.kernel.reasons.teams import TEAM_CONSENT
from espace.kernel.seal import SEAL
from espace.kernel.values import replace
from espace.kernel.words import (
    CARING,
    FROM_REPRESENTATIVES,
    PERSONAL,
    Actor,
    ActorKind,
    Eyes,
    Grant,
    Purpose,
    Refused,
    Verb,
    Visibility,
)
from espace.keys.facts import KeyServiceUnavailable
from espace.keys.queries import keys_of
from espace.outbox import actions as outbox
from espace.outbox.events import Counted, What
from espace.trace import actions as trace
from espace.trace.facts import Outcome, TraceEvent
from espace.trace.rules.chains import shown_to

ATTEMPTS = 5
_AGAIN = (SerializationFailure, DeadlockDetected, UniqueViolation)
T = TypeVar("T")

_BRINGS = frozenset({Verb.DEPOSIT, Verb.FEEDING_WISH, Verb.MAIL})
"""What comes with an identity that is compared, and of which a refusal tells something of the space."""
_ASKS = frozenset({Verb.OWN_DEPOSITS, Verb.STATUS})
"""What an organisation asks without bringing anything: within the budget of its software."""
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
    patient: PatientId | None,
    purpose: Purpose,
    verb: Verb,
    at: datetime,
    channel: str = "",
    asked: Mapping[str, str] | None = None,
    hidden_from: frozenset[Visibility] = frozenset(),
    found: Found = BY_ID,
    compares: bool = False,
    invitation: str = "",
    secret: bool = False,
) -> Iterator[Grant]:
    """Open one record for one purpose: one REPEATABLE READ transaction, one decision, one trace line.

    The line is committed with whatever the block wrote. A refusal or an error rolls everything back,
    then one line is committed on its own. A conflict with another transaction leaves none, for the caller
    runs the block again; nor does a database or key service that is down, without which no line can be written.
    `channel` names the door, for the counters; `asked` the criteria of a search, for the line; `hidden_from`
    from whom the line of a refused deposit is hidden; `found` how the record was found, for what it costs; `compares`
    that a stated identity is compared with the known one, as it always is in a deposit; `invitation` is the token of
    whoever answers one; `secret` that it is a professional's session for the secret care of a minor: all that it leaves
    is hidden from their representatives. Where nobody bears what was asked about, `patient` is None: it is refused by
    the path of an opposed space, in as many statements, and its line goes to the bounded log of such. Raises Refused.
    """
    undecided, said = reasons.TEMPORARILY_UNAVAILABLE, dict(asked or {})
    grant = Grant(SEAL, patient or PatientId(edge.new_id()), actor, purpose, verb, undecided, at)
    grant.nobody = patient is None
    grant.hidden_from, grant.channel, grant.asked, grant.invitation = hidden_from, channel, said, invitation
    grant.secret = secret
    no_room = _no_room(grant, found)
    comparison = comparing(grant) if compares or verb in _BRINGS else nullcontext()
    with _counted_if_refused(grant, found), comparison, _traced(grant):
        _decided(grant, no_room=no_room, by_object=found.by_object)
        yield grant
    if found.by_object and _pays(actor, str(grant.patient), at) is Whose.ACCOUNT and purpose is not Purpose.FEED:
        raise Refused(frozen_by(Whose.ACCOUNT))


def _decided(grant: Grant, *, no_room: Whose | None, by_object: bool) -> None:
    """The one decision, and what it gives. Raises Refused."""
    facts = facts_for(grant, no_room=no_room)
    grant.reason = decide(facts)
    if not grant.reason.allows:
        if by_object:
            sight_of(grant, facts)  # in as many statements as for who is let in, and does not see the object
        if grant.reason is PROFESSIONAL_BLOCKED and _of_secret_care(grant):
            grant.hidden_from |= FROM_REPRESENTATIVES  # the line would tell them of a block that they do not know of
        raise Refused(grant.reason)
    grant.purpose = _GROUNDS.get(grant.reason.code, grant.purpose)
    if grant.reason is TEAM_CONSENT and grant.added_by:
        grant.asked["added_by"] = grant.added_by
    grant.sight = sight_of(grant, facts)
    if grant.purpose in CARING and isinstance(grant.linked, Relation):
        profession = grant.actor.profession
        grant.grounds = grounds_of(grant.reason.code, grant.linked, profession=profession, sight=grant.sight)


def _of_secret_care(theirs: Grant) -> bool:
    """Whether a minor's secret care alone links the professional who asks: what the minor decided about them is no
    representative's to know."""
    return isinstance(theirs.linked, Relation) and known_to_helpers(theirs.linked) is None


def look_as(grant: Grant, actor: Actor | None, *, consented: bool = False, gone: bool = False) -> Reason | None:
    """Have the holder look with the eyes of a professional, as if they asked for the list of documents now; with those
    of somebody who helps (None). Why the professional would be let in, or refused: they then see nothing.

    The same facts and the same decision as theirs, and no act of theirs: no line, no budget, nothing kept. `consented`
    supposes the holder's consent; `gone` says that they may not sign in any more, whatever the decision.
    """
    grant.require(PERSONAL, Verb.SEE_AS)
    if actor is None:
        grant.eyes = Eyes()
        return None
    undecided = reasons.TEMPORARILY_UNAVAILABLE
    theirs = Grant(SEAL, grant.patient, actor, Purpose.CARE, Verb.LIST, undecided, grant.at)
    theirs.keys = keys_of(grant)
    facts = facts_for(theirs, no_room=None)
    if grant.purpose is Purpose.PROXY and _of_secret_care(theirs):
        facts = replace(facts, blocked=False)
    if consented:
        facts = replace(facts, standing=Standing.IN_FORCE)
    reason = decide(facts)
    theirs.purpose = _GROUNDS.get(reason.code, theirs.purpose)
    grant.eyes = Eyes(sight_of(theirs, facts), shut=gone or not reason.allows)
    return reason


def look_in_emergency(grant: Grant, *, dispatch: bool) -> Reason:
    """Have the holder look with the eyes of a doctor who never saw them, in an emergency that was just declared: that
    of the emergency call centre (`dispatch`), or any other one. Why the doctor would be let in, or refused.

    As in `look_as`, the decision and the sight are those that the doctor would get, under the switches of today.
    """
    grant.require(PERSONAL, Verb.SEE_AS)
    purpose = Purpose.DISPATCH if dispatch else Purpose.BREAK_GLASS
    doctor = Actor(ActorKind.PROFESSIONAL, UUID(int=0), "", profession=DOCTOR, regulates=dispatch)
    undecided = reasons.TEMPORARILY_UNAVAILABLE
    theirs = Grant(SEAL, grant.patient, doctor, purpose, Verb.BREAK_GLASS, undecided, grant.at)
    theirs.keys = keys_of(grant)
    facts = facts_for(theirs, no_room=None)
    reason = decide(facts)
    grant.eyes = Eyes(sight_of(theirs, facts), shut=not reason.allows)
    return reason


def spend(actor: Actor, *, name: str, at: datetime) -> None:
    """Count a professional's look-up of an id that is nobody's as one of somebody's would be.

    Raises ACCOUNT_FROZEN.
    """
    if _pays(actor, name, at) is Whose.ACCOUNT:
        raise Refused(frozen_by(Whose.ACCOUNT))


def _pays(actor: Actor, name: str, at: datetime, *, number: str = "") -> Whose | None:
    """Whose budget has no room for what a professional opens; where all had, they have less now. Others have none."""
    if actor.kind is not ActorKind.PROFESSIONAL:
        return None
    return spend_budget(actor=actor, name=name, number=number, at=at)


def _no_room(grant: Grant, found: Found) -> Whose | None:
    """Whose budget has no room for this patient, if any; it is spent now, or once something is answered.

    An INS that leads to a space which answers as none costs what one that nobody bears does, and so do two of them.
    """
    if grant.actor.kind is ActorKind.ORGANISATION and grant.verb in _ASKS:
        return None if _asks_as_feeder(grant, found) else Whose.ACCOUNT
    if grant.actor.kind is not ActorKind.PROFESSIONAL:
        return None
    if found.by_object:
        return None if has_room(actor=grant.actor, name=str(grant.patient), at=grant.at) else Whose.ACCOUNT
    unknown = found.ins and told_as_nobody(grant.patient)
    name = f"ins|{found.ins}" if unknown else str(grant.patient)
    return _pays(grant.actor, name, grant.at, number=found.ins)


@contextmanager
def _counted_if_refused(grant: Grant, found: Found) -> Iterator[None]:
    """What an organisation's deposit is refused for tells of the space: it is counted once the line is left, and stops
    nothing."""
    try:
        yield
    except Refused as refusal:
        feeds = grant.actor.kind is ActorKind.ORGANISATION and grant.verb in _BRINGS
        if feeds and refusal.reason.status < reasons.TEMPORARILY_UNAVAILABLE.status:
            _asks_as_feeder(grant, found)
        raise


def _asks_as_feeder(grant: Grant, found: Found) -> bool:
    name = f"ins|{found.ins}" if found.ins else str(grant.patient)
    return ask_as_feeder(actor=grant.actor, name=name, number=found.ins, at=grant.at)


@contextmanager
def _traced(grant: Grant) -> Iterator[None]:
    """The transaction of one opening, and the line that it leaves whatever happens."""
    try:
        with transaction.atomic(durable=True):
            yield
            event, always = _event(grant, Outcome.ALLOWED, grant.reason), _hides_all(grant)
            lines = trace.append(event, keys=keys_of(grant), restricted=grant.restricted, always=always)
            _tell(grant, lines)
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


def _tell(grant: Grant, lines: Iterable[TraceEvent]) -> None:
    """The first reading of a day that somebody may know of and was not told of posts one event; the others cost
    nothing. Whoever may not read its line is not told."""
    told, day = grant.told if isinstance(grant.told, Telling) else Telling(), localdate(grant.at)
    if not is_reading(grant) or not (waiting := untold(told, day)):
        return
    shown = frozenset().union(*(shown_to(one.hidden_from) for one in lines))
    if shown & waiting:
        actor, first = grant.actor, told.representatives is None
        opened = RecordOpened(
            grant.patient, actor.id, actor.name, actor.organisation_name, grant.at, shown & waiting, first
        )
        outbox.post(opened, patient=grant.patient, at=grant.at, keys=keys_of(grant))


def _leave_line(grant: Grant, reason: Reason) -> None:
    """Done again where two lines about nobody chose the same place at once."""
    grant.noted.clear()
    grant.hidden_from |= grant.hidden_if_refused
    write = trace.append_about_nobody if grant.nobody else trace.append

    def once() -> None:
        with transaction.atomic(durable=True):
            write(_event(grant, Outcome.REFUSED, reason))

    run_again(once)


def _hides_all(grant: Grant) -> frozenset[Visibility]:
    """From whom the whole act is hidden, whatever it is about."""
    return FROM_REPRESENTATIVES if grant.secret else frozenset()


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
        hidden_from=grant.hidden_from | _hides_all(grant),
        grounds=grant.grounds,
    )
