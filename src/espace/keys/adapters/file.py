"""The key service's file back end: its keys in one JSON file that only its account reads.

For one machine, demonstrations and tests. Whoever reads this file and the databases reads everything:
a country puts a hardware module or a vault behind the same protocol.
"""

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from espace.edge import random_bytes
from espace.keys import rules
from espace.keys.facts import KeyServiceUnavailable, SealBroken

FILE_NAME = "service.json"
FORMAT = "espace-keys/1"


@dataclass(frozen=True, slots=True, repr=False)
class FileKeyService:
    """A KeyService on keys read once; older versions stay to open what they sealed."""

    path: Path
    current: int
    wrapping: dict[int, bytes]
    sealing: dict[int, bytes]
    index: bytes

    def wrap(self, key: bytes, context: bytes) -> bytes:
        nonce = random_bytes(rules.NONCE_BYTES)
        return rules.seal(self.wrapping[self.current], self.current, nonce, key, b"wrap\x00" + context)

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        return rules.open_sealed(_version_of(self.wrapping, wrapped), wrapped, b"wrap\x00" + context)

    def hmac(self, data: bytes) -> bytes:
        return hmac.digest(self.index, data, hashlib.sha256)

    def seal(self, data: bytes, context: bytes) -> bytes:
        salt, nonce = random_bytes(rules.SALT_BYTES), random_bytes(rules.NONCE_BYTES)
        key = self.sealing[self.current]
        return rules.seal_derived(key, self.current, salt, nonce, data, b"system\x00" + context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        return rules.open_derived(_version_of(self.sealing, sealed), sealed, b"system\x00" + context)

    def health(self) -> None:
        """KeyServiceUnavailable when the file went away or holds other keys than this process."""
        if load(self.path.parent) != self:
            raise KeyServiceUnavailable(f"{self.path} changed: restart this process")


def load(folder: Path) -> FileKeyService:
    """The service whose file is in `folder`; KeyServiceUnavailable when it is absent, open to others, unreadable."""
    path = folder / FILE_NAME
    text = read_private(path)
    try:
        return _parsed(path, text)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise KeyServiceUnavailable(f"{path} is not a file of keys") from None


def read_private(path: Path) -> str:
    """A file that only its owner may read; KeyServiceUnavailable when it is absent, open to others or no text."""
    try:
        mode = path.stat().st_mode
        text = path.read_text("utf-8")
    except (OSError, ValueError) as error:
        raise KeyServiceUnavailable(f"{path}: {type(error).__name__}") from None
    if mode & 0o077:
        raise KeyServiceUnavailable(f"{path} must be readable by its owner alone (chmod 600)")
    return text


def create(folder: Path) -> None:
    """Make the file with fresh keys, whole and durable, or leave alone the one that is there.

    Several processes may call this at once: a hard link decides which one's keys stay.
    """
    write_once(folder / FILE_NAME, _fresh)


def write_once(path: Path, text: Callable[[], str]) -> None:
    """A private file, whole and durable, or the one that is there already."""
    folder = path.parent
    if path.exists():
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f".{path.name}.{random_bytes(8).hex()}"
    try:
        _write_durably(draft, text())
        path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink(missing_ok=True)
        _fsync_folder(folder)


def _fresh() -> str:
    def key() -> str:
        return base64.b64encode(random_bytes(rules.KEY_BYTES)).decode()

    keys = {"format": FORMAT, "current": 1, "wrapping": {"1": key()}, "sealing": {"1": key()}, "index": key()}
    return json.dumps(keys, indent=1) + "\n"


def _parsed(path: Path, text: str) -> FileKeyService:
    stated = json.loads(text)
    if stated["format"] != FORMAT:
        raise ValueError
    wrapping, sealing = _versions(stated["wrapping"]), _versions(stated["sealing"])
    current = int(stated["current"])
    if current not in wrapping or current not in sealing:
        raise ValueError
    return FileKeyService(path, current, wrapping, sealing, _key(stated["index"]))


def _versions(stated: dict[str, str]) -> dict[int, bytes]:
    return {int(version): _key(text) for version, text in stated.items()}


def _key(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != rules.KEY_BYTES:
        raise ValueError
    return key


def _version_of(keys: dict[int, bytes], sealed: bytes) -> bytes:
    version = rules.key_version(sealed)
    if version not in keys:
        raise SealBroken(f"no key-encryption key of version {version} is here")
    return keys[version]


def _write_durably(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _fsync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
