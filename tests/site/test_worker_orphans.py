"""The worker goes through the store for orphans: once an hour, a batch at a time; no fault of it stops the events."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError

from cast import document, holder, organisation
from espace.edge import clock_at, new_id, now
from espace.record.adapters import MARK, content_store
from espace.site import orphans, worker
from espace.site.orphans import EVERY, FIRST_AFTER, Collector
from record.filing import deposit
from s3.alone import alone
from stores import own_folder

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _store(tmp_path: Path, settings: Any) -> Iterator[None]:
    own_folder(settings, tmp_path / "contents")
    with alone():
        yield


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """For the collector it is two days later than for whoever writes."""
    jumped = now() + 2 * DAY
    monkeypatch.setattr(orphans, "database_now", lambda: jumped)
    monkeypatch.setattr(orphans, "now", lambda: jumped)


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def put(count: int = 1) -> list[UUID]:
    names = [new_id() for _ in range(count)]
    for name in names:
        content_store().write(name, b"x")
    return names


def left() -> set[UUID]:
    return {one.name for one in content_store().listing(since=None, until=now() + 9 * DAY)}


def step(collector: Collector) -> int:
    return collector.step(pause=lambda _: None)


def test_old_orphans_go_and_what_a_row_names_stays(later: None) -> None:
    deposit(holder(), organisation(), document())
    kept, clock = left(), Clock()
    put(3)
    collector = Collector(clock)
    assert (step(collector), len(left())) == (0, 4)
    clock.seconds += FIRST_AFTER
    assert step(collector) == 3
    assert left() == kept


def test_young_ones_stay() -> None:
    young, clock = put(3), Clock()
    collector = Collector(clock)
    clock.seconds += FIRST_AFTER
    assert step(collector) == 0
    assert left() == set(young)


@pytest.mark.parametrize(("hours", "gone"), [(1, 2), (47, 2), (49, 0)])
def test_the_grace_period_is_the_one_configured(later: None, settings: Any, hours: int, gone: int) -> None:
    settings.ESPACE_ORPHAN_HOURS = hours
    put(2)
    clock = Clock()
    collector = Collector(clock)
    clock.seconds += FIRST_AFTER
    assert step(collector) == gone


def test_it_is_done_by_batches_and_then_once_an_hour(later: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orphans, "BATCH", 2)
    put(5)
    clock = Clock()
    collector = Collector(clock)
    clock.seconds += FIRST_AFTER
    assert [step(collector) for _ in range(4)] == [2, 2, 1, 0]
    put(1)
    clock.seconds += EVERY - 1
    assert step(collector) == 0
    clock.seconds += 1
    assert step(collector) == 1


def test_one_of_long_ago_is_left_to_the_operator(later: None) -> None:
    with clock_at(now() - 30 * DAY):
        put(1)
    put(1)
    clock = Clock()
    collector = Collector(clock)
    clock.seconds += FIRST_AFTER
    assert (step(collector), len(left())) == (1, 1)


def test_where_most_are_orphans_they_are_left_to_the_operator(later: None, caplog: pytest.LogCaptureFixture) -> None:
    names, clock = put(21), Clock()
    collector = Collector(clock)
    clock.seconds += FIRST_AFTER
    assert (step(collector), left()) == (0, set(names))
    [line] = caplog.records
    assert (line.levelno, vars(line)["orphans"], vars(line)["contents"]) == (logging.ERROR, 21, 21)
    assert line.getMessage().startswith("most contents are orphans: is this the database of this store?")


def test_the_store_of_another_installation_is_said_and_not_touched(
    later: None, caplog: pytest.LogCaptureFixture
) -> None:
    content_store().remove([MARK])
    content_store().mark(b"sealed by the key service of somebody else")
    put(2)
    clock = Clock()
    collector = Collector(clock)
    clock.seconds += FIRST_AFTER
    assert [step(collector), step(collector)] == [0, 0]
    assert len(left()) == 2
    assert [(r.levelno, r.getMessage()) for r in caplog.records] == [
        (logging.ERROR, "the content store is another installation's: nothing is collected in it")
    ]


@pytest.mark.parametrize("fault", [OSError(5, "Input/output error"), OperationalError("planted")])
def test_what_goes_wrong_is_said_and_tried_again_in_an_hour(
    later: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, fault: Exception
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise fault

    put(1)
    clock = Clock()
    collector = Collector(clock)
    clock.seconds += FIRST_AFTER
    with monkeypatch.context() as patch:
        patch.setattr(orphans, "collect", failing)
        assert [step(collector), step(collector)] == [0, 0]
    assert [record.getMessage() for record in caplog.records] == ["orphans were not collected"]
    clock.seconds += EVERY
    assert step(collector) == 1


def test_a_worker_that_runs_collects(monkeypatch: pytest.MonkeyPatch) -> None:
    class Enough(Exception):
        """The end of the test."""

    steps: list[int] = []

    def stepped(self: Collector) -> int:
        steps.append(1)
        if len(steps) == 3:
            raise Enough
        return 0

    monkeypatch.setattr(worker, "PURGES", (lambda **_: 0,))
    monkeypatch.setattr(worker, "run_once", lambda **_: 0)
    monkeypatch.setattr(worker.time, "sleep", lambda _: None)
    monkeypatch.setattr(Collector, "step", stepped)
    with pytest.raises(Enough):
        worker.run_forever()
    assert len(steps) == 3
