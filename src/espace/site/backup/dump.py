"""Databases of one's own: each dumped by PostgreSQL's own program, the main one among the data, that of the keys among
the keys. There is no point in time here: that is for the tools of those who run these servers."""

from collections.abc import Iterable, Iterator

from espace.site.backup import files, programs
from espace.site.backup.facts import BASES, Folders, Held
from espace.site.backup.keys import address_of, connection_to
from espace.site.backup.sealing import sealed
from espace.site.config import Config, Database
from espace.site.places import databases, places_of

KEYS_DUMP = "keys.sealed"


def main_dump(base: str) -> str:
    return f"{BASES}/{base}/main.sealed"


def take(config: Config, folders: Folders, base: str, key: bytes) -> tuple[dict[str, Held], dict[str, Held]]:
    """Both dumps: what is in the folder of the data, and what is in that of the keys.

    The main database first: keys are committed before what they seal, so that the second dump has every key that the
    first one needs.
    """
    files.make_folder(folders.base(base))
    found = databases(config)
    name = main_dump(base)
    main = files.write(folders.data / name, sealed(key, name, _dumped(config, found["owner"])))
    files.fsync_folder(folders.base(base))
    keys = files.write(folders.of_keys(base) / KEYS_DUMP, sealed(key, KEYS_DUMP, _dumped(config, found["keys"])))
    files.fsync_folder(folders.of_keys(base))
    return {name: main}, {KEYS_DUMP: keys}


def is_empty(database: Database) -> bool:
    with connection_to(database) as connection:
        return connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1").fetchone() is None


def put_back(config: Config, database: Database, chunks: Iterable[bytes]) -> None:
    """A dump into an empty database, whole or not at all; the tables belong to the role of this database's URL."""
    programs.feed(
        chunks,
        "pg_restore",
        *("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", "-d", address_of(database)),
        places=places_of(config.home),
        password=database.password,
        failure="The database could not be put back",
    )


def _dumped(config: Config, database: Database) -> Iterator[bytes]:
    yield from programs.output_of(
        "pg_dump",
        *("--format=custom", "--compress=none", "--no-owner", "--no-privileges", "-w", "-d", address_of(database)),
        places=places_of(config.home),
        password=database.password,
        failure="The dump of a database failed",
    )
