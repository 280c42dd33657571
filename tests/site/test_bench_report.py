"""What `./espace bench` tells: the statements that the database was sent, what it cost, the table."""

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from espace.kernel.values import replace
from espace.site.bench.facts import Asked, Bound, Cost, Load, Measured, What
from espace.site.bench.measure import percentile
from espace.site.bench.proc import cpu_seconds, family, peak_mib
from espace.site.bench.report import line, table
from espace.site.bench.statements import StatementLog, fresh_each_time, usual_count

_LOG = """2026-03-04 10:00:00.000 UTC [7] LOG:  statement: BEGIN
2026-03-04 10:00:00.001 UTC [7] LOG:  execute _pg3_0: SELECT 1
\tFROM a WHERE b = $1 AND c = $2
2026-03-04 10:00:00.001 UTC [7] DETAIL:  Parameters: $1 = 'it''s', $2 = NULL
2026-03-04 10:00:00.002 UTC [8] LOG:  checkpoint starting: time
2026-03-04 10:00:00.003 UTC [7] LOG:  statement: COMMIT
"""


def test_statements_are_read_from_the_log_with_their_values(tmp_path: Path) -> None:
    path = tmp_path / "server.log"
    path.write_text("before\n", encoding="utf-8")
    log = StatementLog(path)
    with path.open("a", encoding="utf-8") as file:
        file.write(_LOG)
    script = ("BEGIN", "SELECT 1\nFROM a WHERE b = 'it''s' AND c = NULL", "COMMIT")
    assert log.since() == script
    assert log.since() == ()
    assert usual_count([script, script[:1], script]) == 3


def test_only_ids_of_the_moment_are_made_anew() -> None:
    since = datetime(2026, 3, 4, 10, tzinfo=UTC)
    old, new = (f"{int(at.timestamp() * 1000):012x}7" + "a" * 19 for at in (datetime(2026, 3, 3, tzinfo=UTC), since))
    script = (f"INSERT INTO t VALUES ('{old}', '{new}', '\\x{new}')",)
    assert fresh_each_time(script, since=since) == (f"INSERT INTO t VALUES ('{old}', gen_random_uuid(), '\\x{new}')",)


def test_the_loop_that_stands_in_for_pgbench_repeats_scripts(django_db_setup: None) -> None:
    """On the database of the tests, as the application's role."""
    from espace.site.bench.loop import Orders as Loop
    from espace.site.bench.loop import repeat
    from espace.site.config import load
    from espace.site.places import databases

    where = databases(load())["default"]
    names = {"host": where.host, "port": where.port, "user": where.user, "dbname": "postgres"}
    scripts = [["BEGIN", "SELECT :word::text", "COMMIT"], ["SELECT 1"]]
    assert repeat(Loop({**names, "password": where.password}, scripts, {"word": "é"}, 0.05)) > 0


@pytest.mark.parametrize(("share", "expected"), [(50, 2000.0), (95, 4000.0), (99, 4000.0)])
def test_a_percentile_is_a_time_that_was_seen(share: int, expected: float) -> None:
    assert percentile([1.0, 2.0, 3.0, 4.0], share) == expected
    assert percentile([], share) == 0.0


def test_a_family_is_a_process_with_those_it_started() -> None:
    with subprocess.Popen([sys.executable, "-c", "print(flush=True); input()"], stdin=-1, stdout=-1) as child:
        assert child.stdout is not None
        child.stdout.readline()
        assert child.pid in family(os.getpid())
        assert cpu_seconds(child.pid) <= cpu_seconds(os.getpid())
        assert 1 < peak_mib(child.pid) < peak_mib(os.getpid())
        child.communicate(b"\n")
    deadline = time.monotonic() + 5
    while child.pid in family(os.getpid()) and time.monotonic() < deadline:
        pass
    assert cpu_seconds(child.pid) == 0
    assert peak_mib(child.pid) == 0


def measured(*, errors: int = 0) -> Measured:
    load = Load(100, errors, "HTTP/1.1 403" if errors else "", 50.0, 1.0, 2.0, 3.0, 1.5)
    cost = Cost(
        {"server": 1.0, "worker": 0.1, "postgresql": 0.5, "client": 0.05},
        {"server": 200.0, "worker": 60.0, "postgresql": 90.0},
    )
    return Measured(What.SEARCH, 8, load, cost, 10, Bound("pgbench", 200.0, 0.3), None)


def test_a_line_holds_a_measurement_beside_its_bound_and_its_machine() -> None:
    asked = Asked(What.SEARCH, 1000, 20, (8,), 2.0)
    said = json.loads(line(asked, measured(), {"cores": 2}))
    assert said["share"] == 0.25
    assert said["bound"] == {"how": "pgbench", "rate": 200.0, "postgres_cpu_ms": 0.3}
    assert (said["spaces"], said["documents"], said["machine"]) == (1000, 20, {"cores": 2})


def test_a_table_says_that_nothing_was_answered() -> None:
    unanswered = replace(measured(), load=Load(0, 0, "", 0.0, 0.0, 0.0, 0.0, 0.0))
    assert "8 clients: no answer came within the window" in table([unanswered]).splitlines()


def test_a_table_says_what_went_wrong() -> None:
    header, row, *notes = table([measured(errors=3)]).splitlines()
    assert header.split()[:4] == ["clients", "req/s", "errors", "p50"]
    assert row.split()[:4] == ["8", "50", "3", "1.0"]
    assert "8 clients, first error: HTTP/1.1 403" in notes
    assert "targets: rate 1500, ratio 0.25" in notes
