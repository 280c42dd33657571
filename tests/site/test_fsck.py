"""`./espace fsck`: what is lost, altered or nobody's is found and named by ids; only what is safe is repaired."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError, connection, transaction

from cast import Holder, document, holder, organisation
from espace.edge import clock_at, new_id, now
from espace.kernel.words import Refused
from espace.keys import actions as keys
from espace.keys.facts import KeyKind, KeyServiceUnavailable
from espace.record.actions.contents import collect, make_store
from espace.record.adapters import MARK, ContentMissing, content_store
from espace.record.queries.contents import Orphans, named, open_transactions
from espace.site import cli
from espace.site.readiness import readiness
from record.filing import deposit
from s3.alone import alone, another_session
from s3.seaweed import ACCESS, SECRET, seaweed
from stores import own_folder

pytestmark = pytest.mark.django_db
WELL = "Nothing is lost.\n"
WRONG = "Something is wrong: docs/how-to/check-nothing-is-lost.md.\n"
LATER = timedelta(days=2)


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path, settings: Any) -> Iterator[str]:
    """No document and an empty store, which only this test sees."""
    if request.param == "folder":
        own_folder(settings, tmp_path / "contents")
    else:
        settings.ESPACE_CONTENT_URL = seaweed().url(f"fsck/{new_id().hex}")
        settings.ESPACE_CONTENT_ACCESS_KEY, settings.ESPACE_CONTENT_SECRET_KEY = ACCESS, SECRET
    with alone():
        yield request.param


only_folder = pytest.mark.parametrize("store", ["folder"], indirect=True)


def filed(to: Holder, count: int = 1) -> list[tuple[UUID, UUID]]:
    """So many documents of somebody, and their contents."""
    hospital = organisation()
    entries = [deposit(to, hospital, document(content=b"Glyc\xc3\xa9mie %d" % n)).documents[0] for n in range(count)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, content FROM record_entry WHERE patient_id = %s", [to.patient])
        contents = dict(cursor.fetchall())
    return [(entry, contents[entry]) for entry in entries]


def put(name: UUID, data: bytes) -> None:
    """Other bytes under a name, as no program of ours would."""
    content_store().remove([name])
    content_store().write(name, data)


def execute(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def fsck(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[str], str]:
    """Exit code, lines told of what was found, and the end of the summary."""
    code = cli.main(["fsck", *words])
    said = capsys.readouterr()
    return code, sorted(said.out.splitlines()), said.err


@contextmanager
def two_days_later(*, database: bool = True) -> Iterator[None]:
    """By both clocks, ours and the database's; or by ours alone, which has jumped."""
    jumped = now() + LATER
    with pytest.MonkeyPatch.context() as patch, clock_at(jumped):
        if database:
            patch.setattr("espace.site.orphans.database_now", lambda: jumped)
        yield


def test_an_installation_that_is_well(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    filed(holder(), 3)
    filed(holder(), 2)
    code, lines, summary = fsck(capsys)
    assert (code, lines) == (0, [])
    assert summary == (
        "5 documents checked (0 of erased people, not readable any more).\n"
        "0 contents older than the grace period: 0 orphans, 0 unfinished files, 0 removed.\n" + WELL
    )


def test_each_thing_that_can_be_wrong_is_found_by_its_ids_and_no_repair_touches_it(
    store: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("espace.site.commands.fsck.BATCH", 2)
    camille, other = holder(), holder()
    missing, altered, cut, moved, row, size, _well = filed(camille, 7)
    [theirs] = filed(other)
    content_store().remove([missing[1]])
    flipped = bytearray(content_store().read(altered[1]))
    flipped[-1] ^= 1
    put(altered[1], bytes(flipped))
    put(cut[1], content_store().read(cut[1])[:-1])
    put(moved[1], content_store().read(theirs[1]))
    execute("UPDATE record_entry SET sealed = sealed || %s WHERE id = %s", b"\x00", row[0])
    execute("UPDATE record_entry SET size = size + 1 WHERE id = %s", size[0])
    named_so = {"altered": [altered, cut, moved, size], "missing": [missing], "row_altered": [row]}
    expected = sorted(
        f"{what}  document={entry}  content={content}" for what, ones in named_so.items() for entry, content in ones
    )
    for words in ((), ("--repair",)):
        code, lines, summary = fsck(capsys, *words)
        assert (code, lines) == (1, expected)
        assert "8 documents checked" in summary
        assert ", 4 altered, 1 missing, 1 row_altered.\n" in summary
        assert summary.endswith(WRONG)
        for whose in (camille, other):
            for private in (str(whose.patient), whose.ins.number, whose.traits.birth_name, "Glyc"):
                assert private not in "".join(lines) + summary
    assert len(named(content for _, content in (missing, altered, cut, moved, row, size, theirs))) == 7


@only_folder
def test_links_are_named_and_no_repair_removes_them(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A content that was moved and linked to is read, and a folder too; no back-up would follow either."""
    [(_, content)], folders = filed(holder()), tmp_path / "contents"
    path = folders / content.hex[-2:] / content.hex
    path.rename(tmp_path / "moved")
    path.symlink_to(tmp_path / "moved")
    free = next(name for name in ("aa", "bb") if not (folders / name).exists())
    (tmp_path / "other").mkdir()
    (folders / free).symlink_to(tmp_path / "other")
    for words in ((), ("--repair",)):
        code, lines, summary = fsck(capsys, *words)
        assert (code, lines) == (1, sorted([f"link  content={content.hex}", f"link  content={free}"]))
        assert "2 links in the store, which no program of ours makes and no back-up follows." in summary
    assert path.is_symlink()


@only_folder
def test_a_content_that_cannot_be_read_is_not_said_to_be_missing(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [(entry, content)] = filed(holder())
    content_store().remove([content])
    (tmp_path / "contents" / content.hex[-2:] / content.hex).mkdir()
    code, lines, _ = fsck(capsys)
    assert (code, lines) == (1, [f"unreadable  document={entry}  content={content}"])


@only_folder
def test_keys_that_were_never_made_are_wrong_and_keys_destroyed_are_not(
    store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    erased, lost = holder(), holder()
    filed(erased, 2)
    [(entry, content)] = filed(lost)
    keys.destroy(erased.patient, [KeyKind.CONTENT, KeyKind.METADATA], at=now())
    other = new_id()
    execute("UPDATE record_entry SET patient_id = %s WHERE id = %s", other, entry)
    code, lines, summary = fsck(capsys)
    assert (code, lines) == (1, [f"no_key  document={entry}  content={content}"])
    assert "3 documents checked (2 of erased people" in summary


def test_orphans_are_told_once_old_and_removed_by_repair_alone(
    store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (_, kept), (_, deleted) = filed(holder(), 2)
    execute("UPDATE record_entry SET status = 'Deleted' WHERE content = %s", deleted)
    orphans = sorted(new_id() for _ in range(3))
    for name in orphans:
        content_store().write(name, b"of a deposit that was never committed")
    assert fsck(capsys)[:2] == (0, []), "a deposit may be under way"
    with two_days_later():
        content_store().write(young := new_id(), b"of a deposit that is under way")
        code, lines, summary = fsck(capsys)
        assert (code, lines) == (1, [f"orphan  content={name}" for name in orphans])
        assert "5 contents older than the grace period: 3 orphans, 0 unfinished files, 0 removed.\n" in summary
        code, lines, summary = fsck(capsys, "--repair")
        assert (code, lines) == (0, [f"orphan  content={name}  removed" for name in orphans])
        assert summary.endswith(WELL)
        assert fsck(capsys)[:2] == (0, [])
    for name in (kept, deleted, young):
        assert content_store().read(name), "the law keeps what was deleted"


def test_where_most_contents_are_orphans_the_database_is_doubted_first(
    store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A database restored to before these deposits, or another one: nothing is removed until somebody insists."""
    contents = {content for _, content in filed(holder(), 21)}
    execute("DELETE FROM record_entry WHERE content = ANY(%s)", list(contents))
    with two_days_later():
        code, lines, said = fsck(capsys, "--repair")
        assert (code, lines) == (1, sorted(f"orphan  content={name}" for name in contents))
        assert said.startswith("Most of these contents are orphans: is this the database that goes with this store")
        assert all(content_store().read(name) for name in contents)
        code, lines, said = fsck(capsys, "--repair", "--even-most")
        assert (code, lines) == (0, sorted(f"orphan  content={name}  removed" for name in contents))


@pytest.mark.parametrize(
    ("old", "count", "plausible"),
    [(0, 0, True), (20, 20, True), (21, 21, False), (41, 21, False), (42, 21, True), (500, 251, False)],
)
def test_how_many_orphans_are_too_many(old: int, count: int, plausible: bool) -> None:
    assert Orphans(old, tuple(new_id() for _ in range(count))).plausible is plausible


def test_a_clock_that_jumped_ahead_makes_nothing_old(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    content_store().write(name := new_id(), b"of a deposit that is under way")
    with two_days_later(database=False):
        assert fsck(capsys, "--repair")[:2] == (0, [])
    with clock_at(now() + LATER):
        content_store().write(ahead := new_id(), b"named by a clock that was ahead")
    assert fsck(capsys, "--repair")[:2] == (0, [])
    assert content_store().read(name) and content_store().read(ahead)


@only_folder
def test_what_a_kill_left_unfinished_is_told_and_swept(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = new_id()
    left = tmp_path / "contents" / name.hex[-2:] / f"{name.hex}.tmp"
    left.parent.mkdir()
    left.write_bytes(b"ha")
    assert fsck(capsys)[0] == 0
    with two_days_later():
        code, lines, summary = fsck(capsys)
        assert (code, lines) == (1, [])
        assert "0 orphans, 1 unfinished files, 0 removed" in summary
        assert fsck(capsys, "--repair")[0] == 0
    assert not left.exists()


def test_a_deposit_whose_transaction_lasts_is_left_alone_and_once_committed_is_named(store: str) -> None:
    """Whatever the clocks say: the machine of the deposit may have stood still for days before its commit."""
    [(_, known)] = filed(holder())
    content_store().write(name := new_id(), b"of a deposit that lasts")
    with another_session() as depositing:
        depositing.execute("SELECT 1")
        assert len(open_transactions()) >= 1
        paused: list[float] = []
        assert collect([name], pause=paused.append) is None
        assert (len(paused), content_store().read(name)) == (5, b"of a deposit that lasts")

        def commits(_: float) -> None:
            depositing.execute("UPDATE record_entry SET content = %s WHERE content = %s", [name, known])
            depositing.commit()

        assert collect([name], pause=commits) == ()
    assert content_store().read(name) == b"of a deposit that lasts"
    assert named([name, known]) == {name}


def test_once_the_deposit_is_given_up_its_content_is_collected(store: str) -> None:
    content_store().write(name := new_id(), b"of a deposit that fails")
    with another_session() as depositing:
        depositing.execute("SELECT 1")
        assert collect([name], pause=lambda _: depositing.rollback()) == (name,)
    assert named([name]) == frozenset()


def test_nothing_is_collected_inside_a_transaction(store: str) -> None:
    with transaction.atomic(), pytest.raises(TypeError):
        collect([new_id()], pause=lambda _: None)


def test_the_store_of_another_installation_is_neither_read_nor_touched(
    store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    content_store().remove([MARK])
    content_store().mark(b"sealed by the key service of somebody else")
    content_store().write(name := new_id(), b"a document of theirs")
    with two_days_later():
        for words in ((), ("--repair",)):
            code, lines, said = fsck(capsys, *words)
            assert (code, lines) == (1, [])
            assert said.startswith("espace: the content store bears the mark of another installation")
    assert content_store().read(name) == b"a document of theirs"


@pytest.mark.parametrize("store", ["bucket"], indirect=True)
def test_the_mark_is_put_by_repair_and_known_again(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert fsck(capsys)[0] == 0
    with pytest.raises(ContentMissing):
        content_store().read(MARK)
    assert fsck(capsys, "--repair")[0] == 0
    mark = content_store().read(MARK)
    assert fsck(capsys, "--repair")[0] == 0
    assert content_store().read(MARK) == mark


@only_folder
@pytest.mark.parametrize("fault", [OperationalError("a row: CAMILLE"), KeyServiceUnavailable("CAMILLE")])
def test_a_part_that_falls_on_the_way_is_one_sentence(
    store: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def falling(*_: object) -> None:
        raise fault

    monkeypatch.setattr("espace.record.queries.contents.check", falling)
    code, lines, said = fsck(capsys)
    assert (code, lines) == (1, [])
    assert said == (
        "espace: the database, the key service or the content store stopped answering: run the same command again.\n"
    )


def test_a_store_that_does_not_answer_is_one_sentence(
    capsys: pytest.CaptureFixture[str], settings: Any, tmp_path: Path
) -> None:
    settings.ESPACE_CONTENT_URL = (tmp_path / "nothing" / "here").as_uri()
    code, lines, said = fsck(capsys)
    assert (code, lines) == (1, [])
    assert said.startswith("espace: the content store does not answer: check ESPACE_CONTENT_URL and its keys")


@only_folder
def test_a_folder_where_the_volume_is_not_mounted_is_left_alone_until_an_operator_says_so(
    store: str, capsys: pytest.CaptureFixture[str], settings: Any, tmp_path: Path
) -> None:
    """Near miss: one content of ours in it, and it is the store, older than marks."""
    camille = holder()
    (_, first), (_, second) = filed(camille, 2)
    (tmp_path / "contents").rename(tmp_path / "volume")
    (tmp_path / "contents").mkdir()
    assert make_store() is False
    with pytest.raises(Refused) as caught:
        filed(camille)
    assert caught.value.reason.code == "content_unavailable"
    assert "contents: not mounted\n" in readiness().text.decode()
    code, lines, said = fsck(capsys, "--repair")
    assert (code, lines) == (1, [])
    assert said.startswith("espace: the content store bears no mark: is its volume mounted?")
    assert list((tmp_path / "contents").rglob("*")) == []

    (tmp_path / "contents").rmdir()
    (tmp_path / "volume").rename(tmp_path / "contents")
    assert "contents: ok\n" in readiness().text.decode()
    assert [content_store().read(name) for _, name in filed(camille)]
    content_store().remove([first, MARK])
    assert make_store() is True
    assert content_store().read(second)


@only_folder
def test_a_store_that_is_lost_is_begun_again_when_an_operator_says_so(
    store: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    camille = holder()
    filed(camille)
    (tmp_path / "contents").rename(tmp_path / "lost")
    code, lines, _ = fsck(capsys, "--new-store")
    assert (code, [line.split()[0] for line in lines]) == (1, ["missing"])
    assert [content_store().read(name) for _, name in filed(camille)]
