"""Manifests: what says that a back-up is whole. Written last, vouched for by the key of its base."""

import hmac
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from espace.site.backup import files
from espace.site.backup.facts import FORMAT, RUNS, Folders, Held, Run, Unusable
from espace.site.backup.sealing import KEY_BYTES, mac

LOCK_KEY = "seal.key"
_RUN_ID = re.compile(r"[0-9]{8}T[0-9]{12}Z")
STAMP = "%Y%m%dT%H%M%S%fZ"


def run_id(at: datetime) -> str:
    """Identifiers sort as time; `at` in UTC."""
    return at.strftime(STAMP)


def write_run(folders: Folders, run: Run, key: bytes) -> None:
    """The back-up is whole once this returns, and did not happen before."""
    files.make_folder(folders.data / RUNS)
    files.write_durably(folders.data / RUNS / f"{run.id}.json", signed(msgspec.to_builtins(run), key))


def runs(folders: Folders) -> Iterator[Run]:
    """The back-ups that are whole, the newest first; Unusable at the first that its key does not vouch for."""
    for path in sorted((folders.data / RUNS).glob("*.json"), reverse=True):
        yield read_run(folders, path)


def stated_bases(folders: Folders) -> dict[str, str]:
    """Each back-up that says so, and its base; nothing vouches for either, nor is needed to delete them."""
    found = {}
    for path in (folders.data / RUNS).glob("*.json"):
        with suppress(Unusable):
            found[path.stem] = _stated_base(path, path.name)
    return found


def is_run_id(name: str) -> bool:
    return _RUN_ID.fullmatch(name) is not None


def read_run(folders: Folders, path: Path) -> Run:
    """Its base says which key vouches for it: a manifest that names another base is refused by that key."""
    name = f"{RUNS}/{path.name}"
    base = _stated_base(path, name)
    try:
        run = msgspec.convert(verified(path, read_key(folders, base), name), Run)
    except msgspec.ValidationError:
        raise Unusable(f"The back-up is damaged: {name} is not a manifest.") from None
    if run.id != path.stem:
        raise Unusable(f"The back-up is damaged: {name} is another one's manifest.")
    return run


def read_key(folders: Folders, base: str) -> bytes:
    """The key that opens a base, from the folder of the keys."""
    try:
        key = bytes.fromhex((folders.of_keys(base) / LOCK_KEY).read_text(encoding="ascii"))
    except (OSError, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise Unusable(
            f"{folders.keys} does not hold the keys of this back-up ({base}): they were deleted, or are elsewhere."
        )
    return key


def signed(stated: Any, key: bytes) -> bytes:
    body = _canonical(stated)
    return _canonical({"format": FORMAT, "stated": stated, "mac": mac(key, body)})


def verified(path: Path, key: bytes, name: str) -> Any:
    """What a signed file states; Unusable when this key did not sign it."""
    whole = _parsed(path, name)
    if not hmac.compare_digest(str(whole.get("mac")), mac(key, _canonical(whole.get("stated")))):
        raise Unusable(f"The back-up was altered, or these are not its keys: {name} is not signed by them.")
    return whole["stated"]


def held(files_held: dict[str, Held]) -> Any:
    return msgspec.to_builtins(files_held)


def _stated_base(path: Path, name: str) -> str:
    stated = _parsed(path, name).get("stated")
    base = stated.get("base") if isinstance(stated, dict) else None
    if not isinstance(base, str) or not is_run_id(base):
        raise Unusable(f"The back-up is damaged: {name} is not a manifest.")
    return base


def _parsed(path: Path, name: str) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        raise Unusable(f"The back-up is damaged: {name} cannot be read.") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise Unusable(f"The back-up is damaged, or of another version of the program: {name}.")
    return found


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
