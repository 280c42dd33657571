"""A log on paper, for the tests of the verifier: no database, no chance, the same bytes each time."""

import argparse
import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from espace.keys.facts import LogKey
from espace.site import verify_trace
from espace.trace.facts import Audience, Checkpoint, Leaf, Proof, ProvedLine
from espace.trace.rules import chains, merkle
from espace.trace.rules.canonical import commitment
from espace.trace.rules.notes import checkpoint_text, signed_note, verifier_key
from espace.trace.rules.proof_file import proof_file

ORIGIN = "papier.example/transparency"
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
AUDIENCES = (Audience.HOLDER, Audience.REPRESENTATIVES)
TILE = 256

Said = dict[str, Any]


def chance(*words: object) -> bytes:
    """32 bytes, the same for the same words."""
    return sha256("/".join(map(str, words)).encode()).digest()


KEY = chance("key of the chain")


@dataclass(frozen=True)
class Written:
    """A line as the log has it; `entry` and `link_entry` are its leaves."""

    event: bytes
    nonce: bytes
    number: int
    previous: bytes
    entry: int
    link_entry: int


@dataclass(frozen=True)
class Paper:
    """The leaves of a log, and the lines of one person that are among them."""

    leaves: tuple[bytes, ...]
    lines: tuple[Written, ...]
    audience: Audience = Audience.HOLDER


def event_of(number: int, **said: str) -> bytes:
    return json.dumps({"id": f"line {number}", "patient": "anne"} | said).encode()


def paper(
    size: int,
    places: Sequence[int],
    *,
    audience: Audience = Audience.HOLDER,
    links: Mapping[int, int] | None = None,
    before: Mapping[int, bytes] | None = None,
    events: Mapping[int, bytes] | None = None,
) -> Paper:
    """A log of so many leaves, whose `places` are lines 1, 2, 3… of one person. Of some numbers: `links`, the later
    leaf of their link; `before`, the link that they follow instead of the true one; `events`, another event."""
    commitments = [chance("commitment", index) for index in range(size)]
    slots = {(index, one): (chance("slot", index, one) * 2)[:48] for index in range(size) for one in AUDIENCES}
    lines, link = [], bytes(32)
    for number, entry in enumerate(places, 1):
        event, nonce = (events or {}).get(number, event_of(number)), chance("nonce", number)
        previous, link_entry = (before or {}).get(number, link), (links or {}).get(number, entry)
        commitments[entry] = commitment(nonce, event)
        link = chains.link(KEY, audience, number, previous, commitments[entry])
        slots[link_entry, audience] = chains.tag(KEY, audience, number) + link
        lines.append(Written(event, nonce, number, previous, entry, link_entry))
    leaves = tuple(b"".join((one, *(slots[index, who] for who in AUDIENCES))) for index, one in enumerate(commitments))
    return Paper(leaves, tuple(lines), audience)


def log_key(private: Ed25519PrivateKey = PRIVATE, origin: str = ORIGIN) -> LogKey:
    return LogKey(origin, 1, private.public_key().public_bytes_raw())


def note_of(leaves: Sequence[bytes], *, origin: str = ORIGIN, private: Ed25519PrivateKey = PRIVATE) -> str:
    """The signed checkpoint of these leaves."""
    text = checkpoint_text(origin, len(leaves), merkle.root(leaves))
    return signed_note(text, [(log_key(private, origin), private.sign(text.encode()))])


def file_of(log: Paper, *, size: int | None = None, numbers: Sequence[int] | None = None, whole: bool = True) -> Said:
    """The proof file of these numbers (all) in the tree of the first `size` leaves (all)."""
    leaves = log.leaves[:size]
    lines = [one for one in log.lines if numbers is None or one.number in numbers]

    def leaf(index: int) -> Leaf:
        return Leaf(index, leaves[index], merkle.inclusion_proof(index, leaves))

    proved = tuple(
        ProvedLine(one.event, one.nonce, leaf(one.entry), one.number, one.previous, leaf(one.link_entry))
        for one in lines
    )
    at: Any = None  # when it was signed is not in a file
    checkpoint = Checkpoint(len(leaves), merkle.root(leaves), note_of(leaves), at)
    data = proof_file(Proof(log.audience, KEY, checkpoint, proved, 0), [log_key()], whole=whole)
    said: Said = json.loads(data)
    return said


def publish(folder: Path, leaves: Sequence[bytes], *, note: str | None = None) -> str:
    """The log as it is published, in a folder: checkpoint, tiles of hashes, bundles of entries."""
    _put(folder / "checkpoint", (note or note_of(leaves)).encode())
    hashes, level = [merkle.leaf_hash(leaf) for leaf in leaves], 0
    entries = [len(leaf).to_bytes(2) + leaf for leaf in leaves]
    _put_tiles(folder / "tile" / "entries", entries)
    while hashes:
        _put_tiles(folder / "tile" / str(level), hashes)
        whole = len(hashes) - len(hashes) % TILE
        hashes, level = [_top(hashes[at : at + TILE]) for at in range(0, whole, TILE)], level + 1
    return str(folder)


def _put_tiles(folder: Path, parts: Sequence[bytes]) -> None:
    for number, at in enumerate(range(0, len(parts), TILE)):
        width = min(TILE, len(parts) - at)
        _put(folder / (f"{number:03d}" + (f".p/{width}" if width < TILE else "")), b"".join(parts[at : at + width]))


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _top(hashes: Sequence[bytes]) -> bytes:
    while len(hashes) > 1:
        hashes = [merkle.node_hash(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
    return hashes[0]


def written(folder: Path, name: str, text: str | bytes) -> str:
    """A file with this text; its path."""
    _put(folder / name, text if isinstance(text, bytes) else text.encode())
    return str(folder / name)


def options_of(folder: Path, said: Said | bytes, **options: Any) -> argparse.Namespace:
    """What the program is asked: to check this file."""
    data = said if isinstance(said, bytes) else json.dumps(said, ensure_ascii=False).encode()
    asked = {"keys": None, "checkpoint": [], "log": None, "scan": False} | options
    return argparse.Namespace(proof=written(folder, "proof.json", data), **asked)


def refusal(folder: Path, said: Said | bytes, **options: Any) -> str:
    """"" where the verifier accepts the file, else its sentence."""
    try:
        verify_trace.check(options_of(folder, said, **options))
    except verify_trace.Wrong as why:
        return str(why)
    return ""


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


KEYS = verifier_key(log_key())
"""The public key of the log, as its keys file has it."""
