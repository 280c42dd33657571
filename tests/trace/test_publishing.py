"""Checkpoints: after each batch, at most one a second, never over a log that was altered or whose key is lost; and what
else the worker does goes on."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from espace.keys.facts import KeyServiceUnavailable
from espace.site import worker
from espace.trace import actions, queries
from espace.trace.actions import sequencing
from espace.trace.queries import LogBroken
from logbook import ORIGIN, later, others, settle, somebody, sql, write

pytestmark = pytest.mark.django_db


def test_one_checkpoint_a_second_at_most_and_none_without_leaves() -> None:
    settle()
    others(3)
    actions.sequence(100)
    at = later()
    assert actions.publish(at=at, origin=ORIGIN)
    assert not actions.publish(at=at + timedelta(minutes=1), origin=ORIGIN)
    others(1)
    actions.sequence(100)
    assert not actions.publish(at=at + timedelta(milliseconds=999), origin=ORIGIN)
    assert actions.publish(at=at + timedelta(seconds=1), origin=ORIGIN)
    last = queries.checkpoint()
    assert last
    assert last.size == sql("SELECT count(*) FROM trace_leaf")[0][0]
    others(1)
    actions.sequence(100)
    assert actions.publish(at=at - timedelta(days=1), origin=ORIGIN), "a clock that was put back stops nothing"


def test_the_name_of_the_log_never_changes() -> None:
    settle()
    others(1)
    actions.sequence(100)
    first = queries.checkpoint()
    assert actions.publish(at=later(), origin="renamed.example/transparency")
    last = queries.checkpoint()
    assert first
    assert last
    assert last.note.splitlines()[0] == first.note.splitlines()[0] != "renamed.example/transparency"


def test_a_lost_key_is_not_made_anew(settings: Any, tmp_path: Path) -> None:
    write(somebody())
    settle()
    others(1)
    actions.sequence(100)
    before = queries.checkpoint()
    settings.ESPACE_KEYS_FOLDER = tmp_path
    with pytest.raises(KeyServiceUnavailable, match=r"log.json: FileNotFoundError"):
        actions.publish(at=later(), origin=ORIGIN)
    assert queries.checkpoint() == before
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (LogBroken("tile 0/1"), "the access log was altered: nothing is added or signed any more"),
        (KeyServiceUnavailable("gone"), "the access log cannot be signed"),
    ],
)
def test_the_worker_goes_on_where_nothing_can_be_signed(
    error: Exception, said: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(**_: object) -> bool:
        raise error

    monkeypatch.setattr(worker, "publish", fails)
    write(somebody(), 2)
    while worker.run_once(worker="test"):
        pass
    assert sql("SELECT count(*) FROM trace_pending") == [(0,)]
    assert said in caplog.text


def test_the_worker_goes_on_where_the_tree_was_altered(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settle()
    others(300)
    before = sql("SELECT count(*) FROM trace_leaf")
    ((size,),) = before
    monkeypatch.setattr(sequencing, "_LAST_LEAVES", f"{sequencing._LAST_LEAVES} OFFSET 1")
    if size % 256 == 0:
        monkeypatch.setattr(sequencing, "_tile", _broken)
    assert worker.run_once(worker="test") == 0
    assert "nothing is added or signed any more" in caplog.text
    assert sql("SELECT count(*) FROM trace_leaf") == before
    monkeypatch.undo()
    assert worker.run_once(worker="test") == 300


def _broken(*_: object) -> None:
    raise LogBroken("tile")


def test_the_log_is_named_after_the_public_address(settings: Any) -> None:
    settings.ESPACE_PUBLIC_URL = "https://sante.example"
    assert worker.log_origin() == "sante.example/transparency"
