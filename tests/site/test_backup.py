"""The drill: an installation lives, is backed up, is killed and lost; elsewhere it comes back, whole, or as it was.

What was acknowledged before a back-up is read again byte for byte, what was destroyed since stays destroyed, and a
back-up that is not whole is refused before anything is written.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.error
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from espace.edge import clock_at, now
from espace.site import cli, verify_trace
from espace.site.backup import cluster, manifest, restoring
from espace.site.backup.facts import BASES, CONTENTS, INDEX, RUNS, TOMBSTONES, Folders, Unusable
from espace.site.backup.making import back_up
from espace.site.config import BadConfiguration, Config, Mark, load, prepare_home, write_mark
from espace.site.demo.people import CAMILLE, MONIQUE, Person
from espace.site.demo.structures import HOSPITAL
from espace.site.feeding import bundle_of
from espace.site.terminal import Failed
from espace.site.testbed import free_port, remove_home, without_settings
from running import ask, espace, kill_all, server, told_of

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


def environment_of(home: Path) -> dict[str, str]:
    return without_settings(os.environ) | {"ESPACE_HOME": str(home), "ESPACE_PORT": str(free_port())}


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


@pytest.fixture(scope="module")
def above() -> Iterator[Path]:
    """A folder that the account of the database may cross; homes are made in it."""
    folder = Path(tempfile.mkdtemp(prefix="espace-test-"))
    folder.chmod(0o711)
    yield folder
    for home in folder.glob("home*"):
        remove_home(load({"ESPACE_HOME": str(home)}))
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def life(above: Path) -> Life:
    """An installation that lived, was backed up twice, and was killed −9 and lost."""
    environment = environment_of(above / "home")
    config = load(environment)
    prepare_home(config)
    write_mark(config.home, Mark.TEST)
    people = two_people(above / "people.csv")
    told = several(environment, "migrate", f"enrol {people}", "token hospital", "token holder")
    feeding, reading = told.split()[-2:]
    life = Life(Folders(above / "data", above / "keys"), reading)
    with server(environment) as process:
        live(life, config, environment, feeding)
        kill_all(process)
    remove_home(config)
    return life


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


def restored(environment: dict[str, str], life: Life, *words: str) -> None:
    espace(environment, "restore", str(life.folders.data), "--keys", str(life.folders.keys), *words)


def test_all_that_was_acknowledged_before_the_back_up_is_read_again_elsewhere(life: Life, above: Path) -> None:
    """After a restoration that was interrupted, too: a half-restored home starts nothing, and begins again."""
    environment = environment_of(above / "home2")
    config = load(environment)
    prepare_home(config)
    (config.home / "restoring").write_text("half\n")
    (config.home / "secrets" / "database.json").write_text("{}")
    with pytest.raises(BadConfiguration, match="is not done"):
        prepare_home(config)
    restored(environment, life)
    assert (config.home / "mark").read_text() == "test\n"
    base = f"http://127.0.0.1:{config.port}"
    with server(environment):
        with pytest.raises(urllib.error.HTTPError, match="401"):
            ask(base, "/fhir/DocumentReference", life.token)
        token, feeding = several(environment, "token holder", "token hospital").split()
        listed = json.loads(ask(base, "/fhir/DocumentReference", token))
        for place, content in (life.before | life.after).items():
            assert ask(base, f"/fhir/{place}", token) == content
        with pytest.raises(urllib.error.HTTPError, match="404"):
            ask(base, f"/fhir/{life.never}", token)
        again, content = deposit(base, feeding, CAMILLE, 5)
        assert ask(base, f"/fhir/{again}", token) == content
        assert life.witnessed
        now_signed = signed(environment, base, token)
        assert now_signed.size > life.witnessed.size
        verify_trace.check_extends(
            verify_trace.Log(f"{base}/transparency"), life.witnessed, now_signed, "What the witness kept"
        )
    assert listed["total"] == 5


def test_a_moment_comes_back_but_never_the_keys_destroyed_since(life: Life, above: Path) -> None:
    environment = environment_of(above / "home3")
    restored(environment, life, "--at", life.moment.isoformat())
    state = json.loads(run(environment, STATE))
    assert state["entries"] == sorted(place.removeprefix("Binary/") for place in (*life.before, life.erased))
    assert state["destroyed"] == ["content", "metadata"]
    assert state["kept"] == 4
    assert life.witnessed
    assert state["signed"] < life.witnessed.size, "lines of the log are lost, and whoever kept a checkpoint sees it"
    assert len((above / "home3" / "keys" / TOMBSTONES).read_text().splitlines()) == 2
    with pytest.raises(Failed, match="needs an empty home"):
        restoring.restore(load(environment), life.folders)


def one(life: Folders, pattern: str) -> Path:
    return sorted(path for path in life.data.glob(pattern) if path.is_file())[-1]


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def newest_lies(folders: Folders) -> None:
    """The last back-up says that it holds less."""
    path = one(folders, f"{RUNS}/*.json")
    stated = json.loads(path.read_text())
    stated["stated"]["mark"] = "demonstration"
    path.write_text(json.dumps(stated))


def other_keys(folders: Folders) -> None:
    for path in folders.keys.glob(f"*/{manifest.LOCK_KEY}"):
        path.write_text("00" * 32)


def no_keys(folders: Folders) -> None:
    for path in folders.keys.glob("2*"):
        shutil.rmtree(path)


def no_run(folders: Folders) -> None:
    """As a first back-up that was killed leaves it."""
    for path in folders.data.glob(f"{RUNS}/*"):
        path.unlink()


def other_secret(folders: Folders) -> None:
    flip(next(folders.keys.glob("*/keys/service.json")))


def more_destroyed(folders: Folders) -> None:
    with (folders.keys / TOMBSTONES).open("a") as file:
        file.write("somebody content 2026-03-04T09:30:00+00:00\n")


DAMAGE: dict[str, tuple[Callable[[Folders], object], str]] = {
    "a byte of the base": (lambda f: flip(one(f, f"{BASES}/*/{cluster.BASE}")), "damaged: bases/.*base.sealed"),
    "the end of the base": (lambda f: cut(one(f, f"{BASES}/*/{cluster.BASE}")), "damaged: bases/.*base.sealed"),
    "a segment": (lambda f: one(f, f"{BASES}/*/wal/*").unlink(), r"not whole: bases/.*/wal/\w+.sealed is missing"),
    "a byte of a segment": (lambda f: flip(one(f, f"{BASES}/*/wal/*")), "damaged: bases/.*/wal/"),
    "a content": (lambda f: one(f, f"{CONTENTS}/*/*").unlink(), "not whole: content [0-9a-f]{32} is missing"),
    "a byte of a content": (lambda f: flip(one(f, f"{CONTENTS}/*/*")), "damaged: content [0-9a-f]{32}"),
    "a byte of the index": (lambda f: flip(f.data / INDEX), "damaged: contents.index"),
    "the end of the index": (lambda f: cut(f.data / INDEX), "damaged: contents.index"),
    "a byte of the manifest": (lambda f: flip(one(f, f"{RUNS}/*.json")), "altered|cannot be read"),
    "a manifest that lies": (newest_lies, "was altered"),
    "other keys": (other_keys, "was altered, or these are not its keys"),
    "no keys": (no_keys, "does not hold the keys of this back-up"),
    "the key service's file": (other_secret, "damaged: .*/keys/service.json"),
    "a byte of the destroyed keys": (lambda f: flip(f.keys / TOMBSTONES), "damaged: tombstones is not"),
    "the end of the destroyed keys": (lambda f: cut(f.keys / TOMBSTONES), "damaged: tombstones is not"),
    "no destroyed key": (lambda f: (f.keys / TOMBSTONES).write_text(""), "damaged: tombstones is not"),
    "no list of destroyed keys": (lambda f: (f.keys / TOMBSTONES).unlink(), "not whole: tombstones is missing"),
    "a destroyed key too many": (more_destroyed, r"line 3 of .*/tombstones is not one"),
    "no manifest": (no_run, "no back-up in .* that was ended"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_back_up_is_refused_before_anything_is_written(
    damage: str, life: Life, above: Path, tmp_path: Path
) -> None:
    folders = Folders(tmp_path / "data", tmp_path / "keys")
    shutil.copytree(life.folders.data, folders.data)
    shutil.copytree(life.folders.keys, folders.keys)
    spoil, said = DAMAGE[damage]
    spoil(folders)
    config = load({"ESPACE_HOME": str(above / "home4")})
    with pytest.raises(Unusable, match=said):
        restoring.restore(config, folders)
    assert not config.home.exists()


def test_the_last_back_up_says_who_is_erased_whichever_is_restored(life: Life, tmp_path: Path) -> None:
    """The one from before the destruction vouches for an empty list: it does not do any more."""
    folders = Folders(life.folders.data, tmp_path / "keys")
    shutil.copytree(life.folders.keys, folders.keys)
    last, first = manifest.runs(folders)
    key = manifest.read_key(folders, first.base)
    assert (first.tombstones.bytes, last.tombstones.bytes) == (0, (folders.keys / TOMBSTONES).stat().st_size)
    restoring.check_whole(folders, first, key)
    (folders.keys / TOMBSTONES).write_text("")
    with pytest.raises(Unusable, match="damaged: tombstones"):
        restoring.check_whole(folders, first, key)


@pytest.mark.parametrize("spoil", [lambda path: path.unlink(), flip, cut], ids=["missing", "a byte", "its end"])
def test_nothing_is_backed_up_over_a_list_of_destroyed_keys_that_is_not_the_one(
    spoil: Callable[[Path], object], life: Life, above: Path, tmp_path: Path
) -> None:
    folders = Folders(tmp_path / "data", tmp_path / "keys")
    shutil.copytree(life.folders.data, folders.data)
    shutil.copytree(life.folders.keys, folders.keys)
    spoil(folders.keys / TOMBSTONES)
    with pytest.raises(Failed, match=r"tombstones .*Nothing was backed up"):
        back_up(load({"ESPACE_HOME": str(above / "home5")}), folders)


@pytest.mark.parametrize("off", [timedelta(days=-1), timedelta(days=1)])
def test_a_moment_that_no_back_up_holds_is_refused_with_those_that_they_hold(
    off: timedelta, life: Life, above: Path
) -> None:
    with pytest.raises(Unusable, match=r"holds that moment. In UTC, they hold: 2\S+Z to 2\S+Z\."):
        restoring.restore(load({"ESPACE_HOME": str(above / "home4")}), life.folders, at=life.moment + off)


def test_what_is_too_old_is_gone_with_its_keys(life: Life) -> None:
    assert life.later is not None
    [base] = [path.name for path in (life.later.data / BASES).iterdir()]
    assert not (life.folders.data / BASES / base).exists()
    assert sorted(path.name for path in life.later.keys.iterdir()) == [base, TOMBSTONES]
    assert [run.base for run in manifest.runs(life.later)] == [base]


def test_only_its_owner_reads_a_back_up_and_nothing_in_it_is_in_clear(life: Life) -> None:
    name = CAMILLE.patient.birth_name.encode()
    for folder in (life.folders.data, life.folders.keys):
        for path in (folder, *folder.rglob("*")):
            assert path.stat().st_mode & 0o077 == 0, path
    for path in life.folders.data.rglob("*"):
        assert not path.is_file() or (b"wrapped_key" not in (data := path.read_bytes()) and name not in data)


@pytest.mark.parametrize(
    ("data", "keys"), [("a", "a"), ("a", "a/keys"), ("a/data", "a"), ("home/data", "b"), ("a", "home/keys"), ("a", ".")]
)
def test_data_and_keys_are_never_in_one_place(data: str, keys: str, tmp_path: Path) -> None:
    config = load({"ESPACE_HOME": str(tmp_path / "home")})
    with pytest.raises(Failed, match="must be in three places"):
        back_up(config, Folders(tmp_path / data, tmp_path / keys))
    assert not (tmp_path / data).exists()


@pytest.mark.parametrize("words", ["yesterday", "2026-11-22T06:05:00", "2026-13-01T00:00:00Z", ""])
def test_a_moment_without_its_zone_is_a_usage_error(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["restore", "data", "--keys", "keys", "--at", words])
    assert ended.value.code == 2
    assert "a moment is written 2026-11-22T06:05:00Z" in capsys.readouterr().err
