"""A copy of a whole space is made step by step: whatever falls in between, it is taken up again or ended, its bytes are
sealed, and destroyed in the end."""

import io
import threading
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections

from cast import Holder, document, entry, holder, organisation, put_state, sender, submission
from espace import edge
from espace.access import gate
from espace.enrolment.facts import State
from espace.kernel.reasons import copies as reasons
from espace.kernel.reasons import decisions
from espace.kernel.words import Actor, ActorKind, Grant, Purpose, Refused, Verb, Visibility
from espace.portal.copies import making
from espace.portal.copies.making import make_copy
from espace.record import actions
from espace.record.actions import copying, destroying
from espace.record.adapters import ContentMissing, ContentUnavailable, LocalContentStore, content_store
from espace.record.facts import Ailment
from espace.record.queries.contents import FIRST, check_copies, cut_copies, named
from espace.record.queries.copying import copy_of, take_copy
from portal.copies import LATER, make, parts, row, waiting
from stores import own_folder

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
AFTER = 8 * DAY
"""When a copy that was made today is over."""
SHOWN: frozenset[Visibility] = frozenset()
HELD = frozenset({Visibility.INVISIBLE_PATIENT})


@pytest.fixture(autouse=True)
def _own_store(tmp_path: Path, settings: Any) -> None:
    own_folder(settings, tmp_path / "contents")


@pytest.fixture
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A step has no time but for one file; two come after the documents, the bundle and the choices."""
    monkeypatch.setattr(copying, "STEP", timedelta(0))
    monkeypatch.setattr(making, "LAST", making.LAST[3:5])


def filed(to: Holder, count: int = 1, visibility: frozenset[Visibility] = SHOWN) -> list[UUID]:
    """Plain documents of this holder's, in the order of their ids."""
    found: list[UUID] = []
    for number in range(count):
        sent = submission(to, document(entry(visibility=visibility), f"Texte {number} {uuid4()}".encode()))
        with gate.open_record(
            actor=sender(organisation()), patient=to.patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=edge.now()
        ) as grant:
            found += actions.submit(grant, submission=sent, headers=[None]).documents
    return found


def opened(of: Holder, verb: Verb, by: Actor | None = None) -> AbstractContextManager[Grant]:
    return gate.open_record(
        actor=by or of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=verb, at=edge.now()
    )


def asked(of: Holder) -> UUID:
    with opened(of, Verb.COPY) as grant:
        copying.ask_copy(grant)
    copy: UUID = row(of)[4]
    return copy


def taken(of: Holder, by: Actor | None = None) -> bytes:
    with opened(of, Verb.TAKE_COPY, by) as grant:
        found = take_copy(grant)
    return b"".join(found.bytes)


def documents_in(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as found:
        assert found.testzip() is None
        return [name for name in found.namelist() if name.startswith("documents/")]


def refusal(act: Callable[[], object]) -> object:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.reason


def gone(name: UUID) -> bool:
    try:
        return not content_store().read(name)
    except ContentMissing:
        return True


@pytest.mark.usefixtures("one_at_a_time")
def test_many_steps_make_what_one_makes_and_a_step_that_comes_again_does_nothing() -> None:
    camille = holder()
    filed(camille, 3)
    copy = asked(camille)
    (first,) = waiting(camille)
    make_copy(first)
    make_copy(first)
    assert row(camille)[:4] == ("making", 1, 1, 3)
    steps = 1 + make(camille)
    assert row(camille)[:4] == ("ready", steps, 3, 3)
    assert steps == 6  # three documents, two files, the directory
    assert len(documents_in(taken(camille))) == 3
    assert len(parts(copy)) == 6
    make_copy(first)
    assert row(camille)[:2] == ("ready", steps)


def test_two_workers_with_one_step_do_it_once() -> None:
    camille = holder()
    filed(camille, 2)
    copy = asked(camille)
    (event,) = waiting(camille)
    failed: list[BaseException] = []

    def work() -> None:
        try:
            make_copy(event)
        except BaseException as error:  # told by the test, not by a thread that nobody watches
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert failed == []
    assert row(camille)[:4] == ("ready", 1, 2, 2)
    assert len(documents_in(taken(camille))) == 2
    assert named(parts(copy)) == frozenset(parts(copy))


def test_a_step_that_crashes_is_done_again_and_its_bytes_are_nobodys(monkeypatch: pytest.MonkeyPatch) -> None:
    camille = holder()
    filed(camille, 2)
    asked(camille)
    (event,) = waiting(camille)
    written: list[UUID] = []
    write = LocalContentStore.write

    def dies(self: LocalContentStore, name: UUID, data: bytes) -> None:
        write(self, name, data)
        written.append(name)
        if len(written) == 2:
            raise RuntimeError("the worker falls")

    with monkeypatch.context() as patch:
        patch.setattr(LocalContentStore, "write", dies)
        with pytest.raises(RuntimeError):
            make_copy(event)
    assert row(camille)[:2] == ("making", 0)
    assert named(written) == frozenset()  # the collector of orphans takes them
    make_copy(event)
    assert row(camille)[0] == "ready"
    assert len(documents_in(taken(camille))) == 2


def test_while_the_store_does_not_answer_the_copy_waits_without_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    camille = holder()
    filed(camille, 2)
    asked(camille)
    lines = _lines(camille)

    def silent(*_: object) -> Any:
        raise OSError("no answer")

    with monkeypatch.context() as patch:
        patch.setattr(LocalContentStore, "check", silent)
        make(camille)
        assert row(camille)[:2] == ("waiting", 0)
        assert make(camille) == 0
    assert _lines(camille) == lines
    assert make(camille, at=edge.now() + LATER) == 1
    assert row(camille)[0] == "ready"


@pytest.mark.parametrize(("act", "error"), [("reading", ContentUnavailable("x")), ("write", OSError("full"))])
def test_a_store_that_falls_in_mid_step_keeps_what_was_written(
    act: str, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    camille = holder()
    filed(camille, 3)
    asked(camille)
    monkeypatch.setattr(copying, "PART", 1)
    real, calls = getattr(LocalContentStore, act), []

    def falls(self: LocalContentStore, *words: Any) -> Any:
        calls.append(words)
        if len(calls) == 2:
            raise error
        return real(self, *words)

    with monkeypatch.context() as patch:
        patch.setattr(LocalContentStore, act, falls)
        make(camille)
    assert row(camille)[:4] == ("waiting", 1, 1, 3)
    make(camille, at=edge.now() + LATER)
    assert row(camille)[0] == "ready"
    assert len(documents_in(taken(camille))) == 3


def test_a_content_that_is_lost_has_a_note_in_its_place() -> None:
    camille = holder()
    (one,) = filed(camille)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM record_entry WHERE id = %s", [one])
        content_store().remove([cursor.fetchone()[0]])
    asked(camille)
    make(camille)
    (name,) = documents_in(taken(camille))
    assert name.endswith("-0001-illisible.txt")


@pytest.mark.parametrize("state", [State.CLOSED, State.ERASED, State.SUSPENDED])
def test_a_space_that_closes_gives_no_copy_and_what_was_made_is_destroyed(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    camille = holder()
    filed(camille, 2)
    copy = asked(camille)
    monkeypatch.setattr(copying, "STEP", timedelta(0))
    make(camille, 1)
    (made,) = parts(copy)
    put_state(camille.patient, state)
    make(camille)
    assert make(camille, at=edge.now() + DAY) == 0
    destroy(timedelta(hours=1), monkeypatch)
    assert gone(made)
    assert row(camille) is None


def test_another_account_of_the_same_person_has_its_own_copy() -> None:
    camille = holder()
    filed(camille)
    asked(camille)
    make(camille)
    other = Actor(ActorKind.HOLDER, uuid4(), "", patient=camille.patient)
    assert refusal(lambda: taken(camille, other)) is reasons.COPY_UNKNOWN
    with opened(camille, Verb.HISTORY, other) as grant:
        assert copy_of(grant) is None


def test_what_may_be_seen_no_more_is_not_handed_over() -> None:
    camille = holder()
    one, _ = filed(camille, 2)
    asked(camille)
    make(camille)
    _hold(camille, one)
    assert refusal(lambda: taken(camille)) is reasons.COPY_OUTDATED


@pytest.mark.usefixtures("one_at_a_time")
def test_what_may_be_seen_no_more_in_mid_work_has_the_copy_begin_again() -> None:
    camille = holder()
    one, _ = filed(camille, 2)
    first = asked(camille)
    make(camille, 1)
    _hold(camille, one)
    make(camille)
    state, _, _, _, copy = row(camille)
    assert state == "ready"
    assert copy != first
    with zipfile.ZipFile(io.BytesIO(taken(camille))) as found:
        assert str(one) not in found.read("dossier.json").decode()


def test_a_copy_lasts_seven_days_then_its_bytes_go_and_its_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    camille = holder()
    filed(camille)
    copy = asked(camille)
    make(camille)
    made = parts(copy)
    destroy(6 * DAY, monkeypatch)
    assert len(taken(camille)) > 0
    with edge.clock_at(edge.now() + AFTER):
        assert refusal(lambda: taken(camille)) is reasons.COPY_UNKNOWN
    assert destroy(AFTER, monkeypatch) >= len(made)
    assert all(map(gone, made))
    assert row(camille) is None


def test_where_the_bytes_cannot_be_removed_the_rows_stay_and_it_is_done_later(monkeypatch: pytest.MonkeyPatch) -> None:
    camille = holder()
    filed(camille)
    copy = asked(camille)
    make(camille)

    def refuses(*_: object) -> None:
        raise OSError("read only")

    with monkeypatch.context() as patch:
        patch.setattr(LocalContentStore, "remove", refuses)
        assert destroy(AFTER, monkeypatch) == 0
    assert parts(copy)
    destroy(AFTER, monkeypatch)
    assert parts(copy) == []


def test_nothing_of_it_is_in_clear_and_an_altered_part_is_not_handed_over() -> None:
    camille = holder()
    filed(camille)
    copy = asked(camille)
    make(camille)
    (part,) = parts(copy)[:1]
    sealed = content_store().read(part)
    assert b"PK\x03\x04" not in sealed
    assert b"documents/" not in sealed
    content_store().remove([part])
    assert refusal(lambda: taken(camille)) is decisions.CONTENT_UNAVAILABLE


@pytest.mark.usefixtures("one_at_a_time")
def test_lost_and_altered_parts_are_found_and_a_copy_without_all_of_them_is_not_handed_over() -> None:
    camille = holder()
    filed(camille, 2)
    copy = asked(camille)
    make(camille)
    first, second, *_, last = parts(copy)
    assert (ailing(copy), copy in cut_copies()) == (set(), False)
    content_store().remove([first, second])
    content_store().write(second, b"something else")
    assert ailing(copy) == {(first, Ailment.MISSING), (second, Ailment.ALTERED)}
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM record_copy_part WHERE id = %s", [last])
    assert copy in cut_copies()


@pytest.mark.usefixtures("one_at_a_time")
def test_a_copy_whose_last_part_was_taken_from_the_database_is_not_begun() -> None:
    camille = holder()
    filed(camille, 2)
    copy = asked(camille)
    make(camille)
    assert documents_in(taken(camille))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM record_copy_part WHERE id = %s", [parts(copy)[-1]])
    assert refusal(lambda: taken(camille)) is decisions.CONTENT_UNAVAILABLE


def test_a_part_that_no_copy_has_is_destroyed_and_those_of_a_living_copy_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    camille = holder()
    filed(camille)
    copy, lost = asked(camille), edge.new_id()
    make(camille)
    content_store().write(lost, b"sealed")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO record_copy_part (patient_id, id, copy_id, number, size, sealed) "
            "VALUES (%s, %s, %s, 0, 6, '')",
            [camille.patient, lost, edge.new_id()],
        )
    assert destroy(timedelta(0), monkeypatch) >= 1
    assert (gone(lost), named([lost])) == (True, frozenset())
    assert ailing(copy) == set()


def ailing(copy: UUID) -> set[tuple[UUID, Ailment]]:
    """What `./espace fsck` finds of the parts of this copy."""
    return {(one.content, one.ailment) for one in check_copies(FIRST, 100_000).ailing if one.entry == copy}


def destroy(after: timedelta, monkeypatch: pytest.MonkeyPatch) -> int:
    """The worker's task, so long from now, by both clocks."""
    then = edge.now() + after
    monkeypatch.setattr(destroying, "database_now", lambda: then)
    return destroying.destroy_copies(at=then, limit=1000)


def _hold(of: Holder, one: UUID) -> None:
    """Hold a document that its holder saw, which no act of today's rules does: the hold of another is moved to it."""
    filed(of, visibility=HELD)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE record_restriction SET entry_id = %s WHERE patient_id = %s", [one, of.patient])
        assert cursor.rowcount == 1


def _lines(of: Holder) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM trace_event WHERE patient_id = %s", [of.patient])
        return int(cursor.fetchone()[0])
