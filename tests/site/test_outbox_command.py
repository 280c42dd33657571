"""`./espace outbox`: what waits, what is held, what was given up; never a content nor a person."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from espace.edge import clock_at, new_id
from espace.kernel.ids import PatientId
from espace.outbox import actions
from espace.outbox.facts import Event
from espace.outbox.rules import LEASE, registry
from espace.site import cli

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
PLANTED = "Zygomatique-Tréphine"


@dataclass(frozen=True, slots=True)
class Planted(Event):
    what: str


NAME = "test_outbox_command.Planted"


@pytest.fixture(autouse=True)
def _empty(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty queue, and the clock of the tests."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM outbox_event")
    monkeypatch.setattr(Planted, "__module__", f"test.{NAME.partition('.')[0]}")
    with clock_at(AT):
        yield


def post(patient: PatientId | None = None, *, due: datetime | None = None) -> UUID:
    with transaction.atomic():
        return actions.post(Planted(PLANTED), patient=patient, at=AT, due=due)


def lease(at: datetime = AT) -> list[Any]:
    return actions.lease(worker="w1", at=at, limit=50, known=registry([Planted]))


def bury(error: str = "smtp_550") -> UUID:
    """A fresh dead letter."""
    posted = post(PatientId(new_id()))
    for leased in lease():
        actions.failed(leased, at=AT, error=error, again=leased.id != posted)
    return posted


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = cli.main(["outbox", *words])
    said = capsys.readouterr()
    return code, said.out, said.err


def shown(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(run(capsys, "--json")[1])


def test_an_empty_queue(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys) == (
        0, "Waiting for a worker: none\nIn the hands of a worker: none\nDead letters (0): none\n", "",
    )  # fmt: skip
    assert shown(capsys) == {"waiting": [], "leased": [], "dead": [], "dead_count": 0}


def test_what_waits_what_is_held_and_what_was_given_up(capsys: pytest.CaptureFixture[str]) -> None:
    dead = bury()
    failing = post()
    for leased in lease():
        actions.failed(leased, at=AT, error="SMTPServerDisconnected")
    held, later = post(), None
    assert [leased.id for leased in lease()] == [held]
    later = post(due=AT + timedelta(hours=1))
    code, out, err = run(capsys)
    assert (code, err) == (1, "")
    assert [line.split() for line in out.splitlines()] == [
        ["Waiting", "for", "a", "worker:"],
        ["kind", "count", "since", "due", "attempts", "error"],
        [NAME, "1", "2026-03-04T08:00:00+00:00", "2026-03-04T09:00:00+00:00", "0", "-"],
        [NAME, "1", "2026-03-04T08:00:00+00:00", "2026-03-04T08:00:05+00:00", "1", "SMTPServerDisconnected"],
        ["In", "the", "hands", "of", "a", "worker:"],
        ["kind", "count", "since", "due", "attempts", "error"],
        [NAME, "1", "2026-03-04T08:00:00+00:00", "2026-03-04T08:00:00+00:00", "1", "-"],
        ["Dead", "letters", "(1):"],
        ["id", "kind", "since", "attempts", "error"],
        [str(dead), NAME, "2026-03-04T08:00:00+00:00", "1", "smtp_550"],
    ]
    assert not {str(failing), str(held), str(later)} & set(out.split()), "only a dead letter needs to be named"


def test_programs_read_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    dead = bury()
    post()
    post()
    since = "2026-03-04T08:00:00+00:00"
    waits = {"kind": NAME, "count": 2, "attempts": 0, "error": "", "since": since, "due": since}
    given_up = {"id": str(dead), "kind": NAME, "since": since, "attempts": 1, "error": "smtp_550"}
    assert shown(capsys) == {"waiting": [waits], "leased": [], "dead": [given_up], "dead_count": 1}


def test_a_lease_that_has_ended_is_waiting_again(capsys: pytest.CaptureFixture[str]) -> None:
    post()
    lease()
    with clock_at(AT + LEASE):
        assert shown(capsys)["leased"] == []


def test_neither_contents_nor_people_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    patient = PatientId(new_id())
    post(patient)
    for leased in lease():
        actions.failed(leased, at=AT, error=f"{PLANTED} {patient}", again=False)
    post(patient)
    told = run(capsys)[1] + run(capsys, "--json")[1]
    for forbidden in (str(patient), PLANTED, "Tréphine"):
        assert forbidden not in told


def test_many_dead_letters_are_counted_and_the_last_ones_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with transaction.atomic():
        for _ in range(103):
            actions.post(Planted("x"), patient=None, at=AT)
    while batch := lease():
        for leased in batch:
            actions.failed(leased, at=AT, error="x", again=False)
    code, out, _ = run(capsys)
    assert code == 1
    assert "Dead letters (103):" in out
    assert out.endswith("The last 100 are shown.\n")
    assert run(capsys, "--retry", "all") == (0, "", "Put back in the queue: 103.\n")
    assert run(capsys)[0] == 0


def test_one_dead_letter_is_put_back_and_has_all_its_attempts(capsys: pytest.CaptureFixture[str]) -> None:
    one, other = bury(), bury()
    assert run(capsys, "--retry", str(one)) == (0, "", "Put back in the queue: 1.\n")
    assert [(leased.id, leased.attempts) for leased in lease()] == [(one, 1)]
    assert [letter["id"] for letter in shown(capsys)["dead"]] == [str(other)]
    assert run(capsys, "--retry", "all") == (0, "", "Put back in the queue: 1.\n")
    assert run(capsys, "--retry", "all") == (0, "", "Put back in the queue: 0.\n")


def test_a_dead_letter_is_thrown_away_and_nothing_else_is(capsys: pytest.CaptureFixture[str]) -> None:
    dead, waits = bury(), post()
    refused = (1, "", "espace: No dead letter has this id: see ./espace outbox.\n")
    for words in (["--discard", str(waits)], ["--discard", str(uuid4())], ["--retry", str(waits)]):
        assert run(capsys, *words) == refused
    assert run(capsys, "--discard", str(dead)) == (0, "", "Thrown away: 1.\n")
    assert run(capsys, "--discard", str(dead)) == refused
    assert [leased.id for leased in lease()] == [waits]


@pytest.mark.parametrize(
    "words",
    [["--retry"], ["--retry", "every"], ["--retry", ""], ["--discard", "all"], ["--retry", "all", "--json"], ["x"]],
)
def test_other_words_are_a_usage_error(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["outbox", *words])
    assert ended.value.code == 2
    capsys.readouterr()
