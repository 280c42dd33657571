"""Contents in a folder: whole or absent, never half, never over another."""

from pathlib import Path
from uuid import UUID

import pytest

from espace.record.adapters import ContentMissing, LocalContentStore

NAME = UUID("01a20061-10c1-7409-9dfb-d2c137ae7296")


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    store = LocalContentStore(tmp_path / "contents")
    store.write(NAME, b"\x00" * 300_000)
    assert store.read(NAME) == b"\x00" * 300_000
    assert [path.name for path in (tmp_path / "contents" / "96").iterdir()] == [NAME.hex]


def test_what_was_never_written_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ContentMissing):
        LocalContentStore(tmp_path).read(NAME)


def test_a_write_that_fails_leaves_nothing_under_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = LocalContentStore(tmp_path)

    def broken(descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("os.fsync", broken)
    with pytest.raises(OSError, match="Input"):
        store.write(NAME, b"half")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
