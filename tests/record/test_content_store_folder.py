"""What only a store in a folder does."""

import errno
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from espace.record.adapters import MARK, ContentMissing, ContentUnavailable, LocalContentStore
from espace.record.adapters.contract import READ_AT_ONCE
from record.contents import DAY, NAME, listed, name_at
from s3.limits import file_size_limit
from stores import folder


def test_where_it_is(tmp_path: Path) -> None:
    folder(tmp_path / "contents").write(NAME, b"x")
    assert [path.name for path in (tmp_path / "contents" / "96").iterdir()] == [NAME.hex]


@pytest.mark.parametrize("call", ["fsync", "rename"])
def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    def broken(*_: object) -> None:
        raise OSError(5, "Input/output error")

    store = folder(tmp_path / "contents")
    (tmp_path / "contents" / "96").mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(f"os.{call}", broken)
        with pytest.raises(OSError, match="Input"):
            store.write(NAME, b"half")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [MARK.hex]
    store.write(NAME, b"whole")
    assert store.read(NAME) == b"whole"


def test_a_disk_that_fails_between_two_pieces_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = folder(tmp_path)
    store.write(NAME, b"x" * (READ_AT_ONCE + 1))
    _, pieces = store.reading(NAME)
    assert len(next(pieces)) == READ_AT_ONCE

    def broken(*_: object) -> None:
        raise ContentUnavailable(NAME.hex)

    monkeypatch.setattr("espace.record.adapters.local._piece", broken)
    with pytest.raises(ContentUnavailable):
        next(pieces)


def test_a_disk_that_is_full_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    """The kernel itself refuses the second half: a limit on the size of files stands for a full disk."""
    store = folder(tmp_path)
    with file_size_limit(100_000), pytest.raises(OSError, match="too large"):
        store.write(NAME, b"x" * 200_000)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [MARK.hex]
    with pytest.raises(ContentMissing):
        store.read(NAME)
    store.write(NAME, b"x" * 200_000)
    assert len(store.read(NAME)) == 200_000


def test_what_a_kill_left_is_never_read_and_is_swept_when_old(tmp_path: Path) -> None:
    store, other = folder(tmp_path), name_at(DAY)
    store.write(NAME, b"whole")
    left = tmp_path / other.hex[-2:] / f"{other.hex}.tmp"
    left.parent.mkdir(exist_ok=True)
    left.write_bytes(b"ha")
    (tmp_path / "96" / "notes.tmp").write_bytes(b"somebody else's")
    now = datetime.now(UTC)
    with pytest.raises(ContentMissing):
        store.read(other)
    assert listed(store, until=now + timedelta(days=365)) == {NAME}
    hour = timedelta(hours=1)
    assert (store.unfinished(before=now - hour), store.sweep(before=now - hour)) == (0, 0)
    assert (store.unfinished(before=now + hour), store.sweep(before=now + hour)) == (1, 1)
    assert not left.exists()
    assert (tmp_path / "96" / "notes.tmp").exists()


def test_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "contents").write_text("a file")
    store = LocalContentStore(tmp_path / "contents")
    with pytest.raises(OSError):
        store.write(NAME, b"x")
    with pytest.raises(OSError):
        store.check()
    with pytest.raises(OSError):
        list(store.listing(since=None, until=DAY))
    with pytest.raises(ContentMissing):
        store.read(NAME)


def test_what_is_there_and_cannot_be_read_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "96" / NAME.hex).mkdir(parents=True)
    with pytest.raises(ContentUnavailable):
        LocalContentStore(tmp_path).read(NAME)


@pytest.mark.parametrize("there", ["an empty folder", "no folder", "the folders of contents, no mark"])
def test_where_a_volume_is_not_mounted_nothing_is_written_nor_removed(tmp_path: Path, there: str) -> None:
    """Noticed at the very next write, and over once the volume is back."""
    store, kept = folder(tmp_path / "contents"), name_at(DAY)
    store.write(kept, b"whole")
    (tmp_path / "contents").rename(tmp_path / "volume")
    if there != "no folder":
        (tmp_path / "contents").mkdir()
    if there == "the folders of contents, no mark":
        (tmp_path / "contents" / "96").mkdir()
    for act in (lambda: store.write(NAME, b"x"), lambda: store.remove([kept]), store.check):
        with pytest.raises(OSError) as caught:
            act()
        assert caught.value.errno == errno.ENODEV or there == "no folder"
    assert [path for path in tmp_path.rglob("contents/**/*") if path.is_file()] == []
    for empty in sorted((tmp_path / "contents").glob("**"), reverse=True):
        empty.rmdir()
    (tmp_path / "volume").rename(tmp_path / "contents")
    store.write(NAME, b"x")
    assert (store.read(NAME), store.read(kept)) == (b"x", b"whole")


def test_a_store_is_marked_once(tmp_path: Path) -> None:
    store = folder(tmp_path)
    store.mark(b"of this test")
    with pytest.raises(FileExistsError):
        store.mark(b"of another")
    assert store.read(MARK) == b"of this test"
