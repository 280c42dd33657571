"""A campaign, then its installation damaged by hand, one thing at a time: `python damage.py HOME KILLS SEED`.

In a process of its own, for a throw-away installation is all of a process. It begins as a copy of HOME, which is
migrated already. Says in JSON what the campaign did and found, and for each damage what the checker then named.
"""

import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf
from pathlib import Path
from typing import Any
from unittest.mock import patch

from espace.kernel.values import replace
from espace.site.bench import house as bench
from espace.site.bench.crash import campaign
from espace.site.bench.crash.evidence import Evidence, Rows, in_folder, rows_of
from espace.site.bench.crash.facts import Person
from espace.site.bench.crash.judge import judged
from espace.site.bench.crash.report import table
from espace.site.bench.crash.stories import looks, operations, stories
from espace.site.bench.house import House, throwaway_house
from espace.site.databases import superuser_connection
from espace.site.places import KEYS_DATABASE, MAIN_DATABASE, places_of
from running import copy_of

SPACES = 6
COLUMNS = "submission_id, status, deposited_at, changed_at, size, content, depositor, sealed"

RENUMBER = (
    "UPDATE trace_leaf SET index = -index - 1",
    "UPDATE trace_leaf SET index = right_one.place FROM (SELECT commitment, row_number() OVER (ORDER BY -index) - 1 "
    "AS place FROM trace_leaf) AS right_one WHERE right_one.commitment = trace_leaf.commitment",
)
STATEMENTS: dict[str, str | tuple[str, ...]] = {
    "a document deleted": "DELETE FROM record_entry WHERE id = %(entry)s",
    "a place deleted": "DELETE FROM record_locator WHERE entry_id = %(entry)s",
    "an identifier deleted": "DELETE FROM record_unique_id WHERE target_id = %(entry)s",
    "a set deleted": (
        "DELETE FROM record_submission WHERE id = (SELECT submission_id FROM record_entry WHERE id = %(entry)s)"
    ),
    "a document twice": (
        f"INSERT INTO record_entry (patient_id, id, {COLUMNS}) SELECT patient_id, gen_random_uuid(), {COLUMNS} "
        "FROM record_entry WHERE id = %(entry)s"
    ),
    "an identifier twice": (
        "INSERT INTO record_unique_id (patient_id, blind, target_id) SELECT patient_id, '\\x00', target_id "
        "FROM record_unique_id WHERE target_id = %(entry)s"
    ),
    "a mask taken off": "DELETE FROM record_restriction WHERE entry_id = %(masked)s",
    "a mask altered": (
        "UPDATE record_restriction SET sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1) "
        "WHERE entry_id = %(masked)s"
    ),
    "a replacement forgotten": "DELETE FROM record_association WHERE source_id = %(newer)s",
    "a deletion undone": "UPDATE record_entry SET status = 'Approved' WHERE id = %(deleted)s",
    "a document made deleted": "UPDATE record_entry SET status = 'Deleted' WHERE id = %(entry)s",
    "a line deleted": "DELETE FROM trace_event WHERE id = %(line)s",
    "a line altered": (
        "UPDATE trace_event SET sealed = set_byte(sealed, 60, get_byte(sealed, 60) # 1) WHERE id = %(line)s"
    ),
    "a line given another commitment": "UPDATE trace_event SET commitment = '\\x00' WHERE id = %(line)s",
    "a line and its leaf deleted": (
        "WITH gone AS (DELETE FROM trace_event WHERE id = %(line)s RETURNING commitment) "
        "DELETE FROM trace_leaf WHERE commitment IN (SELECT commitment FROM gone)"
    ),
    "a line and its leaf deleted, the others renumbered": (
        "DELETE FROM trace_leaf WHERE commitment = (SELECT commitment FROM trace_event WHERE id = %(line)s)",
        "DELETE FROM trace_event WHERE id = %(line)s",
        *RENUMBER,
    ),
    "a leaf out of place": "UPDATE trace_leaf SET index = -1 WHERE index = 0",
    "a leaf that waits again": (
        "INSERT INTO trace_pending (patient_id, line_id, commitment) "
        "SELECT patient_id, id, commitment FROM trace_event WHERE id = %(line)s"
    ),
    "an event given up": (
        "INSERT INTO outbox_event (id, kind, sealed, created_at, due_at, attempts, leased_by, dead_at, last_error) "
        "VALUES (gen_random_uuid(), 'Counted', '', now(), now(), 20, '', now(), 'lease_expired')"
    ),
    "an event forgotten": (
        "INSERT INTO outbox_event (id, kind, sealed, created_at, due_at, attempts, leased_by, last_error) "
        "VALUES (gen_random_uuid(), 'Counted', '', now(), now(), 0, '', '')"
    ),
    "a deposit counted twice": "UPDATE indicator_counter SET count = count + 1 WHERE what = 'deposit'",
    "a reading not counted": "UPDATE indicator_counter SET count = count - 1 WHERE what = 'reading'",
}


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


FILES: dict[str, Callable[[Path], object]] = {
    "a content deleted": Path.unlink,
    "a content altered": _flip,
    "a content cut": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "a content emptied": lambda path: path.write_bytes(b""),
}


def victims(evidence: Evidence) -> dict[str, str]:
    """One document of each kind, and the one line of the one reading of a document."""
    done = operations(evidence.ledger)
    told = [one for one in stories(done) if one.entry]
    sent = Counter({(one.act, one.first.entry): 0 for one in done})
    for one in done:
        sent[one.act, one.first.entry] += one.sends
    plain = (one for one in told if not (one.chain.masks or one.chain.cut or one.replaced or one.deposit.first.target))
    once = next(one.first.entry for one, look in looks(done) if look.status == 200 and sent[one.act, look.entry] == 1)
    lines = (one for one in evidence.rows.lines if (one.verb, one.outcome) == ("download", "allowed"))
    return {
        "entry": next(plain).entry,
        "masked": next(one.entry for one in told if one.masked(inf, inf) and one.deleted is None),
        "newer": next(one.entry for one in told if one.deposit.first.target),
        "deleted": next(one.entry for one in told if one.deleted is not None),
        "line": next(one.id for one in lines if once in one.objects),
    }


class Looker:
    """Looks again at rows that were damaged, and leaves out what the checker itself read through the door."""

    def __init__(self, house: House, people: list[Person], evidence: Evidence, main: Any, keys: Any) -> None:
        self.home, self.people, self.evidence, self.main, self.keys = house.config.home, people, evidence, main, keys
        before = {line.id for line in evidence.rows.lines}
        more = [line for line in self.rows().lines if line.id not in before]
        self.own = {line.id for line in more}
        self.readings = sum(1 for line in more if (line.verb, line.outcome) == ("download", "allowed"))

    def rows(self) -> Rows:
        patients = {person.patient for person in self.people}
        contents = in_folder(self.home / "contents")
        return rows_of(self.main, self.keys, self.home / "keys" / "service.json", contents, patients)

    def faults(self) -> list[str]:
        now = self.rows()
        lines = tuple(line for line in now.lines if line.id not in self.own)
        counted = {what: count - (self.readings if what == "reading" else 0) for what, count in now.counted.items()}
        evidence = replace(self.evidence, rows=replace(now, lines=lines, counted=counted))
        return sorted({str(one.fault) for one in judged(evidence)})


def damaged(house: House, people: list[Person], evidence: Evidence) -> dict[str, list[str]]:
    """For each damage, the names of the faults that the checker finds; all is as before after each."""
    chosen, places = victims(evidence), places_of(house.config.home)
    with superuser_connection(places, MAIN_DATABASE) as main, superuser_connection(places, KEYS_DATABASE) as keys:
        _idle(main)
        looker = Looker(house, people, evidence, main, keys)
        found = {"nothing": looker.faults()}
        for name, statements in STATEMENTS.items():
            with main.transaction(force_rollback=True):
                main.execute("SET LOCAL session_replication_role = replica")
                for statement in (statements,) if isinstance(statements, str) else statements:
                    if not main.execute(statement.encode(), chosen).rowcount:
                        raise ValueError(f"nothing to damage: {name}")
                found[name] = looker.faults()
        content = next(row.content for row in evidence.rows.entries if row.id == chosen["entry"]).replace("-", "")
        for name, act in FILES.items():
            with _kept(house.config.home / "contents" / content[-2:] / content) as path:
                act(path)
                found[name] = looker.faults()
    return found


def _idle(main: Any) -> None:
    """Until the worker has handled what the checker left by reading."""
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        waiting = main.execute("SELECT (SELECT count(*) FROM outbox_event) + (SELECT count(*) FROM trace_pending)")
        if waiting.fetchone() == (0,):
            return
        time.sleep(0.05)


@contextmanager
def _kept(path: Path) -> Iterator[Path]:
    """A file that is as it was after the block."""
    before = path.read_bytes()
    yield path
    path.write_bytes(before)


def main(source: Path, kills: int, seed: int) -> dict[str, Any]:
    begun = patch.object(bench, "prepare_home", lambda config: copy_of(source, config.home))
    with begun, throwaway_house() as house, tempfile.TemporaryDirectory() as folder:
        from espace.site.bench.crash.preparing import prepared

        people = prepared(SPACES, lambda line: None)
        asked = campaign.Asked(kills=kills, seconds=0, seed=seed, spaces=SPACES)
        damages: dict[str, list[str]] = {}
        outcome = campaign.campaign(
            house,
            asked,
            people,
            Path(folder),
            lambda line: None,
            then=lambda evidence: damages.update(damaged(house, people, evidence)),
        )
        return {
            "kills": outcome.kills.total(),
            "found": [f"{one.fault}: {one.what}" for one in outcome.found],
            "table": table(asked, outcome),
            "damages": damages,
        }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]), *map(int, sys.argv[2:]))))
