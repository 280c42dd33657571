"""The parts of a campaign: what may be killed, the points, the ledger, the seals, and PostgreSQL's left-overs."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest

from espace.site import postgres
from espace.site.bench.crash.crew import NOBODY, Crew, Running, alive, running, whole
from espace.site.bench.crash.facts import Act, Line, Phase, Point, Target
from espace.site.bench.crash.ledger import Follower, Ledger, read
from espace.site.bench.crash.points import Armed
from espace.site.bench.house import House
from espace.site.config import Config, load, prepare_home
from espace.site.databases import superuser_connection
from espace.site.places import places_of

BUSY = "DO $$ DECLARE i bigint := 0; BEGIN WHILE i < 2000000000 LOOP i := i + 1; END LOOP; END $$"


def test_only_the_process_that_was_started_is_ever_killed() -> None:
    """A number that was given to another process since is nobody: so is 0, whose descendants are everybody."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        one = running(child.pid)
        assert alive(one)
        assert whole(one) == [child.pid]
        assert whole(Running(one.pid, one.born + 1)) == []
        child.kill()
        child.wait()
        assert whole(one) == []
    assert whole(NOBODY) == []
    assert whole(running(0)) == []


def test_an_order_to_kill_what_is_dead_already_is_no_kill(tmp_path: Path) -> None:
    nobody: Any = None
    made = Crew(House(load({"ESPACE_HOME": str(tmp_path)}), database=0), nobody, Random(1))
    assert [made.kill(target) for target in Target] == [None] * len(Target)


def test_an_armed_point_is_taken_once(tmp_path: Path) -> None:
    armed = Armed(tmp_path)
    armed.reached(Point.BEFORE_COMMIT)
    armed.arm(Point.BEFORE_COMMIT)
    armed.reached(Point.AFTER_COMMIT)
    assert armed.waits(Point.BEFORE_COMMIT)
    assert [armed.disarm(Point.BEFORE_COMMIT) for _ in range(2)] == [True, False]


def test_whoever_comes_to_an_armed_point_dies_there(tmp_path: Path) -> None:
    Armed(tmp_path).arm(Point.AFTER_COMMIT)
    source = (
        "import sys; from pathlib import Path; from espace.site.bench.crash.facts import Point; "
        "from espace.site.bench.crash.points import Armed; Armed(Path(sys.argv[1])).reached(Point.AFTER_COMMIT)"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    dead, lived = (subprocess.run([sys.executable, "-c", source, tmp_path], env=environment) for _ in range(2))
    assert (dead.returncode, lived.returncode) == (-signal.SIGKILL, 0)


def test_a_ledger_is_read_up_to_its_last_whole_line(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    follower, lines = Follower(path), [Line(1, Phase.SEND, Act.READ, 1.5, "p"), Line(1, Phase.ACK, Act.READ, 2.5, "p")]
    assert follower.answers() == 0
    ledger = Ledger(path)
    for line in lines:
        ledger.write(line)
    with path.open("ab") as file:
        file.write(b'{"number":2,"phase":"ack"')
    assert read(path) == lines
    assert [follower.answers() for _ in range(2)] == [1, 0]


@pytest.fixture
def database() -> Iterator[Config]:
    with tempfile.TemporaryDirectory(prefix="crash-") as folder:
        Path(folder).chmod(0o711)
        config = load({"ESPACE_HOME": folder})
        prepare_home(config)
        yield config


def test_postgresql_starts_again_while_a_process_of_the_killed_one_is_busy(database: Config) -> None:
    """Its postmaster dies; a statement that computes notices nothing, and holds what the next server needs."""
    places = places_of(database.home)
    first = postgres.start(database, hasty=True)
    connection = superuser_connection(places)

    def compute() -> None:
        with suppress(psycopg.OperationalError):
            connection.execute(BUSY)

    busy = connection.info.backend_pid
    thread = threading.Thread(target=compute)
    thread.start()
    with superuser_connection(places) as other:
        _wait_until_active(other, busy)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    second = postgres.start(database, hasty=True)
    try:
        assert not alive(running(busy))
        thread.join(10)
        assert not thread.is_alive()
        with superuser_connection(places) as again:
            assert again.execute("SELECT 1").fetchone() == (1,)
    finally:
        connection.close()
        postgres.stop(second)


def _wait_until_active(other: "psycopg.Connection", pid: int) -> None:
    limit = time.monotonic() + 10
    while time.monotonic() < limit:
        if other.execute("SELECT state FROM pg_stat_activity WHERE pid = %s", [pid]).fetchone() == ("active",):
            return
        time.sleep(0.02)
