"""Somebody with the whole database deletes, alters, reorders, rolls back or forks: each time the verifier or an outside
witness sees it, even though the service signs whatever the database says."""

import base64
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

import witness as witness_program
from espace.kernel.ids import PatientId
from espace.keys.actions import sign_log
from espace.keys.queries import log_keys
from espace.trace import queries
from espace.trace.actions.publishing import publish
from espace.trace.facts import INSERT_ONLY_TABLES
from espace.trace.queries.published import LogBroken, leaf_count, tree
from espace.trace.rules.notes import checkpoint_text, signed_note, verifier_key
from espace.trace.rules.tiles import Tree
from logbook import (
    ORIGIN,
    begin_anew,
    file_of,
    grant_of,
    later,
    mirror,
    others,
    proof,
    settle,
    somebody,
    sql,
    verified,
    write,
)

pytestmark = pytest.mark.django_db


class Witness:
    """A process outside, fed with checkpoints and their consistency proofs."""

    def __init__(self, folder: Path) -> None:
        self.size = 0
        command = [sys.executable, "-I", witness_program.__file__, verifier_key(log_keys()[0]), str(folder / "seen")]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def shown(self, note: str, steps: Any = ()) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        said = {"old": self.size, "checkpoint": note, "proof": [base64.b64encode(one).decode() for one in steps]}
        self.process.stdin.write(json.dumps(said) + "\n")
        self.process.stdin.flush()
        found: dict[str, Any] = json.loads(self.process.stdout.readline())
        if found["status"] == 200:
            self.size = int(note.splitlines()[1])
        return found

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        assert self.process.stdout
        self.process.stdout.close()
        assert self.process.wait(10) == 0


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    settle()
    if not log_keys():
        write(somebody())
        settle()
    found = Witness(tmp_path)
    try:
        yield found
    finally:
        found.close()


def follow(witness: Witness) -> dict[str, Any]:
    """The witness is shown the last checkpoint, with the proof that the service gives."""
    last = queries.checkpoint()
    assert last
    steps = tree(last.size, lambda one: one.consistency(witness.size)).consistency(witness.size) if witness.size else ()
    return witness.shown(last.note, steps)


@pytest.fixture
def open_tables() -> Iterator[None]:
    """The database in the hands of somebody who may do everything with it."""
    role = connection.settings_dict["USER"]
    for table in INSERT_ONLY_TABLES:
        sql(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only", alias="owner")
        sql(f'GRANT UPDATE, DELETE ON {table} TO "{role}"', alias="owner")
    try:
        yield
    finally:
        for table in INSERT_ONLY_TABLES:
            sql(f'REVOKE UPDATE, DELETE ON {table} FROM "{role}"', alias="owner")
            sql(f"ALTER TABLE {table} ENABLE TRIGGER {table}_append_only", alias="owner")


def sign_anew() -> None:
    """What the service would sign without looking back, in place of the last checkpoint."""
    size = leaf_count()
    root = tree(size, Tree.root).root()
    text = checkpoint_text(ORIGIN, size, root)
    sql("DELETE FROM trace_checkpoint WHERE size >= %s", size)
    sql("INSERT INTO trace_checkpoint VALUES (%s, %s, %s, %s)", size, root, signed_note(text, sign_log(text)), later())


@dataclass
class World:
    """Anne, what she and a witness kept from before, and where her lines are."""

    anne: PatientId
    keys: Path
    earlier: Path
    leaves: list[int]
    size: int


@pytest.fixture
def world(tmp_path: Path) -> World:
    begin_anew()
    anne = somebody()
    for _ in range(4):
        write(anne, 2)
        others(80)
        settle()
    write(anne)
    settle()
    keys, earlier = tmp_path / "keys", tmp_path / "earlier"
    keys.write_text("".join(f"{verifier_key(key)}\n" for key in log_keys()))
    last = queries.checkpoint()
    assert last
    earlier.write_text(last.note)
    return World(anne, keys, earlier, [one.entry.index for one in proof(anne).lines], last.size)


def seen(world: World, folder: Path) -> str:
    """Why whoever checks from outside knows; "" when they do not."""
    try:
        if altered := queries.read_history(grant_of(world.anne)).altered:
            return f"{altered} lines are not what was committed to"
        data, log = file_of(world.anne), mirror(folder / "log")
    except Exception as error:  # the service itself stumbles over what was done
        return f"{type(error).__name__}: {error}"
    options: dict[str, Any] = {"keys": str(world.keys), "checkpoint": [str(world.earlier)], "log": str(log)}
    return verified(data, folder, **options, scan=True)


LEAF = "index = %(leaf)s"
LINE = (
    "patient_id = %(anne)s AND id = "
    "(SELECT id FROM trace_event WHERE patient_id = %(anne)s ORDER BY id OFFSET %(nth)s LIMIT 1)"
)
FLIP = "set_byte({0}, %(byte)s %% length({0}), get_byte({0}, %(byte)s %% length({0})) # (1 + %(byte)s %% 255))"
OTHER = "(SELECT {0} FROM trace_leaf WHERE index = %(other)s)"

MUTATIONS: dict[str, tuple[str, ...]] = {
    "a line deleted": (f"DELETE FROM trace_event WHERE {LINE}",),
    "a line altered": (f"UPDATE trace_event SET sealed = {FLIP.format('sealed')} WHERE {LINE}",),
    "a line's commitment altered": (f"UPDATE trace_event SET commitment = {FLIP.format('commitment')} WHERE {LINE}",),
    "a line given to somebody else": (f"UPDATE trace_event SET patient_id = gen_random_uuid() WHERE {LINE}",),
    "a link deleted": ("DELETE FROM trace_link WHERE patient_id = %(anne)s AND number = %(nth)s + 1",),
    "a link altered": (
        f"UPDATE trace_link SET sealed = {FLIP.format('sealed')} WHERE patient_id = %(anne)s AND number = %(nth)s + 1",
    ),
    "links from one on deleted": ("DELETE FROM trace_link WHERE patient_id = %(anne)s AND number > %(nth)s",),
    "links out of order": (
        "UPDATE trace_link SET number = -1 WHERE patient_id = %(anne)s AND number = %(nth)s + 1",
    ),
    "a leaf deleted": (f"DELETE FROM trace_leaf WHERE {LEAF}",),
    "a leaf's commitment altered": (f"UPDATE trace_leaf SET commitment = {FLIP.format('commitment')} WHERE {LEAF}",),
    "a leaf's chains altered": (f"UPDATE trace_leaf SET chains = {FLIP.format('chains')} WHERE {LEAF}",),
    "a leaf out of place": (f"UPDATE trace_leaf SET index = -1 WHERE {LEAF}",),
    "a leaf told as another": (f"UPDATE trace_leaf SET chains = {OTHER.format('chains')} WHERE {LEAF}",),
    "a tile deleted": ("DELETE FROM trace_tile WHERE level = 0 AND number = %(tile)s",),
    "a tile altered": (
        f"UPDATE trace_tile SET hashes = {FLIP.format('hashes')} WHERE level = 0 AND number = %(tile)s",
    ),
    "a tile's root altered": (
        f"UPDATE trace_tile SET root = {FLIP.format('root')} WHERE level = 0 AND number = %(tile)s",
    ),
    "the last checkpoint deleted": ("DELETE FROM trace_checkpoint WHERE size = %(size)s",),
    "a checkpoint of other leaves": ("UPDATE trace_checkpoint SET size = size * 1000 WHERE size = %(size)s",),
    "a checkpoint's note altered": (
        "UPDATE trace_checkpoint SET note = overlay(note placing '7' from 40 + %(byte)s %% 100) WHERE size = %(size)s "
        "AND substr(note, 40 + %(byte)s %% 100, 1) NOT IN ('7', chr(10))",
    ),
}
UNSIGNED = frozenset({"the last checkpoint deleted", "a checkpoint of other leaves", "a checkpoint's note altered"})
"""Signing anew would undo them."""
EACH = 12


@pytest.mark.parametrize("signs_anew", [False, True], ids=["as it is", "signed anew"])
def test_every_change_of_a_row_is_seen(world: World, tmp_path: Path, open_tables: None, signs_anew: bool) -> None:
    assert seen(world, tmp_path) == ""
    chance, unseen, done = random.Random(5), list[str](), 0
    for name, statements in MUTATIONS.items():
        for _ in range(EACH):
            leaf = chance.choice(world.leaves)
            other = chance.choice([one for one in range(world.size) if one != leaf])
            values = {
                "anne": world.anne, "nth": chance.randrange(9), "leaf": leaf, "other": other,
                "byte": chance.randrange(8192), "size": world.size,
                "tile": min(world.leaves) // 256,  # through which her own proofs go
            }  # fmt: skip
            why, changed = _done_and_undone(world, tmp_path, statements, values, signs_anew and name not in UNSIGNED)
            done += changed
            unseen += [f"{name} {values}"] if changed and not why else []
    assert unseen == []
    assert done > 190


def _done_and_undone(
    world: World, folder: Path, statements: tuple[str, ...], values: dict[str, Any], signs_anew: bool
) -> tuple[str, bool]:
    """Why it is seen, and whether a row was changed at all."""
    why, changed = "", 0
    with transaction.atomic():
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement, values)
                changed += cursor.rowcount
        try:
            if signs_anew:
                sign_anew()
        except LogBroken as error:
            why = str(error)
        why = why or seen(world, folder)
        transaction.set_rollback(True)
    return why, bool(changed)


def test_the_witness_follows_and_cosigns(witness: Witness, tmp_path: Path) -> None:
    anne = somebody()
    for count in (1, 3, 300):
        write(anne, 1)
        others(count)
        settle()
        found = follow(witness)
        assert found["status"] == 200
    last = queries.checkpoint()
    assert last
    cosigned = json.loads(file_of(anne))
    cosigned["checkpoint"] = last.note + found["cosignature"]
    assert verified(json.dumps(cosigned).encode(), tmp_path) == ""


def _forget_since(size: int) -> None:
    """The database as it was when the log had so many leaves."""
    sql("DELETE FROM trace_checkpoint WHERE size > %s", size)
    sql("DELETE FROM trace_leaf WHERE index >= %s", size)
    sql("DELETE FROM trace_tile WHERE (number + 1) * (256::bigint ^ (level + 1)) > %s", size)


def test_the_witness_sees_a_database_put_back_to_yesterday(witness: Witness, open_tables: None) -> None:
    write(somebody(), 2)
    settle()
    yesterday = queries.checkpoint()
    assert yesterday
    assert follow(witness)["status"] == 200
    write(somebody(), 5)
    settle()
    assert follow(witness)["status"] == 200
    with transaction.atomic():
        _forget_since(yesterday.size)
        last = queries.checkpoint()
        assert last == yesterday
        assert witness.shown(last.note) == {"status": 409, "size": yesterday.size + 5}
        for number in range(9):
            sql("INSERT INTO trace_leaf VALUES (%s, %s, %s)", yesterday.size + number, bytes((number,)) * 32, bytes(96))
        sign_anew()
        assert follow(witness) == {"status": 422}
        transaction.set_rollback(True)
    assert follow(witness)["status"] == 200


def test_the_witness_sees_a_fork_and_another_s_signature(witness: Witness, open_tables: None) -> None:
    write(somebody(), 3)
    settle()
    assert follow(witness)["status"] == 200
    last = queries.checkpoint()
    assert last
    with transaction.atomic():
        sql("UPDATE trace_leaf SET chains = %s WHERE index = %s", bytes(96), last.size - 1)
        sign_anew()
        forked = queries.checkpoint()
        assert forked
        assert forked.size == last.size
        assert forked.root != last.root
        assert witness.shown(forked.note) == {"status": 422}
        transaction.set_rollback(True)
    assert witness.shown(last.note.replace(f"\n{last.size}\n", f"\n{last.size + 1}\n")) == {"status": 403}


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM trace_leaf WHERE index = %s - 1",
        "UPDATE trace_leaf SET chains = commitment || commitment || commitment WHERE index = %s - 1",
    ],
)
def test_the_service_signs_nothing_that_contradicts_what_it_signed(statement: str, open_tables: None) -> None:
    write(somebody(), 2)
    settle()
    last = queries.checkpoint()
    assert last
    ((index, commitment, chains),) = sql("SELECT * FROM trace_leaf WHERE index = %s - 1", last.size)
    sql(statement, last.size)
    try:
        sql("INSERT INTO trace_leaf VALUES (%s, %s, %s)", last.size, bytes(32), bytes(96))
        with pytest.raises(LogBroken):
            publish(at=later(), origin=ORIGIN)
    finally:
        sql("DELETE FROM trace_leaf WHERE index >= %s - 1", last.size)
        sql("INSERT INTO trace_leaf VALUES (%s, %s, %s)", index, commitment, chains)
    assert queries.checkpoint() == last
