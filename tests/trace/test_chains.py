"""Chains, notes and proof files to the byte, as docs/reference/proof-file.md has them: no database."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from espace.kernel.ids import PatientId
from espace.kernel.values import replace
from espace.kernel.words import ActorKind, Purpose, Verb, Visibility
from espace.keys.facts import LogKey
from espace.trace.facts import Audience, Checkpoint, Head, Leaf, Linked, Outcome, Proof, ProvedLine, TraceEvent
from espace.trace.rules import chains
from espace.trace.rules.canonical import canonical
from espace.trace.rules.notes import checkpoint_text, key_id, signed_note, verifier_key
from espace.trace.rules.proof_file import proof_file

HOLDER, REPRESENTATIVES = Audience.HOLDER, Audience.REPRESENTATIVES
HELD, FROM_PARENTS, MASKED = (
    Visibility.INVISIBLE_PATIENT, Visibility.INVISIBLE_REPRESENTANTS_LEGAUX, Visibility.MASQUE_PS,
)  # fmt: skip
KEY = bytes(range(32))
A, B, C = (UUID(int=number) for number in (1, 2, 3))


def event(**changes: Any) -> TraceEvent:
    return replace(
        TraceEvent(
            patient=PatientId(UUID(int=9)), id=UUID(int=8), at=datetime(2026, 3, 4, tzinfo=UTC),
            actor_kind=ActorKind.PROFESSIONAL, actor_id=UUID(int=7), actor_name="Zoé", purpose=Purpose.CARE,
            verb=Verb.READ, outcome=Outcome.ALLOWED, reason="consent_in_force", objects=(A,), count=1,
        ),
        **changes,
    )  # fmt: skip


# --- tags and links -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("audience", "name"), [(HOLDER, b"holder"), (REPRESENTATIVES, b"representatives")])
def test_tags_and_links_are_those_of_the_page(audience: Audience, name: bytes) -> None:
    number = (7).to_bytes(8, "big")
    said = hmac.digest(KEY, b"espace-tag/v1\0" + name + number, "sha256")
    assert chains.tag(KEY, audience, 7) == said[:16]
    linked = hmac.digest(KEY, b"espace-link/v1\0" + name + number + bytes(32) + KEY, "sha256")
    assert chains.link(KEY, audience, 7, bytes(32), KEY) == linked
    assert chains.chain_name(audience) == b"espace-chain/v1\0" + name


# --- who may read a line ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hidden", "audiences"),
    [
        ((), {HOLDER, REPRESENTATIVES}),
        ((MASKED,), {HOLDER, REPRESENTATIVES}),
        ((HELD,), set()),
        ((FROM_PARENTS,), {HOLDER}),
        ((FROM_PARENTS, HELD), set()),
        ((FROM_PARENTS, MASKED), {HOLDER}),
    ],
)
def test_what_is_hidden_from_holders_is_hidden_from_whoever_stands_for_them(
    hidden: tuple[Visibility, ...], audiences: set[Audience]
) -> None:
    assert chains.shown_to(frozenset(hidden)) == audiences
    stored = bytes(32) + canonical(event(hidden_from=frozenset(hidden)))
    assert chains.audiences_of(stored) == audiences


# --- the state of a patient's chains ------------------------------------------------------------------------

STATE = Linked(
    UUID(bytes=bytes(range(16))), 2**60 + 5,
    {HOLDER: Head(1, b"a" * 32), REPRESENTATIVES: Head(2, b"b" * 32)},
    {HOLDER: Head(3, b"c" * 32), REPRESENTATIVES: Head(2**33, b"d" * 32)},
)  # fmt: skip


def test_a_state_is_packed_as_these_bytes_and_read_again() -> None:
    data = chains.pack(STATE)
    assert data == b"".join(
        (
            bytes(range(16)), (2**60 + 5).to_bytes(8, "big"),
            (1).to_bytes(8, "big"), b"a" * 32, (3).to_bytes(8, "big"), b"c" * 32,
            (2).to_bytes(8, "big"), b"b" * 32, (2**33).to_bytes(8, "big"), b"d" * 32,
        )
    )  # fmt: skip
    assert chains.unpack(data) == STATE
    for wrong in (data[:-1], data + b"\0", b""):
        with pytest.raises(ValueError, match=r"^not the state of a patient's chains$"):
            chains.unpack(wrong)


# --- one act, its lines -------------------------------------------------------------------------------------

NOBODY: frozenset[Visibility] = frozenset()


def told(event_: TraceEvent, restricted: dict[UUID, frozenset[Visibility]], **always: Any) -> list[Any]:
    """(objects, count, hidden from) of each line."""
    return [(one.objects, one.count, set(one.hidden_from)) for one in chains.parts(event_, restricted, **always)]


def test_what_is_hidden_has_a_line_of_its_own() -> None:
    three = event(objects=(A, B, C), count=3)
    hides = {B: frozenset({HELD}), C: frozenset({FROM_PARENTS, MASKED})}
    assert told(three, {}) == [((A, B, C), 3, set())]
    assert told(three, hides) == [((A,), 1, set()), ((B,), 1, {HELD}), ((C,), 1, {FROM_PARENTS})]
    assert told(event(objects=(B,)), hides) == [((B,), 1, {HELD})]
    assert told(event(objects=(A,), hidden_from=frozenset({MASKED})), {}) == [((A,), 1, {MASKED})]
    assert told(event(objects=(A, B), hidden_from=frozenset({HELD, MASKED})), {B: NOBODY}) == [
        ((B,), 1, {MASKED}), ((A,), 1, {HELD, MASKED}),
    ]  # fmt: skip


@pytest.mark.parametrize("verb", list(Verb))
def test_a_listing_says_that_it_took_place_though_all_of_it_is_hidden(verb: Verb) -> None:
    listing = verb in (Verb.LIST, Verb.SEE_AS, Verb.HISTORY, Verb.OWN_DEPOSITS)
    base = [((), 0, set())] if listing else []
    assert told(event(objects=(A,), verb=verb), {A: frozenset({HELD})}) == [*base, ((A,), 1, {HELD})]


def test_what_is_secret_throughout_hides_all_its_lines() -> None:
    always = frozenset({FROM_PARENTS})
    assert told(event(objects=(), count=0), {}, always=always) == [((), 0, {FROM_PARENTS})]
    masked = event(objects=(), count=0, hidden_from=frozenset({MASKED}))
    assert told(masked, {}, always=always) == [((), 0, {MASKED, FROM_PARENTS})]
    assert told(event(objects=(A, B)), {B: frozenset({HELD})}, always=always) == [
        ((A,), 1, {FROM_PARENTS}), ((B,), 1, {HELD, FROM_PARENTS}),
    ]  # fmt: skip
    assert {one.id for one in chains.parts(event(objects=(A, B)), {B: frozenset({HELD})})} == {UUID(int=8)}


def test_what_changed_is_said_in_the_line_of_its_own_document() -> None:
    grounds = {"profession": "10", f"changed {A}": "title", f"changed {B}": "author", f"changed {UUID(int=77)}": "date"}
    three = event(objects=(A, B, C), grounds=grounds)
    assert [dict(one.grounds) for one in chains.parts(three, {B: frozenset({HELD})})] == [
        {"profession": "10", f"changed {A}": "title"}, {"profession": "10", f"changed {B}": "author"},
    ]  # fmt: skip


# --- notes and files ----------------------------------------------------------------------------------------

LOG_KEY = LogKey("essai.example/transparency", 1, KEY)
IDENTIFIER = hashlib.sha256(b"essai.example/transparency\n\x01" + KEY).digest()[:4]
PUBLIC = "AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"


def test_a_note_is_that_of_c2sp() -> None:
    assert checkpoint_text("a.example", 12, bytes(32)) == f"a.example\n12\n{'A' * 43}=\n"
    assert key_id(LOG_KEY) == IDENTIFIER
    assert verifier_key(LOG_KEY) == f"essai.example/transparency+{IDENTIFIER.hex()}+{PUBLIC}"
    other = LogKey("b", 2, b"")
    assert signed_note("x\n", [(LOG_KEY, b""), (other, b"")]).splitlines() == [
        "x", "", f"— essai.example/transparency {_b64(IDENTIFIER)}",
        f"— b {_b64(hashlib.sha256(bytes((98, 10, 2))).digest()[:4])}",
    ]  # fmt: skip
    assert signed_note("x\n", [(LOG_KEY, b"sign")]).endswith(f" {_b64(IDENTIFIER + b'sign')}\n")


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_a_proof_file_is_these_bytes() -> None:
    early, late = Leaf(3, b"e", (b"p", b"q")), Leaf(9, b"l", ())
    at: Any = None
    lines = (
        ProvedLine(b'{"id":"\xc3\xa9"}', b"n", late, 1, b"", late),
        ProvedLine(b"{}", b"m", early, 2, b"before", late),
    )
    data = proof_file(Proof(HOLDER, KEY, Checkpoint(10, b"", "note\n", at), lines, 4), [LOG_KEY], whole=True)
    assert data.startswith(b'{\n "format": "espace-trace-proof/1",\n "audience": "holder",\n "scope": "all",\n')
    assert "é".encode() in data
    assert json.loads(data) == {
        "format": "espace-trace-proof/1", "audience": "holder", "scope": "all",
        "chain_key": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "checkpoint": "note\n",
        "keys": [verifier_key(LOG_KEY)],
        "entries": [
            {"index": 3, "data": "ZQ==", "proof": ["cA==", "cQ=="]}, {"index": 9, "data": "bA==", "proof": []},
        ],
        "lines": [
            {"event": '{"id":"é"}', "nonce": "bg==", "number": 1, "previous": "", "entry": 9, "link_entry": 9},
            {"event": "{}", "nonce": "bQ==", "number": 2, "previous": "YmVmb3Jl", "entry": 3, "link_entry": 9},
        ],
        "waiting": 4,
    }  # fmt: skip
    assert json.loads(proof_file(Proof(HOLDER, KEY, Checkpoint(0, b"", "", at), (), 0), [], whole=False)) == {
        "format": "espace-trace-proof/1", "audience": "holder", "scope": "line",
        "chain_key": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "checkpoint": "", "keys": [], "entries": [],
        "lines": [], "waiting": 0,
    }  # fmt: skip
