"""No process outlives the server that it belongs to, whenever that one is killed."""

import subprocess
import sys

import pytest

WORKER = """
import os, signal
from espace.site.processes import bind_to_supervisor
server = os.getpid()
if os.fork() == 0:
    while os.getppid() == server:
        os.sched_yield()
    bind_to_supervisor()
    os.write(1, b"lives on")
    os._exit(0)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(("bound", "said"), [("1", b""), ("", b"lives on")])
def test_a_worker_whose_server_was_killed_first_ends_where_it_is_bound(bound: str, said: bytes) -> None:
    server = subprocess.run(
        [sys.executable, "-c", WORKER],
        env={"ESPACE_BOUND_TO_PARENT": bound, "PYTHONPATH": "src"},
        stdout=subprocess.PIPE,
        start_new_session=True,
        timeout=60,
        check=False,
    )
    assert (server.returncode, server.stdout) == (-9, said)
