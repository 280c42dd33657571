"""The parts of a back-up, one by one: the seal of its files, the list of destroyed keys, databases of one's own."""

import io
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from espace.edge import new_id
from espace.kernel.ids import PatientId
from espace.keys.actions import destroy, ensure_patient_keys
from espace.keys.adapters import tombstones
from espace.keys.adapters.tombstones import Tombstone
from espace.keys.facts import KeyKind, KeyServiceUnavailable
from espace.record.adapters import LocalContentStore
from espace.site.backup import contents, files, sealing
from espace.site.backup.facts import TOMBSTONES, Folders, Kind, Unusable
from espace.site.backup.failures import told
from espace.site.backup.keys import connection_to, listed_tombstones
from espace.site.backup.making import back_up
from espace.site.config import load
from espace.site.places import databases
from espace.site.terminal import Failed
from espace.site.testbed import fresh_databases, without_settings
from running import espace
from stores import folder

KEY = bytes(range(32))
AT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
CAMILLE, MONIQUE = UUID(int=7), UUID(int=8)
FRAME = sealing.FRAME


def seal(data: bytes, key: bytes = KEY, name: str = "base") -> bytes:
    return b"".join(sealing.sealed(key, name, [data[place : place + 70_001] for place in range(0, len(data), 70_001)]))


def unseal(data: bytes, key: bytes = KEY, name: str = "base") -> bytes:
    return b"".join(sealing.opened(key, name, io.BytesIO(data)))


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=3000), st.text(max_size=20))
def test_what_is_sealed_is_opened(data: bytes, name: str) -> None:
    assert unseal(seal(data, name=name), name=name) == data


@pytest.mark.parametrize("size", [0, 1, FRAME - 1, FRAME, FRAME + 1, 2 * FRAME + 7])
def test_sizes_around_those_of_a_frame(size: int) -> None:
    data = os.urandom(size)
    assert unseal(seal(data)) == data


def test_zeros_take_no_place_and_come_back_a_frame_at_a_time() -> None:
    sealed = seal(bytes(16 * FRAME))
    assert len(sealed) < 200_000
    assert max(map(len, sealing.opened(KEY, "base", io.BytesIO(sealed)))) <= FRAME


TWO_FRAMES = seal(os.urandom(FRAME + 100))
HEAD = len(sealing.MAGIC) + sealing.SALT_BYTES
FIRST = 4 + FRAME + sealing.TAG_BYTES
"""The bytes of the first frame, its length included."""


@pytest.mark.parametrize(
    ("data", "key", "name"),
    [
        (TWO_FRAMES, bytes(32), "base"),
        (TWO_FRAMES, KEY, "wal/1"),
        (b"", KEY, "base"),
        (TWO_FRAMES[: HEAD - 1], KEY, "base"),
        (TWO_FRAMES[:HEAD], KEY, "base"),
        (TWO_FRAMES[:-1], KEY, "base"),
        (TWO_FRAMES[: HEAD + FIRST], KEY, "base"),
        (TWO_FRAMES[:HEAD] + TWO_FRAMES[HEAD + FIRST :], KEY, "base"),
        (TWO_FRAMES[:HEAD] + TWO_FRAMES[HEAD + FIRST :] + TWO_FRAMES[HEAD : HEAD + FIRST], KEY, "base"),
        (TWO_FRAMES + TWO_FRAMES[HEAD:], KEY, "base"),
        (TWO_FRAMES + b"\0", KEY, "base"),
        (TWO_FRAMES[:HEAD] + b"\xff\xff\xff\xff" + TWO_FRAMES[HEAD + 4 :], KEY, "base"),
        (b"other-format/2\0\0" + TWO_FRAMES[16:], KEY, "base"),
        (TWO_FRAMES[:20] + bytes((TWO_FRAMES[20] ^ 1,)) + TWO_FRAMES[21:], KEY, "base"),
    ],
    ids=["key", "name", "empty", "half a head", "head alone", "last byte", "last frame", "first frame", "swapped",
         "twice", "more", "huge length", "format", "salt"],
)  # fmt: skip
def test_a_file_that_is_not_whole_is_not_opened(data: bytes, key: bytes, name: str) -> None:
    with pytest.raises(Unusable):
        unseal(data, key, name)


def test_destroyed_keys_are_told_and_read_again_whatever_half_a_line_says(tmp_path: Path) -> None:
    first = [Tombstone(CAMILLE, "content", AT), Tombstone(CAMILLE, "metadata", AT)]
    tombstones.append(tmp_path, first)
    with (tmp_path / tombstones.FILE_NAME).open("a") as file:
        file.write(f"{MONIQUE} cont")
    tombstones.append(tmp_path, [Tombstone(MONIQUE, "log", AT)])
    path = tmp_path / tombstones.FILE_NAME
    assert tombstones.parse(path.read_text()) == {*first, Tombstone(MONIQUE, "log", AT)}
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "line",
    [
        "",
        f"{CAMILLE} content",
        f"{CAMILLE} content 2026-03-04",
        f"{CAMILLE} content 2026-03-04T09:30:00",
        f"{CAMILLE} secret 2026-03-04T09:30:00+00:00",
        f"{str(CAMILLE)[:-1]}- content 2026-03-04T09:30:00+00:00",
        f"x{CAMILLE} content 2026-03-04T09:30:00+00:00",
    ],
)
def test_what_is_not_a_whole_line_destroys_nothing(line: str) -> None:
    assert tombstones.parse(f"{line}\n") == frozenset()


FIRST = f"{CAMILLE} content 2026-03-04T09:30:00+00:00\n"
SECOND = f"{MONIQUE} log 2026-03-04T09:31:00+00:00\n"


@pytest.mark.parametrize(
    ("added", "count"),
    [
        ("", 1),
        (SECOND, 2),
        (SECOND[:-1], 2),
        (f"\n\n{SECOND}\n", 2),
        (SECOND[:-10], 1),
        (f"{SECOND}{MONIQUE} cont", 2),
        (FIRST, 1),
    ],
    ids=["nothing", "a line", "no end", "empty lines", "cut short", "cut after a line", "twice"],
)
def test_a_list_that_has_grown_names_at_least_what_was_vouched_for(added: str, count: int, tmp_path: Path) -> None:
    folders = Folders(tmp_path, tmp_path)
    vouched = files.write_durably(tmp_path / TOMBSTONES, FIRST.encode())
    (tmp_path / TOMBSTONES).write_text(FIRST + added)
    assert len(listed_tombstones(folders, vouched)) == count
    assert Tombstone(CAMILLE, "content", AT) in listed_tombstones(folders, vouched)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "tombstones is missing"),
        ("", "is not what was written"),
        (FIRST[:-1], "is not what was written"),
        (SECOND + FIRST, "is not what was written"),
        (FIRST.replace("content", "log"), "is not what was written"),
        (f"{FIRST}{SECOND[:-10]}\n{SECOND}", "line 2 of .* is not one"),
        (f"{FIRST}{SECOND[:-10]}\n", "line 2 of .* is not one"),
        (f"{FIRST}é\n", "line 2 of .* is not one"),
        (f"{FIRST}{SECOND}".replace("\n", "\r\n"), "is not what was written"),
        (f"{FIRST}{SECOND[:-1]} \n", "line 2 of .* is not one"),
        (f"{FIRST}{SECOND[:-1]}\x1c\n", "line 2 of .* is not one"),
    ],
)
def test_a_list_that_is_missing_altered_or_no_list_is_refused(text: str | None, said: str, tmp_path: Path) -> None:
    folders = Folders(tmp_path, tmp_path)
    vouched = files.write_durably(tmp_path / TOMBSTONES, FIRST.encode())
    (tmp_path / TOMBSTONES).unlink() if text is None else (tmp_path / TOMBSTONES).write_bytes(text.encode())
    with pytest.raises(Unusable, match=said):
        listed_tombstones(folders, vouched)


@pytest.mark.django_db
def test_a_destruction_that_cannot_be_told_outside_does_not_happen(monkeypatch: pytest.MonkeyPatch) -> None:
    patient = PatientId(new_id())
    ensure_patient_keys(patient)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tombstones, "append", full)
    with pytest.raises(KeyServiceUnavailable):
        destroy(patient, [KeyKind.CONTENT], at=AT)
    assert not ensure_patient_keys(patient).destroyed(KeyKind.CONTENT)


@pytest.mark.django_db
def test_databases_of_ones_own_are_dumped_and_come_back_with_their_rights(tmp_path: Path) -> None:
    """And keys that were destroyed after the back-up stay destroyed, told by the next one."""
    alive, erased = PatientId(new_id()), PatientId(new_id())
    sealed = ensure_patient_keys(alive).seal(KeyKind.CONTENT, b"words", b"here")
    ensure_patient_keys(erased)
    folder(tmp_path / "store").write(alive, sealed)
    config = load(os.environ | {"ESPACE_CONTENT_URL": (tmp_path / "store").as_uri()})
    folders = Folders(tmp_path / "data", tmp_path / "keys")
    made = back_up(config, folders)
    assert (made.run.kind, made.contents) == (Kind.DUMP, 1)
    destroy(erased, [KeyKind.CONTENT], at=AT)
    tombstones.append(folders.keys, tombstones.parse((config.home / "keys" / tombstones.FILE_NAME).read_text()))

    home = {"ESPACE_HOME": str(tmp_path / "home")}
    other = fresh_databases(load({"ESPACE_HOME": str(config.home)}), f"back_{os.getpid()}")
    environment = without_settings(os.environ) | home | other
    espace(environment, "restore", str(folders.data), "--keys", str(folders.keys))
    found = databases(load(environment))
    with connection_to(found["keys"]) as keys:
        kinds = "SELECT kind FROM wrapped_key WHERE patient_id = %s AND wrapped IS NOT NULL ORDER BY 1"
        assert keys.execute(kinds, [alive]).fetchall() == [("content",), ("log",), ("metadata",)]
        assert keys.execute(kinds, [erased]).fetchall() == [("log",), ("metadata",)]
    with connection_to(found["default"]) as application:
        assert application.execute("SELECT count(*) >= 0 FROM record_entry").fetchone() == (True,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("DELETE FROM trace_event")
    assert LocalContentStore(tmp_path / "home" / "contents").read(alive) == sealed


NAME = "0" * 30 + "ab"


def link_to_it(store: Path, secret: Path) -> None:
    (store / "ab").mkdir(parents=True)
    (store / "ab" / NAME).symlink_to(secret)


def link_to_its_folder(store: Path, secret: Path) -> None:
    secret.rename(secret.with_name(NAME))
    store.mkdir()
    (store / "ab").symlink_to(secret.parent)


def link_to_nothing(store: Path, secret: Path) -> None:
    link_to_it(store, secret)
    secret.unlink()


def pipe(store: Path, _: Path) -> None:
    (store / "ab").mkdir(parents=True)
    os.mkfifo(store / "ab" / NAME)


@pytest.mark.parametrize("plant", [link_to_it, link_to_its_folder, link_to_nothing, pipe])
def test_no_link_in_the_store_has_another_file_backed_up(tmp_path: Path, plant: Callable[[Path, Path], None]) -> None:
    """Told at once, and nothing waits for a pipe."""
    (tmp_path / "elsewhere").mkdir()
    secret = tmp_path / "elsewhere" / "secret"
    secret.write_bytes(b"Zygomatique")
    (tmp_path / "data").mkdir()
    plant(tmp_path / "store", secret)
    with pytest.raises(Unusable, match="links are not followed"):
        contents.add(tmp_path / "store", tmp_path / "data", None)
    assert not [path for path in (tmp_path / "data").rglob("*") if path.is_file() and path.name != "contents.index"]


def test_a_folder_that_is_not_one_of_the_store_may_be_a_link(tmp_path: Path) -> None:
    """The store itself may be: an operator chose where it is."""
    real = tmp_path / "disk"
    (real / "ab").mkdir(parents=True)
    (real / "ab" / NAME).write_bytes(b"sealed")
    (tmp_path / "store").symlink_to(real)
    (tmp_path / "data").mkdir()
    held, count = contents.add(tmp_path / "store", tmp_path / "data", None)
    assert count == 1
    assert [name for name, _ in contents.lines(tmp_path / "data", held)] == [NAME]
    assert contents.put_back(tmp_path / "data", held, tmp_path / "back") == 1
    assert (tmp_path / "back" / "ab" / NAME).read_bytes() == b"sealed"


def test_a_link_in_the_place_of_a_content_is_replaced_by_a_restoration(tmp_path: Path) -> None:
    link_to_it(tmp_path / "store", tmp_path / "secret")
    (tmp_path / "secret").write_bytes(b"sealed")
    (tmp_path / "real" / "ab").mkdir(parents=True)
    (tmp_path / "real" / "ab" / NAME).write_bytes(b"sealed")
    (tmp_path / "data").mkdir()
    held, _ = contents.add(tmp_path / "real", tmp_path / "data", None)
    contents.put_back(tmp_path / "data", held, tmp_path / "store")
    assert not (tmp_path / "store" / "ab" / NAME).is_symlink()
    assert (tmp_path / "secret").read_bytes() == b"sealed"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(13, "Permission denied", "/mnt/data"), "/mnt/data cannot be used (Permission denied)"),
        (NotADirectoryError(20, "Not a directory", "/mnt/file/data"), "/mnt/file/data cannot be used"),
        (psycopg.OperationalError("secret words"), "A database stopped answering or refused (OperationalError)"),
        (Unusable("The back-up is damaged."), "The back-up is damaged."),
    ],
)
def test_what_goes_wrong_is_a_sentence_that_repeats_nothing(error: Exception, said: str) -> None:
    with pytest.raises(Failed, match=re.escape(said)) as told_, told():
        raise error
    assert "secret" not in str(told_.value)


def test_a_full_disk_is_told_as_everywhere() -> None:
    with pytest.raises(OSError, match="No space left"), told():
        raise OSError(28, "No space left on device")
