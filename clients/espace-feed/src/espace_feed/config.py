"""The settings of a folder, in `espace-feed.toml` at its root."""

import json
import os
import shlex
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from espace_feed.credentials import CommandCredentials, Credentials, KeyCredentials
from espace_feed.facts import Description, Held
from espace_feed.net import checked
from espace_feed.sidecar import described

FILE = "espace-feed.toml"
DEMONSTRATION = "http://localhost:8000/fhir"
_SAMPLE = """\
# The FHIR door of the platform.
url = %s

# Who sends: a registered client and its private key (espace-feed key), or a command that writes a token.
client_id = "logiciel-hopital-deux-rives"
key = "key.pem"
# token_command = ["./espace", "token", "hospital"]

# A file of authorities to trust instead of the machine's.
# ca = "authorities.pem"

# Seconds between two looks at the inbox, and the port of the status page (0: no page).
every = 5
page = 8765

# Whether files that were filed stay in « sent », or are deleted.
keep_sent = true

# What holds for PDFs where the sidecar says nothing.
[document.organisation]
id = "1990000010"
name = "Centre hospitalier des Deux-Rives"
facility = "SA01"
setting = "ETABLISSEMENT"
"""
_KNOWN: Mapping[str, type | tuple[type, ...]] = {
    "url": str,
    "client_id": str,
    "key": str,
    "token_command": (str, list),
    "ca": str,
    "every": (int, float),
    "page": int,
    "keep_sent": bool,
    "document": dict,
}


def sample(url: str) -> str:
    """A settings file to fill in; as it is, that of the hospital of the demonstration. Raises BadSettings."""
    try:
        checked(url)
    except ValueError as error:
        raise BadSettings(str(error)) from error
    return _SAMPLE % json.dumps(url)


class BadSettings(Exception):
    """What is wrong with them, in a sentence."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Of one folder. `every` in seconds; `page` is a port of the loopback, 0 for none."""

    folder: Path
    url: str
    credentials: Credentials = field(repr=False)
    usual: Description
    ca: Path | None
    every: float
    page: int
    keep_sent: bool


def load(folder: Path, over: Mapping[str, Any]) -> Settings:
    """The settings of this folder, `over` them what the command line says (None says nothing). Raises BadSettings."""
    said = _read(folder / FILE) | {name: value for name, value in over.items() if value is not None}
    for name, value in said.items():
        if name not in _KNOWN or not isinstance(value, _KNOWN[name]) or _astray(value, name):
            raise BadSettings(f"{FILE}: « {name} » is unknown or not of the right kind")
    url = str(said.get("url", ""))
    try:
        checked(url)
        usual = described(said.get("document", {}), Description())
    except ValueError as error:
        raise BadSettings(str(error)) from error
    except Held as held:
        raise BadSettings("; ".join(f"document.{one.place}: {one.sentence} {one.fix}" for one in held.why)) from held
    every, page = float(said.get("every", 5)), int(said.get("page", 0))
    if not 1 <= every <= 3600 or not 0 <= page <= 65_535:
        raise BadSettings("every is 1 to 3600 seconds, page a port or 0")
    ca = folder / said["ca"] if "ca" in said else None
    return Settings(folder, url, _credentials(folder, said), usual, ca, every, page, said.get("keep_sent", True))


def _astray(value: object, name: str) -> bool:
    """true and false are whole numbers to Python."""
    return isinstance(value, bool) and _KNOWN[name] is not bool


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise BadSettings(f"{path}: {error}") from error


def _credentials(folder: Path, said: Mapping[str, Any]) -> Credentials:
    command = said.get("token_command")
    if command:
        words = shlex.split(command, posix=os.name != "nt") if isinstance(command, str) else command
        if not all(isinstance(word, str) for word in words):
            raise BadSettings("token_command is a list of words")
        return CommandCredentials(tuple(words))
    if "client_id" not in said or "key" not in said:
        raise BadSettings("say client_id and key, or token_command")
    path = folder / said["key"]
    try:
        return KeyCredentials(said["client_id"], path.read_bytes())
    except OSError as error:
        raise BadSettings(f"{path} cannot be read: {error.strerror}") from error
