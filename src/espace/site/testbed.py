"""A throw-away installation: temporary home marked « test », its own database server, free ports."""

import shutil
import socket
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from espace.site.config import Config, Database, Mark, load, prepare_home, write_mark
from espace.site.databases import create_databases, drop_databases, superuser_connection
from espace.site.places import APPLICATION, KEYS, OWNER, embedded_database, places_of
from espace.site.postgres import running

KEPT = frozenset({"ESPACE_CHROMIUM", "ESPACE_EVERY_QUESTION", "ESPACE_PICTURES", "ESPACE_SHARED_DATA"})
"""What says how to test, and nothing of an installation."""


def without_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without any installation's settings: a test must not reach a real database."""
    return {name: value for name, value in environment.items() if not name.startswith("ESPACE_") or name in KEPT}


@contextmanager
def throwaway_installation() -> Iterator[dict[str, str]]:
    """The environment variables of a fresh installation, with its server up (fsync off) for the block."""
    home = Path(tempfile.mkdtemp(prefix="espace-test-"))
    environment = {"ESPACE_HOME": str(home), "ESPACE_PORT": str(free_port())}
    config = load(environment)
    try:
        prepare_home(config)
        write_mark(home, Mark.TEST)
        with running(config, hasty=True, patient=False):
            yield environment
    finally:
        remove_home(config)


def remove_home(config: Config) -> None:
    """Delete a home and what its database server keeps elsewhere."""
    places = places_of(config.home)
    for folder in (places.socket, places.base.parent, config.home):
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """The first of three ports in a row that nobody listens to on loopback."""
    for _attempt in range(50):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        if port < 65_500 and all(is_free(port + more) for more in range(3)):
            return port
    raise OSError("no free port on loopback")


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def becomes_free(port: int, within: float = 10) -> bool:
    """Whether the port is free, or gets free in time: a server that was killed lets go of it a moment later."""
    limit = time.monotonic() + within
    while not (free := is_free(port)) and time.monotonic() < limit:
        time.sleep(0.1)
    return free


def fresh_databases(config: Config, suffix: str) -> dict[str, str]:
    """Make empty `espace_SUFFIX` and `espace_keys_SUFFIX` in the embedded server; the variables that name them."""
    places = places_of(config.home)
    main, keys = f"espace_{suffix}", f"espace_keys_{suffix}"
    with superuser_connection(places) as connection:
        drop_databases(connection, main, keys)
        create_databases(connection, main, keys)
    return {
        "ESPACE_DATABASE_URL": database_url(embedded_database(places, main, APPLICATION)),
        "ESPACE_DATABASE_OWNER_URL": database_url(embedded_database(places, main, OWNER)),
        "ESPACE_KEYS_URL": database_url(embedded_database(places, keys, KEYS)),
    }


def database_url(database: Database) -> str:
    word, host = quote(database.password, safe=""), quote(database.host, safe="")
    return f"postgresql://{database.user}:{word}@/{database.name}?host={host}&port={database.port}"
