"""Seeding the demonstration: once; interrupted anywhere, the next start ends with the same people and documents."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as installed
from django.db import connection
from django.test.utils import CaptureQueriesContext

from espace import edge
from espace.access.facts import Relation
from espace.access.gate import open_record
from espace.access.queries import relations
from espace.enrolment.facts import State
from espace.enrolment.queries import state
from espace.identity.facts import Ins
from espace.identity.facts.mandates import MandateState
from espace.identity.queries import actor_of_account, actor_of_professional, helped_by, patient_of, professional_of
from espace.identity.queries.advising import structure_of
from espace.kernel.ids import PatientId
from espace.kernel.words import Actor, Purpose, Verb
from espace.site.config import BadConfiguration
from espace.site.demo import progress
from espace.site.demo import seed as seeding
from espace.site.demo.areas import PROFESSIONALS
from espace.site.demo.crowd.population import Inhabitant, population, story
from espace.site.demo.people import CAMILLE, LEO, MONIQUE, NOEMIE, PEOPLE, Person
from espace.site.demo.professionals import professional_of as listed
from espace.site.demo.relations import Standing, consents
from espace.site.demo.shares import shared
from espace.site.demo.stories import Deposit, stories
from espace.site.demo.structures import ATTENDING, STRANGER

pytestmark = pytest.mark.usefixtures("db")
TOLD = 9
"""Enough documents for several structures; the whole of them is seeded by the tests of `./espace demo`."""
CROWD = 4
TOLD_OF_EACH = 3


class Interrupted(BaseException):
    """What Ctrl-C or SIGTERM raises."""


@pytest.fixture
def home(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "run").mkdir()
    settings.ESPACE_HOME = tmp_path

    @cache
    def beginning(seed: int, today: date) -> Sequence[Deposit]:
        return stories(seed, today)[:TOLD]

    def first_of(seed: int, today: date, who: Inhabitant) -> Sequence[Deposit]:
        return story(seed, today, who)[:TOLD_OF_EACH]

    monkeypatch.setattr(seeding, "stories", beginning)
    monkeypatch.setattr(seeding, "story", first_of)
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


def _patient(person: Person) -> PatientId:
    found = patient_of(Ins(person.patient.ins, person.patient.authority))
    assert found is not None
    return found


def _count(table: str, people: Sequence[Person]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE patient_id = ANY(%s)", [[_patient(one) for one in people]])
        return int(cursor.fetchone()[0])


@pytest.mark.slow
def test_an_interrupted_seeding_is_repaired_by_the_next_and_then_costs_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cuts = [("_put_directory", 1, True), ("_enrolled", 2, True), ("_sign_in", 3, False), ("_deposit", 4, True),
            ("_deposit", 3, False), ("_deposit", TOLD, True), ("_deposit", 5, False), ("_enrolled", 30, False),
            ("decide_for_holders", 1, False), ("record_consents", 1, True), ("_invite", 1, True)]  # fmt: skip
    for name, number, before in cuts:
        with monkeypatch.context() as patched, pytest.raises(Interrupted):
            patched.setattr(seeding, name, _interrupt_at(number, getattr(seeding, name), before=before))
            seeding.seed(CROWD, processes=1)
        assert not (home / "run" / "seeded").exists()
    begun = progress.begun_already()
    assert begun is not None
    crowd = [who.person for who in population(progress.SEED, begun.day, CROWD)]
    total = TOLD + CROWD * TOLD_OF_EACH
    # Another day, and another size asked: what is left is told as of the day it began, for the crowd it began with.
    with edge.clock_at(edge.now() + timedelta(days=2)):
        assert seeding.seed(40, processes=2) == total
    everybody = [*PEOPLE, *crowd]
    assert _count("record_entry", everybody) == total
    assert _count("enrolment_space", everybody) == _count("identity_person", everybody) == len(PEOPLE) + CROWD
    assert _count("identity_account", everybody) == len([person for person in PEOPLE if person.sign_in]) == 9
    assert _count("enrolment_invitation", everybody) == seeding.INVITED
    _relations_are_there()
    with CaptureQueriesContext(connection) as captured:
        assert seeding.seed(CROWD) == total
    assert len(captured) == 0


def _relations_are_there() -> None:
    """What holders see of who may read them, and the doctor's own directory line."""
    camille = {one.name: one for one in _relations(CAMILLE)}
    assert camille["Hélène Morvan"].attending and camille["Hélène Morvan"].consent
    assert camille["Karim Haddad"].blocked_at and camille["Karim Haddad"].consent is None
    assert camille["Julie Le Gall"].consent and not camille["Julie Le Gall"].attending
    assert [one.attending for one in _relations(MONIQUE) if one.name == "Hélène Morvan"] == [True]
    now = edge.now()
    helped = {one.mandate.helped_name: one.state for one in helped_by(_actor(CAMILLE), now)}
    assert helped == {"Léo Marchand": MandateState.IN_FORCE, "Monique Le Bihan": MandateState.IN_FORCE}
    assert structure_of(_actor(NOEMIE).id) == "France services de Saint-Junien"
    assert all(one.consent and one.consent.until < now for one in _relations(LEO))
    for stated in PROFESSIONALS:
        known = professional_of(stated.id)
        assert known and known.activities
        assert actor_of_professional(known.id, known.activities[0].organisation)
    assert listed(ATTENDING).id == getattr(professional_of(ATTENDING.id), "id", None)


def _actor(person: Person) -> Actor:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM identity_account WHERE patient_id = %s", [_patient(person)])
        actor = actor_of_account(cursor.fetchone()[0])
    assert actor is not None
    return actor


def _relations(person: Person) -> tuple[Relation, ...]:
    actor, patient = _actor(person), _patient(person)
    with open_record(
        actor=actor, patient=patient, purpose=Purpose.HOLDER, verb=Verb.SETTINGS, at=edge.now(), channel="test"
    ) as grant:
        return relations(grant)


def test_those_who_objected_have_a_closed_door(home: Path) -> None:
    begun = progress.begin(58, 1)
    (opposed,) = [who for who in population(progress.SEED, begun.day, 58) if who.opposed]
    progress.reach("people-0", opposed.number - 1000)
    seeding.seed_share(begun, 0, lambda line: None)
    assert state(_patient(opposed.person)) is State.OPPOSED
    assert _count("record_entry", [opposed.person]) == 0
    assert progress.reached("people-0") == 58


@pytest.mark.slow
def test_two_processes_put_every_share(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the home of the test installation, for the child reads it from the environment; of another day, whose people
    are others than those of the interrupted seeding."""
    with _marks_removed():
        with edge.clock_at(datetime(2020, 1, 15, 9, 30, tzinfo=UTC)):
            begun = progress.begin(2, 2)
        seeding._put_directory()
        shared(2, lambda share: seeding.seed_share(begun, share, lambda line: None))
        people = population(progress.SEED, begun.day, 2)
        told = [len(story(progress.SEED, begun.day, who)) for who in people]
        assert [progress.reached("documents-0"), progress.reached("documents-1")] == told
        assert [_count("record_entry", [who.person]) for who in people] == told


@contextmanager
def _marks_removed() -> Iterator[None]:
    try:
        yield
    finally:
        for path in (Path(installed.ESPACE_HOME) / "run").glob("seed*"):
            path.unlink()


def test_consents_are_in_force_lapsed_or_absent() -> None:
    crowd = population(7, date(2025, 11, 21))
    recorded = consents(crowd)
    of_crowd = [one for one in recorded if one.person in {who.person for who in crowd}]
    standings = [one.standing for one in of_crowd]
    assert standings.count(Standing.IN_FORCE) > 60 and standings.count(Standing.LAPSED) > 60
    assert len(crowd) - len(of_crowd) > 60
    assert {who.person for who in crowd if who.opposed}.isdisjoint(one.person for one in recorded)
    assert [one.days for one in recorded] == sorted((one.days for one in recorded), reverse=True)
    assert not [one for one in recorded if one.person == CAMILLE and one.by == STRANGER]


@pytest.mark.parametrize("text", ["-1", "1001", "many", "", "1e3", "٣"])
def test_a_crowd_that_cannot_be_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESPACE_DEMO_PEOPLE", text)
    with pytest.raises(BadConfiguration):
        seeding.crowd_size()


@pytest.mark.parametrize(("text", "people"), [("0", 0), ("40", 40), ("1000", 1000)])
def test_the_crowd_has_the_size_that_is_asked(text: str, people: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESPACE_DEMO_PEOPLE", text)
    assert seeding.crowd_size() == people


@pytest.mark.parametrize("name", ["seeded", "seeding"])
def test_a_mark_is_written_whole_or_not_at_all(home: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(path: Path, *words: Any, **named: Any) -> int:
        path.touch()
        raise Interrupted

    monkeypatch.setattr(Path, "write_text", cut)
    with pytest.raises(Interrupted):
        progress._write(home / "run" / name, "9")
    assert not (home / "run" / name).exists()
