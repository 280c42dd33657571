"""Checkpoints as C2SP signed notes (c2sp.org/signed-note, c2sp.org/tlog-checkpoint)."""

import base64
import hashlib
from collections.abc import Iterable

from espace.keys.facts import LogKey


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """What is signed: origin, number of leaves, root; each on a line."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def key_id(key: LogKey) -> bytes:
    """SHA-256(name ‖ newline ‖ algorithm ‖ public key), its first four bytes."""
    return hashlib.sha256(key.name.encode() + b"\n" + bytes((key.algorithm,)) + key.public).digest()[:4]


def signed_note(text: str, signatures: Iterable[tuple[LogKey, bytes]]) -> str:
    """The text, an empty line, one line for each signature."""
    lines = (f"— {key.name} {base64.b64encode(key_id(key) + signature).decode()}\n" for key, signature in signatures)
    return f"{text}\n{''.join(lines)}"


def verifier_key(key: LogKey) -> str:
    """A public key as witnesses take it: name, key id, algorithm and key."""
    return f"{key.name}+{key_id(key).hex()}+{base64.b64encode(bytes((key.algorithm,)) + key.public).decode()}"
