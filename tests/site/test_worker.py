"""The worker: every waiting event meets its reactions, and one that fails does not stop the others."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction

from espace.edge import clock_at, new_id, now
from espace.outbox.actions import post
from espace.outbox.events import Counted, What
from espace.outbox.facts import Hopeless
from espace.outbox.queries import dead_letters
from espace.outbox.rules import LEASE
from espace.site import worker

pytestmark = pytest.mark.django_db


def _post() -> UUID:
    event = Counted(id=new_id(), day=now().date(), what=What.DEPOSIT, channel="fhir")
    with transaction.atomic():
        post(event, patient=None, at=now())
    return event.id


def test_a_waiting_event_meets_each_of_its_reactions_once() -> None:
    wanted, seen = _post(), []
    reactions = {Counted: (lambda event: seen.append(("one", event.id)), lambda event: seen.append(("two", event.id)))}
    while worker.run_once(worker="test", reactions=reactions):
        pass
    assert [name for name, event in seen if event == wanted] == ["one", "two"]


def test_a_failing_reaction_is_tried_again_later_and_stops_nobody() -> None:
    bad, good = _post(), _post()
    seen: list[UUID] = []

    def reaction(event: Counted) -> None:
        seen.append(event.id)
        if event.id == bad and seen.count(bad) == 1:
            raise RuntimeError("planted")

    while worker.run_once(worker="test", reactions={Counted: (reaction,)}):
        pass
    assert (seen.count(bad), seen.count(good)) == (1, 1)
    with clock_at(now() + timedelta(minutes=5)):
        while worker.run_once(worker="test", reactions={Counted: (reaction,)}):
            pass
    assert (seen.count(bad), seen.count(good)) == (2, 1)


def test_a_slow_reaction_leaves_the_rest_to_others_long_before_the_lease_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted, clock = {_post() for _ in range(4)}, [now() + timedelta(days=1)]
    monkeypatch.setattr(worker, "now", lambda: clock[0])
    seen: list[tuple[str, UUID]] = []

    def slow(event: Counted) -> None:
        """Like a mail whose server takes its time; meanwhile another worker looks at the queue."""
        seen.append(("slow", event.id))
        clock[0] += timedelta(seconds=31)

    assert worker.run_once(worker="slow", reactions={Counted: (slow,)}) >= 1
    handled_by_slow = len(seen)
    while worker.run_once(worker="other", reactions={Counted: (lambda event: seen.append(("other", event.id)),)}):
        pass
    assert handled_by_slow == 1
    assert wanted <= {event for _, event in seen}
    assert len(seen) == len({event for _, event in seen})


def test_a_lease_outlives_the_slowest_mail_begun_within_it() -> None:
    """However many answers there are (greeting, STARTTLS, password, recipient…); past the end each has a moment."""
    from espace.notices.adapters.smtp import LONGEST

    assert LONGEST + timedelta(seconds=5) + worker.BEGUN_WITHIN < LEASE


def test_a_hopeless_reaction_is_not_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    bad, seen = _post(), []

    def reaction(event: Counted) -> None:
        seen.append(event.id)
        if event.id == bad:
            raise Hopeless("planted_code")

    for later in (timedelta(0), timedelta(days=2)):
        with clock_at(now() + later):
            while worker.run_once(worker="test", reactions={Counted: (reaction,)}):
                pass
    assert seen.count(bad) == 1
    assert "planted_code" in {letter.error for letter in dead_letters()}
    assert [record.code for record in caplog.records if record.message == "reaction given up"] == ["planted_code"]


def test_an_event_without_reaction_here_waits_for_a_worker_that_knows_it() -> None:
    wanted, seen = _post(), []
    worker.run_once(worker="test", reactions={})
    while worker.run_once(worker="test", reactions={Counted: (lambda event: seen.append(event.id),)}):
        pass
    assert wanted in seen


def test_what_is_taken_together_is_tried_one_by_one_when_it_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = _post(), _post()
    calls: list[tuple[UUID, ...]] = []

    def together(*events: Counted) -> None:
        calls.append(tuple(event.id for event in events))
        if bad in calls[-1]:
            raise RuntimeError("planted")

    monkeypatch.setattr(worker, "TOGETHER", frozenset({together}))
    while worker.run_once(worker="test", reactions={Counted: (together,)}):
        pass
    assert {bad, good} <= set(calls[0])
    assert (good,) in calls[1:]
    assert [one for one in calls if good in one][-1] == (good,)
