"""Sealed bytes: their exact form, and that nothing altered, cut or moved ever opens."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace.kernel.ids import PatientId
from espace.keys import rules
from espace.keys.facts import KeyKind, KeysDestroyed, SealBroken
from espace.keys.queries import PatientKeys

KEY = bytes(range(32))
NONCE = bytes(range(100, 112))
SALT = bytes(range(50, 66))
ANNE = PatientId(UUID("01890000-0000-7000-8000-00000000000a"))
PAUL = PatientId(UUID("01890000-0000-7000-8000-00000000000c"))
ROW = UUID("01890000-0000-7000-8000-00000000000b")
HERE = rules.context("record_entry", ROW)
SEALED = bytes.fromhex(
    "010003" "6465666768696a6b6c6d6e6f" "0f69b1150a8c25ed5b037547d45b7165a55e71e1b791cf070d"
)  # fmt: skip
DERIVED = bytes.fromhex(
    "020001" "32333435363738393a3b3c3d3e3f4041" "6465666768696a6b6c6d6e6f"
    "aa7cb2ba89b90b37bd37e20cbe1e0a543492ad9364b8"
)  # fmt: skip


def _keys(patient: PatientId, key: bytes = KEY) -> PatientKeys:
    return PatientKeys(patient, {kind: {3: key} for kind in KeyKind})


def test_the_form_of_an_envelope_is_fixed() -> None:
    bound = rules.patient_context(ANNE, KeyKind.METADATA, HERE)
    assert rules.seal(KEY, 3, NONCE, b"Grossesse", bound) == SEALED
    assert rules.open_sealed(KEY, SEALED, bound) == b"Grossesse"
    assert _keys(ANNE).open(KeyKind.METADATA, SEALED, HERE) == b"Grossesse"


def test_the_form_of_an_envelope_under_a_derived_key_is_fixed() -> None:
    assert rules.seal_derived(KEY, 1, SALT, NONCE, b"secret", b"domain") == DERIVED
    assert rules.open_derived(KEY, DERIVED, b"domain") == b"secret"


@pytest.mark.parametrize(
    ("who", "kind", "where"),
    [
        (PAUL, KeyKind.METADATA, HERE),
        (ANNE, KeyKind.CONTENT, HERE),
        (ANNE, KeyKind.METADATA, rules.context("record_entry", UUID(int=7))),
        (ANNE, KeyKind.METADATA, rules.context("clinical_fact", ROW)),
        (ANNE, KeyKind.METADATA, b""),
    ],
)
def test_moved_to_another_patient_kind_row_or_table_it_does_not_open(
    who: PatientId, kind: KeyKind, where: bytes
) -> None:
    with pytest.raises(SealBroken):
        _keys(who).open(kind, SEALED, where)


def test_every_single_bit_counts() -> None:
    for position in range(len(SEALED) * 8):
        altered = bytearray(SEALED)
        altered[position // 8] ^= 1 << position % 8
        with pytest.raises(SealBroken):
            _keys(ANNE).open(KeyKind.METADATA, bytes(altered), HERE)


def test_every_single_bit_counts_under_a_derived_key() -> None:
    for position in range(24, len(DERIVED) * 8):
        altered = bytearray(DERIVED)
        altered[position // 8] ^= 1 << position % 8
        with pytest.raises(SealBroken):
            rules.open_derived(KEY, bytes(altered), b"domain")


def test_cut_at_any_length_it_does_not_open() -> None:
    for length in range(len(SEALED)):
        with pytest.raises(SealBroken):
            _keys(ANNE).open(KeyKind.METADATA, SEALED[:length], HERE)
    for length in range(len(DERIVED)):
        with pytest.raises(SealBroken):
            rules.open_derived(KEY, DERIVED[:length], b"domain")


def test_one_kind_of_envelope_does_not_open_as_the_other() -> None:
    with pytest.raises(SealBroken):
        rules.open_sealed(KEY, DERIVED, b"domain")
    with pytest.raises(SealBroken):
        rules.open_derived(KEY, SEALED + bytes(32), rules.patient_context(ANNE, KeyKind.METADATA, HERE))


@given(st.binary(max_size=200))
def test_arbitrary_bytes_never_open_and_never_crash(noise: bytes) -> None:
    with pytest.raises(SealBroken):
        _keys(ANNE).open(KeyKind.CONTENT, noise, HERE)
    with pytest.raises(SealBroken):
        rules.open_derived(KEY, noise, b"domain")


@given(st.binary(max_size=2000), st.binary(max_size=40), st.sampled_from(KeyKind))
def test_what_is_sealed_opens_and_shows_nothing(plaintext: bytes, where: bytes, kind: KeyKind) -> None:
    sealed = _keys(ANNE).seal(kind, plaintext, where)
    assert _keys(ANNE).open(kind, sealed, where) == plaintext
    assert len(sealed) == len(plaintext) + 31
    assert len(plaintext) < 8 or plaintext not in sealed


def test_sealing_twice_never_gives_the_same_bytes() -> None:
    keys = _keys(ANNE)
    assert len({keys.seal(KeyKind.CONTENT, b"the same", HERE) for _ in range(100)}) == 100


def test_a_newer_key_seals_and_the_older_still_opens() -> None:
    both = PatientKeys(ANNE, {KeyKind.METADATA: {3: KEY, 4: bytes(32)}})
    assert both.open(KeyKind.METADATA, SEALED, HERE) == b"Grossesse"
    assert both.seal(KeyKind.METADATA, b"x", HERE)[:3] == b"\x01\x00\x04"


def test_a_version_never_made_or_destroyed_opens_nothing() -> None:
    with pytest.raises(SealBroken, match="version 3"):
        PatientKeys(ANNE, {KeyKind.METADATA: {4: KEY}}).open(KeyKind.METADATA, SEALED, HERE)
    with pytest.raises(KeysDestroyed):
        PatientKeys(ANNE, {KeyKind.METADATA: {3: None, 4: KEY}}).open(KeyKind.METADATA, SEALED, HERE)


def test_a_content_of_the_greatest_size_is_sealed_whole() -> None:
    content = b"\x00\xff" * (25 * 1024 * 1024)
    sealed = _keys(ANNE).seal(KeyKind.CONTENT, content, HERE)
    assert _keys(ANNE).open(KeyKind.CONTENT, sealed, HERE) == content


def test_a_blind_index_is_taken_on_unambiguous_bytes() -> None:
    assert rules.index_input("ins", "255069999999934") == b"espace-index/v1\x00\x00\x03ins255069999999934"
    assert rules.index_input("a", "bc") != rules.index_input("ab", "c")
    assert rules.index_input("email", "\ud800") == b"espace-index/v1\x00\x00\x05email\xed\xa0\x80"


def test_keys_are_not_shown_by_repr() -> None:
    assert "\\x00\\x01\\x02" not in repr(_keys(ANNE))
