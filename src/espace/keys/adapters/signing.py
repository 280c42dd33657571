"""The keys that sign the log: a list of signers in one private file beside the key service's own.

Another algorithm is another entry of `_ALGORITHMS`, and a signer of it in the file: a checkpoint bears the signature of
each, and whoever checks one needs to know one of them. A signer marked « retired » signs no more; its public key stays
published. Whoever holds this file can sign another history: what shows that is the witnesses outside.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from espace.edge import random_bytes
from espace.keys.adapters.file import read_private, write_once
from espace.keys.facts import KeyServiceUnavailable, LogKey

FILE_NAME = "log.json"
FORMAT = "espace-log-keys/1"
ED25519 = 1
PRIVATE_BYTES = 32


@dataclass(frozen=True, slots=True)
class _Algorithm:
    """A C2SP signature type: its name in the file, the public key and the signatures of 32 private bytes."""

    name: str
    public: Callable[[bytes], bytes]
    sign: Callable[[bytes, bytes], bytes]


_ALGORITHMS: Mapping[int, _Algorithm] = {
    ED25519: _Algorithm(
        "ed25519",
        lambda private: Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw(),
        lambda private, text: Ed25519PrivateKey.from_private_bytes(private).sign(text),
    ),
}
_NUMBERS = {one.name: number for number, one in _ALGORITHMS.items()}


@dataclass(frozen=True, slots=True)
class _Signer:
    key: LogKey
    private: bytes


def create(folder: Path, origin: str) -> None:
    """Make the file with one fresh Ed25519 key under the name `origin`, or leave alone the one that is there."""
    write_once(folder / FILE_NAME, lambda: _fresh(origin))


def origin(folder: Path) -> str:
    return _read(folder)[0]


def public_keys(folder: Path) -> tuple[LogKey, ...]:
    """Every signer's, retired or not; none where there is no file yet."""
    return tuple(signer.key for signer in _read(folder)[1]) if (folder / FILE_NAME).exists() else ()


def sign(folder: Path, text: bytes) -> tuple[tuple[LogKey, bytes], ...]:
    return tuple(
        (one.key, _ALGORITHMS[one.key.algorithm].sign(one.private, text))
        for one in _read(folder)[1]
        if not one.key.retired
    )


def _fresh(origin: str) -> str:
    private = base64.b64encode(random_bytes(PRIVATE_BYTES)).decode()
    signer = {"name": origin, "algorithm": _ALGORITHMS[ED25519].name, "private": private, "retired": False}
    return json.dumps({"format": FORMAT, "origin": origin, "signers": [signer]}, indent=1) + "\n"


def _read(folder: Path) -> tuple[str, tuple[_Signer, ...]]:
    """The origin and the signers; KeyServiceUnavailable for a file that is absent, open to others or no such file."""
    path = folder / FILE_NAME
    text = read_private(path)
    try:
        stated = json.loads(text)
        signers = tuple(map(_signer, stated["signers"]))
        if stated["format"] != FORMAT or not any(not one.key.retired for one in signers):
            raise ValueError
        return str(stated["origin"]), signers
    except (ValueError, KeyError, TypeError):
        raise KeyServiceUnavailable(f"{path} is not a file of the keys of the log") from None


def _signer(stated: Mapping[str, Any]) -> _Signer:
    private = base64.b64decode(stated["private"], validate=True)
    name, number = str(stated["name"]), _NUMBERS[stated["algorithm"]]
    if len(private) != PRIVATE_BYTES or not name or any(one.isspace() or one == "+" for one in name):
        raise ValueError
    return _Signer(LogKey(name, number, _ALGORITHMS[number].public(private), bool(stated["retired"])), private)
