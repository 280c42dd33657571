"""What the holder removed is forgotten once it can be put back no more: what was said of it, then its bytes; its
lines in the history stay. Whatever happens in between, nothing else is."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError, connection

from cast import AT, Holder, document, holder, organisation
from espace.clinical.handlers import read
from espace.edge import clock_at
from espace.kernel.words import Verb
from espace.keys import actions as keys
from espace.keys.facts import KeyKind
from espace.record import actions, queries
from espace.record.actions import forgetting
from espace.record.adapters import ContentMissing, content_store
from espace.record.facts import Change
from espace.record.queries.contents import FIRST, check
from espace.site import worker
from record import test_amending as amending
from record.filing import deposit, lines
from record.owning import NOTE, add, listed, opened, refusing, remove, removed, restore, upload
from s3.alone import alone, another_session
from stores import own_folder

pytestmark = pytest.mark.django_db
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
DUE = 31 * DAY
"""The thirty days for which it may be put back, and one for clocks that differ."""
GRACE = DAY


@pytest.fixture(autouse=True)
def _house(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No document and an empty store, which only this test sees; the database's clock goes with the test's."""
    own_folder(settings, tmp_path / "contents")
    monkeypatch.setattr(forgetting, "database_now", lambda: AT + 1000 * DAY)
    with alone():
        yield


def forget(after: timedelta, limit: int = 1000) -> int:
    """The worker's task, so long after the removal, which was at AT."""
    return forgetting.forget_removed(at=AT + after, limit=limit)


def said(statement: str, *values: object) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()


def content_of(entry: UUID) -> UUID:
    name: UUID = said("SELECT content FROM record_entry WHERE id = %s", entry)[0]
    return name


def gone(name: UUID) -> bool:
    try:
        return not content_store().read(name)
    except ContentMissing:
        return True


def removed_note(of: Holder, data: bytes = NOTE) -> tuple[UUID, UUID]:
    """A document that its holder removed, and its content."""
    (one,) = add(of, upload(data, title="Zygomatique"))
    remove(of, one)
    return one, content_of(one)


def well() -> bool:
    return check(FIRST, 1000).ailing == ()


def test_the_words_that_were_read_in_it_go_with_it() -> None:
    camille = holder()
    one, _ = removed_note(camille)
    kept = add(camille, upload(b"Ferritine", name="autre.txt"))
    read(camille.patient)
    words = "SELECT count(*) FROM clinical_block WHERE patient_id = %s AND text IS NOT NULL"
    assert said(words, camille.patient) == (1,)
    restore(camille, one)
    read(camille.patient)
    remove(camille, one)
    assert said(words, camille.patient) == (2,)
    with clock_at(AT + DUE + MINUTE):
        forget(DUE + MINUTE)
        worker.run_until_idle()
    assert said("SELECT array_agg(entry_id) FROM clinical_block WHERE patient_id = %s", camille.patient) == ([*kept],)


def test_forgotten_after_its_days_and_a_day_and_its_bytes_after_the_grace_period() -> None:
    camille = holder()
    with opened(camille, Verb.ARRANGE) as grant:
        folder = actions.make_folder(grant, name="Bilans")
    (one,) = add(camille, upload(title="Zygomatique"))
    with opened(camille, Verb.ARRANGE) as grant:
        actions.arrange(grant, documents=(one,), folder=folder)
    before = bytes(said("SELECT sealed FROM record_entry WHERE id = %s", one)[0])
    remove(camille, one)
    name = content_of(one)
    assert forget(DUE - MINUTE) == 0
    assert (forget(DUE + MINUTE), forget(DUE + MINUTE)) == (1, 0)
    after = bytes(said("SELECT sealed FROM record_entry WHERE id = %s", one)[0])
    assert (len(after) < len(before), gone(name), well()) == (True, False, True)
    assert forget(DUE + GRACE) == 0 and not gone(name)
    assert (forget(DUE + GRACE + 2 * MINUTE), forget(DUE + GRACE + 2 * MINUTE)) == (1, 0)
    assert gone(name) and well()
    assert said("SELECT count(*) FROM record_arrangement WHERE entry_id = %s", one) == (0,)
    assert said("SELECT count(*) FROM record_unique_id WHERE target_id = %s", one) == (0,)
    assert said("SELECT size, content::text, removed_at FROM record_entry") == (0, str(UUID(int=0)), None)


def test_its_lines_in_the_history_stay_and_say_nothing_of_it() -> None:
    camille = holder()
    one, _ = removed_note(camille)
    told = [(line.verb, line.objects) for line in lines(camille)]
    forget(DUE + MINUTE)
    assert [(line.verb, line.objects) for line in lines(camille) if line.verb is not Verb.HISTORY] == told
    assert {verb for verb, _ in told} == {Verb.ADD, Verb.REMOVE}
    with opened(camille, Verb.LIST) as grant:
        assert one in queries.visible_ids(grant)
        assert queries.documents(grant) == ()
    with opened(camille, Verb.LIST) as grant:
        (row,) = queries.own(grant).values()
    assert (row.document.own, row.document.damaged) == (True, False)
    assert (row.stated.sha256, row.document.entry.title, row.document.folder) == ("", "", None)


@pytest.mark.parametrize("days", [30, 36_500])
def test_what_is_forgotten_is_put_back_by_nobody_however_long_one_may(settings: Any, days: int) -> None:
    camille = holder()
    one, _ = removed_note(camille)
    forget(DUE + MINUTE)
    settings.ESPACE_TRASH_DAYS = days
    assert removed(camille, days=29) == []
    for act in (restore, remove):
        with refusing() as found:
            act(camille, one, days=29)
        assert found == [("document_unknown", "")]


def test_what_was_put_back_meanwhile_stays_and_its_days_begin_again() -> None:
    camille = holder()
    one, name = removed_note(camille)
    restore(camille, one, days=29)
    assert forget(400 * DAY) == 0
    remove(camille, one, days=400)
    assert forget(400 * DAY + DUE - MINUTE) == 0
    restore(camille, one, days=430)
    assert (set(listed(camille)), gone(name), well()) == ({one}, False, True)


def test_what_is_being_put_back_at_this_moment_is_passed_over() -> None:
    camille = holder()
    one, _ = removed_note(camille)
    with another_session() as other:
        other.execute("UPDATE record_entry SET status = 'Approved', removed_at = NULL WHERE id = %s", [one])
        assert forget(DUE + MINUTE) == 0
        other.commit()
    assert forget(DUE + MINUTE) == 0
    assert set(listed(camille)) == {one}


def test_the_same_bytes_added_again_are_another_document_which_stays() -> None:
    camille = holder()
    one, name = removed_note(camille)
    (again,) = add(camille, upload(), days=1)
    forget(DUE + MINUTE)
    forget(DUE + GRACE + 2 * MINUTE)
    assert gone(name) and not gone(content_of(again)) and again != one
    assert add(camille, upload(), days=40) == (again,), "and its bytes still bear its name"
    assert well()


def test_a_content_that_another_row_names_stays() -> None:
    camille = holder()
    one, name = removed_note(camille)
    (other,) = add(camille, upload(b"autre"))
    said("UPDATE record_entry SET content = %s WHERE id = %s RETURNING 1", name, other)
    forget(DUE + MINUTE)
    forget(DUE + GRACE + 2 * MINUTE)
    assert not gone(name)
    assert (content_of(one), content_of(other)) == (UUID(int=0), name)


def test_what_others_deposited_and_deleted_stays() -> None:
    """The law keeps it: only what the holder added is theirs to have forgotten."""
    camille, hospital = holder(), organisation()
    (theirs,) = deposit(camille, hospital, document()).documents
    amending.amend(camille, amending.sender(hospital), theirs, Change(deleted=True))
    assert forget(4000 * DAY) == 0
    assert not gone(content_of(theirs)) and well()


def test_a_crash_between_the_bytes_and_the_row_is_seen_to_by_the_next_run(monkeypatch: pytest.MonkeyPatch) -> None:
    one, name = removed_note(holder())
    forget(DUE + MINUTE)
    real = content_store().remove

    def then_dies(names: Any) -> None:
        real(names)
        raise OperationalError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(content_store(), "remove", then_dies)
        with pytest.raises(OperationalError):
            forget(DUE + GRACE + 2 * MINUTE)
    assert gone(name) and content_of(one) == name and well()
    assert forget(DUE + GRACE + 2 * MINUTE) == 1
    assert content_of(one) == UUID(int=0) and well()


def test_a_store_that_is_not_mounted_loses_nothing_and_is_tried_again(tmp_path: Path, settings: Any) -> None:
    one, name = removed_note(holder())
    forget(DUE + MINUTE)
    (tmp_path / "contents").rename(tmp_path / "volume")
    (tmp_path / "contents").mkdir()
    assert forget(DUE + GRACE + 2 * MINUTE) == 0
    assert content_of(one) == name
    (tmp_path / "contents").rmdir()
    (tmp_path / "volume").rename(tmp_path / "contents")
    assert forget(DUE + GRACE + 2 * MINUTE) == 1
    assert gone(name)


def test_a_clock_that_jumps_ahead_forgets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ours or the database's: the slower one counts."""
    removed_note(holder())
    monkeypatch.setattr(forgetting, "database_now", lambda: AT + DAY)
    assert forget(4000 * DAY) == 0
    monkeypatch.setattr(forgetting, "database_now", lambda: AT + 4000 * DAY)
    assert forget(DAY) == 0


def test_it_goes_on_a_batch_at_a_time() -> None:
    camille = holder()
    names = [removed_note(camille, b"note %d" % number)[1] for number in range(5)]
    assert [forget(DUE + MINUTE, limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert [forget(DUE + GRACE + 2 * MINUTE, limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert all(map(gone, names)) and well()


def test_what_an_erased_person_had_removed_goes_too() -> None:
    camille = holder()
    one, name = removed_note(camille)
    keys.destroy(camille.patient, (KeyKind.CONTENT, KeyKind.METADATA), at=AT)
    forget(DUE + MINUTE)
    forget(DUE + GRACE + 2 * MINUTE)
    assert gone(name) and content_of(one) == UUID(int=0) and well()
