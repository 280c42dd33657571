"""Opening what the platform sealed, written from the description of its formats and not from its code.

An envelope is `algorithm (1) | key version (2) | nonce (12) | AES-256-GCM ciphertext and tag`; what it is bound to is
`espace-seal/v1 NUL | the first three bytes | patient | kind of key NUL | table NUL | row`.
"""

import base64
import json
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

LABEL = b"espace-seal/v1\x00"
HEADER, NONCE = 3, 12


class Unopened(Exception):
    """The bytes are not those that were sealed for this row."""


class Opener:
    """Everybody's keys, unwrapped from the rows of the keys database with the file of the key service."""

    def __init__(self, service: Path, rows: Iterable[tuple[UUID, str, int, bytes]]) -> None:
        said = json.loads(service.read_text("utf-8"))["wrapping"]
        wrapping = {int(version): base64.b64decode(key) for version, key in said.items()}
        self._keys: dict[tuple[UUID, str], dict[int, bytes]] = {}
        for patient, kind, version, wrapped in rows:
            bound = b"wrap\x00" + patient.bytes + kind.encode() + b"\x00" + version.to_bytes(2, "big")
            self._keys.setdefault((patient, kind), {})[version] = _opened(wrapping, bytes(wrapped), bound)

    def open(self, patient: UUID, kind: str, sealed: bytes, table: str, row: UUID) -> bytes:
        """What was sealed for this row; Unopened."""
        bound = patient.bytes + kind.encode() + b"\x00" + table.encode() + b"\x00" + row.bytes
        return _opened(self._keys.get((patient, kind), {}), sealed, bound)


def _opened(keys: dict[int, bytes], sealed: bytes, bound: bytes) -> bytes:
    header, nonce, text = sealed[:HEADER], sealed[HEADER : HEADER + NONCE], sealed[HEADER + NONCE :]
    version = int.from_bytes(header[1:], "big")
    if len(sealed) < HEADER + NONCE + 16 or header[0] != 1 or version not in keys:
        raise Unopened("not an envelope of a known key")
    try:
        return AESGCM(keys[version]).decrypt(nonce, text, LABEL + header + bound)
    except InvalidTag:
        raise Unopened("the seal does not hold") from None
