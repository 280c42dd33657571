"""The drill: an installation lives, is backed up, is killed and lost; elsewhere it comes back, whole, or as it was.

What was acknowledged before a back-up is read again byte for byte, what was destroyed since stays destroyed, and a
back-up that is not whole is refused before anything is written.
"""

import json
import shutil
import tempfile
import urllib.error
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from espace.site import cli, verify_trace
from espace.site.backup import cluster, manifest, restoring
from espace.site.backup.facts import BASES, CONTENTS, INDEX, RUNS, TOMBSTONES, Folders, Unusable
from espace.site.backup.making import back_up
from espace.site.config import BadConfiguration, load, prepare_home
from espace.site.demo.people import CAMILLE
from espace.site.terminal import Failed
from espace.site.testbed import remove_home
from lived import STATE, Life, deposit, live, run, several, signed, two_people
from running import ask, environment_of, espace, fill, kill_all, server


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
    fill(config.home)
    people = two_people(above / "people.csv")
    told = several(environment, f"enrol {people}", "token hospital", "token holder")
    feeding, reading = told.split()[-2:]
    life = Life(Folders(above / "data", above / "keys"), reading)
    with server(environment) as process:
        live(life, config, environment, feeding)
        kill_all(process)
    remove_home(config)
    return life


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
