"""From the options of the command and a TOML file to the equipment of a run."""

import shlex
import subprocess
import tomllib
from argparse import Namespace
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from espace.identity.facts import TEST_AUTHORITIES
from espace.kernel.values import replace
from espace.site.conform.client import PATHS
from espace.site.conform.equipment import Card, Equipment, Party, Patient
from espace.site.conform.facts import CannotRun, Door

COMMAND_SECONDS = 120
SOURCE_ID = "2.25.7500.1"
STRUCTURE = "1990000010"
"""Of the hospital of the demonstration."""
_SECTIONS: Mapping[str, frozenset[str]] = {
    "server": frozenset({"audience", "ca", "mllp", *Door}),
    "patient": frozenset({"ins", "authority", "birth_name", "given_names", "birth_date", "sex", "birth_place"}),
    "feeder": frozenset(
        {"token", "token_command", "structure", "source_id", "certificate", "key", "signing_certificate", "signing_key"}
    ),
    "reader": frozenset({"token", "token_command", "number", "structure", "role", "certificate", "key"}),
}
"""What the file may say: closed, for a word that is spelt wrong would be passed over."""


def equipment(options: Namespace) -> Equipment:
    """Raises CannotRun, with a sentence, for whatever cannot be read or is not allowed."""
    said = _file(options.file)
    server, feeder = dict(said.get("server", {})), said.get("feeder", {})
    target = str(options.target).rstrip("/")
    authorities = options.ca or server.get("ca")
    return Equipment(
        target,
        patient(said.get("patient", {}), options.ins),
        _feeder(options, feeder),
        _reader(options, said.get("reader", {})),
        options.source_id or str(feeder.get("source_id", SOURCE_ID)).removeprefix("urn:oid:"),
        options.audience or str(server.get("audience", f"{target}/xds")),
        Path(authorities) if authorities else None,
        {door: str(server[door]) for door in Door if door in server and door is not Door.MLLP},
        options.mllp or str(server.get("mllp", "")),
        options.movements,
    )


def _file(path: Path | None) -> dict[str, dict[str, Any]]:
    if path is None:
        return {}
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise CannotRun(f"{path} cannot be read: {error}.") from error
    for section, words in found.items():
        known = _SECTIONS.get(section)
        if known is None or not isinstance(words, dict):
            raise CannotRun(f"{path}: [{section}] is none of {', '.join(_SECTIONS)}.")
        for word, value in words.items():
            if word not in known or not isinstance(value, str | date | list):
                raise CannotRun(f"{path}: [{section}] {word}: unknown, or not a text.")
            if word in PATHS and not str(value).startswith("/"):
                raise CannotRun(f"{path}: [{section}] {word}: a path begins with « / ».")
    return found


def patient(said: Mapping[str, Any], ins: str = "") -> Patient:
    """The test patient: the kit's own, but for what is said. Nobody's real identity is sent anywhere."""
    stated = {name: value for name, value in said.items() if name not in ("given_names", "birth_date")}
    found = replace(Patient(), **stated)
    if "given_names" in said:
        given = said["given_names"]
        found = replace(found, given_names=tuple(given.split() if isinstance(given, str) else map(str, given)))
    if "birth_date" in said:
        found = replace(found, birth_date=_date(said["birth_date"]))
    found = replace(found, ins=ins) if ins else found
    if found.authority not in TEST_AUTHORITIES:
        raise CannotRun(f"The authority of the patient’s INS must be one of tests: {', '.join(TEST_AUTHORITIES)}.")
    if not found.given_names or not all(isinstance(one, str) for one in stated.values()):
        raise CannotRun("[patient]: texts, and one given name at least.")
    return found


def _date(value: object) -> date:
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError as error:
        raise CannotRun(f"[patient] birth_date: {error}.") from error


def _feeder(options: Namespace, said: Mapping[str, Any]) -> Party:
    connection = _card(options.certificate or said.get("certificate"), options.key or said.get("key"))
    signature = _card(
        options.signing_certificate or said.get("signing_certificate"), options.signing_key or said.get("signing_key")
    )
    structure = options.structure or str(said.get("structure", STRUCTURE))
    token = _token(options.token_command or said.get("token_command"), said.get("token"))
    return Party(token, structure, structure, connection=connection, signature=signature or connection)


def _reader(options: Namespace, said: Mapping[str, Any]) -> Party:
    card = _card(said.get("certificate"), said.get("key"))
    token = _token(options.reader_token_command or said.get("token_command"), said.get("token"))
    found = Party(token, str(said.get("number", "")), str(said.get("structure", "")), connection=card, signature=card)
    return replace(found, role=str(said["role"])) if "role" in said else found


def _card(certificate: str | Path | None, key: str | Path | None) -> Card | None:
    """Without `key`, it is beside the certificate, its name ending with .key."""
    if not certificate:
        return None
    pem = Path(certificate)
    found = Card(pem, Path(key) if key else pem.with_suffix(".key"))
    for path in (found.certificate, found.key):
        if not path.is_file():
            raise CannotRun(f"{path}: there is no such file.")
    return found


def _is_token(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text


def _token(command: str | None, token: str | None) -> str:
    """What a command prints, or the token itself."""
    if not command:
        if not _is_token(str(token or "")):
            raise CannotRun("token: no white space, no sign beyond ASCII.")
        return str(token or "")
    try:
        done = subprocess.run(  # noqa: S603  the operator's own command
            shlex.split(command), capture_output=True, text=True, timeout=COMMAND_SECONDS, check=False
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise CannotRun(f"{command}: {error}.") from error
    found = done.stdout.strip()
    if done.returncode or not found or not _is_token(found):
        raise CannotRun(f"{command}: no token on its standard output. {done.stderr.strip()[-300:]}")
    return found
