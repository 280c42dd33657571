"""What only a store in a bucket does: one server for the tests, and one that is killed."""

import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from espace.record.adapters import ContentStore, ContentUnavailable
from espace.record.adapters.address import S3Address
from espace.record.adapters.contract import READ_AT_ONCE
from espace.record.adapters.s3 import Patience, S3ContentStore
from record.contents import DAY, NAME, listed, name_at
from s3.certificates import AUTHORITY
from s3.seaweed import ACCESS, BUCKET, SECRET, Seaweed, make, seaweed

HASTY = Patience(connect=1, answer=2, again_within=1, pauses=(0.01,))
_prefixes = count(1)


def test_a_prefix_sees_only_its_own() -> None:
    prefix = f"seul/{next(_prefixes)}"
    ours, longer = seaweed().store(prefix), seaweed().store(f"{prefix}/more")
    ours.write(NAME, b"ours")
    longer.write(other := name_at(DAY), b"theirs")
    assert (listed(ours), listed(longer)) == ({NAME}, {other})


def test_an_answer_that_breaks_off_is_unavailable_and_not_altered(monkeypatch: pytest.MonkeyPatch) -> None:
    store = seaweed().store(f"seul/{next(_prefixes)}")
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


def test_a_listing_goes_beyond_one_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("espace.record.adapters.s3.AT_ONCE", 3)
    store = seaweed().store(f"seul/{next(_prefixes)}")
    names = {name_at(DAY + timedelta(hours=hour)) for hour in range(8)}
    for name in names:
        store.write(name, b"x")
    assert [one.name for one in store.listing(since=None, until=DAY + timedelta(days=1))] == sorted(names)
    store.remove(sorted(names)[1:])
    assert listed(store) == {min(names)}


def test_an_acknowledgement_that_was_lost_is_not_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
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
    store = seaweed().store(f"seul/{next(_prefixes)}")
    store.write(NAME, b"once")
    assert (store.read(NAME), len(lost)) == (b"once", 1)


def test_wrong_keys_are_told_by_code_and_asked_once(caplog: pytest.LogCaptureFixture) -> None:
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
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def store() -> S3ContentStore:
        address = S3Address(BUCKET, f"seul/{next(_prefixes)}", encrypted, "us-east-1")
        return S3ContentStore(address, access_key=ACCESS, secret_key=SECRET)

    encrypted = f"https://localhost:{seaweed().ports['s3.https']}"
    monkeypatch.setenv("NO_PROXY", "localhost")
    unavailable(store())
    assert "UnknownIssuer" in str(vars(caplog.records[-1])["why"])
    monkeypatch.setenv("SSL_CERT_FILE", str(seaweed().folder / AUTHORITY))
    known = store()
    known.write(NAME, b"x")
    assert known.read(NAME) == b"x"


def test_a_server_that_is_not_there_is_told_soon() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        store = S3ContentStore(nowhere(free.getsockname()[1]), access_key="a", secret_key="b", patience=HASTY)
        unavailable(store)


def test_a_server_that_never_answers_is_given_up() -> None:
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
