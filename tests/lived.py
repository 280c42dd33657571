"""An installation that lives: deposits, two back-ups, keys destroyed between them; scripts that ask it things."""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from espace.edge import clock_at, now
from espace.site import verify_trace
from espace.site.backup.facts import BASES, INDEX, TOMBSTONES, Folders
from espace.site.backup.making import back_up
from espace.site.config import Config
from espace.site.demo.people import CAMILLE, MONIQUE, Person
from espace.site.demo.structures import HOSPITAL
from espace.site.feeding import bundle_of
from running import ask, told_of

WHEN = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)

DESTROY = """
import sys
from uuid import UUID
from espace.site.runtime import opened
with opened():
    from django.db import connection
    from espace.edge import now
    from espace.kernel.ids import PatientId
    from espace.keys.actions import destroy
    from espace.keys.facts import KeyKind
    with connection.cursor() as cursor:
        cursor.execute("SELECT patient_id FROM record_entry WHERE id = %s", [sys.argv[1]])
        patient = cursor.fetchone()[0]
    destroy(PatientId(patient), [KeyKind.CONTENT, KeyKind.METADATA], at=now())
"""
SIGN = """
from espace.site.runtime import opened
with opened():
    from espace.edge import now
    from espace.trace.actions import publish, sequence
    assert sequence(1000)
    assert publish(at=now(), origin="essai.example/transparency")
"""
SEVERAL = """
import sys
from espace.site.cli import main
sys.exit(any([main(line.split()) for line in sys.argv[1:]]))
"""
STATE = """
import json
from espace.site.runtime import opened
with opened():
    from django.db import connections
    def ask(alias, question):
        with connections[alias].cursor() as cursor:
            cursor.execute(question)
            return [list(map(str, row)) for row in cursor.fetchall()]
    print(json.dumps({
        "entries": sorted(row[0] for row in ask("default", "SELECT id FROM record_entry")),
        "destroyed": sorted(row[0] for row in ask("keys", "SELECT kind FROM wrapped_key WHERE wrapped IS NULL")),
        "signed": int(ask("default", "SELECT coalesce(max(size), 0) FROM trace_checkpoint")[0][0]),
        "kept": len(ask("keys", "SELECT 1 FROM wrapped_key WHERE wrapped IS NOT NULL")),
    }))
"""


@dataclass
class Life:
    """What happened to an installation, as somebody outside knows it."""

    folders: Folders
    token: str
    before: dict[str, bytes] = field(default_factory=dict)
    """Place of each document of Camille's acknowledged before the moment, and its bytes."""
    after: dict[str, bytes] = field(default_factory=dict)
    """Those between the moment and the last back-up."""
    never: str = ""
    """One that came after the last back-up."""
    erased: str = ""
    """Monique's, whose keys were destroyed after the moment, and before the last back-up."""
    moment: datetime = WHEN
    later: Folders | None = None
    witnessed: verify_trace.Checkpoint | None = None
    """What a witness of the access log kept, after the moment and before the last back-up."""


def run(environment: dict[str, str], script: str, *words: str) -> str:
    command = [sys.executable, "-P", "-c", script, *words]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def several(environment: dict[str, str], *lines: str) -> str:
    """Commands in one process, one after the other: what they wrote."""
    return run(environment, SEVERAL, *lines)


def deposit(base: str, token: str, who: Person, number: int) -> tuple[str, bytes]:
    """A document under an identifier of its own: where it is, and its bytes."""
    told = told_of(who)
    old = told.entry.unique_id.removeprefix("urn:oid:").encode()
    content = told.content.replace(b'"' + old + b'"', f'"2.25.7500.17.{number}"'.encode())
    answer = json.loads(ask(base, "/fhir", token, bundle_of(content, source_id=HOSPITAL.source_id, at=WHEN)))
    places = [entry["response"]["location"] for entry in answer["entry"]]
    return next(place for place in places if place.startswith("Binary/")).split("/_history")[0], content


def two_people(file: Path) -> Path:
    lines = ["ins,oid,birth_name,given_names,birth_date,sex,birth_place,email"]
    for who in (CAMILLE.patient, MONIQUE.patient):
        names = " ".join(who.given_names)
        place = f"{who.birth_date},{who.sex},{who.birth_place},"
        lines.append(f"{who.ins},{who.authority},{who.birth_name},{names},{place}")
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def live(life: Life, config: Config, environment: dict[str, str], feeding: str) -> None:
    base = f"http://127.0.0.1:{config.port}"
    life.before.update(deposit(base, feeding, CAMILLE, number) for number in range(2))
    life.erased, _ = deposit(base, feeding, MONIQUE, 0)
    first = back_up(config, life.folders)
    assert first.full
    assert first.contents == 3
    life.before.update([deposit(base, feeding, CAMILLE, 2)])
    life.moment = now()
    life.after.update(deposit(base, feeding, CAMILLE, number) for number in range(3, 5))
    run(environment, DESTROY, life.erased.removeprefix("Binary/"))
    life.witnessed = signed(environment, base, feeding)
    leave_half_a_back_up(life.folders)
    second = back_up(config, life.folders)
    assert not second.full
    assert second.contents == 3
    assert second.tombstones == 2
    assert [path.name for path in (life.folders.data / BASES).iterdir()] == [second.run.base]
    assert sorted(path.name for path in life.folders.keys.iterdir()) == [second.run.base, TOMBSTONES]
    life.never, _ = deposit(base, feeding, CAMILLE, 5)
    life.later = a_month_later(life, config)


def signed(environment: dict[str, str], base: str, token: str) -> verify_trace.Checkpoint:
    """The access log with every line in it, signed, as it is published."""
    run(environment, SIGN)
    return verify_trace.checkpoint_of(ask(base, "/transparency/checkpoint", token).decode(), "It")


def leave_half_a_back_up(folders: Folders) -> None:
    """What a run that was killed leaves: a base that no manifest names, lines of the index that none vouches for."""
    half = "20260304T093000000000Z"
    for folder in (folders.base(half), folders.of_keys(half)):
        folder.mkdir(mode=0o700)
        (folder / "half").write_bytes(b"half")
    with (folders.data / INDEX).open("a") as index:
        index.write("00112233445566778899aabbccdd")


def a_month_later(life: Life, config: Config) -> Folders:
    """A back-up a month later, into a copy of the folders: the one that this drill restores stays as it is."""
    copied = Folders(life.folders.data.with_name("data-later"), life.folders.keys.with_name("keys-later"))
    shutil.copytree(life.folders.data, copied.data)
    shutil.copytree(life.folders.keys, copied.keys)
    with clock_at(now() + timedelta(days=31)):
        assert back_up(config, copied).full
    return copied
