"""Contents in a folder and in a bucket keep the same promises: whole or absent, never half, never over another."""

import errno
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

import pytest

import espace
from espace import edge
from espace.kernel.ids import uuid7
from espace.record.adapters import MARK, ContentMissing, ContentStore, ContentUnavailable, LocalContentStore
from espace.record.adapters.address import S3Address
from espace.record.adapters.contract import READ_AT_ONCE, content_name, named_at
from espace.record.adapters.s3 import Patience, S3ContentStore
from s3.certificates import AUTHORITY
from s3.limits import file_size_limit
from s3.seaweed import ACCESS, BUCKET, SECRET, Seaweed, make, seaweed
from stores import folder

NAME = UUID("01a20061-10c1-7409-9dfb-d2c137ae7296")
DAY = datetime(2026, 3, 4, tzinfo=UTC)
HASTY = Patience(connect=1, answer=2, again_within=1, pauses=(0.01,))
_prefixes = count(1)


def name_at(at: datetime) -> UUID:
    return uuid7(at, edge.random_bytes(10))


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ContentStore:
    if request.param == "bucket":
        return seaweed().store(f"essai/{next(_prefixes)}")
    return folder(tmp_path / "contents")


def listed(store: ContentStore, since: datetime | None = None, until: datetime | None = None) -> set[UUID]:
    return {one.name for one in store.listing(since=since, until=until or DAY + timedelta(days=365))}


@pytest.mark.parametrize("data", [b"", b"\x00", b"\xff" * 300_000, bytes(range(256)) * 20_000], ids=len)
def test_what_is_written_is_read_again(store: ContentStore, data: bytes) -> None:
    store.write(NAME, data)
    assert store.read(NAME) == data


@dataclass(frozen=True)
class Pieces:
    """What a store is given that is never whole in memory."""

    every: tuple[bytes, ...]

    def __len__(self) -> int:
        return sum(map(len, self.every))

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.every)


def test_what_comes_in_pieces_is_what_comes_at_once(store: ContentStore) -> None:
    data = bytes(range(256)) * 20_000
    store.write(NAME, Pieces((data[:15], data[15:3_000_000], b"", data[3_000_000:])))
    assert store.read(NAME) == data
    store.write(NAME, data)
    store.write(NAME, Pieces((data[:1], data[1:])))
    for other in (Pieces((data, b"x")), Pieces((data[:-1],)), Pieces((data[:-1], b"x")), Pieces(())):
        with pytest.raises(FileExistsError):
            store.write(NAME, other)
    size, pieces = store.reading(NAME)
    assert (size, b"".join(pieces)) == (len(data), data)


def test_pieces_that_break_off_leave_nothing(store: ContentStore) -> None:
    class Broken(Pieces):
        def __iter__(self) -> Iterator[bytes]:
            yield b"half"
            raise OSError(errno.EIO, "the rest is lost")

    with pytest.raises(OSError, match="the rest is lost"):
        store.write(NAME, Broken((b"half", b"half")))
    assert listed(store) == set()
    with pytest.raises(ContentMissing):
        store.reading(NAME)


@pytest.mark.parametrize("data", [b"", b"x", b"x" * READ_AT_ONCE, b"x" * (READ_AT_ONCE + 1)], ids=len)
def test_a_content_is_read_in_pieces_of_which_the_first_has_its_header(store: ContentStore, data: bytes) -> None:
    store.write(NAME, data)
    size, pieces = store.reading(NAME)
    first = next(pieces, b"")
    assert (size, first[:15], first + b"".join(pieces)) == (len(data), data[:15], data)


def test_what_was_never_written_is_missing_and_not_unavailable(store: ContentStore) -> None:
    with pytest.raises(ContentMissing) as caught:
        store.read(NAME)
    assert not isinstance(caught.value, ContentUnavailable)


def test_a_name_is_written_once(store: ContentStore) -> None:
    store.write(NAME, b"the first")
    store.write(NAME, b"the first")
    with pytest.raises(FileExistsError):
        store.write(NAME, b"another")
    assert store.read(NAME) == b"the first"
    assert listed(store) == {NAME}


def test_of_two_writers_of_one_name_one_wins_and_its_bytes_stay(store: ContentStore) -> None:
    outcomes: dict[bytes, str] = {}
    together = threading.Barrier(4)

    def write(data: bytes) -> None:
        together.wait()
        try:
            store.write(NAME, data)
            outcomes[data] = "kept"
        except FileExistsError:
            outcomes[data] = "refused"

    threads = [threading.Thread(target=write, args=(letter * 200_000,)) for letter in (b"a", b"b", b"c", b"d")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes.values()) == ["kept", "refused", "refused", "refused"]
    assert outcomes[store.read(NAME)] == "kept"


def test_a_listing_is_bounded_by_the_time_in_the_names(store: ContentStore) -> None:
    days = [name_at(DAY + timedelta(days=day)) for day in range(5)]
    for name in days:
        store.write(name, b"x")
    assert listed(store) == set(days)
    assert listed(store, since=DAY + timedelta(days=1)) == set(days[1:])
    assert listed(store, until=DAY + timedelta(days=3)) == set(days[:3])
    assert listed(store, DAY + timedelta(days=1), DAY + timedelta(days=3)) == set(days[1:3])
    assert listed(store, DAY + timedelta(days=9)) == set()


def test_the_store_says_when_it_was_written_whatever_the_name_says(store: ContentStore) -> None:
    before = datetime.now(UTC) - timedelta(seconds=2)
    store.write(NAME, b"x")
    (one,) = store.listing(since=None, until=datetime.max.replace(tzinfo=UTC))
    assert before <= one.written_at <= datetime.now(UTC) + timedelta(seconds=2)
    assert one.latest == max(one.written_at, named_at(NAME))


def test_what_is_removed_is_gone_and_what_is_not_there_is_no_error(store: ContentStore) -> None:
    kept, gone = name_at(DAY), [name_at(DAY) for _ in range(3)]
    for name in (kept, *gone):
        store.write(name, b"x")
    store.remove([*gone, name_at(DAY)])
    store.remove([])
    assert listed(store) == {kept}
    with pytest.raises(ContentMissing):
        store.read(gone[0])


def test_what_was_put_there_by_others_is_not_listed(store: ContentStore) -> None:
    store.remove([MARK])
    store.mark(b"the mark of the installation")
    store.write(UUID("6f1c1b3e-3c5f-4c57-8d2f-6b1f0e2f7a11"), b"a name that is no UUIDv7")
    store.write(NAME, b"x")
    assert listed(store) == {NAME}
    assert store.read(UUID(int=0)) == b"the mark of the installation"


def test_a_store_that_is_well_says_so_and_leaves_nothing_unfinished(store: ContentStore) -> None:
    store.check()
    store.write(NAME, b"x")
    later = datetime.now(UTC) + timedelta(days=2)
    assert (store.unfinished(before=later), store.sweep(before=later)) == (0, 0)
    store.check()


@pytest.mark.parametrize("text", ["", "x" * 32, NAME.hex.upper(), NAME.hex[:-1], f"{NAME.hex}.tmp", "0" * 32])
def test_what_is_no_name_of_ours(text: str) -> None:
    assert content_name(text) is None


def test_a_name_says_when_it_was_given_even_beyond_the_calendar() -> None:
    assert content_name(NAME.hex) == NAME
    assert named_at(name_at(DAY)) == DAY
    assert named_at(UUID("ffffffff-ffff-7fff-bfff-ffffffffffff")).year == 9999


def test_what_writes_contents_is_what_the_rows_of_documents_name() -> None:
    """Whatever else would write one must be known to `named`, or the worker would take its contents for orphans."""
    source = Path(espace.__file__).parent
    writers = {str(p.relative_to(source)) for p in source.rglob("*.py") if "content_store().write(" in p.read_text()}
    assert writers == {"record/actions/rows.py", "record/actions/contents.py", "record/actions/copying.py"}


class TestFolder:
    """What only a folder does."""

    def test_where_it_is(self, tmp_path: Path) -> None:
        folder(tmp_path / "contents").write(NAME, b"x")
        assert [path.name for path in (tmp_path / "contents" / "96").iterdir()] == [NAME.hex]

    @pytest.mark.parametrize("call", ["fsync", "rename"])
    def test_a_write_that_fails_leaves_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
    ) -> None:
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

    def test_a_disk_that_fails_between_two_pieces_is_said(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store = folder(tmp_path)
        store.write(NAME, b"x" * (READ_AT_ONCE + 1))
        _, pieces = store.reading(NAME)
        assert len(next(pieces)) == READ_AT_ONCE

        def broken(*_: object) -> None:
            raise ContentUnavailable(NAME.hex)

        monkeypatch.setattr("espace.record.adapters.local._piece", broken)
        with pytest.raises(ContentUnavailable):
            next(pieces)

    def test_a_disk_that_is_full_in_the_middle_leaves_nothing(self, tmp_path: Path) -> None:
        """The kernel itself refuses the second half: a limit on the size of files stands for a full disk."""
        store = folder(tmp_path)
        with file_size_limit(100_000), pytest.raises(OSError, match="too large"):
            store.write(NAME, b"x" * 200_000)
        assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [MARK.hex]
        with pytest.raises(ContentMissing):
            store.read(NAME)
        store.write(NAME, b"x" * 200_000)
        assert len(store.read(NAME)) == 200_000

    def test_what_a_kill_left_is_never_read_and_is_swept_when_old(self, tmp_path: Path) -> None:
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

    def test_a_folder_that_cannot_be_used(self, tmp_path: Path) -> None:
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

    def test_what_is_there_and_cannot_be_read_is_unavailable(self, tmp_path: Path) -> None:
        (tmp_path / "96" / NAME.hex).mkdir(parents=True)
        with pytest.raises(ContentUnavailable):
            LocalContentStore(tmp_path).read(NAME)

    @pytest.mark.parametrize("there", ["an empty folder", "no folder", "the folders of contents, no mark"])
    def test_where_a_volume_is_not_mounted_nothing_is_written_nor_removed(self, tmp_path: Path, there: str) -> None:
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

    def test_a_store_is_marked_once(self, tmp_path: Path) -> None:
        store = folder(tmp_path)
        store.mark(b"of this test")
        with pytest.raises(FileExistsError):
            store.mark(b"of another")
        assert store.read(MARK) == b"of this test"


class TestBucket:
    """What only a bucket does."""

    def test_a_prefix_sees_only_its_own(self) -> None:
        prefix = f"essai/{next(_prefixes)}"
        ours, longer = seaweed().store(prefix), seaweed().store(f"{prefix}/more")
        ours.write(NAME, b"ours")
        longer.write(other := name_at(DAY), b"theirs")
        assert (listed(ours), listed(longer)) == ({NAME}, {other})

    def test_an_answer_that_breaks_off_is_unavailable_and_not_altered(self, monkeypatch: pytest.MonkeyPatch) -> None:
        store = seaweed().store(f"essai/{next(_prefixes)}")
        store.write(NAME, b"x" * (READ_AT_ONCE + 1))

        def broken(pieces: Iterator[bytes]) -> Iterator[bytes]:
            yield from pieces
            raise OSError("the line is cut")

        for rest in (iter(()), broken(iter(()))):
            begun = (READ_AT_ONCE + 1, b"x" * READ_AT_ONCE, rest)
            monkeypatch.setattr(S3ContentStore, "_begun", lambda *_, begun=begun: begun)
            _, pieces = store.reading(NAME)
            assert len(next(pieces)) == READ_AT_ONCE
            with pytest.raises(ContentUnavailable):
                next(pieces)

    def test_a_listing_goes_beyond_one_page(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("espace.record.adapters.s3.AT_ONCE", 3)
        store = seaweed().store(f"essai/{next(_prefixes)}")
        names = {name_at(DAY + timedelta(hours=hour)) for hour in range(8)}
        for name in names:
            store.write(name, b"x")
        assert [one.name for one in store.listing(since=None, until=DAY + timedelta(days=1))] == sorted(names)
        store.remove(sorted(names)[1:])
        assert listed(store) == {min(names)}

    def test_an_acknowledgement_that_was_lost_is_not_a_refusal(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The object is created, its answer is lost, the write asks again: the name is taken, by these very bytes."""
        import obstore

        put, lost = obstore.put, []

        def losing(*words: object, **more: object) -> object:
            answer = put(*words, **more)
            if not lost:
                lost.append(answer)
                raise ConnectionResetError("the answer is lost")
            return answer

        monkeypatch.setattr("obstore.put", losing)
        store = seaweed().store(f"essai/{next(_prefixes)}")
        store.write(NAME, b"once")
        assert (store.read(NAME), len(lost)) == (b"once", 1)

    def test_wrong_keys_are_told_by_code_and_asked_once(self, caplog: pytest.LogCaptureFixture) -> None:
        store = seaweed().store("essai/wrong", secret="un-autre-secret")
        with pytest.raises(OSError) as caught:
            store.write(NAME, b"x")
        with pytest.raises(ContentUnavailable):
            store.read(NAME)
        with pytest.raises(OSError):
            store.check()
        with pytest.raises(OSError):
            listed(store)
        told = str(caught.value) + "".join(f"{r.getMessage()} {vars(r)}" for r in caplog.records)
        assert "PermissionDeniedError 403 SignatureDoesNotMatch" in told
        for forbidden in ("un-autre-secret", "ESSAI", NAME.hex, "127.0.0.1"):
            assert forbidden not in told

    def test_a_certificate_of_an_unknown_authority_gets_nothing(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def store() -> S3ContentStore:
            address = S3Address(BUCKET, f"essai/{next(_prefixes)}", encrypted, "us-east-1")
            return S3ContentStore(address, access_key=ACCESS, secret_key=SECRET)

        encrypted = f"https://localhost:{seaweed().ports['s3.https']}"
        monkeypatch.setenv("NO_PROXY", "localhost")
        unavailable(store())
        assert "UnknownIssuer" in str(vars(caplog.records[-1])["why"])
        monkeypatch.setenv("SSL_CERT_FILE", str(seaweed().folder / AUTHORITY))
        known = store()
        known.write(NAME, b"x")
        assert known.read(NAME) == b"x"

    def test_a_server_that_is_not_there_is_told_soon(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            store = S3ContentStore(nowhere(free.getsockname()[1]), access_key="a", secret_key="b", patience=HASTY)
            unavailable(store)

    def test_a_server_that_never_answers_is_given_up(self) -> None:
        with socket.socket() as mute:
            mute.bind(("127.0.0.1", 0))
            mute.listen()
            quick = Patience(connect=0.2, answer=0.2, again_within=0, pauses=())
            unavailable(S3ContentStore(nowhere(mute.getsockname()[1]), access_key="a", secret_key="b", patience=quick))


def nowhere(port: int) -> S3Address:
    return S3Address("espace-essai", "", f"http://127.0.0.1:{port}", "us-east-1")


def unavailable(store: ContentStore) -> None:
    """Each question has its own error: nothing is taken for missing or for empty."""
    with pytest.raises(OSError, match="content store"):
        store.write(NAME, b"x")
    with pytest.raises(ContentUnavailable):
        store.read(NAME)
    with pytest.raises(OSError, match="content store"):
        listed(store)
    with pytest.raises(OSError, match="content store"):
        store.remove([NAME])
    with pytest.raises(OSError, match="content store"):
        store.check()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Seaweed]:
    server = make(tmp_path)
    server.begin()
    try:
        server.wait()
        yield server
    finally:
        server.kill()


def test_a_server_killed_in_mid_write_keeps_what_it_acknowledged_and_shows_nothing_half(own_server: Seaweed) -> None:
    store = own_server.store("kill", HASTY)
    acknowledged, refused = {}, {}
    many = {name_at(DAY): bytes([number]) * 3_000_000 for number in range(40)}
    killer = threading.Timer(0.15, own_server.kill)
    killer.start()
    for name, data in many.items():
        try:
            store.write(name, data)
            acknowledged[name] = data
        except OSError:
            refused[name] = data
            break
    killer.join()
    assert refused
    unavailable(store)
    own_server.begin()
    own_server.wait()
    for name, data in acknowledged.items():
        assert store.read(name) == data
    for name in store.listing(since=None, until=DAY + timedelta(days=1)):
        assert store.read(name.name) == many[name.name]
    for name, data in refused.items():
        store.write(name, data)
        assert store.read(name) == data
