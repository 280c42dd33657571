"""A proof as the file that its reader downloads: docs/reference/proof-file.md."""

import base64
import json
from collections.abc import Iterable

from espace.keys.facts import LogKey
from espace.trace.facts import Leaf, Proof
from espace.trace.rules.notes import verifier_key

FORMAT = "espace-trace-proof/1"
MEDIA_TYPE = "application/json"


def proof_file(proof: Proof, keys: Iterable[LogKey], *, whole: bool) -> bytes:
    """The JSON file, in UTF-8; `whole`: all lines of the chain, not one chosen by its reader."""
    leaves = {leaf.index: leaf for line in proof.lines for leaf in (line.entry, line.link_entry)}
    said = {
        "format": FORMAT,
        "audience": proof.audience.value,
        "scope": "all" if whole else "line",
        "chain_key": _text(proof.chain_key),
        "checkpoint": proof.checkpoint.note,
        "keys": [verifier_key(key) for key in keys],
        "entries": [_entry(leaves[index]) for index in sorted(leaves)],
        "lines": [
            {
                "event": line.event.decode(),
                "nonce": _text(line.nonce),
                "number": line.number,
                "previous": _text(line.previous),
                "entry": line.entry.index,
                "link_entry": line.link_entry.index,
            }
            for line in proof.lines
        ],
        "waiting": proof.waiting,
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


def _entry(leaf: Leaf) -> dict[str, object]:
    return {"index": leaf.index, "data": _text(leaf.data), "proof": [_text(step) for step in leaf.proof]}


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
