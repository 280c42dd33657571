"""The web server of this checkout, over this worker's databases: granian on loopback, in its own processes."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path

from espace.site.processes import start_child, stop_child
from espace.site.testbed import free_port

ROOT = Path(__file__).parents[1]
DEADLINE_SECONDS = 90


@contextmanager
def serving(
    log: Path, *, says_its_address: bool = False, public_url: str = "", processes: int = 2
) -> Iterator[str]:
    """The address of web processes that serve what the tests file in the databases.

    With `says_its_address` it is what they call themselves too (ESPACE_PUBLIC_URL): the base of every link that they
    give and the audience of every token that they take. `public_url` is another one, of a proxy in front.
    """
    port = free_port()
    address = f"http://localhost:{port}"
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(processes), "--blocking-threads", "4", "--workers-kill-timeout", "3",
        "espace.site.wsgi:application",
    ]  # fmt: skip
    public = public_url or (address if says_its_address else "")
    said = {"ESPACE_PUBLIC_URL": public} if public else {}
    environment = {**os.environ, **said, "PYTHONPATH": str(ROOT / "src")}
    with log.open("wb") as output:
        server = start_child(command, environment=environment, output=output)
        try:
            _wait(f"{address}/healthz", server, log)
            yield address
        finally:
            stop_child(server)


def _wait(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=1).close()
            return
        except (urllib.error.URLError, ConnectionError, HTTPException):
            time.sleep(0.1)
    raise RuntimeError(f"the site did not start: {log.read_text(errors='replace')[-2000:]}")
