"""A real S3 server for the tests: SeaweedFS from its wheel, on loopback, started by the first test that needs one."""

import atexit
import json
import shutil
import signal
import socket
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from espace.record.adapters.address import S3Address
from espace.record.adapters.s3 import Patience, S3ContentStore
from espace.site.processes import start_child, stop_child
from s3.certificates import CERTIFICATE, KEY, make_certificate

if TYPE_CHECKING:
    import subprocess

ACCESS, SECRET = "ESSAI", "essai-de-secret"  # invented here, known to nobody else
BUCKET = "espace-essai"
DEADLINE_SECONDS = 90
_NAME = UUID("01a20061-10c1-7409-9dfb-d2c137ae7296")
PARTS = ("master", "volume", "filer", "s3")
ONCE = Patience(connect=1, answer=20, again_within=0, pauses=())


@dataclass
class Seaweed:
    """One server with its data in a folder. What it acknowledged is in its files, that a kill does not take away."""

    folder: Path
    ports: dict[str, int]
    child: "subprocess.Popen[bytes] | None" = field(default=None)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.ports['s3']}"

    def url(self, prefix: str) -> str:
        """For ESPACE_CONTENT_URL."""
        return f"s3://{BUCKET}/{prefix}?endpoint={self.endpoint}"

    def store(self, prefix: str, patience: Patience | None = None, *, secret: str = SECRET) -> S3ContentStore:
        address = S3Address(BUCKET, prefix, self.endpoint, "us-east-1")
        return S3ContentStore(address, access_key=ACCESS, secret_key=secret, patience=patience)

    def begin(self) -> None:
        with (self.folder / "server.log").open("ab") as output:
            self.child = start_child(self._command(), output=output)

    def wait(self) -> None:
        """Until it takes a content: a volume to write to is the last thing that it gets."""
        end, probe = time.monotonic() + DEADLINE_SECONDS, self.store("probe", ONCE)
        while self.child is not None and self.child.poll() is None and time.monotonic() < end:
            try:
                probe.write(_NAME, b"?")
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError((self.folder / "server.log").read_text(errors="replace")[-2000:])

    def kill(self) -> None:
        """kill -9, by its own id."""
        if self.child is not None:
            stop_child(self.child, by=signal.SIGKILL)
            self.child = None
        for part in PARTS:  # it puts these in /tmp, wherever its data are
            Path(f"/tmp/seaweedfs-{part}-grpc-{self.ports[f'{part}.grpc']}.sock").unlink(missing_ok=True)

    def _command(self) -> list[str | Path]:
        ports = [word for part in PARTS for word in self._ports_of(part)]
        return [
            Path(sys.executable).with_name("weed"), "-logtostderr", "server", f"-dir={self.folder}/data",
            "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-filer", "-s3", *ports, f"-s3.config={self.folder}/s3.json",
            f"-s3.port.https={self.ports['s3.https']}", f"-s3.cert.file={self.folder}/{CERTIFICATE}",
            f"-s3.key.file={self.folder}/{KEY}",
            "-s3.port.iceberg=0", "-s3.port.lance=0", "-master.telemetry=false", "-master.volumeSizeLimitMB=64",
            "-volume.max=16", f"-filer.localSocket={self.folder}/filer.sock", f"-s3.localSocket={self.folder}/s3.sock",
            "-master.electionTimeout=1s", "-master.heartbeatInterval=100ms",
        ]  # fmt: skip

    def _ports_of(self, part: str) -> tuple[str, str]:
        return f"-{part}.port={self.ports[part]}", f"-{part}.port.grpc={self.ports[f'{part}.grpc']}"


def make(folder: Path) -> Seaweed:
    """A server that has not begun."""
    (folder / "data").mkdir()
    make_certificate(folder)
    identity = {"name": "espace", "credentials": [{"accessKey": ACCESS, "secretKey": SECRET}], "actions": ["Admin"]}
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}), encoding="ascii")
    return Seaweed(folder, _free_ports(*PARTS, *(f"{part}.grpc" for part in PARTS), "s3.https"))


@cache
def seaweed() -> Seaweed:
    """The server of this process of tests, started at the first call and killed when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="espace-test-s3-"))
    server, ending = make(folder), ExitStack()
    atexit.register(ending.close)
    ending.callback(shutil.rmtree, folder, ignore_errors=True)
    ending.callback(server.kill)
    server.begin()
    server.wait()
    return server


def _free_ports(*names: str) -> dict[str, int]:
    with ExitStack() as held:
        sockets = {name: held.enter_context(socket.socket()) for name in names}
        for one in sockets.values():
            one.bind(("127.0.0.1", 0))
        return {name: one.getsockname()[1] for name, one in sockets.items()}
