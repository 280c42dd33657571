"""What the holder adds to their own record: filed once, theirs, described by them, and seen as the matrix says."""

import errno
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from django.core.mail import EmailMessage
from django.db import connection, connections

from cast import AT, Holder, caring, consents, document, entry, holder, organisation, professional
from espace.access import gate
from espace.kernel.words import Purpose, Refused, Verb, Visibility
from espace.record import actions, queries
from espace.record.facts import Change, Inspected, Status
from espace.site import worker
from espace.wire.xds import Coded
from notices.people import activated_holder
from record import test_amending as amending
from record.filing import deposit, lines, read, rows
from record.owning import NOTE, add, listed, opened, pdf, picture, refusing, remove, restore, upload

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 3)


def code(coded: Coded | None) -> str:
    return coded.code if coded else ""


def test_a_file_is_filed_as_written_by_its_holder_and_read_back_to_the_byte() -> None:
    camille = holder()
    (one,) = add(camille, upload(name="C:\\scans\\Bilan du 3 mars.txt", day=DAY))
    found = listed(camille)[one]
    stated = found.entry
    assert (found.own, found.status, found.size) == (True, Status.APPROVED, 31)
    assert (found.organisation, found.organisation_name, found.professional) == (None, "", "")
    assert (stated.title, stated.mime_type, stated.size) == ("Bilan du 3 mars", "text/plain", 31)
    assert (code(stated.type), code(stated.class_)) == ("DOCPAT05", "10")
    assert [(a.given, a.family, a.institution, a.person_id) for a in stated.authors] == [("Camille", "Duval", "", "")]
    assert stated.service_start == datetime(2026, 3, 2, 23, tzinfo=UTC)
    assert read(camille, one) == NOTE


def test_files_added_together_are_one_submission_and_one_line_of_the_log() -> None:
    camille = holder()
    ids = add(camille, upload(), upload(picture(), name="photo.jpg"), upload(pdf(), name="scan.pdf"))
    found = listed(camille)
    assert [found[one].entry.mime_type for one in ids] == ["text/plain", "image/jpeg", "application/pdf"]
    assert len({found[one].submission for one in ids}) == 1
    added = next(line for line in lines(camille) if line.verb is Verb.ADD)
    assert (added.reason, added.objects) == ("holder_own_documents", ids)


def test_nobody_is_mailed_about_their_own_act(mailoutbox: list[EmailMessage]) -> None:
    who, address = activated_holder()
    worker.run_until_idle()
    mailoutbox.clear()
    add(who, upload())
    assert worker.run_until_idle() is None
    assert [mail for mail in mailoutbox if mail.to == [address]] == []
    deposit(who, organisation(), document())
    worker.run_until_idle()
    assert len([mail for mail in mailoutbox if mail.to == [address]]) == 1


def test_one_refused_file_refuses_them_all_and_each_fault_has_its_place() -> None:
    camille = holder()
    with refusing() as found:
        add(
            camille,
            upload(),
            upload(b""),
            upload(pdf(), name="photo.jpg", kind="11502-2", title="x" * 121),
            upload(name="a.txt", day=date(2026, 3, 5)),
            upload(pdf()[:-40], name="coupe.pdf"),
            upload(b"a" * 5_242_881, name="gros.txt"),
        )
    assert found == [
        ("content_empty", "files[1]"),
        ("file_lies", "files[2]"),
        ("own_type_unknown", "files[2].type"),
        ("title_too_long", "files[2].title"),
        ("day_refused", "files[3].day"),
        ("file_broken", "files[4]"),
        ("content_too_large", "files[5]"),
    ]
    assert listed(camille) == {}
    assert [rows(table, camille) for table in ("record_entry", "record_submission", "record_unique_id")] == [0, 0, 0]


def test_twenty_at_once_and_no_more() -> None:
    camille = holder()
    with refusing() as found:
        add(camille, *(upload(f"note {n}".encode()) for n in range(21)))
    assert found == [("too_many_at_once", "")]
    assert len(set(add(camille, *(upload(f"note {n}".encode()) for n in range(20))))) == 20


def test_a_name_is_cut_to_a_title_and_never_refused() -> None:
    camille = holder()
    (one,) = add(camille, upload(name=f"{'Bilan ' * 50}.txt"))
    assert listed(camille)[one].entry.title == ("Bilan " * 20).strip()


def test_a_full_disk_refuses_it_and_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    camille = holder()
    full = Full()
    with monkeypatch.context() as disk, refusing() as found:
        disk.setattr("espace.record.actions.rows.content_store", lambda: full)
        add(camille, upload(), upload(b"autre"))
    assert (found, full.tries) == ([("content_unavailable", "")], 1)
    assert [rows(table, camille) for table in ("record_entry", "record_submission", "record_unique_id")] == [0, 0, 0]
    assert len(add(camille, upload(), upload(b"autre"))) == 2


class Full:
    """A store whose disk is full: a real one is tested with the stores."""

    tries = 0

    def write(self, name: UUID, data: bytes) -> None:
        self.tries += 1
        raise OSError(errno.ENOSPC, "No space left on device")


# --- never a duplicate ------------------------------------------------------------------------------------


def test_the_same_bytes_again_answer_the_first_id_whatever_is_said_of_them() -> None:
    camille = holder()
    (first,) = add(camille, upload(title="Bilan"))
    again = add(camille, upload(title="Autre titre", kind="DOCPAT09"), upload(b"neuf"), upload(b"neuf"))
    assert (again[0], again[1]) == (first, again[2])
    assert {one.entry.title for one in listed(camille).values()} == {"Bilan", "bilan"}
    assert add(holder(), upload()) != (first,)


def test_two_uploads_of_the_same_bytes_at_once_end_as_one() -> None:
    """The second met the first's commit on its way: it starts again, and finds it."""
    camille, met, looked_at = holder(), list[UUID](), actions.inspected([upload()])

    def second() -> tuple[UUID, ...]:
        with opened(camille, Verb.ADD) as grant:
            queries.shown(grant, [uuid4()])  # its picture of the record is taken
            if not met:
                met.extend(elsewhere(partial(add, camille, upload())))
            return actions.add(grant, uploads=looked_at)

    assert gate.run_again(second) == tuple(met)
    assert len(listed(camille)) == 1


def elsewhere(act: Callable[[], tuple[UUID, ...]]) -> tuple[UUID, ...]:
    """Done over another connection."""
    def work() -> tuple[UUID, ...]:
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result(timeout=30)


def test_what_was_removed_may_be_added_anew_and_then_is_not_put_back_beside_it() -> None:
    camille = holder()
    (first,) = add(camille, upload())
    remove(camille, first)
    (second,) = add(camille, upload())
    assert second != first
    with refusing() as found:
        restore(camille, first)
    assert found == [("document_unknown", "")]
    remove(camille, second)
    restore(camille, second)
    assert add(camille, upload()) == (second,)
    assert set(listed(camille)) == {second}


# --- describing -------------------------------------------------------------------------------------------


def describe(of: Holder, one: UUID, *, title: str = "Neuf", kind: str = "DOCPAT04", day: date | None = DAY) -> None:
    with opened(of, Verb.DESCRIBE, days=1) as grant:
        actions.describe(grant, document=one, title=title, type_code=kind, day=day)


def test_the_holder_says_anew_what_their_document_is() -> None:
    camille = holder()
    (one,) = add(camille, upload())
    describe(camille, one, title="  Radio du\tpied \u202egauche ", day=None)
    found = listed(camille)[one]
    assert (found.entry.title, found.entry.service_start) == ("Radio du pied gauche", None)
    assert (code(found.entry.type), code(found.entry.class_)) == ("DOCPAT04", "31")
    assert found.changed_at == AT + timedelta(days=1)
    assert read(camille, one) == NOTE


def test_described_alike_changes_nothing() -> None:
    camille = holder()
    (one,) = add(camille, upload(title="Bilan", day=DAY))
    describe(camille, one, title="Bilan", kind="DOCPAT05", day=DAY)
    assert listed(camille)[one].changed_at is None


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({"kind": "11502-2"}, ("own_type_unknown", "type")),
        ({"kind": "DOCPAT08"}, ("own_type_unknown", "type")),
        ({"kind": ""}, ("own_type_unknown", "type")),
        ({"title": "é" * 121}, ("title_too_long", "title")),
        ({"day": date(2026, 3, 6)}, ("day_refused", "day")),
        ({"day": date(1899, 12, 31)}, ("day_refused", "day")),
    ],
)
def test_what_is_said_is_checked(said: dict[str, object], refused: tuple[str, str]) -> None:
    camille = holder()
    (one,) = add(camille, upload(title="Bilan"))
    with refusing() as found:
        describe(camille, one, **said)
    assert found == [refused]
    assert listed(camille)[one].entry.title == "Bilan"


def test_only_their_own_and_only_what_they_see() -> None:
    camille, hospital = holder(), organisation()
    (theirs,) = deposit(camille, hospital, document()).documents
    held = entry(visibility=frozenset({Visibility.INVISIBLE_PATIENT}))
    (hidden,) = deposit(camille, hospital, document(held)).documents
    (others,) = add(holder(), upload())
    for one, reason in ((theirs, "not_your_document"), (hidden, "document_unknown"), (others, "document_unknown")):
        for act in (describe, remove):
            with refusing() as found:
                act(camille, one)
            assert [code for code, _ in found] == [reason]


# --- for others -------------------------------------------------------------------------------------------


def test_professionals_see_it_as_the_matrix_says_with_its_author_and_never_where_it_was_put() -> None:
    camille, anne, nurse = holder(), professional(), professional(profession="60")
    note, wishes = add(camille, upload(), upload(b"Mes directives.", kind="EXPPAT_3"))
    with opened(camille, Verb.ARRANGE) as grant:
        folder = actions.make_folder(grant, name="Pied")
        actions.arrange(grant, documents=(note, wishes), folder=folder, pinned=True)
    seen = {}
    for who in (anne, nurse):
        consents(camille, who)
        with gate.open_record(
            actor=caring(who), patient=camille.patient, purpose=Purpose.CARE, verb=Verb.LIST, at=AT
        ) as grant:
            seen[who.profession] = {one.id: one for one in queries.documents(grant)}
    assert note in seen["10"] and note in seen["60"] and wishes in seen["10"]
    told = seen["10"][note]
    assert (told.own, told.folder, told.pinned) == (True, None, False)
    assert [(author.given, author.family) for author in told.entry.authors] == [("Camille", "Duval")]


def test_the_holder_masks_their_own_like_any_other() -> None:
    camille, anne = holder(), professional()
    (one,) = add(camille, upload())
    consents(camille, anne)
    with opened(camille, Verb.MASK) as grant:
        actions.mask(grant, one)
    with gate.open_record(
        actor=caring(anne), patient=camille.patient, purpose=Purpose.CARE, verb=Verb.LIST, at=AT
    ) as grant:
        assert queries.documents(grant) == ()


def test_no_organisation_amends_replaces_or_follows_it() -> None:
    camille, hospital = holder(), organisation()
    (one,) = add(camille, upload())
    by = amending.sender(hospital)
    for change in (Change(deleted=True), Change(archived=True), Change(visibility=frozenset({Visibility.MASQUE_PS}))):
        assert amending.refused(camille, by, one, change) == [("not_the_author", "")]
    with refusing() as found:
        amending.deposit(camille, by, replaces=one)
    assert [code for code, _ in found] == ["replace_refused"]
    assert amending.own(camille, by) == {}
    assert amending.own(camille, amending.doctor(hospital)) == {}


def test_nothing_of_it_lies_in_clear() -> None:
    camille = holder()
    (one,) = add(camille, upload(b"Zygomatique", name="zygomatique.txt", title="Zygomatique"))
    with opened(camille, Verb.ARRANGE) as grant:
        actions.arrange(grant, documents=(one,), folder=actions.make_folder(grant, name="Zygomatique"))
    with connection.cursor() as cursor:
        for table in ("entry", "submission", "folder", "arrangement", "unique_id", "locator"):
            cursor.execute(f"SELECT t::text FROM record_{table} t")
            everything = "".join(row[0] for row in cursor.fetchall())
            assert "ygomatique" not in everything
            assert b"ygomatique".hex() not in everything


def test_only_the_holder_adds() -> None:
    camille, anne = holder(), professional()
    consents(camille, anne)
    anyone = ((caring(anne), Purpose.CARE), (caring(anne), Purpose.HOLDER), (holder().actor, Purpose.HOLDER))
    for actor, purpose in anyone:
        opening = gate.open_record(actor=actor, patient=camille.patient, purpose=purpose, verb=Verb.ADD, at=AT)
        with pytest.raises(Refused), opening as grant:
            actions.add(grant, uploads=(Inspected(upload(), "text/plain"),))
    assert listed(camille) == {}
