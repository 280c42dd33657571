"""`serve` does not outlive its own database server in silence."""

import os
import signal
from pathlib import Path

import pytest

from running import descendants, environment_of, fill, server


@pytest.mark.slow
def test_serve_says_that_its_database_server_ended_and_ends(home: Path) -> None:
    fill(home)
    with server(environment_of(home)) as process:
        servers = [pid for pid in descendants(process.pid) if _name(pid) == "postgres"]
        os.kill(servers[0], signal.SIGKILL)
        assert process.wait(timeout=60) == 1
        assert process.stderr is not None
        assert "the database server ended by itself" in process.stderr.read().decode()


def _name(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text(encoding="ascii").strip()
