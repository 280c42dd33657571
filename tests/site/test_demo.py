"""`./espace demo` as a process: ready, alone in its home, and gone without a trace whatever ends it."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from espace.site.config import load, prepare_home
from espace.site.places import places_of
from espace.site.source import tool_environment
from espace.site.testbed import free_port, remove_home, without_settings

pytestmark = pytest.mark.slow
READY_SECONDS = 150
ENDED_SECONDS = 120
ONE_PROCESS = {"ESPACE_PROCESSES": "1"}
"""Where what ends the whole matters, and not how many served: each takes two seconds of CPU to read its programs."""
Start = Callable[[dict[str, str]], subprocess.Popen[str]]


@pytest.fixture(scope="module")
def installed() -> Iterator[dict[str, str]]:
    """The environment of one demonstration home, made by the first test that needs it."""
    home = tempfile.mkdtemp(prefix="espace-test-")
    yield without_settings(tool_environment()) | {
        "ESPACE_HOME": home,
        "ESPACE_PORT": str(free_port()),
        "ESPACE_DEMO_PEOPLE": "0",
    }
    remove_home(load({"ESPACE_HOME": home}))


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a demonstration as a process; whatever the test left running is ended."""
    started: list[subprocess.Popen[str]] = []

    def one(environment: dict[str, str]) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "espace", "demo"]
        demo = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True)
        started.append(demo)
        return demo

    yield one
    for demo in started:
        demo.kill()
        demo.communicate(timeout=ENDED_SECONDS)


def _until_ready(demo: subprocess.Popen[str]) -> str:
    """What it told until its last line of welcome."""
    assert demo.stderr is not None
    told, limit = "", time.monotonic() + READY_SECONDS
    while "Ctrl-C stops everything" not in told:
        line = demo.stderr.readline()
        told += line
        assert line, f"it ended: {told}"
        assert time.monotonic() < limit, told
    return told


def _family(home: str) -> list[str]:
    """Command lines of the processes that have this home in their environment or arguments."""
    found = []
    for process in Path("/proc").iterdir():
        if not process.name.isdigit() or int(process.name) == os.getpid():
            continue
        try:
            seen = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
            if home.encode() in seen and (process / "stat").read_text().rpartition(")")[2].split()[0] != "Z":
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return found


def _nothing_left(environment: dict[str, str]) -> bool:
    limit = time.monotonic() + 30
    while left := _family(environment["ESPACE_HOME"]):
        assert time.monotonic() < limit, left
        time.sleep(0.05)
    return True


def _status(environment: dict[str, str], path: str) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{environment['ESPACE_PORT']}{path}", timeout=30) as answer:
        return int(answer.status)


def test_it_serves_tells_a_second_start_and_stops_on_sigterm(start: Start, installed: dict[str, str]) -> None:
    demo = start(installed)
    told = _until_ready(demo)
    assert f"http://localhost:{installed['ESPACE_PORT']}/demo/" in told
    assert [_status(installed, path) for path in ("/readyz", "/", "/demo/", "/fhir/metadata")] == [200] * 4
    second = start(installed | {"ESPACE_PORT": "8000"})
    assert second.communicate(timeout=ENDED_SECONDS)[1].endswith(
        f"The demonstration is already running at http://localhost:{installed['ESPACE_PORT']}\n"
    )
    assert second.returncode == 0
    demo.send_signal(signal.SIGTERM)
    demo.communicate(timeout=ENDED_SECONDS)
    assert demo.returncode == 0
    assert _nothing_left(installed)


def test_after_kill_9_nothing_lasts_and_it_starts_again(start: Start, installed: dict[str, str]) -> None:
    demo = start(installed)
    _until_ready(demo)
    demo.kill()
    demo.communicate(timeout=ENDED_SECONDS)
    assert _nothing_left(installed)
    again = start(installed | ONE_PROCESS)
    _until_ready(again)
    os.kill(again.pid, signal.SIGINT)
    again.communicate(timeout=ENDED_SECONDS)
    assert again.returncode == 0
    assert _nothing_left(installed)


def test_when_a_child_dies_all_stop_and_it_is_said(start: Start, installed: dict[str, str]) -> None:
    demo = start(installed | ONE_PROCESS)
    _until_ready(demo)
    children = Path(f"/proc/{demo.pid}/task/{demo.pid}/children").read_text().split()
    (worker,) = [pid for pid in children if b"worker\0" in Path(f"/proc/{pid}/cmdline").read_bytes()[-8:]]
    os.kill(int(worker), signal.SIGKILL)
    assert "the worker ended by itself" in demo.communicate(timeout=ENDED_SECONDS)[1]
    assert demo.returncode == 1
    assert _nothing_left(installed)


def test_a_taken_port_is_said(start: Start, environment: dict[str, str]) -> None:
    """Each of the three ports, all at once: each demonstration waits ten seconds for it to become free."""
    with ExitStack() as held:
        ports = [held.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1] for _ in range(3)]
        demos = [
            start(environment | {"ESPACE_HOME": f"{environment['ESPACE_HOME']}{more}", "ESPACE_PORT": str(port - more)})
            for more, port in enumerate(ports)
        ]
        told = [demo.communicate(timeout=ENDED_SECONDS)[1] for demo in demos]
    for port, said in zip(ports, told, strict=True):
        assert f"Port {port} is taken by another program" in said
    assert [demo.returncode for demo in demos] == [1, 1, 1]


def test_a_real_installation_never_becomes_a_demonstration(
    start: Start, environment: dict[str, str], home: Path
) -> None:
    config = load({"ESPACE_HOME": str(home)})
    prepare_home(config)
    places_of(home).data.mkdir(parents=True)
    demo = start(environment)
    assert "holds a real installation" in demo.communicate(timeout=ENDED_SECONDS)[1]
    assert demo.returncode == 1
    assert not (home / "mark").exists()


def test_a_home_that_cannot_be_written_is_said(start: Start, environment: dict[str, str], home: Path) -> None:
    home.write_text("a file is in the way")
    demo = start(environment)
    assert "cannot be written" in demo.communicate(timeout=ENDED_SECONDS)[1]
    assert demo.returncode == 1
