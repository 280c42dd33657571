"""Seeding the demonstration: once; interrupted anywhere, the next start ends with the same people and documents."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from espace import edge
from espace.identity.facts import Ins
from espace.identity.queries import patient_of
from espace.site.demo import seed as seeding
from espace.site.demo.people import PEOPLE
from espace.site.demo.stories import Deposit, stories

pytestmark = pytest.mark.usefixtures("db")
TOLD = 9
"""Enough documents for several structures; the whole of them is seeded by the tests of `./espace demo`."""


class Interrupted(BaseException):
    """What Ctrl-C or SIGTERM raises."""


@pytest.fixture
def home(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "run").mkdir()
    settings.ESPACE_HOME = tmp_path

    @cache
    def beginning(seed: int, today: date) -> Sequence[Deposit]:
        return stories(seed, today)[:TOLD]

    monkeypatch.setattr(seeding, "stories", beginning)
    return tmp_path


def _interrupt_at(number: int, what: Callable[..., Any], *, before: bool) -> Callable[..., Any]:
    """`what`, but its call of that number is interrupted: before it began, or just after it ended."""
    calls = iter(range(1, 1000))

    def interrupted(*words: Any) -> Any:
        here = next(calls) == number
        if here and before:
            raise Interrupted
        answer = what(*words)
        if here:
            raise Interrupted
        return answer

    return interrupted


def _count(table: str) -> int:
    patients = [patient_of(Ins(person.patient.ins, person.patient.authority)) for person in PEOPLE]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE patient_id = ANY(%s)", [[p for p in patients if p]])
        return int(cursor.fetchone()[0])


@pytest.mark.slow
def test_an_interrupted_seeding_is_repaired_by_the_next_and_then_costs_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cuts = [("_enrolled", 2, True), ("_sign_in", 3, False), ("_deposit", 4, True), ("_deposit", 3, False),
            ("_invite", 1, True)]  # fmt: skip
    for name, number, before in cuts:
        with monkeypatch.context() as patched, pytest.raises(Interrupted):
            patched.setattr(seeding, name, _interrupt_at(number, getattr(seeding, name), before=before))
            seeding.seed()
        assert not (home / "run" / "seeded").exists()
    # Another day: what is left is told as of the day it began.
    with edge.clock_at(edge.now() + timedelta(days=2)):
        assert seeding.seed() == TOLD
    assert _count("record_entry") == TOLD
    assert _count("enrolment_space") == _count("identity_person") == len(PEOPLE)
    assert _count("identity_account") == len([person for person in PEOPLE if person.sign_in])
    assert _count("enrolment_invitation") == seeding.INVITED
    with CaptureQueriesContext(connection) as captured:
        assert seeding.seed() == TOLD
    assert len(captured) == 0


@pytest.mark.parametrize("name", ["seeded", "seeding"])
def test_a_mark_is_written_whole_or_not_at_all(home: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(path: Path, *words: Any, **named: Any) -> int:
        path.touch()
        raise Interrupted

    monkeypatch.setattr(Path, "write_text", cut)
    with pytest.raises(Interrupted):
        seeding._write(home / "run" / name, "9")
    assert not (home / "run" / name).exists()
