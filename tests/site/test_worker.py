"""The worker: every waiting event meets its reactions, and one that fails does not stop the others."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction

from espace.edge import clock_at, new_id, now
from espace.outbox.actions import post
from espace.outbox.events import Counted, What
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


def test_an_event_without_reaction_here_waits_for_a_worker_that_knows_it() -> None:
    wanted, seen = _post(), []
    worker.run_once(worker="test", reactions={})
    while worker.run_once(worker="test", reactions={Counted: (lambda event: seen.append(event.id),)}):
        pass
    assert wanted in seen
