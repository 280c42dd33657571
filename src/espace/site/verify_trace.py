"""Checks a proof file of the access log of an espace-santé, on any computer, without asking the service.

    python verify_trace.py PROOF.json --keys KEYS.txt

Needs Python 3.11 and the package « cryptography »; nothing else, and no code of the service. Exit code 0 when all that
was asked holds, 1 with one sentence that says what does not. See docs/reference/proof-file.md for the format.
"""

import argparse
import base64
import hashlib
import hmac
import json
import re
import sys
from collections.abc import Iterator, Sequence
from functools import reduce
from http.client import HTTPException
from pathlib import Path
from typing import Any, NamedTuple
from urllib.request import urlopen

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "espace-trace-proof/1"
AUDIENCES = ("holder", "representatives")
MOST_BYTES, MOST_NOTE, MOST_LINES = 64_000_000, 10_000, 20_000
HASH, TAG, TILE = 32, 16, 256
ENTRY = HASH + len(AUDIENCES) * (TAG + HASH)
FIELDS: dict[str, type] = {**dict.fromkeys(("format", "audience", "scope", "chain_key", "checkpoint"), str),
                           **dict.fromkeys(("keys", "entries", "lines"), list), "waiting": int}  # fmt: skip
ED25519 = b"\1"


class Wrong(Exception):
    """What does not hold, as one sentence."""


class Checkpoint(NamedTuple):
    origin: str
    size: int
    root: bytes
    text: str
    signatures: tuple[tuple[str, bytes], ...]


class Line(NamedTuple):
    """One line of the proof, decoded; `entry` and `link_entry` are indexes of leaves."""
    event: bytes
    said: dict[str, Any]
    nonce: bytes
    number: int
    previous: bytes
    entry: int
    link_entry: int


class Proof(NamedTuple):
    audience: str
    whole: bool
    chain_key: bytes
    checkpoint: Checkpoint
    keys: tuple[str, ...]
    entries: dict[int, bytes]
    lines: tuple[Line, ...]

    def keyed(self, label: bytes, number: int, *rest: bytes) -> bytes:
        """What only the service and the readers of this chain can compute: the tag or the link of line `number`."""
        said = b"espace-" + label + b"/v1\0" + self.audience.encode() + number.to_bytes(8, "big") + b"".join(rest)
        return hmac.digest(self.chain_key, said, "sha256")[: TAG if label == b"tag" else HASH]

    def slot(self, data: bytes) -> bytes:
        """The tag and link of this audience in an entry."""
        start = HASH + AUDIENCES.index(self.audience) * (TAG + HASH)
        return data[start : start + TAG + HASH]


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def root_from(index: int, size: int, data: bytes, steps: Sequence[bytes]) -> bytes:
    """The root to which an audit path leads (RFC 6962, 2.1.1); Wrong unless it has exactly the steps it must have."""
    inner = (index ^ (size - 1)).bit_length()
    if len(steps) != inner + (index >> inner).bit_count():
        raise Wrong(f"The proof of leaf {index} does not have the length that a tree of {size} leaves asks.")
    found = sha(b"\0", data)
    for height, step in enumerate(steps):
        left = height >= inner or (index >> height) & 1
        found = sha(b"\1", step, found) if left else sha(b"\1", found, step)
    return found


def subtrees(size: int) -> Iterator[tuple[int, int]]:
    """A tree as complete subtrees from the left: (height, place)."""
    for height in reversed(range(size.bit_length())):
        if size >> height & 1:
            yield height, (size >> height) - 1


def folded(nodes: Sequence[bytes]) -> bytes:
    return reduce(lambda found, node: sha(b"\1", node, found), reversed(nodes)) if nodes else sha()


def checkpoint_of(note: str, what: str) -> Checkpoint:
    """A C2SP signed note, read strictly."""
    text, blank, rest = note.partition("\n\n")
    lines, said = text.split("\n"), rest.split("\n")
    fits = blank and len(note) <= MOST_NOTE and lines[0] and all(one.isprintable() for one in (*lines, *said))
    if not fits or len(lines) != 3 or said[-1] or len(said) < 2:
        raise Wrong(f"{what} is not a signed checkpoint.")
    if not re.fullmatch(r"0|[1-9][0-9]{0,17}", lines[1]):
        raise Wrong(f"{what} states no number of leaves.")
    found = [re.fullmatch(r"— (\S+) (\S+)", line) for line in said[:-1]]
    if not all(found):
        raise Wrong(f"{what} bears a line that is not a signature.")
    signatures = tuple((one[1], decoded(one[2], f"{what}: signature")) for one in found if one)
    return Checkpoint(lines[0], int(lines[1]), decoded(lines[2], f"{what}: root", HASH), text + "\n", signatures)


def check_signed(checkpoint: Checkpoint, keys: Sequence[str], what: str) -> str:
    """The key that signed; Wrong when none of these did, and when one of them bears what is no signature of it."""
    signed, why = "", f"{what} is not signed by a key of the log: it is forged, altered, or another log's."
    for text in keys:
        name, stated, encoded = (*text.split("+", 2), "", "")[:3]
        public = decoded(encoded, "A key")
        identifier = sha(name.encode(), b"\n", public)[:4]
        if not name.isprintable() or stated != identifier.hex():
            raise Wrong("A key of the log is not one: its identifier is not that of the key.")
        if public[:1] != ED25519 or len(public) != 33:
            continue  # a key of an algorithm to come
        for signature in [said for signer, said in checkpoint.signatures if (signer, said[:4]) == (name, identifier)]:
            try:
                Ed25519PublicKey.from_public_bytes(public[1:]).verify(signature[4:], checkpoint.text.encode())
            except InvalidSignature:
                raise Wrong(why) from None
            if name != checkpoint.origin:
                raise Wrong(f"{what} is of the log « {checkpoint.origin} », and the key is another log's.")
            signed = signed or text
    if not signed:
        raise Wrong(why)
    return signed


def read_file(path: str) -> bytes:
    with Path(path).open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Wrong(f"{path} is larger than any proof: {MOST_BYTES} bytes.")
    return data


def decoded(text: object, what: str, length: int | None = None) -> bytes:
    try:
        data = base64.b64decode(text if isinstance(text, str) else "?", validate=True)
        if base64.b64encode(data).decode() != text:  # one way only to write each value
            raise ValueError
    except ValueError:
        raise Wrong(f"{what} is not base64.") from None
    if length is not None and len(data) != length:
        raise Wrong(f"{what} has {len(data)} bytes instead of {length}.")
    return data


def json_of(data: bytes, what: str) -> dict[str, Any]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) != len(pairs):
            raise ValueError
        return dict(pairs)

    try:
        said = json.loads(data.decode(), object_pairs_hook=once)
    except (ValueError, RecursionError):
        raise Wrong(f"{what} is not JSON.") from None
    if not isinstance(said, dict):
        raise Wrong(f"{what} is not a JSON object.")
    return said


def taken(said: object, fields: dict[str, type], what: str) -> list[Any]:
    """Exactly these fields, of these types."""
    if not isinstance(said, dict) or {name: type(value) for name, value in said.items()} != fields:
        raise Wrong(f"{what} does not have the fields that the format states.")
    return [said[name] for name in fields]


def proof_of(data: bytes) -> Proof:
    said = json_of(data, "This file")
    if said.get("format") != FORMAT:
        raise Wrong(f"This file is not a proof of the access log ({FORMAT}).")
    _, audience, scope, key, note, keys, entries, lines, _ = taken(said, FIELDS, "The file")
    if audience not in AUDIENCES or scope not in ("all", "line") or not all(isinstance(one, str) for one in keys):
        raise Wrong("The file does not say what it proves, and to whom.")
    if max(len(lines), len(entries) // 2, len(keys)) > MOST_LINES or (scope == "line" and len(lines) != 1):
        raise Wrong("The file does not hold the number of lines that it should.")
    checkpoint = checkpoint_of(note, "The checkpoint of the file")
    found = dict(entry_of(one, checkpoint) for one in entries)
    if len(found) != len(entries):
        raise Wrong("The file states an entry twice.")
    chain_key = decoded(key, "The key of the chain", HASH)
    return Proof(audience, scope == "all", chain_key, checkpoint, tuple(keys), found, tuple(map(line_of, lines)))


def entry_of(one: object, checkpoint: Checkpoint) -> tuple[int, bytes]:
    """An entry that the checkpoint holds."""
    index, text, steps = taken(one, {"index": int, "data": str, "proof": list}, "An entry")
    if not 0 <= index < checkpoint.size:
        raise Wrong(f"Leaf {index} is not in the tree of the checkpoint.")
    data = decoded(text, f"Leaf {index}", ENTRY)
    path = [decoded(step, f"The proof of leaf {index}", HASH) for step in steps]
    if root_from(index, checkpoint.size, data, path) != checkpoint.root:
        raise Wrong(f"Leaf {index} is not in the tree that was signed.")
    return index, data


def line_of(one: object) -> Line:
    kinds = {"event": str, "nonce": str, "number": int, "previous": str, "entry": int, "link_entry": int}
    event, nonce, number, previous, entry, link_entry = taken(one, kinds, "A line")
    if not 1 <= number < 2**63:
        raise Wrong("A line has a number that is none.")
    name = f"Line {number}"
    chance, before = decoded(nonce, f"{name}: nonce", HASH), decoded(previous, f"{name}: previous link", HASH)
    return Line(event.encode(), json_of(event.encode(), name), chance, number, before, entry, link_entry)


def check_line(proof: Proof, line: Line) -> bytes:
    """Its link, once the line is what was committed to, in the tree, and in its place in the chain."""
    commitment = sha(b"espace-log/v1", line.nonce, line.event)
    if line.entry not in proof.entries or line.link_entry not in proof.entries:
        raise Wrong(f"Line {line.number} names a leaf that the file does not hold.")
    if proof.entries[line.entry][:HASH] != commitment:
        raise Wrong(f"Line {line.number} is not the one that was written: it was altered.")
    link = proof.keyed(b"link", line.number, line.previous, commitment)
    if proof.slot(proof.entries[line.link_entry]) != proof.keyed(b"tag", line.number) + link:
        raise Wrong(f"Line {line.number} is not at this place of its chain.")
    return link


def check_chain(proof: Proof) -> None:
    """Lines follow each other without a gap, are one person's, and each is there once."""
    links = [check_line(proof, line) for line in proof.lines]
    if len({str(line.said.get("patient")) for line in proof.lines}) > 1:
        raise Wrong("The lines are not all of one person.")
    if len({str(line.said.get("id")) for line in proof.lines}) != len(proof.lines):
        raise Wrong("A line is there twice.")
    if {index for line in proof.lines for index in (line.entry, line.link_entry)} != set(proof.entries):
        raise Wrong("The file holds leaves of no line.")
    if not proof.lines:
        raise Wrong("The file holds no line: it proves nothing.")
    if any(line.number == 1 and line.previous != bytes(HASH) for line in proof.lines):
        raise Wrong("The first line of the chain follows another one.")
    for previous, link, line in zip(proof.lines, links, proof.lines[1:], strict=False):
        if line.number != previous.number + 1:
            raise Wrong(f"After line {previous.number} comes line {line.number}: lines are missing or out of order.")
        if line.previous != link:
            raise Wrong(f"Line {line.number} does not follow line {previous.number}.")
    if proof.whole and proof.lines[0].number != 1 and len(proof.lines) < MOST_LINES:
        raise Wrong(f"The first lines are missing: the file begins with line {proof.lines[0].number}.")


class Log(NamedTuple):
    """The published log, in a folder or at an address."""
    place: str

    def get(self, name: str) -> bytes:
        try:
            if not self.place.startswith(("https://", "http://")):
                return read_file(f"{self.place}/{name}")
            with urlopen(f"{self.place}/{name}", timeout=30) as answer:  # noqa: S310  scheme is known
                return bytes(answer.read(MOST_BYTES))
        except (OSError, ValueError, HTTPException):
            raise Wrong(f"The published log has no « {name} », or does not answer.") from None

    def tile(self, kind: str, number: int, size: int) -> bytes:
        """A tile or bundle of the tree of `size` hashes at this level."""
        width = min(TILE, size - number * TILE)
        path, rest = f"{number % 1000:03d}", number // 1000
        while rest:
            path, rest = f"x{rest % 1000:03d}/{path}", rest // 1000
        return self.get(f"tile/{kind}/{path}" + (f".p/{width}" if width < TILE else ""))

    def node(self, height: int, place: int, size: int) -> bytes:
        """The hash over the 2^height leaves from place·2^height."""
        level, low = divmod(height, 8)
        number, offset = divmod(place << low, TILE)
        tile = self.tile(str(level), number, size >> 8 * level)
        nodes = [tile[at * HASH : (at + 1) * HASH] for at in range(offset, offset + (1 << low))]
        while len(nodes) > 1:
            nodes = [sha(b"\1", *nodes[at : at + 2]) for at in range(0, len(nodes), 2)]
        return nodes[0]

    def entries(self, size: int) -> Iterator[bytes]:
        for number in range(-(-size // TILE)):
            data, each = self.tile("entries", number, size), 2 + ENTRY
            for at in range(0, min(TILE, size - number * TILE) * each, each):
                if data[at : at + 2] != ENTRY.to_bytes(2, "big") or len(data) < at + each:
                    raise Wrong("A bundle of entries of the published log is cut.")
                yield data[at + 2 : at + each]


def check_extends(log: Log, old: Checkpoint, new: Checkpoint, what: str) -> None:
    """The same subtrees make the old root, and with those that follow them the new one (a consistency proof)."""
    if old.origin != new.origin:
        raise Wrong(f"{what} is another log's: « {old.origin} », not « {new.origin} ».")
    if old.size > new.size:
        raise Wrong(f"{what} has {old.size} leaves and the log {new.size} now: it was rolled back.")
    known = {(height, place): log.node(height, place, new.size) for height, place in subtrees(old.size)}

    def made(height: int, place: int) -> bytes:
        """A subtree of the new tree; one that holds old leaves is made of the old subtrees themselves."""
        if (height, place) in known:
            return known[height, place]
        if place << height >= old.size:
            return log.node(height, place, new.size)
        return sha(b"\1", made(height - 1, 2 * place), made(height - 1, 2 * place + 1))

    now = folded([made(*one) for one in subtrees(new.size)])
    if folded(list(known.values())) != old.root or now != new.root:
        raise Wrong(f"{what} and the log as it is now are two histories: what had been signed was changed.")


def scan(log: Log, proof: Proof, now: Checkpoint) -> None:
    """Every published entry: they make the signed root, no line is told twice, the file leaves none out."""
    stack: list[tuple[int, bytes]] = []
    last = proof.lines[-1].number
    own = {proof.keyed(b"tag", line.number): line.link_entry for line in proof.lines}
    following = proof.keyed(b"tag", last + 1) if proof.whole else b""
    for index, data in enumerate(log.entries(now.size)):
        tag = proof.slot(data)[:TAG]
        if own.get(tag, index) != index:
            raise Wrong("The log holds two different lines of one number: somebody was shown another history.")
        if tag == following and index < proof.checkpoint.size:
            raise Wrong(f"The log holds line {last + 1} of this chain, and the file leaves it out.")
        height, node = 0, sha(b"\0", data)
        while stack and stack[-1][0] == height:
            node, height = sha(b"\1", stack.pop()[1], node), height + 1
        stack.append((height, node))
    if folded([node for _, node in stack]) != now.root:
        raise Wrong("The published entries are not those that were signed.")


def check(options: argparse.Namespace) -> str:
    """The verdict, after what was looked at; Wrong where something does not hold."""
    proof = proof_of(read_file(options.proof))
    trusted = read_file(options.keys).decode().split() if options.keys else proof.keys
    key = check_signed(proof.checkpoint, trusted, "The checkpoint of the file")
    check_chain(proof)
    print(f"{len(proof.lines)} lines: each is as it was written, in its place, in the log that was signed.")
    first, whose = proof.lines[0], ascii(proof.lines[0].said.get("patient"))[:40]
    print(f"They are numbers {first.number} to {proof.lines[-1].number} of one chain ({proof.audience}, {whose}).")
    if not options.keys:
        print(f"The key is the one that the file itself states. Compare it with the published one: {key}")
    earlier = {name: checkpoint_of(read_file(name).decode(), name) for name in options.checkpoint}
    for name, one in earlier.items():
        check_signed(one, trusted, name)
        if one[:2] == proof.checkpoint[:2] and one.root != proof.checkpoint.root:
            raise Wrong(f"{name} and the file state two trees of one size: there are two histories.")
    if not options.log and (options.scan or any(one[:2] != proof.checkpoint[:2] for one in earlier.values())):
        raise Wrong("Comparing checkpoints takes the published log: add --log with its address or a copy of it.")
    if options.log:
        check_log(Log(options.log), proof, earlier, trusted, whole=options.scan)
    if not (options.scan and proof.whole):
        print("Not looked for: other lines of this chain, which the file may leave out.")
    return "Everything that was asked holds" + ("." if options.keys else ", if that key is the log's.")


def check_log(log: Log, proof: Proof, earlier: dict[str, Checkpoint], keys: Sequence[str], *, whole: bool) -> None:
    now = checkpoint_of(log.get("checkpoint").decode(), "The published checkpoint")
    check_signed(now, keys, "The published checkpoint")
    for name, one in {"The file": proof.checkpoint, **earlier}.items():
        check_extends(log, one, now, name)
    if whole:
        scan(log, proof, now)
    print(f"The published log of {now.size} leaves extends every checkpoint that was given.")


def arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("proof", metavar="PROOF", help="the file downloaded from the history of accesses")
    add("--keys", metavar="FILE", help="the public keys of the log, kept from before or had from elsewhere")
    add("--checkpoint", metavar="FILE", action="append", default=[], help="a checkpoint kept from before")
    add("--log", metavar="LOG", help="the published log: its address, or a folder with a copy of it")
    add("--scan", action="store_true", help="with --log: read every entry, to see that no line is left out")


def run(options: argparse.Namespace) -> int:
    try:
        verdict = check(options)
    except (Wrong, OSError, UnicodeError) as why:
        print("REFUSED.", why if isinstance(why, Wrong) else "A file could not be read, or holds text that is none.")
        return 1
    print(verdict)
    return 0


if __name__ == "__main__":
    own = argparse.ArgumentParser(description="Checks a proof file of the access log of an espace-santé.")
    arguments(own)
    sys.exit(run(own.parse_args()))
