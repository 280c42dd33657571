"""When somebody was last let in, found in a register whose lines say who acted under the log key only."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from cast import AT, Holder, holder
from espace import edge
from espace.access import gate
from espace.kernel.words import ActorKind, Purpose, Verb
from espace.trace import actions, queries
from espace.trace.facts import Outcome, TraceEvent

pytestmark = pytest.mark.usefixtures("db")


def line(of: Holder, actor: UUID, verb: Verb, at: datetime, outcome: Outcome = Outcome.ALLOWED) -> None:
    actions.append(
        TraceEvent(
            patient=of.patient, id=edge.new_id(), at=at, actor_kind=ActorKind.PROFESSIONAL, actor_id=actor,
            actor_name="Anne Morel", purpose=Purpose.CARE, verb=verb, outcome=outcome, reason="consent_in_force",
        )
    )  # fmt: skip


def last(of: Holder, *actors: UUID, hidden: frozenset[Verb] = frozenset()) -> dict[UUID, datetime]:
    with gate.open_record(
        actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=Verb.HISTORY, at=AT
    ) as grant:
        return queries.last_accesses(grant, actors, shown=lambda event: event.verb not in hidden)


def test_the_newest_reading_that_was_allowed_counts() -> None:
    camille, morel, other, never = holder(), uuid4(), uuid4(), uuid4()
    line(camille, morel, Verb.LIST, AT)
    line(camille, morel, Verb.READ, AT + timedelta(minutes=1))
    line(camille, other, Verb.DOWNLOAD, AT + timedelta(minutes=2))
    line(camille, morel, Verb.STATUS, AT + timedelta(minutes=3))
    line(camille, morel, Verb.READ, AT + timedelta(minutes=4), Outcome.REFUSED)
    assert last(camille, morel, other, never) == {
        morel: AT + timedelta(minutes=1),
        other: AT + timedelta(minutes=2),
    }


def test_lines_that_the_holder_may_not_read_do_not_count() -> None:
    camille, morel = holder(), uuid4()
    line(camille, morel, Verb.LIST, AT)
    line(camille, morel, Verb.READ, AT + timedelta(minutes=1))
    assert last(camille, morel, hidden=frozenset({Verb.READ})) == {morel: AT}


def test_another_patient_s_register_says_nothing() -> None:
    camille, other, morel = holder(), holder(), uuid4()
    line(other, morel, Verb.READ, AT)
    assert last(camille, morel) == {}
    assert last(camille) == {}


def test_the_search_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    camille, morel, busy = holder(), uuid4(), uuid4()
    line(camille, morel, Verb.READ, AT)
    for minute in range(3):
        line(camille, busy, Verb.READ, AT + timedelta(minutes=minute))
    assert set(last(camille, morel)) == {morel}
    monkeypatch.setattr(queries.lines, "MOST_SEARCHED", 3)
    assert last(camille, morel) == {}
