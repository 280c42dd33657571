"""What is sealed and opened in pieces is what is sealed and opened at once; and nothing is given out unproven."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace.kernel.ids import PatientId
from espace.keys import rules
from espace.keys.facts import KeyKind, KeysDestroyed, SealBroken
from espace.keys.queries import PatientKeys

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
NONCE = bytes(range(100, 112))
BOUND = b"where it lives"
PIECE = rules.PIECE
FIRST = rules.OVERHEAD
SIZES = [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 5]
PLAIN = bytes(range(256)) * (2 * PIECE // 256 + 1)
LARGE = PLAIN[: 2 * PIECE + 5]
SEALED = rules.seal(KEY, 3, NONCE, LARGE, BOUND)


def sealing(plaintext: rules.Data) -> rules.Sealing:
    return rules.Sealing(KEY, 3, NONCE, plaintext, BOUND)


def key_of(version: int) -> bytes:
    return {3: KEY}[version]


def cut(data: bytes, first: int, step: int) -> Iterator[bytes]:
    yield data[:first]
    for start in range(first, len(data), step):
        yield data[start : start + step]


def opened(data: bytes, *, first: int = FIRST, step: int = PIECE, bound: bytes = BOUND) -> bytes:
    return rules.open_in_pieces(key_of, len(data), cut(data, first, step), bound)


@pytest.mark.parametrize("size", SIZES)
def test_the_same_bytes_each_time_and_those_of_one_shot(size: int) -> None:
    made = sealing(memoryview(PLAIN)[:size])
    whole = rules.seal(KEY, 3, NONCE, PLAIN[:size], BOUND)
    assert b"".join(made) == b"".join(made) == whole
    assert len(made) == len(whole) == size + rules.OVERHEAD
    assert max(map(len, made)) <= PIECE + rules.OVERHEAD


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("first", "step"), [(FIRST, PIECE), (FIRST, 700_001), (PIECE + 64, PIECE + 64)])
def test_it_opens_however_it_is_cut(size: int, first: int, step: int) -> None:
    assert opened(b"".join(sealing(PLAIN[:size])), first=first, step=step) == PLAIN[:size]


@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
def test_a_byte_that_is_another_opens_nothing(place: int, change: int) -> None:
    altered = bytearray(SEALED)
    altered[place] ^= change
    with pytest.raises((SealBroken, KeyError)):  # KeyError: of a version that there is not
        opened(bytes(altered))


END = len(SEALED)
HEAD, FIRST_PIECE = SEALED[:15], SEALED[15 : 15 + PIECE]
SECOND, REST = SEALED[15 + PIECE : 15 + 2 * PIECE], SEALED[15 + 2 * PIECE :]
WRONG = {
    "cut in its tag": SEALED[:-1],
    "without its tag": SEALED[:-16],
    "cut in the middle": SEALED[: END // 2],
    "its header alone": SEALED[:15],
    "less than a header": SEALED[:2],
    "longer": SEALED + b"x",
    "twice": SEALED + SEALED,
    "a piece moved": HEAD + SECOND + FIRST_PIECE + REST,
    "a piece said twice": HEAD + FIRST_PIECE + FIRST_PIECE + REST,
    "of the platform's own": rules.seal_derived(KEY, 3, bytes(16), NONCE, LARGE, BOUND),
    "nothing": b"",
}


@pytest.mark.parametrize("data", WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("first", [15, FIRST, 40, PIECE])
def test_what_was_cut_grown_or_moved_opens_nothing(data: bytes, first: int) -> None:
    with pytest.raises(SealBroken):
        opened(data, first=first)


def test_a_file_that_changes_while_it_is_read_opens_nothing() -> None:
    for size in (END - 1, END + 1, PIECE, 16, 0):
        with pytest.raises(SealBroken):
            rules.open_in_pieces(key_of, size, cut(SEALED, FIRST, PIECE), BOUND)


def test_another_place_or_another_key_opens_nothing() -> None:
    with pytest.raises(SealBroken):
        opened(SEALED, bound=b"elsewhere")
    with pytest.raises(SealBroken):
        rules.open_in_pieces(lambda _: OTHER, END, cut(SEALED, FIRST, PIECE), BOUND)


def test_the_keys_of_a_patient_seal_and_open_in_pieces_what_they_do_at_once() -> None:
    anne = PatientId(UUID("01890000-0000-7000-8000-00000000000a"))
    keys = PatientKeys(anne, {kind: {2: OTHER, 3: KEY} for kind in KeyKind})
    sealed = b"".join(keys.sealing(KeyKind.CONTENT, LARGE, b"here"))
    assert rules.key_version(sealed) == 3
    assert keys.open(KeyKind.CONTENT, sealed, b"here") == LARGE
    older = PatientKeys(anne, {kind: {2: OTHER} for kind in KeyKind}).seal(KeyKind.CONTENT, LARGE, b"here")
    for one in (sealed, older):
        assert keys.open_in_pieces(KeyKind.CONTENT, len(one), cut(one, FIRST, PIECE), b"here") == LARGE
    with pytest.raises(SealBroken):
        keys.open_in_pieces(KeyKind.METADATA, len(sealed), cut(sealed, FIRST, PIECE), b"here")
    lost = PatientKeys(anne, {kind: {3: None} for kind in KeyKind})
    with pytest.raises(KeysDestroyed):
        lost.open_in_pieces(KeyKind.CONTENT, len(sealed), cut(sealed, FIRST, PIECE), b"here")
    with pytest.raises(KeysDestroyed):
        lost.sealing(KeyKind.CONTENT, LARGE, b"here")
