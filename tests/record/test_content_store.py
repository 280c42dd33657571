"""Contents in a folder and in a bucket keep the same promises: whole or absent, never half, never over another. What
only one of them does: test_content_store_folder.py, test_content_store_bucket.py."""

import errno
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

import pytest

import espace
from espace.record.adapters import MARK, ContentMissing, ContentStore, ContentUnavailable
from espace.record.adapters.contract import READ_AT_ONCE, content_name, named_at
from record.contents import DAY, NAME, listed, name_at
from s3.seaweed import seaweed
from stores import folder

_prefixes = count(1)


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ContentStore:
    if request.param == "bucket":
        return seaweed().store(f"essai/{next(_prefixes)}")
    return folder(tmp_path / "contents")


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
