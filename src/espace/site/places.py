"""Where the embedded server of a home keeps its files, and how its databases are reached."""

import json
import os
import pwd
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from espace.site.config import Config, Database, parse_database_url, short_name

SOCKET_PORT = "5432"
SOCKET_PATH_MOST = 100
UNPRIVILEGED = "nobody"
OWNER, APPLICATION, KEYS = "espace_owner", "espace_app", "espace_keys"
ROLES = (OWNER, APPLICATION, KEYS)
MAIN_DATABASE, KEYS_DATABASE = "espace", "espace_keys"


@dataclass(frozen=True, slots=True)
class Account:
    """The account that runs the server when ours may not (root); `None` ids mean ourselves."""

    uid: int | None
    gid: int | None


@dataclass(frozen=True, slots=True)
class Places:
    """Folders of one embedded server. `base` holds data, log and half-made data, and belongs to `account`."""

    account: Account
    base: Path
    engine: Path
    socket: Path
    passwords: Path

    @property
    def data(self) -> Path:
        return self.base / "data"

    @property
    def log(self) -> Path:
        return self.base / "server.log"


def server_account() -> Account:
    if os.geteuid() != 0:
        return Account(None, None)
    entry = pwd.getpwnam(UNPRIVILEGED)
    return Account(entry.pw_uid, entry.pw_gid)


def places_of(home: Path) -> Places:
    """The folders of the server of this home; nothing is made.

    The account of the server must be able to cross every folder above: when it cannot (a home inside /root),
    its files live beside the default home, under a name made from the home's own.
    """
    account = server_account()
    crossable = account.uid is None or all(_crossable(folder, account) for folder in home.parents)
    root = home if crossable else Path("/var/lib") / f"espace-postgres-{short_name(home)}"
    base = root / "postgres"
    socket = base / "run"
    if len(str(socket / f".s.PGSQL.{SOCKET_PORT}")) > SOCKET_PATH_MOST:
        socket = Path(tempfile.gettempdir()) / f"espace-{os.geteuid()}-{short_name(home)}"
    return Places(account, base, root / "engine", socket, home / "secrets" / "database.json")


def _crossable(folder: Path, account: Account) -> bool:
    """Whether the account may pass through the folder; one that is not made yet will be."""
    try:
        found = folder.stat()
    except FileNotFoundError:
        return True
    if found.st_uid == account.uid:
        return bool(found.st_mode & stat.S_IXUSR)
    return bool(found.st_mode & stat.S_IXOTH)


def read_passwords(places: Places) -> dict[str, str]:
    """Role → password; empty before the server was first made."""
    try:
        found = json.loads(places.passwords.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return {}
    return {str(role): str(word) for role, word in found.items()} if isinstance(found, dict) else {}


def databases(config: Config) -> dict[str, Database]:
    """Django alias → database: the URLs given, or the embedded server's."""
    if not config.embedded:
        return {
            "default": parse_database_url(config.database_url),
            "owner": parse_database_url(config.database_owner_url),
            "keys": parse_database_url(config.keys_url),
        }
    places = places_of(config.home)
    return {
        "default": embedded_database(places, MAIN_DATABASE, APPLICATION),
        "owner": embedded_database(places, MAIN_DATABASE, OWNER),
        "keys": embedded_database(places, KEYS_DATABASE, KEYS),
    }


def embedded_database(places: Places, name: str, role: str) -> Database:
    word = read_passwords(places).get(role, "")
    return Database(name=name, user=role, password=word, host=str(places.socket), port=SOCKET_PORT)
