"""What PostgreSQL alone does on this machine: the same statements, or the same bytes, without the platform."""

import base64
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec
from psycopg import Connection, sql

from espace.site.bench.facts import Bound
from espace.site.bench.house import House
from espace.site.bench.proc import cpu_seconds
from espace.site.bench.statements import Script
from espace.site.databases import SUPERUSER, superuser_connection
from espace.site.engine import binaries
from espace.site.places import KEYS_DATABASE, MAIN_DATABASE, SOCKET_PORT, places_of, read_passwords
from espace.site.source import tool_environment
from espace.site.terminal import Failed

MOST_SCRIPTS = 100
"""pgbench takes 128 at most."""
_TABLE = "bench_deposit"
_COUNT = re.compile(r"number of transactions actually processed: (\d+)")
_RATE = re.compile(r"tps = ([0-9.]+)")
_FAILED = re.compile(r"number of failed transactions: ([1-9]\d*)")


@dataclass(frozen=True, slots=True)
class Bench:
    """Scripts to be repeated by PostgreSQL alone, and words about them."""

    scripts: Sequence[Script]
    how: str
    variables: tuple[tuple[str, str], ...] = ()


@contextmanager
def insertion(house: House, size: int) -> Iterator[Bench]:
    """One row of `size` bytes and its commit; the bytes are noise, as sealed ones are, and as text may be sent."""
    body = base64.b64encode(os.urandom(size * 3 // 4 + 3)).decode()[:size]
    with superuser_connection(places_of(house.config.home), MAIN_DATABASE) as connection:
        connection.execute(
            sql.SQL("CREATE TABLE {} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text NOT NULL)").format(
                sql.Identifier(_TABLE)
            )
        )
        try:
            how = f"one row of {size} bytes inserted and committed"
            yield Bench([(f"INSERT INTO {_TABLE} (body) VALUES (:body)",)], how, (("body", body),))  # noqa: S608  ours
        finally:
            connection.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(_TABLE)))


@contextmanager
def repetition(house: House, scripts: Sequence[Script]) -> Iterator[Bench]:
    """The statements that the platform itself sent for these requests. pgbench has one connection: those for the keys
    go to a copy of the keys' table in the main database, for the time of the bench.
    """
    places = places_of(house.config.home)
    with superuser_connection(places, MAIN_DATABASE) as main, superuser_connection(places, KEYS_DATABASE) as keys:
        _copy_keys(keys, main)
        try:
            yield Bench(scripts[:MOST_SCRIPTS], "the same statements, keys read from a copy in the same database")
        finally:
            # What the bound added looks like what the platform writes, and would keep its worker busy.
            main.execute("DROP TABLE wrapped_key; TRUNCATE trace_pending, outbox_event")


def _copy_keys(keys: Connection, main: Connection) -> None:
    main.execute(
        "CREATE TABLE wrapped_key (patient_id uuid, kind varchar(16), version smallint, wrapped bytea,"
        " created_at timestamptz, destroyed_at timestamptz, PRIMARY KEY (patient_id, kind, version))"
    )
    columns = "wrapped_key (patient_id, kind, version, wrapped, created_at, destroyed_at)"
    with (
        keys.cursor() as source,
        main.cursor() as target,
        source.copy(f"COPY {columns} TO STDOUT") as out,
        target.copy(f"COPY {columns} FROM STDIN") as into,
    ):
        for data in out:
            into.write(data)
    main.execute("ANALYZE wrapped_key")


def measured(house: House, bench: Bench, *, clients: int, seconds: float) -> Bound:
    """The bench repeated by so many clients for so long, by pgbench where there is one, else by a loop of our own."""
    folder, before = binaries(places_of(house.config.home)), cpu_seconds(house.database)
    program = folder / "pgbench" if (folder / "pgbench").exists() else shutil.which("pgbench")
    runner = partial(_by_pgbench, program) if program else _by_loop
    count, rate = runner(house, bench, clients, max(1, round(seconds)))
    name = "pgbench, prepared" if program else "a psycopg loop in as many processes"
    spent = cpu_seconds(house.database) - before
    return Bound(f"{name}: {bench.how}", rate, 1000 * spent / max(1, count))


def _by_pgbench(program: Path | str, house: House, bench: Bench, clients: int, seconds: int) -> tuple[int, float]:
    places = places_of(house.config.home)
    with tempfile.TemporaryDirectory(dir=house.config.home) as folder:
        options = ["-n", "-M", "prepared", "-c", str(clients), "-j", str(min(clients, 2)), "-T", str(seconds)]
        for rank, script in enumerate(bench.scripts):
            path = Path(folder) / str(rank)
            path.write_text("".join(f"{statement};\n" for statement in script), encoding="utf-8")
            options += ["-f", str(path)]
        options += [word for name, value in bench.variables for word in ("-D", f"{name}={value}")]
        where = ["-h", str(places.socket), "-p", SOCKET_PORT, "-U", SUPERUSER, MAIN_DATABASE]
        ended = subprocess.run(  # noqa: S603  ours
            [program, *options, *where],
            env={**os.environ, "PGPASSWORD": read_passwords(places)[SUPERUSER]},
            capture_output=True,
            text=True,
            check=False,
        )
    count, rate = _COUNT.search(ended.stdout), _RATE.search(ended.stdout)
    if ended.returncode or not count or not rate or _FAILED.search(ended.stdout):
        raise Failed(f"The bound could not be measured: {' '.join(ended.stderr.strip().splitlines()[-2:])}")
    return int(count[1]), float(rate[1])


def _by_loop(house: House, bench: Bench, clients: int, seconds: int) -> tuple[int, float]:
    places = places_of(house.config.home)
    with tempfile.TemporaryDirectory(dir=house.config.home) as folder:
        orders = Path(folder) / "orders"
        where = {"host": str(places.socket), "port": SOCKET_PORT, "user": SUPERUSER, "dbname": MAIN_DATABASE}
        where["password"] = read_passwords(places)[SUPERUSER]
        said = {"where": where, "scripts": bench.scripts, "values": dict(bench.variables), "seconds": seconds}
        orders.write_bytes(msgspec.json.encode(said))
        command = [sys.executable, "-P", "-m", "espace.site.bench.loop", str(orders)]
        running = [
            subprocess.Popen(command, env=tool_environment(), stdout=subprocess.PIPE)  # noqa: S603  ours
            for _ in range(clients)
        ]
        counts = [int(one.communicate()[0] or 0) for one in running]
    if any(one.returncode for one in running):
        raise Failed("The bound could not be measured: the reason is above.")
    return sum(counts), sum(counts) / seconds
